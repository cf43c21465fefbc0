#pragma once
// A store that is two: a file and one in memory, which are given the same and must answer every question the same.
// What tests say of it, they say of both.

#include "storage/memory/memory_store.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

namespace caravan::testing {

/// Asks both readers, and gives what both say.
class ReaderOfBoth final : public Reader {
 public:
  ReaderOfBoth(std::unique_ptr<Reader> file, std::unique_ptr<Reader> memory)
      : file_(std::move(file)), memory_(std::move(memory)) {}

  void refresh() override {
    file_->refresh();
    memory_->refresh();
  }
  std::vector<std::pair<NameId, std::string>> names() override {
    return ask("names", [&](Reader& reader) { return reader.names(); });
  }
  std::optional<AccountRecord> account(AccountId id) override {
    return ask("account", [&](Reader& reader) { return reader.account(id); });
  }
  std::optional<AccountRecord> account(std::string_view key) override {
    return ask("account", [&](Reader& reader) { return reader.account(key); });
  }
  std::optional<PersonRecord> person(std::string_view key) override {
    return ask("person", [&](Reader& reader) { return reader.person(key); });
  }
  void accounts_from(AccountId first, std::size_t limit, std::vector<AccountRecord>& to) override {
    append("accounts_from", to, [&](Reader& reader, auto& answer) { reader.accounts_from(first, limit, answer); });
  }
  void accounts_by_key(const Page<std::string>& page, std::vector<AccountRecord>& to) override {
    append("accounts_by_key", to, [&](Reader& reader, auto& answer) { reader.accounts_by_key(page, answer); });
  }
  Searched<AccountId> accounts_by_id(const RowSearch<AccountId>& search, std::vector<AccountRecord>& to) override {
    return look_for("accounts_by_id", to,
                    [&](Reader& reader, auto& answer) { return reader.accounts_by_id(search, answer); });
  }
  void people_by_key(const Page<std::string>& page, std::vector<PersonRecord>& to) override {
    append("people_by_key", to, [&](Reader& reader, auto& answer) { reader.people_by_key(page, answer); });
  }
  void people_by_id(const Page<PersonId>& page, std::vector<PersonRecord>& to) override {
    append("people_by_id", to, [&](Reader& reader, auto& answer) { reader.people_by_id(page, answer); });
  }
  void people_of(AccountId account, std::vector<PersonRecord>& to) override {
    append("people_of", to, [&](Reader& reader, auto& answer) { reader.people_of(account, answer); });
  }
  void people_of(AccountId account, const Page<PersonId>& page, std::vector<PersonRecord>& to) override {
    append("people_of, paged", to, [&](Reader& reader, auto& answer) { reader.people_of(account, page, answer); });
  }
  std::optional<PersonRecord> person(PersonId id) override {
    return ask("person by id", [&](Reader& reader) { return reader.person(id); });
  }
  void kept_consent(std::string_view address, std::vector<KeptConsentRecord>& to) override {
    append("kept_consent", to, [&](Reader& reader, auto& answer) { reader.kept_consent(address, answer); });
  }
  bool has_kept_consent() override {
    return ask("has_kept_consent", [&](Reader& reader) { return reader.has_kept_consent(); });
  }
  std::optional<AccountId> account_of(PersonId person) override {
    return ask("account_of", [&](Reader& reader) { return reader.account_of(person); });
  }
  void relations_of(PersonId person, std::vector<RelationRecord>& to) override {
    append("relations_of", to, [&](Reader& reader, auto& answer) { reader.relations_of(person, answer); });
  }
  void relations_of(PersonId person, AccountId after, std::size_t limit, std::vector<RelationRecord>& to) override {
    append("relations_of, paged", to,
           [&](Reader& reader, auto& answer) { reader.relations_of(person, after, limit, answer); });
  }
  bool has_relations() override {
    return ask("has_relations", [&](Reader& reader) { return reader.has_relations(); });
  }
  void tokens_of(AccountId account, std::vector<TokenRecord>& to) override {
    append("tokens_of", to, [&](Reader& reader, auto& answer) { reader.tokens_of(account, answer); });
  }
  std::optional<TokenRecord> token(TokenId id) override {
    return ask("token", [&](Reader& reader) { return reader.token(id); });
  }
  void groups_of(AccountId account, std::vector<GroupRecord>& to) override {
    append("groups_of", to, [&](Reader& reader, auto& answer) { reader.groups_of(account, answer); });
  }
  void groups_after(std::pair<AccountId, NameId> after, std::size_t limit, std::vector<GroupRecord>& to) override {
    append("groups_after", to, [&](Reader& reader, auto& answer) { reader.groups_after(after, limit, answer); });
  }
  void interests_of(AccountId account, std::vector<NameId>& to) override {
    append("interests_of", to, [&](Reader& reader, auto& answer) { reader.interests_of(account, answer); });
  }
  void members_of(AccountId account, NameId interest, const Page<PersonId>& page,
                  std::vector<MemberRecord>& to) override {
    append("members_of", to, [&](Reader& reader, auto& answer) { reader.members_of(account, interest, page, answer); });
  }
  void group_changes_of(AccountId account, std::vector<GroupChangeRecord>& to) override {
    append("group_changes_of", to, [&](Reader& reader, auto& answer) { reader.group_changes_of(account, answer); });
  }
  void group_changes_of(AccountId account, NameId interest, const Page<HistoryPosition>& page,
                        std::vector<Positioned<GroupChangeRecord>>& to) override {
    append("group_changes_of, paged", to,
           [&](Reader& reader, auto& answer) { reader.group_changes_of(account, interest, page, answer); });
  }
  void activity_of(AccountId account, std::vector<ActivityRecord>& to) override {
    append("activity_of", to, [&](Reader& reader, auto& answer) { reader.activity_of(account, answer); });
  }
  void activity_by_time(AccountId account, const ActivitySearch& search, std::vector<ActivityRecord>& to) override {
    append("activity_by_time", to,
           [&](Reader& reader, auto& answer) { reader.activity_by_time(account, search, answer); });
  }
  void moves_of(AccountId account, std::vector<NoteRecord>& to) override {
    append("moves_of", to, [&](Reader& reader, auto& answer) { reader.moves_of(account, answer); });
  }
  void activity_of(AccountId account, const Page<std::int64_t>& page, std::vector<ActivityRecord>& to) override {
    append("activity_of, paged", to, [&](Reader& reader, auto& answer) { reader.activity_of(account, page, answer); });
  }
  std::int64_t activity_count(AccountId account) override {
    return ask("activity_count", [&](Reader& reader) { return reader.activity_count(account); });
  }
  void activity_points(AccountId account, Instant since, Instant until, std::vector<ActivityPoint>& to) override {
    append("activity_points", to,
           [&](Reader& reader, auto& answer) { reader.activity_points(account, since, until, answer); });
  }
  bool has_activity(AccountId account, std::string_view id) override {
    return ask("has_activity", [&](Reader& reader) { return reader.has_activity(account, id); });
  }
  std::optional<EngagementRecord> engagement(PersonId person) override {
    return ask("engagement", [&](Reader& reader) { return reader.engagement(person); });
  }
  void engagement_of(AccountId account, std::vector<EngagementRecord>& to) override {
    append("engagement_of", to, [&](Reader& reader, auto& answer) { reader.engagement_of(account, answer); });
  }
  void engagement_after(PersonId after, std::size_t limit, std::vector<EngagementRecord>& to) override {
    append("engagement_after", to,
           [&](Reader& reader, auto& answer) { reader.engagement_after(after, limit, answer); });
  }
  void engagement_due(Instant until, AccountId after, std::size_t limit,
                      std::vector<EngagementDueRecord>& to) override {
    append("engagement_due", to,
           [&](Reader& reader, auto& answer) { reader.engagement_due(until, after, limit, answer); });
  }
  std::optional<EngagementRoundRecord> engagement_round() override {
    return ask("engagement_round", [&](Reader& reader) { return reader.engagement_round(); });
  }
  void audiences_of(AccountId account, std::vector<AudienceMemberRecord>& to) override {
    append("audiences_of", to, [&](Reader& reader, auto& answer) { reader.audiences_of(account, answer); });
  }
  void audiences_between(AccountId first, AccountId last, std::vector<AudienceMemberRecord>& to) override {
    append("audiences_between", to,
           [&](Reader& reader, auto& answer) { reader.audiences_between(first, last, answer); });
  }
  bool was_mailed(const MailedRecord& mailed) override {
    return ask("was_mailed", [&](Reader& reader) { return reader.was_mailed(mailed); });
  }
  void due_tokens(Instant until, DueCursor cursor, std::size_t limit, std::vector<TokenRecord>& to) override {
    append("due_tokens", to, [&](Reader& reader, auto& answer) { reader.due_tokens(until, cursor, limit, answer); });
  }
  std::optional<Instant> next_due() override {
    return ask("next_due", [&](Reader& reader) { return reader.next_due(); });
  }
  void open_tokens(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) override {
    append("open_tokens", to, [&](Reader& reader, auto& answer) { reader.open_tokens(first, last, limit, answer); });
  }
  void held_tokens(TokenId first, std::size_t limit, std::vector<TokenRecord>& to) override {
    append("held_tokens", to, [&](Reader& reader, auto& answer) { reader.held_tokens(first, limit, answer); });
  }
  Searched<TokenId> enrollments(const EnrollmentSearch& search, std::vector<TokenRecord>& to) override {
    return look_for("enrollments", to,
                    [&](Reader& reader, auto& answer) { return reader.enrollments(search, answer); });
  }
  void accounts_to_evaluate(AccountId first, std::size_t limit, std::vector<AccountId>& to) override {
    append("accounts_to_evaluate", to,
           [&](Reader& reader, auto& answer) { reader.accounts_to_evaluate(first, limit, answer); });
  }
  void pending_messages(std::vector<PendingMessage>& to) override {
    append("pending_messages", to, [&](Reader& reader, auto& answer) { reader.pending_messages(answer); });
  }
  void pending_deliveries(VersionId version, MessageIndex message, Instant until, std::size_t limit,
                          std::vector<DeliveryRecord>& to) override {
    append("pending_deliveries", to,
           [&](Reader& reader, auto& answer) { reader.pending_deliveries(version, message, until, limit, answer); });
  }
  Searched<DeliveryKey> deliveries(const DeliverySearch& search, std::vector<DeliveryRecord>& to) override {
    return look_for("deliveries", to, [&](Reader& reader, auto& answer) { return reader.deliveries(search, answer); });
  }
  std::optional<DeliveryRecord> delivery(const DeliveryKey& key) override {
    return ask("delivery", [&](Reader& reader) { return reader.delivery(key); });
  }
  void deliveries_in(DeliveryState state, std::size_t limit, std::vector<DeliveryRecord>& to) override {
    append("deliveries_in", to, [&](Reader& reader, auto& answer) { reader.deliveries_in(state, limit, answer); });
  }
  void runs_of(TokenId token, std::vector<RunRecord>& to) override {
    append("runs_of", to, [&](Reader& reader, auto& answer) { reader.runs_of(token, answer); });
  }
  void runs_of(TokenId token, const RunPage& page, std::vector<RunRecord>& to) override {
    append("runs_of, paged", to, [&](Reader& reader, auto& answer) { reader.runs_of(token, page, answer); });
  }
  void deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) override {
    append("deliveries_of", to, [&](Reader& reader, auto& answer) { reader.deliveries_of(token, answer); });
  }
  void notes_of(AccountId account, std::vector<NoteRecord>& to) override {
    append("notes_of", to, [&](Reader& reader, auto& answer) { reader.notes_of(account, answer); });
  }
  void notes_of(AccountId account, const Page<HistoryPosition>& page,
                std::vector<Positioned<NoteRecord>>& to) override {
    append("notes_of, paged", to, [&](Reader& reader, auto& answer) { reader.notes_of(account, page, answer); });
  }
  std::vector<std::pair<CounterKey, std::int64_t>> counters() override {
    return ask("counters", [&](Reader& reader) { return reader.counters(); });
  }
  std::vector<VersionRecord> versions() override {
    return ask("versions", [&](Reader& reader) { return reader.versions(); });
  }
  std::optional<DefinitionsRecord> definitions() override {
    return ask("definitions", [&](Reader& reader) { return reader.definitions(); });
  }
  std::vector<JourneyRecord> journeys() override {
    return ask("journeys", [&](Reader& reader) { return reader.journeys(); });
  }
  std::vector<TaskRecord> tasks() override {
    return ask("tasks", [&](Reader& reader) { return reader.tasks(); });
  }
  std::vector<SweepRecord> sweeps() override {
    return ask("sweeps", [&](Reader& reader) { return reader.sweeps(); });
  }
  Searched<std::pair<AccountId, NameId>> audience_members(const AudienceSearch& search,
                                                          std::vector<AudienceMemberRecord>& to) override {
    return look_for("audience_members", to,
                    [&](Reader& reader, auto& answer) { return reader.audience_members(search, answer); });
  }
  void roster(RosterKind kind, NameId name, std::pair<AccountId, PersonId> after, std::size_t limit,
              std::vector<RosterRecord>& to) override {
    append("roster", to, [&](Reader& reader, auto& answer) { reader.roster(kind, name, after, limit, answer); });
  }
  void rosters_of(PersonId person, const RosterPlace& after, std::size_t limit,
                  std::vector<RosterRecord>& to) override {
    append("rosters_of", to, [&](Reader& reader, auto& answer) { reader.rosters_of(person, after, limit, answer); });
  }
  void roster_changes(RosterKind kind, NameId name, std::int64_t after, std::size_t limit,
                      std::vector<RosterChange>& to) override {
    append("roster_changes", to,
           [&](Reader& reader, auto& answer) { reader.roster_changes(kind, name, after, limit, answer); });
  }
  std::optional<Instant> engine_time() override {
    return ask("engine_time", [&](Reader& reader) { return reader.engine_time(); });
  }
  Greatest greatest() override {
    return ask("greatest", [&](Reader& reader) { return reader.greatest(); });
  }
  Totals totals() override {
    return ask("totals", [&](Reader& reader) { return reader.totals(); });
  }
  JournalRange journal_range() override {
    return ask("journal_range", [&](Reader& reader) { return reader.journal_range(); });
  }
  void journal_from(std::int64_t first, std::size_t limit, std::vector<JournalRecord>& to) override {
    append("journal_from", to, [&](Reader& reader, auto& answer) { reader.journal_from(first, limit, answer); });
  }
  /// Each keeps them its own way.
  std::int64_t journal_bytes() override { return file_->journal_bytes(); }
  Searched<std::int64_t> audit(const AuditSearch& search, std::vector<AuditRecord>& to) override {
    return look_for("audit", to, [&](Reader& reader, auto& answer) { return reader.audit(search, answer); });
  }
  std::optional<AskedKeyRecord> asked_key(std::string_view caller, std::string_view key) override {
    return ask("asked_key", [&](Reader& reader) { return reader.asked_key(caller, key); });
  }
  HistoryRecord history() override {
    return ask("history", [&](Reader& reader) { return reader.history(); });
  }
  void enrollments_with_history(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) override {
    append("enrollments_with_history", to,
           [&](Reader& reader, auto& answer) { reader.enrollments_with_history(first, last, limit, answer); });
  }
  std::string why_untold(const TokenRecord& enrollment) override {
    return ask("why_untold", [&](Reader& reader) { return reader.why_untold(enrollment); });
  }
  /// Only a file has any.
  std::int64_t free_pages() override { return file_->free_pages(); }
  SnapshotRecord snapshot(std::int64_t id) override {
    const auto ask_one = [&](Reader& reader) -> std::optional<SnapshotRecord> {
      try {
        return reader.snapshot(id);
      } catch (const StoreError&) {
        return std::nullopt;
      }
    };
    if (ask("snapshot", ask_one)) return memory_->snapshot(id);
    return file_->snapshot(id);
  }

 private:
  template <class Ask>
  std::invoke_result_t<Ask, Reader&> ask(const char* question, Ask ask_one) {
    auto answer = ask_one(*file_);
    INFO(question);
    CHECK(ask_one(*memory_) == answer);
    return answer;
  }
  template <class Record, class Ask>
  void append(const char* question, std::vector<Record>& to, Ask ask_one) {
    std::vector<Record> from_memory = to;
    ask_one(*file_, to);
    ask_one(*memory_, from_memory);
    INFO(question);
    CHECK(from_memory == to);
  }

  template <class Record, class Ask>
  std::invoke_result_t<Ask, Reader&, std::vector<Record>&> look_for(const char* question, std::vector<Record>& to,
                                                                    Ask ask_one) {
    std::vector<Record> from_memory = to;
    const auto searched = ask_one(*file_, to);
    INFO(question);
    CHECK(ask_one(*memory_, from_memory) == searched);
    CHECK(from_memory == to);
    return searched;
  }

  std::unique_ptr<Reader> file_;
  std::unique_ptr<Reader> memory_;
};

class BothStores final : public Store {
 public:
  /// Commits to both, or to neither: both must refuse what one refuses.
  void commit(const Changes& changes) override {
    std::optional<StoreError> refused;
    try {
      file_->commit(changes);
    } catch (const StoreError& error) {
      refused = error;
    }
    if (refused) {
      CHECK_THROWS_AS(memory_.commit(changes), StoreError);
      throw StoreError(*refused);
    }
    CHECK_NOTHROW(memory_.commit(changes));
  }
  std::unique_ptr<Reader> reader() override {
    return std::make_unique<ReaderOfBoth>(file_->reader(), memory_.reader());
  }
  std::string installation() override { return file_->installation(); }

  MemoryStore& memory() { return memory_; }

  /// Closes the file and opens it again, to read only.
  void reopen() {
    file_.reset();
    file_ = open_sqlite(folder_.file(), OpenMode::read);
  }

 private:
  /// Nothing here outlives a test, so that nothing need reach the disk.
  static SqliteSettings quick() {
    SqliteSettings settings;
    settings.synchronous = SqliteSettings::Synchronous::off;
    return settings;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> file_ = open_sqlite(folder_.file(), OpenMode::write, quick());
  MemoryStore memory_;
};

}  // namespace caravan::testing
