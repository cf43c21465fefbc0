// Who may open what, and what they are told who may not.

#include <fstream>

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

std::string error_of_opening(const std::filesystem::path& file, OpenMode mode) {
  return error_of([&] { open_sqlite(file, mode); });
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("a new store is made with the present layout and a name of its own") {
  TemporaryFolder folder;
  std::string name;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    name = store->installation();
    CHECK(name.size() == 32);
    CHECK(store->reader()->versions().empty());
  }
  CHECK(ask(folder.file(), "PRAGMA user_version") == "6");
  CHECK(ask(folder.file(), "PRAGMA application_id") == std::to_string(0x4372766e));
  CHECK(ask(folder.file(), "PRAGMA journal_mode") == "wal");
  CHECK(open_sqlite(folder.file(), OpenMode::write)->installation() == name);
  CHECK(open_sqlite(folder.file(), OpenMode::read)->installation() == name);

  TemporaryFolder other;
  CHECK(open_sqlite(other.file(), OpenMode::write)->installation() != name);
}

TEST_CASE("a file that a kill left empty becomes a store") {
  TemporaryFolder folder;
  std::ofstream(folder.file()).close();
  CHECK_NOTHROW(open_sqlite(folder.file(), OpenMode::write));
}

TEST_CASE("a second writer in the same process is refused and told who writes") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  CHECK(error_of_opening(folder.file(), OpenMode::write) ==
        folder.file().string() + ": in use by process " + std::to_string(::getpid()) + ": stop it first");
}

TEST_CASE("a second writer is refused while another process writes, and let in when that is killed") {
  TemporaryFolder folder;
  Child child([&](int output) {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(with_accounts({1}));
    Child::say(output, "!");
    ::pause();
  });
  REQUIRE(child.hear(1) == "!");
  CHECK_THAT(error_of_opening(folder.file(), OpenMode::write),
             says("in use by process " + std::to_string(child.process()) + ": stop it first"));
  {
    const auto beside = open_sqlite(folder.file(), OpenMode::read);
    CHECK(beside->reader()->account("account-1"));
  }
  child.kill();
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  CHECK(store->reader()->account("account-1"));
}

TEST_CASE("the next writer is let in when the first has closed the store") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write).reset();
  CHECK_NOTHROW(open_sqlite(folder.file(), OpenMode::write));
}

TEST_CASE("a file of a newer layout is refused by writer and reader and left as it is") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write).reset();
  ask(folder.file(), "PRAGMA user_version = 999");
  const std::string before = bytes_of(folder.file());
  for (const OpenMode mode : {OpenMode::write, OpenMode::read})
    CHECK_THAT(error_of_opening(folder.file(), mode),
               says("made by a newer Caravan (layout 999; this program knows 6): use the newer program"));
  CHECK(bytes_of(folder.file()) == before);
}

TEST_CASE("a file that is no database is refused and left as it is") {
  for (const std::string& content : {std::string("key,name\nacme,Acme\n"), std::string(100'000, 'x')}) {
    TemporaryFolder folder;
    std::ofstream(folder.file()) << content;
    for (const OpenMode mode : {OpenMode::write, OpenMode::read})
      CHECK_THAT(error_of_opening(folder.file(), mode), says(folder.file().string() + ": this is not a Caravan store"));
    CHECK(bytes_of(folder.file()) == content);
  }
}

TEST_CASE("another program's database is refused and left as it is") {
  TemporaryFolder folder;
  ask(folder.file(), "CREATE TABLE invoice(id INTEGER)");
  const std::string before = bytes_of(folder.file());
  for (const OpenMode mode : {OpenMode::write, OpenMode::read})
    CHECK_THAT(error_of_opening(folder.file(), mode), says("another program's SQLite database"));
  CHECK(bytes_of(folder.file()) == before);
}

TEST_CASE("reading where there is no store says so and makes none") {
  TemporaryFolder folder;
  CHECK_THAT(error_of_opening(folder.file(), OpenMode::read), says("there is no store here"));
  CHECK_FALSE(std::filesystem::exists(folder.file()));
}

TEST_CASE("a store in a folder that is not there is refused with the folder's name") {
  TemporaryFolder folder;
  const auto file = folder.path() / "missing" / "store.db";
  CHECK_THAT(error_of_opening(file, OpenMode::write), says(file.string()) && says("its folder must exist"));
}

TEST_CASE("a folder in the place of the store is refused") {
  TemporaryFolder folder;
  std::filesystem::create_directory(folder.file());
  CHECK_THAT(error_of_opening(folder.file(), OpenMode::write), says("cannot be opened"));
}

/// Opens as a user who is not above permissions, which whoever runs the tests may be.
std::string error_without_privilege(const std::filesystem::path& file, OpenMode mode) {
  Child child([&](int output) {
    constexpr uid_t kNobody = 65'534;
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) return;
    Child::say(output, error_of_opening(file, mode));
  });
  return child.hear_all();
}

TEST_CASE("a folder that this user may not write says that it is the folder") {
  using std::filesystem::perms;
  TemporaryFolder folder;
  const auto readable = perms::owner_read | perms::owner_exec | perms::others_read | perms::others_exec;
  std::filesystem::permissions(folder.path(), readable);
  CHECK_THAT(error_without_privilege(folder.file(), OpenMode::write),
             says("store.db.lock: the store's lock cannot be made (Permission denied): its folder must exist, "
                  "and this user needs write access to it"));
  std::filesystem::permissions(folder.path(), perms::owner_all);
}

TEST_CASE("a store that this user may not write says that it cannot be written") {
  using std::filesystem::perms;
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write).reset();
  std::filesystem::permissions(folder.path(), perms::all);
  std::filesystem::permissions(folder.path() / "store.db.lock", perms::all);
  std::filesystem::permissions(folder.file(), perms::owner_read | perms::group_read | perms::others_read);
  CHECK_THAT(error_without_privilege(folder.file(), OpenMode::write), says("the file cannot be written"));
}

TEST_CASE("a store that was opened for reading refuses to write") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write).reset();
  const auto store = open_sqlite(folder.file(), OpenMode::read);
  CHECK_THAT(error_of([&] { store->commit(with_accounts({1})); }), says("opened for reading"));
}

TEST_CASE("a reader that is the last to close leaves the file and its log as they are") {
  TemporaryFolder folder;
  Child child([&](int output) {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(with_accounts({1}));
    Child::say(output, "!");
    ::pause();
  });
  REQUIRE(child.hear(1) == "!");
  child.kill();
  const std::string before = bytes_of(folder.file());
  CHECK(open_sqlite(folder.file(), OpenMode::read)->reader()->account("account-1"));
  CHECK(bytes_of(folder.file()) == before);
  CHECK(std::filesystem::exists(folder.path() / "store.db-wal"));
}

}  // namespace
}  // namespace caravan
