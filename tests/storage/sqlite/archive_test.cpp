// Archives: what was put there is told again, once the store says that it is there, and nobody else's is.

#include "storage/archive.hpp"

#include <fstream>

#include "storage/snapshots.hpp"
#include "storage/sqlite/archive_block.hpp"
#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

/// An enrollment of account 1 that has a bit of everything.
EnrollmentHistory full_history(std::int64_t id) {
  EnrollmentHistory history;
  history.enrollment = waiting_token(id, 0);
  history.enrollment.account.value = 1;
  history.enrollment.state = TokenState::completed;
  history.enrollment.due_at = at(99'000);
  history.enrollment.ended_at = at(5'000 + id);
  TokenRecord person = history.enrollment;
  person.id.value = 1'000 + id;
  person.parent = history.enrollment.id;
  person.person.value = 7;
  person.due_at.reset();
  person.memory = std::string("\0\xff!", 3);
  history.people = {person};
  for (const TokenId token : {history.enrollment.id, person.id}) {
    history.runs.push_back({token, 0, at(1'000), {{NodeIndex{0}, PathIndex{1}, VisitOutcome::done}}});
    history.runs.push_back({token, 1, at(-1), {{NodeIndex{1}, kNoPath, VisitOutcome::stopped}, {kNoNode}}});
    DeliveryRecord delivery = pending_delivery(token.value, 1, 0);
    delivery.key.recipient.value = -3;
    delivery.account.value = 1;
    delivery.state = DeliveryState::failed;
    delivery.next_attempt_at.reset();
    delivery.ended_at = at(4'000);
    delivery.values = std::string("a\0b", 3);
    delivery.reason = "550 gone";
    history.deliveries.push_back(delivery);
    history.notes.push_back({{1}, at(3'000), NoteKind::failure, token, NodeIndex{1}, "why"});
  }
  return history;
}

/// A store with enrollments of account 1 that have ended, numbered from 1.
class Kept {
 public:
  explicit Kept(std::int64_t enrollments) : store_(open_sqlite(file(), OpenMode::write)) {
    Changes changes = with_accounts({1});
    for (std::int64_t id = 1; id <= enrollments; ++id)
      add(full_history(id), changes);
    store_->commit(changes);
  }

  static void add(const EnrollmentHistory& history, Changes& changes) {
    changes.tokens.push_back({history.enrollment, true});
    for (const TokenRecord& person : history.people)
      changes.tokens.push_back({person, true});
    changes.runs.insert(changes.runs.end(), history.runs.begin(), history.runs.end());
    changes.deliveries.insert(changes.deliveries.end(), history.deliveries.begin(), history.deliveries.end());
    changes.notes.insert(changes.notes.end(), history.notes.begin(), history.notes.end());
  }

  /// Puts enrollments into an archive; what the store must say for them to be there.
  Changes archived(std::int64_t first, std::int64_t last, const std::string& month = "2026-11.db") {
    std::vector<EnrollmentHistory> history;
    Changes changes;
    for (std::int64_t id = first; id <= last; ++id) {
      history.push_back(full_history(id));
      changes.history.forgotten.push_back({{id}, {1}, {{1'000 + id}}, at(5'000)});
    }
    ArchiveRecord known{month};
    for (const ArchiveRecord& each : store_->reader()->history().archives) {
      if (each.file == month) known = each;
    }
    changes.history.archive = archive(file(), store_->installation(), known, history);
    return changes;
  }
  void let_go(std::int64_t first, std::int64_t last, const std::string& month = "2026-11.db") {
    store_->commit(archived(first, last, month));
  }

  std::filesystem::path file() const { return folder_.file(); }
  std::filesystem::path archive_file() const { return archive_folder(file()) / "2026-11.db"; }
  Store& store() { return *store_; }
  std::unique_ptr<Reader> reader() { return open_sqlite(file(), OpenMode::read)->reader(); }

  /// What a reader tells of an enrollment.
  EnrollmentHistory told(std::int64_t id) {
    const auto reader = this->reader();
    for (const TokenRecord& token : gather<TokenRecord>([&](auto& to) { reader->tokens_of({1}, to); })) {
      if (token.id.value == id) return history_of(*reader, token);
    }
    return {};
  }
  std::string why_untold(std::int64_t id) { return reader()->why_untold(full_history(id).enrollment); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_CASE("a block gives back what was put into it, and of a damaged one nothing") {
  const std::vector<EnrollmentHistory> history = {full_history(1), full_history(2)};
  const std::string packed = sqlite::pack_block(history);
  CHECK(sqlite::unpack_block(packed) == history);
  for (std::size_t size = 0; size < packed.size(); ++size)
    CHECK_FALSE(sqlite::unpack_block(packed.substr(0, size)));
  CHECK_FALSE(sqlite::unpack_block(packed + "x"));
  CHECK_FALSE(sqlite::unpack_block("\x02" + packed.substr(1)));
}

TEST_CASE("what was let go is told from the archive as it was") {
  Kept kept(300);
  kept.let_go(1, 3);
  kept.let_go(10, 270);
  kept.let_go(4, 5, "2026-12.db");
  for (const std::int64_t id : {1, 3, 4, 5, 6, 10, 150, 270, 271, 300}) {
    INFO("enrollment " << id);
    CHECK(kept.told(id) == full_history(id));
    CHECK(kept.why_untold(id).empty());
  }
  CHECK(kept.store().reader()->history().lost() == 0);
  CHECK(kept.store().reader()->why_untold(full_history(1).enrollment) ==
        kLetGo);  // the engine's own reader has no archive
  const auto reader = kept.reader();
  CHECK(gather<NoteRecord>([&](auto& to) { reader->notes_of({1}, to); }).size() == 600);
  CHECK(gather<TokenRecord>([&](auto& to) { reader->tokens_of({1}, to); }).size() == 600);
}

TEST_CASE("figures of archives") {
  Kept kept(5);
  kept.let_go(1, 2);
  kept.let_go(3, 3);
  const auto figures = archive_figures(kept.file(), kept.store().installation(), kept.store().reader()->history());
  REQUIRE(figures.size() == 1);
  CHECK(figures[0].file == kept.archive_file());
  CHECK(figures[0].enrollments == 3);
  CHECK(figures[0].rows == 27);
  CHECK(figures[0].from == at(5'001));
  CHECK(figures[0].to == at(5'003));
  CHECK(figures[0].bytes == std::filesystem::file_size(kept.archive_file()));
  CHECK(figures[0].problem.empty());
}

TEST_CASE("a crash between archive and deletion changes nothing, and both are done again") {
  Kept kept(5);
  kept.let_go(1, 1);
  kept.archived(2, 3);  // and never let go
  CHECK(kept.told(2) == full_history(2));
  CHECK(kept.store().reader()->history().archives.front().enrollments == 1);
  const auto size = std::filesystem::file_size(kept.archive_file());
  kept.let_go(2, 3);
  CHECK(std::filesystem::file_size(kept.archive_file()) == size);  // the same block is as good
  kept.archived(4, 4);
  kept.let_go(4, 5);  // another one
  for (std::int64_t id = 1; id <= 5; ++id)
    CHECK(kept.told(id) == full_history(id));
  const auto figures = archive_figures(kept.file(), kept.store().installation(), kept.store().reader()->history());
  CHECK(figures[0].rows == 45);
}

TEST_CASE("what a store has archived that an older copy took the place of is not taken for the copy's") {
  Kept kept(5);
  kept.let_go(1, 1);
  TemporaryFolder other;
  run_sql(kept.file(), "VACUUM INTO '" + other.file().string() + "'");
  kept.let_go(2, 3);
  std::filesystem::copy(archive_folder(kept.file()), archive_folder(other.file()));
  // In the copy's life enrollment 2 goes another way.
  const auto copy = open_sqlite(other.file(), OpenMode::write);
  EnrollmentHistory otherwise = full_history(2);
  otherwise.runs.front().at = at(1'234);
  Changes changes;
  changes.history.forgotten = {{{2}, {1}, {{1'002}}, at(5'000)}};
  const std::vector<EnrollmentHistory> history = {otherwise};
  changes.history.archive =
      archive(other.file(), copy->installation(), copy->reader()->history().archives.front(), history);
  copy->commit(changes);
  const auto reader = open_sqlite(other.file(), OpenMode::read)->reader();
  CHECK(history_of(*reader, full_history(1).enrollment) == full_history(1));
  CHECK(history_of(*reader, otherwise.enrollment) == otherwise);
  CHECK(history_of(*reader, full_history(3).enrollment) == full_history(3));  // of the store itself
  CHECK(kept.told(2) == full_history(2));
}

TEST_CASE("an archive that is missing is named where something of it is asked, and the rest is told") {
  Kept kept(5);
  kept.let_go(1, 2);
  kept.let_go(3, 3, "2026-12.db");
  std::filesystem::rename(kept.archive_file(), kept.file().string() + ".away");
  CHECK(kept.told(1).runs.empty());
  CHECK(kept.why_untold(1) ==
        kept.archive_file().string() + ": this archive is not there, and holds what 2 enrollments did: put it back");
  CHECK(kept.told(3) == full_history(3));
  CHECK(kept.told(4) == full_history(4));
  CHECK(kept.why_untold(4).empty());
  // Nothing more is put where it was: the folder may be another one today.
  CHECK_THAT(error_of([&] { kept.let_go(4, 4); }), says("put it back"));
  CHECK(kept.told(4) == full_history(4));
  std::filesystem::rename(kept.file().string() + ".away", kept.archive_file());
  CHECK(kept.told(1) == full_history(1));
  kept.let_go(4, 4);
  CHECK(kept.told(4) == full_history(4));
}

TEST_CASE("an archive that is damaged, another program's or an older copy is named") {
  Kept kept(5);
  kept.let_go(1, 1);
  const std::string older = kept.file().string() + ".older";
  std::filesystem::copy_file(kept.archive_file(), older);
  kept.let_go(2, 2);
  SECTION("damaged") {
    // One bit of it, in the middle: it unpacks to something else, or not at all.
    run_sql(kept.archive_file(),
            "UPDATE content SET bytes = CAST(substr(bytes, 1, length(bytes) / 2) ||"
            " CASE substr(bytes, length(bytes) / 2 + 1, 1) WHEN x'41' THEN x'40' ELSE x'41' END ||"
            " substr(bytes, length(bytes) / 2 + 2) AS BLOB) WHERE block = 1");
    CHECK_THAT(kept.why_untold(1), says("the file is damaged (block 1): put back a copy from your back-up"));
    CHECK(kept.told(2) == full_history(2));
  }
  SECTION("no database") {
    std::ofstream(kept.archive_file(), std::ios::trunc) << std::string(5'000, 'x');
    CHECK_THAT(kept.why_untold(1), says("2026-11.db: "));
    CHECK_THAT(error_of([&] { kept.let_go(3, 3); }), says("2026-11.db: "));
  }
  SECTION("another program's") {
    run_sql(kept.archive_file(), "PRAGMA application_id = 7");
    CHECK_THAT(kept.why_untold(1), says("this is no archive of Caravan's"));
  }
  SECTION("an older copy") {
    std::filesystem::copy_file(older, kept.archive_file(), std::filesystem::copy_options::overwrite_existing);
    CHECK_THAT(kept.why_untold(2), says("holds 1 of 2 blocks that were put into it"));
    CHECK(kept.told(1) == full_history(1));
    CHECK_THAT(error_of([&] { kept.let_go(3, 3); }), says("does not hold what was put into it last"));
  }
}

TEST_CASE("of what was let go without an archive nothing is told, and why") {
  Kept kept(2);
  Changes changes;
  changes.history.forgotten = {{{1}, {1}, {{1'001}}, at(5'000)}};
  kept.store().commit(changes);
  kept.let_go(2, 2);
  CHECK(kept.why_untold(1) == kLetGo);
  CHECK(kept.why_untold(2).empty());
  CHECK(kept.store().reader()->history().lost() == 1);
}

TEST_CASE("a snapshot tells what was archived when it was taken") {
  Kept kept(3);
  kept.let_go(1, 1);
  const StoreSnapshot snapshot = pin_sqlite(kept.file())->write();
  kept.let_go(2, 2);
  const auto reader = archived_reader(snapshot.file, kept.file());
  for (std::int64_t id = 1; id <= 3; ++id)
    CHECK(history_of(*reader, full_history(id).enrollment) == full_history(id));
  CHECK(reader->history().archives.front().enrollments == 1);
}

}  // namespace
}  // namespace caravan
