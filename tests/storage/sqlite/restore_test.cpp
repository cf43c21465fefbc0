// Restoring: what comes back, what is kept of the store that was there, and that there is never a mixture.

#include <csignal>
#include <fstream>

#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "storage/archive.hpp"
#include "storage/backup.hpp"
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
  return changes;
}

RestoredStore restore(const fs::path& file, const fs::path& backup, RestoreSettings settings = {}) {
  return restore_sqlite(file, backup, kMorning + std::chrono::hours(1), settings, {});
}

/// A store with a snapshot, and a backup of it, behind which it has gone on with another account.
struct BackedUp {
  BackedUp() {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    store->commit(entry(1, with_accounts({1})));
    pin_sqlite(folder.file())->write();
    backup = back_up_sqlite(folder.file(), folder.path() / "kept", kMorning, {}, {}).folder;
    store->commit(entry(2, with_accounts({2})));
    pin_sqlite(folder.file())->write();
  }
  std::string accounts() const { return ask(folder.file(), "SELECT group_concat(key) FROM account"); }
  bool has(const std::string& name) const { return fs::exists(folder.path() / name); }

  TemporaryFolder folder;
  fs::path backup;
};

const std::string kReplaced = "store.db-replaced-2026-01-05T100000Z";

TEST_CASE("a backup is restored where no store is, with all that belongs to it") {
  const BackedUp world;
  TemporaryFolder empty;
  const RestoredStore restored = restore(empty.file(), world.backup);
  CHECK(restored.replaced.empty());
  CHECK(restored.contents.through == 1);
  CHECK(ask(empty.file(), "SELECT group_concat(key) FROM account") == "account-1");
  CHECK(snapshots_of(empty.file()).size() == 1);
  // It goes on from there as the store did.
  const auto store = open_sqlite(empty.file(), OpenMode::write);
  CHECK(store->installation() == open_sqlite(world.folder.file(), OpenMode::read)->installation());
  store->commit(entry(2, with_accounts({9})));
  CHECK(store->reader()->totals().accounts == 2);
}

TEST_CASE("a store that is there is left alone unless it may be replaced, and then it is kept whole") {
  const BackedUp world;
  CHECK_THAT(error_of([&] { restore(world.folder.file(), world.backup); }), says("there is a store here already"));
  CHECK(world.accounts() == "account-1,account-2");
  const RestoredStore restored = restore(world.folder.file(), world.backup, {.replaces = true});
  CHECK(world.accounts() == "account-1");
  CHECK(snapshots_of(world.folder.file()).size() == 1);
  CHECK(restored.replaced == world.folder.path() / kReplaced);
  const fs::path old = restored.replaced / "store.db";
  CHECK(ask(old, "SELECT group_concat(key) FROM account") == "account-1,account-2");
  CHECK(snapshots_of(old).size() == 2);
  CHECK_FALSE(world.has("store.db-restore"));
  CHECK_FALSE(world.has("store.db-restore.half"));
  // And back: what was kept is a backup as well.
  restore(world.folder.file(), restored.replaced, {.replaces = true});
  CHECK(world.accounts() == "account-1,account-2");
}

TEST_CASE("the log of a store that was killed goes where the store goes, and not into what is restored") {
  const BackedUp world;
  Child child([&](int) {
    const auto store = open_sqlite(world.folder.file(), OpenMode::write);
    store->commit(entry(3, with_accounts({3})));
    ::raise(SIGKILL);
  });
  child.hear_all();
  REQUIRE(fs::file_size(world.folder.path() / "store.db-wal") > 0);
  const RestoredStore restored = restore(world.folder.file(), world.backup, {.replaces = true});
  CHECK(world.accounts() == "account-1");
  CHECK(ask(world.folder.file(), "PRAGMA integrity_check") == "ok");
  CHECK(ask(restored.replaced / "store.db", "SELECT count(*) FROM account") == "3");
}

TEST_CASE("a store that is no database any more can be replaced as well") {
  const BackedUp world;
  std::ofstream(world.folder.file(), std::ios::trunc) << "nothing but text";
  const RestoredStore restored = restore(world.folder.file(), world.backup, {.replaces = true});
  CHECK(world.accounts() == "account-1");
  CHECK(fs::file_size(restored.replaced / "store.db") == 16);
}

TEST_CASE("nothing is restored while somebody writes the store") {
  const BackedUp world;
  const auto store = open_sqlite(world.folder.file(), OpenMode::write);
  CHECK_THROWS_AS(restore(world.folder.file(), world.backup, {.replaces = true}), StoreInUse);
  CHECK(world.accounts() == "account-1,account-2");
}

TEST_CASE("a backup that was changed, or that lacks a file, is refused and changes nothing") {
  const BackedUp world;
  const fs::path snapshot = world.backup / "store.db-snapshots" / "through-1.db";
  const auto size = fs::file_size(snapshot);
  {
    std::fstream file(snapshot, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size) - 1);
    file.put('\x7f');
  }
  const auto error = [&] { return error_of([&] { restore(world.folder.file(), world.backup, {.replaces = true}); }); };
  CHECK_THAT(error(), says("through-1.db: this file is not what the backup was made with (its SHA-256 is another)"));
  fs::remove(snapshot);
  CHECK_THAT(error(), says("through-1.db: this file of the backup is not there"));
  fs::remove(world.backup / "store.db");
  CHECK_THAT(error(), says("this backup is not whole, its database is not there"));
  CHECK(world.accounts() == "account-1,account-2");
  CHECK_FALSE(world.has("store.db-restore.half"));
  CHECK_FALSE(world.has(kReplaced));
}

TEST_CASE("a single file is restored alone: archives and snapshots stay beside the store") {
  const BackedUp world;
  const RestoredStore restored =
      restore(world.folder.file(), world.backup / "store.db", {.replaces = true, .thoroughness = Thoroughness::full});
  CHECK(world.accounts() == "account-1");
  CHECK_FALSE(fs::exists(restored.replaced / "store.db-snapshots"));
  CHECK(fs::exists(world.folder.path() / "store.db-snapshots" / "through-2.db"));
}

TEST_CASE("what is no backup is refused, with what to name instead") {
  const BackedUp world;
  const auto error = [&](const fs::path& backup) {
    return error_of([&] { restore(world.folder.path() / "new.db", backup); });
  };
  CHECK_THAT(error(world.folder.path() / "nowhere"), says("there is nothing here"));
  CHECK_THAT(error(world.folder.path() / "kept"),
             says("this is no backup itself, and it holds 1 backup: name one, such as the newest, ") &&
                 says("store.db-2026-01-05T090000Z"));
  fs::create_directories(world.folder.path() / "empty");
  CHECK_THAT(error(world.folder.path() / "empty"), says("there is no backup here"));
  std::ofstream(world.folder.path() / "text") << "nothing but text, and a good deal of it";
  CHECK_THAT(error(world.folder.path() / "text"), says("it is no SQLite database"));
  run_sql(world.folder.path() / "foreign.db", "CREATE TABLE a(b)");
  CHECK_THAT(error(world.folder.path() / "foreign.db"), says("another program's SQLite database"));
  fs::copy_file(world.backup / "store.db", world.folder.path() / "newer.db");
  run_sql(world.folder.path() / "newer.db", "PRAGMA user_version = 99");
  CHECK_THAT(error(world.folder.path() / "newer.db"), says("made by a newer Caravan"));
  CHECK_FALSE(world.has("new.db"));
}

TEST_CASE("where the dated name for the old store is taken, it gets another") {
  const BackedUp world;
  std::ofstream(world.folder.path() / kReplaced) << "in the way";
  restore(world.folder.file(), world.backup, {.replaces = true});
  CHECK(world.accounts() == "account-1");
  CHECK(fs::exists(world.folder.path() / (kReplaced + "-2") / "store.db"));
}

TEST_CASE("a restore that was cut off behind its decision is ended by opening the store for writing") {
  // The state is made by hand as the process leaves it: the old store is aside, the new one not in its place.
  for (const bool is_old_aside : {false, true}) {
    const BackedUp world;
    const fs::path ready = world.folder.path() / "store.db-restore";
    fs::create_directories(ready);
    fs::copy_file(world.backup / "store.db", ready / "store.db");
    fs::copy(world.backup / "store.db-snapshots", ready / "store.db-snapshots", fs::copy_options::recursive);
    std::ofstream(ready / "plan") << "all\n" << kReplaced << "\n";
    if (is_old_aside) {
      fs::create_directories(world.folder.path() / kReplaced);
      for (const char* part : {"store.db", "store.db-snapshots"})
        fs::rename(world.folder.path() / part, world.folder.path() / kReplaced / part);
      std::ofstream(ready / "old-is-aside").flush();
      fs::rename(ready / "store.db-snapshots", world.folder.path() / "store.db-snapshots");
    }
    CHECK(is_restore_cut_off(world.folder.file()));
    CHECK_THAT(error_of([&] { open_sqlite(world.folder.file(), OpenMode::read); }),
               says("a restore was cut off before all was in its place"));
    const auto store = open_sqlite(world.folder.file(), OpenMode::write);
    CHECK(world.accounts() == "account-1");
    CHECK(snapshots_of(world.folder.file()).size() == 1);
    CHECK(ask(world.folder.path() / kReplaced / "store.db", "SELECT count(*) FROM account") == "2");
    CHECK(snapshots_of(world.folder.path() / kReplaced / "store.db").size() == 2);
    CHECK_FALSE(is_restore_cut_off(world.folder.file()));
    CHECK_FALSE(world.has("store.db-restore.half"));
  }
}

TEST_CASE("a restore that is killed while it copies and checks has changed nothing") {
  const BackedUp world;
  for (const std::string stop : {"checking store.db", "checking through-1.db"}) {
    Child child([&](int output) {
      restore_sqlite(world.folder.file(), world.backup, kMorning, {.replaces = true},
                     [&](const std::string& what, std::uint64_t, std::uint64_t) {
                       if (what == stop) ::raise(SIGKILL);
                     });
      Child::say(output, "done");
    });
    CHECK(child.hear_all() == "");
    CHECK(world.accounts() == "account-1,account-2");
    CHECK_FALSE(is_restore_cut_off(world.folder.file()));
  }
  restore(world.folder.file(), world.backup, {.replaces = true});
  CHECK(world.accounts() == "account-1");
  CHECK_FALSE(world.has("store.db-restore.half"));
}

/// Runs `action` in another process and kills that before its `count`-th call of those that change names or bring
/// something to the disk. False when it made fewer.
template <class Action>
bool is_killed_before(int count, Action action) {
  const pid_t process = ::fork();
  if (process == 0) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    try {
      action();
    } catch (const std::exception&) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  constexpr std::array<unsigned long, 9> changing = {SYS_rename, SYS_renameat, SYS_renameat2,
                                                     SYS_mkdir,  SYS_unlink,   SYS_unlinkat,
                                                     SYS_rmdir,  SYS_fsync,    SYS_fdatasync};
  int status = 0;
  ::waitpid(process, &status, 0);
  ::ptrace(PTRACE_SETOPTIONS, process, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  while (count > 0) {
    ::ptrace(PTRACE_SYSCALL, process, nullptr, nullptr);
    ::waitpid(process, &status, 0);
    if (WIFEXITED(status)) {
      CHECK(WEXITSTATUS(status) == 0);
      return false;
    }
    __ptrace_syscall_info call{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, process, sizeof call, &call) <= 0 || call.op != PTRACE_SYSCALL_INFO_ENTRY)
      continue;
    if (std::find(changing.begin(), changing.end(), call.entry.nr) != changing.end()) --count;
  }
  ::kill(process, SIGKILL);
  ::waitpid(process, &status, 0);
  return true;
}

TEST_CASE("a restore that is killed before any of its steps leaves the old store or the new one, whole") {
  const BackedUp world;
  int old = 0;
  int cut_off = 0;
  int calls = 0;
  for (bool is_killed = true; is_killed;) {
    const fs::path file = world.folder.path() / "try" / "store.db";
    fs::remove_all(file.parent_path());
    fs::create_directories(file.parent_path());
    fs::copy_file(world.folder.file(), file);
    fs::copy(world.folder.path() / "store.db-snapshots", file.parent_path() / "store.db-snapshots",
             fs::copy_options::recursive);
    is_killed = is_killed_before(++calls, [&] { restore(file, world.backup, {.replaces = true}); });
    cut_off += is_restore_cut_off(file) ? 1 : 0;
    finish_restore(file);
    const std::string accounts = ask(file, "SELECT group_concat(key) FROM account");
    CAPTURE(calls, accounts);
    const bool is_old = accounts == "account-1,account-2";
    CHECK((is_old || accounts == "account-1"));
    CHECK(snapshots_of(file).size() == (is_old ? 2U : 1U));
    CHECK(ask(file, "PRAGMA integrity_check") == "ok");
    const fs::path kept = file.parent_path() / kReplaced / "store.db";
    CHECK(fs::exists(kept) != is_old);
    if (!is_old) CHECK(ask(kept, "SELECT count(*) FROM account") == "2");
    old += is_old ? 1 : 0;
  }
  CHECK(calls > 20);
  CHECK(old > 5);
  CHECK(cut_off > 5);
}

}  // namespace
}  // namespace caravan
