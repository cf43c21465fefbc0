#pragma once
// Answers every question that a store is asked from a State, in the orders of the file's answers.

#include "storage/memory/state.hpp"

namespace caravan::memory {

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  void refresh() override {}
  std::vector<std::pair<NameId, std::string>> names() override;
  std::optional<AccountRecord> account(AccountId id) override;
  std::optional<AccountRecord> account(std::string_view key) override;
  std::optional<PersonRecord> person(std::string_view key) override;
  void accounts_from(AccountId first, std::size_t limit, std::vector<AccountRecord>& to) override;
  void accounts_by_key(const Page<std::string>& page, std::vector<AccountRecord>& to) override;
  Searched<AccountId> accounts_by_id(const RowSearch<AccountId>& search, std::vector<AccountRecord>& to) override;
  void people_by_key(const Page<std::string>& page, std::vector<PersonRecord>& to) override;
  void people_by_id(const Page<PersonId>& page, std::vector<PersonRecord>& to) override;
  void people_of(AccountId account, std::vector<PersonRecord>& to) override;
  void people_of(AccountId account, const Page<PersonId>& page, std::vector<PersonRecord>& to) override;
  std::optional<PersonRecord> person(PersonId id) override;
  std::optional<AccountId> account_of(PersonId person) override;
  void relations_of(PersonId person, std::vector<RelationRecord>& to) override;
  void relations_of(PersonId person, AccountId after, std::size_t limit, std::vector<RelationRecord>& to) override;
  bool has_relations() override;
  void kept_consent(std::string_view address, std::vector<KeptConsentRecord>& to) override;
  bool has_kept_consent() override;
  void tokens_of(AccountId account, std::vector<TokenRecord>& to) override;
  std::optional<TokenRecord> token(TokenId id) override;
  void groups_of(AccountId account, std::vector<GroupRecord>& to) override;
  void groups_after(std::pair<AccountId, NameId> after, std::size_t limit, std::vector<GroupRecord>& to) override;
  void interests_of(AccountId account, std::vector<NameId>& to) override;
  void members_of(AccountId account, NameId interest, const Page<PersonId>& page,
                  std::vector<MemberRecord>& to) override;
  void group_changes_of(AccountId account, std::vector<GroupChangeRecord>& to) override;
  void group_changes_of(AccountId account, NameId interest, const Page<HistoryPosition>& page,
                        std::vector<Positioned<GroupChangeRecord>>& to) override;
  void activity_of(AccountId account, std::vector<ActivityRecord>& to) override;
  void activity_of(AccountId account, const Page<std::int64_t>& page, std::vector<ActivityRecord>& to) override;
  void activity_by_time(AccountId account, const ActivitySearch& search, std::vector<ActivityRecord>& to) override;
  std::int64_t activity_count(AccountId account) override;
  void activity_points(AccountId account, Instant since, Instant until, std::vector<ActivityPoint>& to) override;
  bool has_activity(AccountId account, std::string_view id) override;
  std::optional<EngagementRecord> engagement(PersonId person) override;
  void engagement_of(AccountId account, std::vector<EngagementRecord>& to) override;
  void engagement_after(PersonId after, std::size_t limit, std::vector<EngagementRecord>& to) override;
  void engagement_due(Instant until, AccountId after, std::size_t limit, std::vector<EngagementDueRecord>& to) override;
  std::optional<EngagementRoundRecord> engagement_round() override;
  void audiences_of(AccountId account, std::vector<AudienceMemberRecord>& to) override;
  void audiences_between(AccountId first, AccountId last, std::vector<AudienceMemberRecord>& to) override;
  bool was_mailed(const MailedRecord& mailed) override;
  void due_tokens(Instant until, DueCursor cursor, std::size_t limit, std::vector<TokenRecord>& to) override;
  std::optional<Instant> next_due() override;
  void open_tokens(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) override;
  void held_tokens(TokenId first, std::size_t limit, std::vector<TokenRecord>& to) override;
  Searched<TokenId> enrollments(const EnrollmentSearch& search, std::vector<TokenRecord>& to) override;
  void accounts_to_evaluate(AccountId first, std::size_t limit, std::vector<AccountId>& to) override;
  void pending_messages(std::vector<PendingMessage>& to) override;
  void pending_deliveries(VersionId version, MessageIndex message, Instant until, std::size_t limit,
                          std::vector<DeliveryRecord>& to) override;
  Searched<DeliveryKey> deliveries(const DeliverySearch& search, std::vector<DeliveryRecord>& to) override;
  std::optional<DeliveryRecord> delivery(const DeliveryKey& key) override;
  void deliveries_in(DeliveryState state, std::size_t limit, std::vector<DeliveryRecord>& to) override;
  void runs_of(TokenId token, std::vector<RunRecord>& to) override;
  void runs_of(TokenId token, const RunPage& page, std::vector<RunRecord>& to) override;
  void deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) override;
  void notes_of(AccountId account, std::vector<NoteRecord>& to) override;
  void notes_of(AccountId account, const Page<HistoryPosition>& page, std::vector<Positioned<NoteRecord>>& to) override;
  void moves_of(AccountId account, std::vector<NoteRecord>& to) override;
  std::vector<std::pair<CounterKey, std::int64_t>> counters() override;
  std::vector<VersionRecord> versions() override;
  SnapshotRecord snapshot(std::int64_t id) override;
  std::optional<DefinitionsRecord> definitions() override;
  std::vector<JourneyRecord> journeys() override;
  std::vector<TaskRecord> tasks() override;
  std::vector<SweepRecord> sweeps() override;
  Searched<std::pair<AccountId, NameId>> audience_members(const AudienceSearch& search,
                                                          std::vector<AudienceMemberRecord>& to) override;
  void roster(RosterKind kind, NameId name, std::pair<AccountId, PersonId> after, std::size_t limit,
              std::vector<RosterRecord>& to) override;
  void rosters_of(PersonId person, const RosterPlace& after, std::size_t limit, std::vector<RosterRecord>& to) override;
  void roster_changes(RosterKind kind, NameId name, std::int64_t after, std::size_t limit,
                      std::vector<RosterChange>& to) override;
  std::optional<Instant> engine_time() override;
  Greatest greatest() override;
  Totals totals() override;
  JournalRange journal_range() override;
  void journal_from(std::int64_t first, std::size_t limit, std::vector<JournalRecord>& to) override;
  std::int64_t journal_bytes() override;
  Searched<std::int64_t> audit(const AuditSearch& search, std::vector<AuditRecord>& to) override;
  std::optional<AskedKeyRecord> asked_key(std::string_view caller, std::string_view key) override;
  HistoryRecord history() override;
  void enrollments_with_history(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) override;
  std::string why_untold(const TokenRecord& enrollment) override;
  std::int64_t free_pages() override { return 0; }

 private:
  std::shared_ptr<const State> state_;
};

}  // namespace caravan::memory
