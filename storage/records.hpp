#pragma once
// The records: what lasts, as plain values, and `Changes`, the write set of turns. Everything that is ever written to
// the store stands here; how it is written is the store's own affair.

#include "storage/consent_records.hpp"
#include "storage/group_records.hpp"
#include "storage/history_records.hpp"
#include "storage/request_records.hpp"

namespace caravan {

/// Position of a node in its compiled journey, in the order written; stable within a version.
enum class NodeIndex : std::uint16_t {};
inline constexpr NodeIndex kNoNode{0xffff};
/// Position of a path in its split; kNoPath where a node has no paths or none was taken.
enum class PathIndex : std::uint16_t {};
inline constexpr PathIndex kNoPath{0xffff};
/// Position of a message (an e-mail template, the sales summary) in its compiled journey; stable within a version.
enum class MessageIndex : std::uint16_t {};

struct AccountRecord {
  AccountId id;
  std::string key;
  Attributes attributes;
  bool operator==(const AccountRecord&) const = default;
};

/// A person without an account stands in a record of their own, whose key is this mark and the person's key. No
/// audience of accounts sees it, and nobody can write an account of such a key.
inline constexpr char kStandInMark = '~';
inline bool is_stand_in(const AccountRecord& account) {
  return account.key.starts_with(kStandInMark);
}

/// A person belongs to one account first of all, and may belong to others beside it.
struct PersonRecord {
  PersonId id;
  AccountId account;  ///< the primary one
  std::string key;
  Attributes attributes;
  NameId account_role{};  ///< what they are in the account that they were read for; 0: nobody has said
  bool operator==(const PersonRecord&) const = default;
};

/// Where a token's lifecycle stands. The numbers are stored and never change their meaning; engine/lifecycle.hpp has
/// the machine.
enum class TokenState : std::uint8_t {
  ready = 1,
  waiting = 2,
  listening = 3,
  joining = 4,
  held = 5,
  completed = 6,
  left = 7,
  failed = 8,
};
constexpr bool is_final(TokenState state) {
  return state >= TokenState::completed;
}

/// What a held token does when it goes on. Stored numbers.
enum class Resume : std::uint8_t {
  visit = 0,  ///< it visits its node again: the node failed
  wake = 1,   ///< its time came while the journey was paused
  hear = 2,   ///< its event came while the journey was paused
  join = 3,   ///< its people came together while the journey was paused
};

/// Where an enrollment stands. The subject's own token (no parent) is the enrollment: it carries when and how it was
/// entered. In a people split it waits at the join, and each of its people has a token whose parent it is.
struct TokenRecord {
  TokenId id;
  VersionId version;
  AccountId account;
  TokenId parent;            ///< none: the enrollment itself
  PersonId person;           ///< whom it runs for; none: the account
  NodeIndex node = kNoNode;  ///< where it stands, or stood last
  TokenState state = TokenState::ready;
  Resume resume = Resume::visit;  ///< for a held token
  std::uint16_t attempts = 0;     ///< how often in a row the node it is held at has failed
  bool reached_goal = false;      ///< of the enrollment
  /// Only where a time will wake it. On an enrollment that has ended: when the subject may enter again.
  std::optional<Instant> due_at;
  std::uint32_t visits = 0;  ///< how many nodes it has visited; the number of its next visit
  std::uint32_t entry = 1;   ///< 1 for the subject's first entry into the journey
  Instant entered_at{};
  std::optional<Instant> ended_at;
  std::string memory;  ///< what the node it stands at keeps meanwhile, in the node's own form
  bool operator==(const TokenRecord&) const = default;
};

/// What came of a visit. Stored numbers.
enum class VisitOutcome : std::uint8_t {
  done = 1,
  stopped = 2,  ///< the token stands here
  nobody = 3,   ///< there was nothing to do it to
  failed = 4,
  heard = 5,      ///< second line of a listen: its event has come
  timed_out = 6,  ///< second line of a listen: its time has come
  skipped = 7,    ///< somebody took the token past a node that failed
};

struct VisitRecord {
  NodeIndex node = kNoNode;
  PathIndex path = kNoPath;
  VisitOutcome outcome = VisitOutcome::done;
  bool operator==(const VisitRecord&) const = default;
};

/// What a token did between two stops, written as one row. A wait is visited once: `stopped` when it is reached.
struct RunRecord {
  TokenId token;
  std::uint32_t first_visit = 0;  ///< the number of the first of `visits`
  Instant at{};
  std::vector<VisitRecord> visits;
  bool operator==(const RunRecord&) const = default;
};

/// Who receives a delivery, within its visit: a person, or the n-th of a node's own addresses.
struct RecipientId {
  std::int64_t value = 0;  ///< > 0: a PersonId; < 0: the (-value)-th address of the node
  auto operator<=>(const RecipientId&) const = default;
};

/// The identity of a promise to the outside; the same over retries, crashes and replays.
struct DeliveryKey {
  TokenId token;
  std::uint32_t visit = 0;
  RecipientId recipient;
  auto operator<=>(const DeliveryKey&) const = default;
};

/// Stored numbers.
enum class DeliveryState : std::uint8_t {
  pending = 1,     ///< waits for its channel
  under_way = 2,   ///< handed to the channel; found so at a start, it is in doubt
  delivered = 3,   ///< the channel's peer has taken it
  failed = 4,      ///< given up, with the reason
  in_doubt = 5,    ///< under way when the process died, and its channel holds such
  suppressed = 6,  ///< given up unsent, with the reason: the receiver wants none any more, or cannot be reached
};

struct DeliveryRecord {
  DeliveryKey key;
  AccountId account;
  VersionId version;
  MessageIndex message{};
  DeliveryState state = DeliveryState::pending;
  std::uint16_t attempts = 0;
  Instant created_at{};
  std::optional<Instant> next_attempt_at;  ///< set exactly while pending
  std::optional<Instant> ended_at;         ///< when it was delivered or given up
  std::string address;                     ///< without a display name
  std::string values;                      ///< the message's values, as engine/message_values.hpp packs them
  std::string reason;                      ///< of the last failed attempt
  bool operator==(const DeliveryRecord&) const = default;
};

/// What the other side of a webhook said; or a mail server that knows no such receiver.
struct Answer {
  int status = 0;    ///< of HTTP, or of SMTP
  std::string body;  ///< shortened to what the channel keeps
  bool operator==(const Answer&) const = default;
};

/// The part of a delivery that its channel changes.
struct DeliveryProgress {
  DeliveryKey key;
  AccountId account;       ///< as in the delivery: whose turn it may be
  VersionId version;       ///< as in the delivery: for its counters
  MessageIndex message{};  ///< as in the delivery: for its counters
  DeliveryState state = DeliveryState::pending;
  std::uint16_t attempts = 0;
  std::optional<Instant> next_attempt_at;
  std::optional<Instant> ended_at;
  std::string reason;
  /// Of a webhook; told to the token, not stored with the delivery. Of a mail that was refused, only where its
  /// receiver's address is none: then it is known as undeliverable.
  std::optional<Answer> answer;
  bool operator==(const DeliveryProgress&) const = default;
};

/// An event that happened to an account or to one of its people, as it is kept for `activity()`.
struct ActivityRecord {
  AccountId account;
  std::int64_t sequence = 0;  ///< in order of arrival, over all accounts
  Instant at{};               ///< when it happened; never later than it arrived
  PersonId person;            ///< none: the account
  NameId type{};
  std::string id;  ///< the sender's; an account takes each once. Empty: raised by the engine
  Attributes properties;
  bool operator==(const ActivityRecord&) const = default;
};

/// That an account is in an audience since, or that it has left it.
struct AudienceMemberRecord {
  AccountId account;
  NameId audience{};
  Instant since{};
  bool in = true;
  bool operator==(const AudienceMemberRecord&) const = default;
};

/// Stored numbers.
enum class RosterKind : std::uint8_t { list = 1, destination = 2 };

/// That an account or a person is put into a static list or a destination's audience, or taken out. What changes one is
/// also a line of its change feed.
struct RosterRecord {
  RosterKind kind = RosterKind::list;
  NameId name{};
  AccountId account;
  PersonId person;  ///< none: the account itself
  Instant at{};
  bool in = true;
  bool operator==(const RosterRecord&) const = default;
};
/// A line of a change feed, with its number among all of the store.
struct RosterChange {
  std::int64_t sequence = 0;
  RosterRecord record;
  bool operator==(const RosterChange&) const = default;
};

/// That an address has had a message of a journey, where a journey sends each address a message once.
struct MailedRecord {
  NameId journey{};
  NameId message{};     ///< the name of its template
  std::string address;  ///< in lower case
  auto operator<=>(const MailedRecord&) const = default;
};

/// A line of an account's timeline that no visit tells: an expression that failed, why a token failed.
enum class NoteKind : std::uint8_t {
  expression_error = 1,
  failure = 2,
  refused = 3,
  taken_out = 4,  ///< an enrollment ended before its time: by exit_when, its audience, an aborted journey, somebody
  reached_goal = 5,
  moved = 6,       ///< to another version of its journey
  interfered = 7,  ///< somebody made it try again, skip a node or leave
};

struct NoteRecord {
  AccountId account;
  Instant at{};
  NoteKind kind{};
  TokenId token;
  NodeIndex node = kNoNode;
  std::string text;
  bool operator==(const NoteRecord&) const = default;
};

/// What is counted, by the same transaction that makes it true. Stored numbers. `slot` in a counter's key is a node,
/// a message or nothing (0), as said here; `path` is used by `taken` alone.
enum class CounterKind : std::uint8_t {
  entered = 1,            ///< enrollments that began
  completed = 2,          ///< enrollments that came to the end
  left = 3,               ///< enrollments that left before it (no path held)
  failed = 4,             ///< enrollments that failed
  visited = 5,            ///< slot: node; visits
  standing = 6,           ///< slot: node; tokens that stand there now
  taken = 7,              ///< slot: node, path
  expression_errors = 8,  ///< slot: node
  promised = 9,           ///< slot: message; deliveries written
  delivered = 10,         ///< slot: message
  undelivered = 11,       ///< slot: message; failed or held in doubt
  joined = 12,            ///< slot: node; people who became members of a buying group there
  reached_goal = 13,      ///< enrollments that reached the journey's goal
  timed_out = 14,         ///< slot: node; listens that ended by time
  held = 15,              ///< slot: node; tokens that are held there now
  deduplicated = 16,      ///< slot: message; not sent because the address had it already
  moved_out = 17,         ///< enrollments that went on in another version
  moved_in = 18,          ///< enrollments that came from another version
  suppressed = 19,        ///< slot: message; not promised because the person wants none, or cannot be reached
  withheld = 20,          ///< slot: message; promised, and not sent after all for the same reasons
};
// `entered`, `completed`, `left` and `failed` count enrollments: a person's token in a people split is none.

struct CounterKey {
  VersionId version;
  CounterKind kind{};
  std::uint16_t slot = 0;
  PathIndex path = kNoPath;
  auto operator<=>(const CounterKey&) const = default;
};

/// What the engine runs of a journey: published once, never changed. Its texts are kept with it, so that accounts
/// under way stay on it whatever the files say later.
struct VersionRecord {
  VersionId id;
  std::string journey;
  std::uint32_t number = 1;  ///< 1 for the first version of this journey
  std::string fingerprint;   ///< of the journey and all it uses; equal means nothing changed
  Instant published_at{};
  bool live = true;           ///< it is the version that new entries take; at most one of a journey
  std::int64_t snapshot = 0;  ///< the texts it was compiled from
  bool operator==(const VersionRecord&) const = default;
};

/// The texts of a workspace as they stood at a publication, by path.
struct SnapshotRecord {
  std::int64_t id = 0;
  std::map<std::string, std::string> texts;
  bool operator==(const SnapshotRecord&) const = default;
};

/// What the newest publication says of audiences and buying groups, which no journey owns.
struct DefinitionsRecord {
  std::int64_t snapshot = 0;
  std::string fingerprint;  ///< equal means nothing changed
  Instant published_at{};
  bool operator==(const DefinitionsRecord&) const = default;
};

/// Where a published journey stands in its life. Stored numbers.
enum class JourneyState : std::uint8_t { live = 1, paused = 2, closed = 3, finished = 4, aborted = 5 };

struct JourneyRecord {
  std::string name;
  JourneyState state = JourneyState::live;
  Instant since{};
  bool operator==(const JourneyRecord&) const = default;
};

/// Stored numbers.
enum class TaskKind : std::uint8_t {
  abort = 1,   ///< every token of the journey leaves
  move = 2,    ///< enrollments of older versions go on in version `to`
  resume = 3,  ///< tokens held by a pause go on
  retry = 4,   ///< held tokens try again at once
  skip = 5,    ///< held tokens go past the node they are held at
  remove = 6,  ///< tokens leave
};

/// Something to be done to many tokens, batch by batch; it survives a restart.
struct TaskRecord {
  std::int64_t id = 0;
  TaskKind kind = TaskKind::retry;
  std::string journey;
  std::string node;   ///< for retry, skip and remove: only tokens that stand at the node of this id; empty: all
  AccountId account;  ///< for retry, skip and remove: only this account's; none: all
  VersionId to;       ///< for move
  std::string gone;   ///< for move: what becomes of tokens whose node is gone: `leave`, `stay` or a node's id
  TokenId next;       ///< tokens below are done
  TokenId last;       ///< tokens above came later
  Instant since{};
  std::int64_t done = 0;  ///< how many tokens it has acted on
  bool over = false;      ///< its row is not needed any more
  bool operator==(const TaskRecord&) const = default;
};

/// How far a live journey's audience has been evaluated: accounts below `next` are done.
struct SweepRecord {
  VersionId version;  ///< none: how far buying groups have been made and filled
  AccountId next;
  std::optional<Instant> began_at;  ///< where it is done on a schedule: when the present or last round began
  bool operator==(const SweepRecord&) const = default;
};

/// What the engine did in one transaction, so that it can be done again: its inputs with the time they were given, in
/// the engine's own form (engine/journal.hpp).
struct JournalRecord {
  std::int64_t sequence = 0;  ///< from 1, without gaps, in the order of the transactions
  Instant at{};
  std::string entry;
  bool operator==(const JournalRecord&) const = default;
};

/// The write set of one or many turns. Later entries for the same record replace earlier ones in the order given;
/// `inserted` says that no such row is in the store yet; else it must be there. What never changes once it is inserted:
/// the key of an account or person, and the account, parent and person of a token.
template <class Record>
struct Write {
  Record record;
  bool inserted = false;
};

struct Changes {
  std::vector<std::pair<NameId, std::string>> names;
  std::vector<Write<AccountRecord>> accounts;
  std::vector<Write<PersonRecord>> people;  ///< each with the role that they have in their primary account
  /// They must be there, or be inserted here; what else is written of them here counts for nothing. With them go their
  /// places in lists and destinations (each a line of the change feed, at `engine_time`), in the buying groups of all
  /// their accounts, their relations and their engagement.
  std::vector<PersonId> removed_people;
  std::vector<RelationRecord> relations;
  std::vector<KeptConsentRecord> kept_consent;
  std::vector<Write<TokenRecord>> tokens;
  std::vector<RunRecord> runs;
  std::vector<DeliveryRecord> deliveries;
  std::vector<DeliveryProgress> progress;
  std::vector<GroupRecord> groups;  ///< the group's row, and members added or changed (never all of them)
  std::vector<GroupChangeRecord> group_changes;
  std::vector<EngagementRecord> engagement;
  std::vector<EngagementDueRecord> engagement_due;
  std::optional<EngagementRoundRecord> engagement_round;
  std::vector<ActivityRecord> activity;
  std::vector<std::pair<AccountId, std::int64_t>> forgotten_activity;  ///< of the account, up to this sequence
  std::vector<AudienceMemberRecord> audience_members;
  std::vector<RosterRecord> rosters;
  std::vector<MailedRecord> mailed;
  std::vector<NoteRecord> notes;
  std::unordered_map<std::uint64_t, std::int64_t> counters;  ///< by packed CounterKey: what to add
  std::vector<VersionRecord> versions;
  std::vector<SnapshotRecord> snapshots;
  std::optional<DefinitionsRecord> definitions;
  std::vector<JourneyRecord> journeys;
  std::vector<TaskRecord> tasks;
  std::vector<SweepRecord> sweeps;
  std::vector<std::pair<AccountId, bool>> to_evaluate;  ///< true: audiences must be evaluated again; false: done
  std::optional<Instant> engine_time;                   ///< time never runs backwards over a restart
  std::optional<JournalRecord> journal;                 ///< what this transaction did
  std::int64_t forgotten_journal = 0;                   ///< entries up to this sequence are let go
  HistoryUpkeep history;
  std::vector<AuditRecord> audit;          ///< in this order; their sequence counts for nothing
  std::vector<AskedKeyRecord> asked_keys;  ///< replace older ones of the same caller and key
  Instant asked_keys_since{};              ///< with each that is added some from before are let go

  bool empty() const;
  void clear();  ///< keeps the memory
  void count(const CounterKey& key, std::int64_t by = 1);
};

/// A CounterKey in 64 bits, and back. Versions above 2^24 are an assertion.
std::uint64_t pack(const CounterKey& key);
CounterKey unpack_counter(std::uint64_t packed);

}  // namespace caravan
