// Migrations by hand and at opening: the copy that is kept, and the rehearsal that changes nothing.

#include "storage/migration.hpp"

#include <fstream>

#include "storage/backup.hpp"
#include "storage/inspection.hpp"
#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable
namespace fs = std::filesystem;

void make_layout(const std::string& layout, const fs::path& file) {
  std::ifstream in(CARAVAN_SOURCE_DIR "/tests/storage/sqlite/layout_" + layout + ".sql");
  REQUIRE(in);
  run_sql(file, {std::istreambuf_iterator<char>(in), {}});
}

std::vector<fs::path> copies_beside(const fs::path& file) {
  std::vector<fs::path> copies;
  for (const FileBeside& each : inspect_sqlite(file, Thoroughness::quick, {}).beside)
    if (each.kind == FileBeside::Kind::kept) copies.push_back(each.path);
  return copies;
}

std::int64_t present_layout() {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write).reset();
  return std::stoll(ask(folder.file(), "PRAGMA user_version"));
}

TEST_CASE("opening an older store for writing keeps a copy of what it was, which can be restored") {
  TemporaryFolder folder;
  make_layout("2", folder.file());
  open_sqlite(folder.file(), OpenMode::write).reset();
  const std::vector<fs::path> copies = copies_beside(folder.file());
  REQUIRE(copies.size() == 1);
  CHECK_THAT(copies[0].filename().string(), says("store.db-layout-2-2"));
  CHECK(ask(copies[0], "PRAGMA user_version") == "2");
  CHECK(ask(copies[0], "SELECT key FROM account WHERE id = 1") == "acme");

  restore_sqlite(folder.file(), copies[0], at(0), {.replaces = true}, {});
  CHECK(ask(folder.file(), "PRAGMA user_version") == "2");
}

TEST_CASE("a new store, an empty file and one that is up to date leave no copy") {
  TemporaryFolder folder;
  std::ofstream(folder.file()).flush();
  open_sqlite(folder.file(), OpenMode::write).reset();
  open_sqlite(folder.file(), OpenMode::write).reset();
  CHECK(copies_beside(folder.file()).empty());
  const Migration migration = migrate_sqlite(folder.file(), KeepCopy::yes, {});
  CHECK(migration.steps.empty());
  CHECK(migration.from == migration.to);
  CHECK(migration.kept.empty());
}

TEST_CASE("a migration by hand tells each step, and keeps a copy unless it is told not to") {
  const std::int64_t present = present_layout();
  for (const KeepCopy keep : {KeepCopy::yes, KeepCopy::no}) {
    TemporaryFolder folder;
    make_layout("1", folder.file());
    const Migration migration = migrate_sqlite(folder.file(), keep, {});
    CHECK(migration.from == 1);
    CHECK(migration.to == present);
    REQUIRE(migration.steps.size() == static_cast<std::size_t>(present - 1));
    CHECK(migration.steps.front().layout == 2);
    CHECK(migration.steps.back().layout == present);
    CHECK(migration.bytes_before > 0);
    CHECK(migration.bytes_after > migration.bytes_before);
    CHECK(migration.kept.empty() == (keep == KeepCopy::no));
    CHECK(copies_beside(folder.file()).size() == (keep == KeepCopy::yes ? 1U : 0U));
    CHECK(open_sqlite(folder.file(), OpenMode::read)->reader()->account("acme"));
  }
}

TEST_CASE("a rehearsal does all of it on a copy and leaves the store and its folder as they were") {
  TemporaryFolder folder;
  make_layout("1", folder.file());
  const Migration migration = rehearse_migration(folder.file(), {});
  CHECK(migration.from == 1);
  CHECK(migration.to == present_layout());
  CHECK(migration.bytes_after > migration.bytes_before);
  CHECK(ask(folder.file(), "PRAGMA user_version") == "1");
  for (const auto& each : fs::directory_iterator(folder.path()))
    CHECK(each.path().filename().string().find("rehearsal") == std::string::npos);
}

TEST_CASE("a rehearsal of a step that fails says so, and takes its copy away") {
  TemporaryFolder folder;
  make_layout("1", folder.file());
  run_sql(folder.file(), "CREATE TABLE task(somebody_elses TEXT)");
  CHECK_THAT(error_of([&] { rehearse_migration(folder.file(), {}); }), says("table task already exists"));
  CHECK_FALSE(fs::exists(folder.path() / "store.db-rehearsal"));
}

}  // namespace
}  // namespace caravan
