#pragma once
// Reads records on a connection of its own. What it sees is fixed by the first read after refresh() (or after it was
// made) and lasts until the next refresh(): between a refresh and that first read it holds nothing, so that a reader
// that has nothing to do does not keep the write-ahead log from beginning anew.

#include "storage/sqlite/delivery_texts.hpp"

namespace caravan::sqlite {

class SqliteReader : public Reader {
 public:
  SqliteReader(const std::filesystem::path& file, const SqliteSettings& settings);

  void refresh() override;
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
  JournalRange journal_range() override;
  void journal_from(std::int64_t first, std::size_t limit, std::vector<JournalRecord>& to) override;
  std::int64_t journal_bytes() override;
  Searched<std::int64_t> audit(const AuditSearch& search, std::vector<AuditRecord>& to) override;
  std::optional<AskedKeyRecord> asked_key(std::string_view caller, std::string_view key) override;
  HistoryRecord history() override;
  void enrollments_with_history(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) override;
  std::string why_untold(const TokenRecord& enrollment) override;
  std::int64_t free_pages() override;
  Greatest greatest() override;
  Totals totals() override;

  /// For who reads whole tables (storage/compare.hpp), and for the test that looks at every statement's plan.
  Connection& connection() { return connection_; }
  /// Whether it was let go what an enrollment did.
  bool was_forgotten(const TokenRecord& enrollment);
  DeliveryUnpacker& delivery_texts() { return texts_; }

 private:
  /// Makes `statement` ready for its rows, within the present snapshot.
  template <class... Values>
  void query(Statement& statement, const char* sql, const Values&... values) {
    if (!in_snapshot_) begin_snapshot();
    statement.prepare(sql);
    statement.bind(values...);
  }
  void begin_snapshot();
  /// A number of a statement's only row; 0 for NULL and where there is no row.
  template <class... Values>
  std::int64_t number(Statement& statement, const char* sql, const Values&... values) {
    query(statement, sql, values...);
    Rows rows(statement);
    return rows.next() ? statement.integer(0) : 0;
  }
  /// An instant of a statement's only row, if there is one.
  std::optional<Instant> instant(Statement& statement, const char* sql);

  /// The two statements of a list, one a direction.
  struct Both {
    explicit Both(Connection& connection) : ascending(connection), descending(connection) {}
    Statement ascending;
    Statement descending;
  };
  Statement& keys(Both& both, const char* ascending, const char* descending, Order order,
                  const std::optional<std::string>& bound, std::size_t limit);
  /// Goes through the rows of a search. `take` looks at one: it gives where that stands, and appends what is looked
  /// for.
  template <class Position, class Record, class Take>
  Searched<Position> go_through(Statement& statement, const RowSearch<Position>& search, std::vector<Record>& to,
                                Take take);
  /// The token's last run at or before an instant whose first visit is `visit` at most: the number of that.
  std::optional<std::uint32_t> last_run(TokenId token, std::uint32_t visit, Instant until);

  void append_activity(AccountId account, Statement& statement, std::vector<ActivityRecord>& to);
  RunRecord run_in(TokenId token, const Statement& row) const;
  AccountRecord account_in(const Statement& row) const;
  PersonRecord person_in(const Statement& row) const;
  EngagementRecord engagement_in(const Statement& row) const;
  /// Gives the groups from `first` on their members; both are in the order of accounts and interests.
  void append_members(Statement& members, std::size_t first, std::vector<GroupRecord>& to) const;
  Attributes attributes_in(const Statement& row, int column) const;
  [[noreturn]] void damaged(const std::string& what) const;

  Connection connection_;
  bool in_snapshot_ = false;
  std::optional<bool> has_relations_;     ///< within the present snapshot, once it is known
  std::vector<PersonId> own_people_ids_;  ///< kept between calls for its memory

  Statement begin_{connection_};
  Statement end_{connection_};
  Statement names_{connection_};
  Statement account_by_id_{connection_};
  Statement account_by_key_{connection_};
  Statement person_by_key_{connection_};
  Statement accounts_from_{connection_};
  Both accounts_by_key_{connection_};
  Both accounts_by_id_{connection_};
  Both people_by_key_{connection_};
  Both people_by_id_{connection_};
  Statement people_of_{connection_};
  Statement related_people_of_{connection_};
  Both own_people_page_{connection_};
  Both related_people_page_{connection_};
  Statement person_by_id_{connection_};
  Statement account_of_{connection_};
  Statement relations_of_{connection_};
  Statement relations_after_{connection_};
  Statement has_relations_query_{connection_};
  Statement kept_consent_{connection_};
  Statement has_kept_consent_{connection_};
  Statement tokens_of_{connection_};
  Statement token_{connection_};
  Statement groups_of_{connection_};
  Statement members_of_{connection_};
  Statement groups_after_{connection_};
  Statement members_between_{connection_};
  Statement interests_of_{connection_};
  Both members_page_{connection_};
  Statement group_changes_of_{connection_};
  Both group_changes_page_{connection_};
  Statement activity_of_{connection_};
  Both activity_page_{connection_};
  Both activity_by_time_{connection_};
  Statement activity_count_{connection_};
  Statement activity_points_{connection_};
  Statement own_people_{connection_};
  Statement has_activity_{connection_};
  Statement engagement_{connection_};
  Statement engagement_of_{connection_};
  Statement engagement_after_{connection_};
  Statement engagement_due_{connection_};
  Statement engagement_round_{connection_};
  Statement audiences_of_{connection_};
  Statement audiences_between_{connection_};
  Statement was_mailed_{connection_};
  Statement due_with_cursor_{connection_};
  Statement due_after_cursor_{connection_};
  Statement next_due_{connection_};
  Statement open_tokens_{connection_};
  Statement held_tokens_{connection_};
  Both enrollments_{connection_};
  Both held_enrollments_{connection_};
  Both enrollments_of_{connection_};
  Statement accounts_to_evaluate_{connection_};
  Statement pending_message_{connection_};
  Statement pending_deliveries_{connection_};
  DeliveryUnpacker texts_{connection_};
  Both deliveries_{connection_};
  Both deliveries_of_token_{connection_};
  Statement delivery_{connection_};
  Statement open_deliveries_in_{connection_};
  Statement delivered_{connection_};
  Statement runs_of_{connection_};
  Statement run_before_{connection_};
  Both runs_page_{connection_};
  Statement deliveries_of_{connection_};
  Statement notes_of_{connection_};
  Both notes_page_{connection_};
  Statement moves_of_{connection_};
  Statement counters_{connection_};
  Statement versions_{connection_};
  Statement snapshot_{connection_};
  Statement snapshot_texts_{connection_};
  Statement definitions_{connection_};
  Statement journeys_{connection_};
  Statement tasks_{connection_};
  Statement sweeps_{connection_};
  Both audience_members_{connection_};
  Statement roster_{connection_};
  Statement rosters_of_{connection_};
  Statement roster_changes_{connection_};
  Statement engine_time_{connection_};
  Statement journal_range_{connection_};
  Statement journal_from_{connection_};
  Statement journal_bytes_{connection_};
  Both audit_{connection_};
  Statement asked_key_{connection_};
  Statement history_{connection_};
  Statement enrollments_with_history_{connection_};
  Statement has_runs_{connection_};
  Statement free_pages_{connection_};
  Statement greatest_account_{connection_};
  Statement greatest_person_{connection_};
  Statement greatest_token_{connection_};
  Statement greatest_version_{connection_};
  Statement greatest_snapshot_{connection_};
  Statement greatest_activity_{connection_};
  Statement greatest_task_{connection_};
  Statement removed_person_{connection_};
  Statement forgotten_token_{connection_};
  Statement finished_task_{connection_};
  Statement count_accounts_{connection_};
  Statement count_stand_ins_{connection_};
  Statement count_people_{connection_};
  Statement count_groups_{connection_};
  Statement count_members_{connection_};
};

}  // namespace caravan::sqlite
