#pragma once
// Where a timeline's entries come from: streams that each give theirs in the timeline's order, and read a batch ahead
// at most. Used by timeline_page.cpp alone.

#include "engine/move_plan.hpp"
#include "engine/report/timeline_page.hpp"

namespace caravan::timeline {

constexpr std::int64_t kEvents = 0;
constexpr std::int64_t kTokens = 1;
constexpr std::int64_t kNotes = 2;
constexpr std::int64_t kGroups = 3;
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

/// Which version a token was in, where it was moved.
class VersionsOfTokens {
 public:
  VersionsOfTokens(JourneyLibrary& library, Reader& reader) : library_(library), reader_(reader) {}
  VersionId at_visit(const TokenRecord& token, std::uint32_t visit);
  VersionId at_time(const TokenRecord& token, Instant at);
  /// Whether it can have been in another one than it is in.
  bool may_have_moved(const TokenRecord& token);
  /// These and the others of their journeys.
  std::vector<VersionId> of_same_journeys(const std::vector<VersionId>& versions);
  /// That were read.
  std::size_t rows() const { return rows_; }

 private:
  struct Move {
    MoveNote note;
    Instant at;
  };
  /// By time.
  const std::vector<Move>& moves_of(const TokenRecord& token);
  /// The version of that number of the token's journey.
  VersionId numbered(const TokenRecord& token, std::uint32_t number);

  JourneyLibrary& library_;
  Reader& reader_;
  std::size_t rows_ = 0;
  std::optional<std::set<VersionId>> moved_into_;
  std::set<AccountId> read_;  ///< accounts whose moves are in `moves_`
  std::map<TokenId, std::vector<Move>> moves_;
  std::map<VersionId, std::map<std::uint32_t, VersionId>> numbers_;  ///< of the version's journey
};

/// What all streams of a page share.
struct Material {
  Reader& reader;
  const TimelineSearch& search;
  std::optional<EntryPosition> from;  ///< entries lie behind it; nothing: all of them
  PersonId person;                    ///< of a person's timeline
  TokenId enrollment;                 ///< of an enrollment's
  VersionsOfTokens versions;
  std::size_t rows = 0;  ///< that were read
  std::map<TokenId, std::optional<TokenRecord>> tokens = {};

  bool goes_up() const { return search.order == Order::ascending; }
  bool lies_behind(const EntryPosition& position) const {
    return !from || (goes_up() ? position > *from : position < *from);
  }
  bool wants(EntryKind kind) const { return search.kinds.empty() || search.kinds.contains(kind); }
  bool wants_version(VersionId version) const;
  /// Whether it can have done anything in a version that is wanted.
  bool may_have_been_in_wanted(const TokenRecord& token) {
    return wants_version(token.version) || versions.may_have_moved(token);
  }
  const std::optional<TokenRecord>& token(TokenId id);
};

class Stream {
 public:
  virtual ~Stream() = default;
  /// Where the next entry stands; null at the end.
  virtual const EntryPosition* head() = 0;
  /// Goes past it, and gives it where it is to be told.
  virtual std::optional<TimelineEntry> take() = 0;
};

/// The events of an account, or those of a person among them. Those numbered above `last` are left out.
class EventStream final : public Stream {
 public:
  EventStream(Material& material, AccountId account, std::int64_t last);
  const EntryPosition* head() override;
  std::optional<TimelineEntry> take() override;

 private:
  Material& material_;
  const AccountId account_;
  ActivitySearch search_;
  std::deque<ActivityRecord> rows_;
  bool is_end_ = false;
  EntryPosition head_;
};

/// The notes of an account.
class NoteStream final : public Stream {
 public:
  NoteStream(Material& material, AccountId account);
  const EntryPosition* head() override;
  std::optional<TimelineEntry> take() override;

 private:
  Material& material_;
  const AccountId account_;
  Page<HistoryPosition> page_;
  std::deque<Positioned<NoteRecord>> rows_;
  bool is_end_ = false;
  EntryPosition head_;
};

/// The changes of one buying group.
class GroupStream final : public Stream {
 public:
  GroupStream(Material& material, AccountId account, NameId interest);
  const EntryPosition* head() override;
  std::optional<TimelineEntry> take() override;

 private:
  Material& material_;
  const AccountId account_;
  const NameId interest_;
  Page<HistoryPosition> page_;
  std::deque<Positioned<GroupChangeRecord>> rows_;
  bool is_end_ = false;
  EntryPosition head_;
};

/// What one token did: an enrollment's beginning and end, visits, and what these promised.
class TokenStream final : public Stream {
 public:
  TokenStream(Material& material, TokenRecord token);
  const EntryPosition* head() override;
  std::optional<TimelineEntry> take() override;

 private:
  enum class Phase { begin, visits, end, over };
  void advance();
  bool next_of_begin();
  bool next_of_end();
  bool next_of_visits();
  bool next_in_visit();
  bool fill_runs();
  const DeliveryRecord* next_delivery();
  void fill_deliveries();
  std::uint32_t visit_number() const { return runs_.front().first_visit + index_; }
  void to_next_visit();
  bool wants_visits() const;
  bool is_visit_told() const;
  bool place(Instant at, std::int64_t line, std::int64_t third);

  Material& material_;
  const TokenRecord token_;
  const bool is_enrollment_;  ///< else the way of a person in a people split
  const bool tells_person_;   ///< in a person's timeline: what their account's token has promised them
  Phase phase_;
  std::deque<RunRecord> runs_;
  std::size_t batch_ = 1;
  RunPage run_page_;
  bool runs_end_ = false;
  std::uint32_t index_ = 0;  ///< of the visit in the first of the runs
  bool visit_told_ = false;
  bool deliveries_told_ = false;
  std::deque<DeliveryRecord> deliveries_;
  std::optional<DeliveryKey> deliveries_after_;
  bool deliveries_end_ = false;
  bool has_head_ = false;
  EntryPosition head_;
  std::optional<TimelineEntry> entry_;
};

/// What many tokens did. They are opened as they are needed.
class TokensStream final : public Stream {
 public:
  TokensStream(Material& material, std::vector<TokenRecord> tokens);
  const EntryPosition* head() override;
  std::optional<TimelineEntry> take() override;

 private:
  struct Item {
    EntryPosition position;  ///< of its next entry, or before it
    TokenRecord token;
    std::unique_ptr<TokenStream> stream;  ///< null: not opened
  };
  void push(Item item);
  Item pop();

  Material& material_;
  std::vector<Item> heap_;
};

}  // namespace caravan::timeline
