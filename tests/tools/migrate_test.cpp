// Migrations by the real program: on a copy, by hand, and by whatever opens a database for writing.

#include <csignal>
#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <sqlite3.h>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

/// A database of layout 3.
struct Older {
  Older() {
    std::ifstream in(CARAVAN_SOURCE_DIR "/tests/storage/sqlite/layout_3.sql");
    const std::string sql{std::istreambuf_iterator<char>(in), {}};
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(database().c_str(), &handle) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
  }
  std::string database() const { return (folder / "caravan.db").string(); }
  std::vector<fs::path> copies() const {
    std::vector<fs::path> found;
    for (const auto& each : fs::directory_iterator(folder.path()))
      if (each.path().filename().string().starts_with("caravan.db-layout-3-")) found.push_back(each.path());
    return found;
  }
  json::value migrate(std::vector<std::string> words) const {
    words.insert(words.begin(), {"migrate", "--json", "-d", database()});
    const Outcome outcome = run(words);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return json::parse(outcome.out);
  }

  Folder folder;
};

}  // namespace

TEST_CASE("a dry run says what a migration takes and makes, and changes nothing") {
  const Older older;
  const json::value rehearsed = older.migrate({"--dry-run"});
  CHECK(rehearsed.at("dry_run") == true);
  CHECK(rehearsed.at("from") == 3);
  CHECK(rehearsed.at("steps").as_array().size() ==
        static_cast<std::size_t>(rehearsed.at("to").as_int64() - rehearsed.at("from").as_int64()));
  CHECK(rehearsed.at("bytes").as_int64() > rehearsed.at("bytes_before").as_int64());
  CHECK(rehearsed.at("copy").is_null());
  const Outcome words = run({"migrate", "--dry-run", "-d", older.database()});
  CHECK_THAT(words.out,
             Contains("layout 4: ") && Contains(": would go from layout 3 to ") && Contains("nothing was changed"));
  CHECK(older.copies().empty());
  CHECK(run({"status", "-d", older.database()}).exit_code == 3);  // still of the older layout
  CHECK(run({"doctor", "-d", older.database()}).exit_code == 1);
  CHECK_THAT(run({"doctor", "-d", older.database()}).out, Contains("layout 3, this Caravan's is "));
  CHECK(run({"migrate", "--dry-run", "--without-copy", "-d", older.database()}).exit_code == 2);
}

TEST_CASE("a migration by hand keeps a copy of what was there, and then there is nothing to do") {
  const Older older;
  const json::value migrated = older.migrate({});
  REQUIRE(older.copies().size() == 1);
  CHECK(migrated.at("copy").as_string() == older.copies()[0].string());
  CHECK(run({"status", "-d", older.database()}).exit_code == 0);
  CHECK(older.migrate({}).at("steps").as_array().empty());
  CHECK_THAT(run({"migrate", "-d", older.database()}).out, Contains("there is nothing to do"));
  CHECK(older.copies().size() == 1);
  const Outcome doctor = run({"doctor", "-d", older.database()});
  CHECK_THAT(doctor.out, Contains("the copy of before a migration"));
}

TEST_CASE("without a copy none is kept; an import migrates by itself, and keeps one") {
  const Older by_hand;
  CHECK(by_hand.migrate({"--without-copy"}).at("copy").is_null());
  CHECK(by_hand.copies().empty());
  const Older by_import;
  const fs::path accounts = by_import.folder.write("accounts.csv", "key,industry\nnew,seeds\n");
  CHECK(run({"import", "-d", by_import.database(), "--accounts", accounts.string()}).exit_code == 0);
  CHECK(by_import.copies().size() == 1);
}

TEST_CASE("serve brings an older database up to date before it looks at it, and its log names the copy") {
  const Older older;
  older.folder.write("caravan.yaml", "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n");
  const auto serve = [&] {
    Running running({"serve", older.folder.path().string()});
    REQUIRE(running.wait_for("; mails go "));
    running.signal(SIGTERM);
    return running.wait();
  };
  const Outcome served = serve();
  CAPTURE(served.out, served.err);
  CHECK(served.exit_code == 0);
  REQUIRE(older.copies().size() == 1);
  CHECK_THAT(served.err, Contains(": brought from layout 3 to ") &&
                             Contains("; what it was is kept in " + older.copies()[0].string()));
  CHECK_THAT(serve().err, !Contains("brought from layout"));
  CHECK(older.copies().size() == 1);
}
