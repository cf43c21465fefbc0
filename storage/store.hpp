#pragma once
// The narrow door to what lasts. One writer commits Changes; any number of readers, one a thread, see what was
// committed when they were last refreshed. storage/sqlite/ is the default behind it.

#include "storage/pages.hpp"

namespace caravan {

/// What went wrong with the machine under the store: a full disk, a damaged or newer file, somebody else's lock. The
/// sentence names the file and says what to do. Thrown by every function of Store and Reader; nothing was half done.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What passes by itself or by somebody's hand, and then the same may be tried again: the disk is full or reports an
/// error, another program holds the file longer than `patience`, the file may not be written.
class StoreUnavailable : public StoreError {
 public:
  using StoreError::StoreError;
};

/// Another process has the store open for writing.
class StoreInUse : public StoreError {
 public:
  using StoreError::StoreError;
};

/// Where a scan of due tokens goes on.
struct DueCursor {
  Instant due_at = Instant::min();
  TokenId token;
};

/// A message that deliveries are pending of.
struct PendingMessage {
  VersionId version;
  MessageIndex message{};
  Instant next_attempt_at{};  ///< of the first of them
  bool operator==(const PendingMessage&) const = default;
};

/// Reads of one thread. All reads between two refreshes see the same state: what was committed at the first of them.
/// From that first read to the next refresh() a reader holds its state, and the file's write-ahead log cannot begin
/// anew; so call refresh() when a batch is done, not when the next one begins. It costs next to nothing.
class Reader {
 public:
  virtual ~Reader() = default;

  /// Lets go of the present state; the next read sees what has been committed by then. Does not throw.
  virtual void refresh() = 0;

  virtual std::vector<std::pair<NameId, std::string>> names() = 0;
  virtual std::optional<AccountRecord> account(AccountId id) = 0;
  virtual std::optional<AccountRecord> account(std::string_view key) = 0;
  virtual std::optional<PersonRecord> person(std::string_view key) = 0;
  /// Accounts with id >= `first`, by id, at most `limit`, appended.
  virtual void accounts_from(AccountId first, std::size_t limit, std::vector<AccountRecord>& to) = 0;
  /// Accounts without those that stand in for one, appended: by key, in the order of its bytes, or by id.
  virtual void accounts_by_key(const Page<std::string>& page, std::vector<AccountRecord>& to) = 0;
  virtual Searched<AccountId> accounts_by_id(const RowSearch<AccountId>& search, std::vector<AccountRecord>& to) = 0;
  /// All people the same way, each with the role that they have in their primary account.
  virtual void people_by_key(const Page<std::string>& page, std::vector<PersonRecord>& to) = 0;
  virtual void people_by_id(const Page<PersonId>& page, std::vector<PersonRecord>& to) = 0;
  /// The account's people by id, appended: those whose primary account it is, and those who belong to it beside. Each
  /// has the role that they have in this account.
  virtual void people_of(AccountId account, std::vector<PersonRecord>& to) = 0;
  /// The same page by page, by id.
  virtual void people_of(AccountId account, const Page<PersonId>& page, std::vector<PersonRecord>& to) = 0;
  /// With the role that they have in their primary account; nothing when there is no such person.
  virtual std::optional<PersonRecord> person(PersonId id) = 0;
  /// A person's primary account; nothing when there is no such person.
  virtual std::optional<AccountId> account_of(PersonId person) = 0;
  /// The accounts that a person belongs to beside their primary one, by account, appended.
  virtual void relations_of(PersonId person, std::vector<RelationRecord>& to) = 0;
  /// Those after `after`, at most `limit`.
  virtual void relations_of(PersonId person, AccountId after, std::size_t limit, std::vector<RelationRecord>& to) = 0;
  /// Whether anybody belongs to more than one account.
  virtual bool has_relations() = 0;
  /// What is kept of an address, by kind and topic, appended. `address` is its SHA-256.
  virtual void kept_consent(std::string_view address, std::vector<KeptConsentRecord>& to) = 0;
  /// Whether anything is kept of any address.
  virtual bool has_kept_consent() = 0;
  /// All tokens the account ever had, by id, appended.
  virtual void tokens_of(AccountId account, std::vector<TokenRecord>& to) = 0;
  virtual std::optional<TokenRecord> token(TokenId id) = 0;
  virtual void groups_of(AccountId account, std::vector<GroupRecord>& to) = 0;
  /// Groups after that of (account, interest), by these, at most `limit`, appended, with their members.
  virtual void groups_after(std::pair<AccountId, NameId> after, std::size_t limit, std::vector<GroupRecord>& to) = 0;
  /// The solution interests that the account has a buying group of, by number, appended.
  virtual void interests_of(AccountId account, std::vector<NameId>& to) = 0;
  /// The group's members by person, those removed included, appended.
  virtual void members_of(AccountId account, NameId interest, const Page<PersonId>& page,
                          std::vector<MemberRecord>& to) = 0;
  /// The history of an account's groups, by interest and time, appended.
  virtual void group_changes_of(AccountId account, std::vector<GroupChangeRecord>& to) = 0;
  /// That of one group, page by page.
  virtual void group_changes_of(AccountId account, NameId interest, const Page<HistoryPosition>& page,
                                std::vector<Positioned<GroupChangeRecord>>& to) = 0;
  /// What is kept of the account's events, by sequence, appended.
  virtual void activity_of(AccountId account, std::vector<ActivityRecord>& to) = 0;
  virtual void activity_of(AccountId account, const Page<std::int64_t>& page, std::vector<ActivityRecord>& to) = 0;
  /// Those that are looked for, at most `page.limit`, appended. Goes through all that is kept of the account's events,
  /// and reads of others than these no more than when they happened.
  virtual void activity_by_time(AccountId account, const ActivitySearch& search, std::vector<ActivityRecord>& to) = 0;
  virtual std::int64_t activity_count(AccountId account) = 0;
  /// The events of the account's people that happened from `since` to `until`, in no order, appended. Those of people
  /// whose primary account is another, and of those who were removed, are left out.
  virtual void activity_points(AccountId account, Instant since, Instant until, std::vector<ActivityPoint>& to) = 0;
  /// Whether the account has an event of that sender's id.
  virtual bool has_activity(AccountId account, std::string_view id) = 0;
  /// Nothing for somebody who has none.
  virtual std::optional<EngagementRecord> engagement(PersonId person) = 0;
  /// That of the people whose primary account it is, by person, appended.
  virtual void engagement_of(AccountId account, std::vector<EngagementRecord>& to) = 0;
  /// People's engagement after that of `after`, by person, at most `limit`, appended.
  virtual void engagement_after(PersonId after, std::size_t limit, std::vector<EngagementRecord>& to) = 0;
  /// Accounts after `after` whose activity must be counted again at or before `until`, by account, at most `limit`,
  /// appended.
  virtual void engagement_due(Instant until, AccountId after, std::size_t limit,
                              std::vector<EngagementDueRecord>& to) = 0;
  virtual std::optional<EngagementRoundRecord> engagement_round() = 0;
  /// The audiences the account is in, by number, appended.
  virtual void audiences_of(AccountId account, std::vector<AudienceMemberRecord>& to) = 0;
  /// The same of all accounts from `first` to `last`, by account, appended.
  virtual void audiences_between(AccountId first, AccountId last, std::vector<AudienceMemberRecord>& to) = 0;
  virtual bool was_mailed(const MailedRecord& mailed) = 0;
  /// Tokens due at or before `until` after `cursor`, by (due_at, id), at most `limit`, appended.
  virtual void due_tokens(Instant until, DueCursor cursor, std::size_t limit, std::vector<TokenRecord>& to) = 0;
  virtual std::optional<Instant> next_due() = 0;
  /// Tokens from `first` to `last` that have not ended, of any journey, by id, at most `limit`, appended.
  virtual void open_tokens(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) = 0;
  /// Held tokens, by id from `first`, at most `limit`, appended.
  virtual void held_tokens(TokenId first, std::size_t limit, std::vector<TokenRecord>& to) = 0;
  /// Those that are looked for, ended or not, appended.
  virtual Searched<TokenId> enrollments(const EnrollmentSearch& search, std::vector<TokenRecord>& to) = 0;
  /// Accounts whose audiences must be evaluated again, by id, from `first`, at most `limit`, appended.
  virtual void accounts_to_evaluate(AccountId first, std::size_t limit, std::vector<AccountId>& to) = 0;

  /// The messages that deliveries are pending of, in no order, appended. Reads a row a message, however many are
  /// pending.
  virtual void pending_messages(std::vector<PendingMessage>& to) = 0;
  /// Pending deliveries of one message due at or before `until`, by due time, at most `limit`, appended.
  virtual void pending_deliveries(VersionId version, MessageIndex message, Instant until, std::size_t limit,
                                  std::vector<DeliveryRecord>& to) = 0;
  /// Any of any state, appended.
  virtual Searched<DeliveryKey> deliveries(const DeliverySearch& search, std::vector<DeliveryRecord>& to) = 0;
  virtual std::optional<DeliveryRecord> delivery(const DeliveryKey& key) = 0;
  virtual void deliveries_in(DeliveryState state, std::size_t limit, std::vector<DeliveryRecord>& to) = 0;

  virtual void runs_of(TokenId token, std::vector<RunRecord>& to) = 0;
  /// Seeks the first of them, however many others the token has.
  virtual void runs_of(TokenId token, const RunPage& page, std::vector<RunRecord>& to) = 0;
  virtual void deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) = 0;
  virtual void notes_of(AccountId account, std::vector<NoteRecord>& to) = 0;
  /// The same page by page, by time; what was let go is left out.
  virtual void notes_of(AccountId account, const Page<HistoryPosition>& page,
                        std::vector<Positioned<NoteRecord>>& to) = 0;
  /// The notes of the account's tokens that were moved to another version, by time, appended. Goes through all of its
  /// notes.
  virtual void moves_of(AccountId account, std::vector<NoteRecord>& to) = 0;
  virtual std::vector<std::pair<CounterKey, std::int64_t>> counters() = 0;
  virtual std::vector<VersionRecord> versions() = 0;
  virtual SnapshotRecord snapshot(std::int64_t id) = 0;
  /// Nothing in a store whose last publication was by a program that did not keep them.
  virtual std::optional<DefinitionsRecord> definitions() = 0;
  virtual std::vector<JourneyRecord> journeys() = 0;
  /// Those that are not over, by id.
  virtual std::vector<TaskRecord> tasks() = 0;
  virtual std::vector<SweepRecord> sweeps() = 0;
  /// Who is in an audience, appended.
  virtual Searched<std::pair<AccountId, NameId>> audience_members(const AudienceSearch& search,
                                                                  std::vector<AudienceMemberRecord>& to) = 0;
  /// Who is in a list or a destination, by account and person, after those of `after`, at most `limit`, appended.
  virtual void roster(RosterKind kind, NameId name, std::pair<AccountId, PersonId> after, std::size_t limit,
                      std::vector<RosterRecord>& to) = 0;
  /// Where a person is in, by kind, name and account, after `after`, at most `limit`, appended.
  virtual void rosters_of(PersonId person, const RosterPlace& after, std::size_t limit,
                          std::vector<RosterRecord>& to) = 0;
  /// The changes of a list or destination after number `after`, at most `limit`, appended.
  virtual void roster_changes(RosterKind kind, NameId name, std::int64_t after, std::size_t limit,
                              std::vector<RosterChange>& to) = 0;
  virtual std::optional<Instant> engine_time() = 0;

  /// The first and the last entry of the journal that are there; 0 and 0 for an empty one. `last` stays when old
  /// entries are let go: an empty journal whose entries were all let go has `first` = `last` + 1.
  struct JournalRange {
    std::int64_t first = 0;
    std::int64_t last = 0;
    bool operator==(const JournalRange&) const = default;
  };
  virtual JournalRange journal_range() = 0;
  /// Entries from `first`, in order, at most `limit`, appended.
  virtual void journal_from(std::int64_t first, std::size_t limit, std::vector<JournalRecord>& to) = 0;
  /// What its entries take where they are kept, in bytes. Goes through all of them, without reading them.
  virtual std::int64_t journal_bytes() = 0;

  /// Who asked for what, appended.
  virtual Searched<std::int64_t> audit(const AuditSearch& search, std::vector<AuditRecord>& to) = 0;
  /// However old it is, if it is still there.
  virtual std::optional<AskedKeyRecord> asked_key(std::string_view caller, std::string_view key) = 0;

  /// What has been let go of what enrollments did.
  virtual HistoryRecord history() = 0;
  /// Enrollments from `first` to `last`, by id, at most `limit`, appended: those that have not ended, and those that
  /// have and whose runs are there.
  virtual void enrollments_with_history(TokenId first, TokenId last, std::size_t limit,
                                        std::vector<TokenRecord>& to) = 0;
  /// Why nothing tells what an enrollment did, and what to do about it; empty where it is told. A store that is opened
  /// for reading tells as well what is in its archive.
  virtual std::string why_untold(const TokenRecord& enrollment) = 0;
  /// Pages of the file that hold nothing and can be given back to the file system; none in a file that keeps them all
  /// to use them again (storage/compact.hpp).
  virtual std::int64_t free_pages() = 0;

  /// The greatest ids ever used (0 for none), from which the engine numbers on: also of people who were removed, of
  /// events that are forgotten and of tasks that are over.
  struct Greatest {
    AccountId account;
    PersonId person;
    TokenId token;
    VersionId version;
    std::int64_t snapshot = 0;
    std::int64_t activity = 0;
    std::int64_t task = 0;
    bool operator==(const Greatest&) const = default;
  };
  virtual Greatest greatest() = 0;
  struct Totals {
    std::int64_t accounts = 0;
    std::int64_t stand_ins = 0;  ///< records of people without an account, which are not among `accounts`
    std::int64_t people = 0;
    std::int64_t groups = 0;
    std::int64_t members = 0;  ///< of buying groups; those removed from one do not count
    bool operator==(const Totals&) const = default;
  };
  virtual Totals totals() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  /// Writes everything in one transaction and returns when it is on the disk. From one thread at a time.
  virtual void commit(const Changes& changes) = 0;
  /// Nothing is to be written for now: does what a later commit would have to do besides. From the thread that commits,
  /// or while that does not.
  virtual void use_idle_time() noexcept {}
  virtual std::unique_ptr<Reader> reader() = 0;
  /// A random text made with the store, by which others can tell its deliveries from another store's.
  virtual std::string installation() = 0;
};

enum class OpenMode {
  write,  ///< makes the file where there is none, migrates it, and keeps every other writer out while it is open
  read,   ///< the file must be there and of this version; beside a writer
};

/// How the file is written. The defaults are what production uses and what every published figure is measured with.
struct SqliteSettings {
  enum class Synchronous { full, normal, off };
  Synchronous synchronous = Synchronous::full;
  std::size_t cache_bytes = std::size_t{64} << 20U;       ///< per connection
  std::size_t checkpoint_bytes = std::size_t{32} << 20U;  ///< the WAL is copied back when it is longer
  /// How long a commit waits for another program (somebody's `sqlite3`) that holds the file, before it is an error.
  std::chrono::milliseconds patience{5'000};
};

/// Opens `file`. Throws StoreError.
std::unique_ptr<Store> open_sqlite(const std::filesystem::path& file, OpenMode mode,
                                   const SqliteSettings& settings = {});

}  // namespace caravan
