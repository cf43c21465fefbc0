// The dictionary of names: small numbers that never change.

#include "engine/name_book.hpp"

#include <thread>

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

struct Book {
  caravan::testing::TemporaryFolder folder;
  std::unique_ptr<Store> store = open_sqlite(folder.file(), OpenMode::write);
  std::unique_ptr<Reader> reader = store->reader();

  void commit(NameBook& names) {
    Changes changes;
    changes.names = names.take_new();
    store->commit(changes);
    reader->refresh();
  }
};

}  // namespace

TEST_CASE("a name has the same number whenever it is asked for") {
  Book book;
  NameBook names(*book.reader);
  const NameId industry = names.id_of("industry");
  CHECK(names.id_of("employees") != industry);
  CHECK(names.id_of("industry") == industry);
  CHECK(names.text_of(industry) == "industry");
  CHECK(names.number_of("industry") == static_cast<std::uint32_t>(industry));
}

TEST_CASE("a name that nobody has used has no number, and asking gives it none") {
  Book book;
  NameBook names(*book.reader);
  CHECK_FALSE(names.find("industry").has_value());
  CHECK(names.take_new().empty());
  CHECK(names.text_of(NameId{1}).empty());
  CHECK(names.text_of(NameId{0}).empty());
}

TEST_CASE("new names are handed out to be written once") {
  Book book;
  NameBook names(*book.reader);
  names.id_of("a");
  names.id_of("b");
  CHECK(names.take_new() == std::vector<std::pair<NameId, std::string>>{{NameId{1}, "a"}, {NameId{2}, "b"}});
  names.id_of("a");
  names.id_of("c");
  CHECK(names.take_new() == std::vector<std::pair<NameId, std::string>>{{NameId{3}, "c"}});
  CHECK(names.take_new().empty());
}

TEST_CASE("names keep their numbers over a restart") {
  Book book;
  NameBook before(*book.reader);
  const NameId industry = before.id_of("industry");
  before.id_of("employees");
  book.commit(before);
  NameBook after(*book.reader);
  CHECK(after.id_of("industry") == industry);
  CHECK(after.take_new().empty());
  CHECK(after.id_of("city") == NameId{3});
}

TEST_CASE("a text stays where it is while others come") {
  Book book;
  NameBook names(*book.reader);
  const std::string_view first = names.text_of(names.id_of("first"));
  for (int i = 0; i < 5'000; ++i)
    names.id_of("name " + std::to_string(i));
  CHECK(first == "first");
  CHECK(first.data() == names.text_of(NameId{1}).data());
}

TEST_CASE("more names than any workspace means are refused, and those that are known still work") {
  Book book;
  NameBook names(*book.reader);
  for (std::size_t i = 0; i < NameBook::kMostNames; ++i)
    names.id_of("name " + std::to_string(i));
  CHECK_THROWS_AS(names.id_of("one more"), std::length_error);
  CHECK(names.id_of("name 0") == NameId{1});
}

TEST_CASE("threads that ask at once get the same numbers") {
  Book book;
  NameBook names(*book.reader);
  std::array<std::vector<NameId>, 4> given;
  std::vector<std::thread> threads;
  for (std::vector<NameId>& mine : given) {
    threads.emplace_back([&names, &mine] {
      for (int i = 0; i < 1'000; ++i)
        mine.push_back(names.id_of("name " + std::to_string(i)));
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  for (const std::vector<NameId>& mine : given)
    CHECK(mine == given.front());
  CHECK(names.take_new().size() == 1'000);
}
