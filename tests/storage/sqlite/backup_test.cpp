// Backups: what is in one, beside a store that is written meanwhile, and what is taken away when.

#include "storage/backup.hpp"

#include <csignal>
#include <fstream>

#include <sys/resource.h>

#include "storage/archive.hpp"
#include "storage/snapshots.hpp"
#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable
namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// 2026-01-05T09:00:00Z
const Instant kMorning = at(1'767'603'600'000);

Changes entry(std::int64_t sequence, Changes changes = {}) {
  changes.journal = JournalRecord{sequence, at(sequence * 1'000), "entry " + std::to_string(sequence)};
  changes.engine_time = at(sequence * 1'000);
  return changes;
}

/// Puts what an enrollment of account 1 did into an archive.
void archive_one(Store& store, const fs::path& file, std::int64_t id) {
  EnrollmentHistory history;
  history.enrollment = waiting_token(id, 5'000);
  history.enrollment.state = TokenState::completed;
  history.enrollment.due_at.reset();
  history.enrollment.ended_at = at(2'000);
  ArchiveRecord before;
  before.file = "2026-01.db";
  for (const ArchiveRecord& record : store.reader()->history().archives)
    before = record;
  Changes changes;
  changes.history.archive = archive(file, store.installation(), before, std::array{history});
  store.commit(changes);
}

Strings names_in(const fs::path& folder) {
  Strings names;
  for (const auto& each : fs::directory_iterator(folder))
    names.push_back(each.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

StoreBackup back_up(const fs::path& file, const fs::path& to, Instant now = kMorning, BackupSettings settings = {}) {
  return back_up_sqlite(file, to, now, settings, {});
}

TEST_CASE("a backup has the store, its archives, its snapshots and their sums under one dated name") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(entry(1, with_accounts({1, 2})));
  archive_one(*store, folder.file(), 7);
  pin_sqlite(folder.file())->write();
  const StoreBackup backup = back_up(folder.file(), folder.path() / "kept");

  CHECK(backup.folder == folder.path() / "kept" / "store.db-2026-01-05T090000Z");
  CHECK(names_in(folder.path() / "kept") == Strings{"store.db-2026-01-05T090000Z"});
  CHECK(names_in(backup.folder) == Strings{"SHA256SUMS", "store.db", "store.db-archive", "store.db-snapshots"});
  CHECK(backup.files == Strings{"store.db", "store.db-archive/2026-01.db", "store.db-snapshots/through-1.db"});
  CHECK(backup.lacks.empty());
  CHECK(backup.through == 1);
  CHECK(backup.engine_time == at(1'000));
  CHECK(backup.made_at == kMorning);
  const auto copy = open_sqlite(backup.database, OpenMode::read);
  CHECK(copy->installation() == store->installation());
  CHECK(copy->reader()->totals().accounts == 2);
  CHECK(archive_figures(backup.database, copy->installation(), copy->reader()->history()).at(0).problem == "");
  // By another's hand: it is the same as what coreutils say of the files.
  CHECK(std::system(("cd '" + backup.folder.string() + "' && sha256sum --quiet --check SHA256SUMS").c_str()) == 0);
}

TEST_CASE("a backup without snapshots has none") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(entry(1, with_accounts({1})));
  pin_sqlite(folder.file())->write();
  const StoreBackup backup = back_up(folder.file(), folder.path() / "kept", kMorning, {.with_snapshots = false});
  CHECK(backup.files == Strings{"store.db"});
}

TEST_CASE("a backup taken while another process writes without pause is one of its commits, whole") {
  TemporaryFolder folder;
  Child writer([&](int output) {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    for (std::int64_t i = 1;; ++i) {
      Changes changes = with_accounts({i});
      // As many rows in one table as in the other, or the copy is not of one commit.
      changes.notes = {{{i}, at(i), NoteKind::failure, {}, kNoNode, std::string(3'000, 'x')}};
      store->commit(entry(i, std::move(changes)));
      if (i % 50 == 0) Child::say(output, "x");
    }
  });
  REQUIRE(writer.hear(4) == "xxxx");
  for (int round = 0; round < 5; ++round) {
    const StoreBackup backup = back_up(folder.file(), folder.path() / "kept", kMorning + std::chrono::seconds(round));
    const std::string accounts = ask(backup.database, "SELECT count(*) FROM account");
    CHECK(std::stoll(accounts) >= 200);
    CHECK(ask(backup.database, "SELECT count(*) FROM note") == accounts);
    CHECK(std::to_string(backup.through) == accounts);
    CHECK(ask(backup.database, "PRAGMA integrity_check") == "ok");
    CHECK(names_in(backup.folder) == Strings{"SHA256SUMS", "store.db"});  // no log is needed to read it
    CHECK(writer.hear(1) == "x");                                         // it went on
  }
}

TEST_CASE("an archive that is not there is named, and the rest is backed up") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  store->commit(entry(1, with_accounts({1})));
  archive_one(*store, folder.file(), 7);
  fs::remove(archive_folder(folder.file()) / "2026-01.db");
  const StoreBackup backup = back_up(folder.file(), folder.path() / "kept");
  REQUIRE(backup.lacks.size() == 1);
  CHECK_THAT(backup.lacks[0],
             says("2026-01.db: this archive is not there, so the backup lacks what 1 enrollments did"));
  CHECK(backup.files == Strings{"store.db"});
}

TEST_CASE("backups of a store are told by its own name, oldest first, and one can be let go") {
  TemporaryFolder folder;
  TemporaryFolder other;
  open_sqlite(folder.file(), OpenMode::write)->commit(entry(1, with_accounts({1})));
  open_sqlite(other.file(), OpenMode::write)->commit(entry(1, with_accounts({1})));
  const fs::path kept = folder.path() / "kept";
  back_up(folder.file(), kept, kMorning + std::chrono::hours(1));
  back_up(folder.file(), kept, kMorning);
  back_up(other.file(), kept, kMorning + std::chrono::hours(2));
  fs::create_directories(kept / "store.db-2026-01-01T000000Z");  // somebody's, without sums

  const std::vector<StoreBackup> backups = backups_of(folder.file(), kept);
  REQUIRE(backups.size() == 2);
  CHECK(backups[0].made_at == kMorning);
  CHECK(backups[0].files == Strings{"store.db"});
  CHECK(backups[0].bytes == fs::file_size(backups[0].database));
  remove_backup(backups[0]);
  CHECK(backups_of(folder.file(), kept).size() == 1);
  CHECK(names_in(kept) ==
        Strings{"store.db-2026-01-01T000000Z", "store.db-2026-01-05T100000Z", "store.db-2026-01-05T110000Z"});
}

TEST_CASE("what a backup that was cut off has left is taken away by the next, and nothing else") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write)->commit(entry(1, with_accounts({1})));
  const fs::path kept = folder.path() / "kept";
  fs::create_directories(kept / "store.db-2026-01-04T090000Z.half");
  fs::create_directories(kept / "mine.half");
  CHECK(backups_of(folder.file(), kept).empty());
  back_up(folder.file(), kept);
  CHECK(names_in(kept) == Strings{"mine.half", "store.db-2026-01-05T090000Z"});
  CHECK_THAT(error_of([&] { back_up(folder.file(), kept); }), says("there is a backup of this very second already"));
}

TEST_CASE("a backup that is killed leaves no backup, whenever that is") {
  TemporaryFolder folder;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    for (std::int64_t i = 1; i <= 400; ++i) {
      Changes changes = with_accounts({i});
      changes.notes = {{{i}, at(i), NoteKind::failure, {}, kNoNode, std::string(60'000, 'x')}};
      store->commit(entry(i, std::move(changes)));
    }
  }
  const fs::path kept = folder.path() / "kept";
  // It is told of each step, and ends at one of them: of the copy, of the sums, of the check.
  for (const std::string stop : {"copying store.db", "checking store.db"}) {
    Child child([&](int output) {
      back_up_sqlite(folder.file(), kept, kMorning, {}, [&](const std::string& what, std::uint64_t, std::uint64_t) {
        if (what == stop) ::raise(SIGKILL);
      });
      Child::say(output, "done");
    });
    CHECK(child.hear_all() == "");
    CHECK(backups_of(folder.file(), kept).empty());
    CHECK(names_in(kept) == Strings{"store.db-2026-01-05T090000Z.half"});
  }
  back_up(folder.file(), kept);
  CHECK(names_in(kept) == Strings{"store.db-2026-01-05T090000Z"});
}

TEST_CASE("a disk that has no room for all of a copy gives no backup, and what was written is gone") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  Changes changes = with_accounts({1});
  changes.notes = {{{1}, at(1), NoteKind::failure, {}, kNoNode, std::string(600'000, 'x')}};
  store->commit(entry(1, std::move(changes)));
  const fs::path kept = folder.path() / "kept";
  // No file of this process may become larger than a part of the store: for it the disk is full.
  Child child([&](int output) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit most{300'000, 300'000};
    ::setrlimit(RLIMIT_FSIZE, &most);
    Child::say(output, error_of([&] { back_up(folder.file(), kept); }));
  });
  CHECK_THAT(child.hear_all(), says("store.db: cannot be written: ") && says("room on its disk"));
  CHECK(names_in(kept).empty());
  CHECK(back_up(folder.file(), kept).files == Strings{"store.db"});
}

TEST_CASE("a damaged store gives no backup") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write)->commit(entry(1, with_accounts({1, 2, 3})));
  run_sql(folder.file(), "PRAGMA journal_mode = delete");
  const std::string root = ask(folder.file(), "SELECT rootpage FROM sqlite_schema WHERE name = 'account'");
  {
    std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((std::stoll(root) - 1) * 4'096);
    file << std::string(4'096, '\x55');
  }
  const fs::path kept = folder.path() / "kept";
  CHECK_THAT(error_of([&] { back_up(folder.file(), kept); }),
             says("the file is damaged") && says("nothing was kept of this backup"));
  CHECK(names_in(kept).empty());
}

}  // namespace
}  // namespace caravan
