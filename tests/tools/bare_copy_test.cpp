// The yardstick that knows no table by name: it must write what was written, and only that.

#include "tools/bench/bare_copy.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"
#include "tools/bench/bare_database.hpp"
#include "tools/bench/shuffled.hpp"

using namespace caravan::bench;
using caravan::tests::Folder;

namespace {

void in_file(const std::filesystem::path& file, const char* sql) {
  std::ofstream(file, std::ios::app).flush();
  const BareDatabase database = open_bare(file);
  execute(database.get(), sql);
}

/// Two files that were the same, and of which one has gone on: rows were added, changed and taken out.
struct Files {
  Files() {
    in_file(start,
            "CREATE TABLE thing(id INTEGER PRIMARY KEY, text TEXT, other TEXT);"
            "CREATE TABLE pair(a INTEGER, b INTEGER, amount INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID;"
            "INSERT INTO thing(id, text, other) VALUES(1, 'one', 'x'), (2, 'two', 'x'), (3, 'three', 'x');"
            "INSERT INTO pair VALUES(1, 1, 10), (1, 2, 20)");
    std::filesystem::copy_file(start, end);
    in_file(end,
            "UPDATE thing SET text = 'deux' WHERE id = 2;"
            "INSERT INTO thing(id, text, other) VALUES(4, 'four', 'y'), (5, 'five', NULL), (6, 'six', 'y');"
            "UPDATE pair SET amount = 11 WHERE a = 1 AND b = 1; INSERT INTO pair VALUES(2, 1, 30);"
            "DELETE FROM pair WHERE a = 1 AND b = 2");
  }

  /// How many rows of the one's table are not in the other's.
  std::int64_t missing(const std::string& table) const {
    const BareDatabase database = open_bare(start);
    Bound(database.get(), "ATTACH ?1 AS engine").run(end.string());
    return number_of(database.get(), "SELECT count(*) FROM (SELECT * FROM engine." + table +
                                         " EXCEPT SELECT * FROM main." + table + ")");
  }

  Folder folder;
  std::filesystem::path start = folder / "start.db", end = folder / "end.db";
};

const Progress quiet = [](std::string_view, std::size_t, std::size_t) {};

}  // namespace

TEST_CASE("bare SQLite comes to the rows that the engine has written, in as many transactions as it is told") {
  for (const std::size_t transactions : {1, 2, 7}) {
    const Files files;
    CHECK(files.missing("thing") == 4);
    BareCopy(files.start, files.end, quiet).write(transactions, quiet);
    CHECK(files.missing("thing") == 0);
    CHECK(files.missing("pair") == 0);
  }
}

TEST_CASE("bare SQLite comes to the same rows in the order in which events come, and by single transactions") {
  const Files files;
  BareCopy bare(files.start, files.end, quiet);
  bare.shuffle(2026);
  CHECK(bare.write_one(1, 2) > 0);
  CHECK(files.missing("thing") > 0);
  CHECK(bare.write_one(2, 2) > 0);
  CHECK(files.missing("thing") == 0);
  CHECK(files.missing("pair") == 0);
}

TEST_CASE("a shuffled order has every number once, and another with another seed") {
  for (const std::size_t size : {1, 2, 10, 97, 1'000}) {
    std::vector<bool> seen(size + 1);
    for (std::size_t place = 0; place < size; ++place)
      seen.at(Shuffled(size, 2026).at(place)) = true;
    CHECK(std::count(seen.begin(), seen.end(), true) == static_cast<std::ptrdiff_t>(size));
  }
  CHECK(Shuffled(1'000, 1).at(0) != Shuffled(1'000, 2).at(0));
}
