#pragma once
// What lists are asked for page by page: where a page begins, which way it goes, and what it is to hold. Part of
// storage/store.hpp, which is what to include.

#include "storage/records.hpp"

namespace caravan {

enum class Order : std::uint8_t { ascending, descending };

/// A page of what lies behind `after` in an order; nothing: from the beginning of that order.
template <class Position>
struct Page {
  Order order = Order::ascending;
  std::optional<Position> after = {};
  std::size_t limit = 100;
};

/// A page of what is looked for among other rows, so that many must be looked at to find few. `limit` and `most_rows`
/// are at least 1.
template <class Position>
struct RowSearch {
  Page<Position> page = {};
  std::size_t most_rows = 10'000;  ///< no more are looked at, whether they are what is looked for or not
};

/// Where a search has come to. When it has not come to the end, it goes on with `next` as `after`, even where it has
/// found nothing.
template <class Position>
struct Searched {
  bool is_end = true;  ///< nothing lies behind
  Position next{};     ///< the last row that was looked at
  bool operator==(const Searched&) const = default;
};

/// A stretch of time, from `since` on and before `until`; nothing: without that end.
struct Span {
  std::optional<Instant> since = {};
  std::optional<Instant> until = {};

  bool contains(Instant at) const { return (!since || at >= *since) && (!until || at < *until); }
};

/// Where a line of an account's history stands: those of the same instant are numbered, from 1.
struct HistoryPosition {
  Instant at{};
  std::int64_t sequence = 0;
  auto operator<=>(const HistoryPosition&) const = default;
};
template <class Record>
struct Positioned {
  HistoryPosition position;
  Record record;
  bool operator==(const Positioned&) const = default;
};

/// Runs of a token, one after the other.
struct RunPage {
  Order order = Order::ascending;
  /// Only such at or after it, or, going down, at or before it; nothing: at any time.
  std::optional<Instant> from = {};
  /// The first that is given is the one with this visit, or what lies behind it in the order.
  std::optional<std::uint32_t> visit = {};
  std::size_t limit = 100;
};

/// Events of an account in the order of the time at which they happened, those of the same instant in that in which
/// they came: whenever they came, each stands where it happened.
struct ActivitySearch {
  Page<HistoryPosition> page = {};
  PersonId person = {};  ///< theirs alone; none: all
  /// Those that came later, by number, are left out.
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

/// A version of a journey, and a node of it or all of them.
struct NodeOfVersion {
  VersionId version;
  NodeIndex node = kNoNode;  ///< kNoNode: whichever
};

/// Which tokens: enrollments have no parent; the ways of people in people splits have one.
enum class Ways : std::uint8_t { left_out, told };

/// Enrollments, or all tokens, by id: in the order in which they began.
struct EnrollmentSearch : RowSearch<TokenId> {
  AccountId account = {};  ///< of this one alone; none: of any
  Ways ways = Ways::left_out;
  /// Those of one of these versions that stand, or stood last, at its node; nothing: all. An empty list finds none.
  std::optional<std::vector<NodeOfVersion>> where = {};
  std::vector<TokenState> states = {};  ///< in one of these; empty: in any
  Span entered = {};

  bool finds(const TokenRecord& token) const;
};

/// A message of a version, or all of its messages.
struct MessageOfVersion {
  VersionId version;
  std::optional<MessageIndex> message = {};
};

/// Deliveries by their keys. Those of enrollments whose history was let go are not there any more.
struct DeliverySearch : RowSearch<DeliveryKey> {
  TokenId token = {};                                    ///< of this one alone; none: of any
  std::optional<std::vector<MessageOfVersion>> of = {};  ///< nothing: all. An empty list finds none.
  std::vector<DeliveryState> states = {};                ///< in one of these; empty: in any
  Span promised = {};

  bool finds(VersionId version, MessageIndex message, DeliveryState state, Instant created_at) const;
};

/// Who is in an audience, by account; rows of other audiences lie between.
struct AudienceSearch : RowSearch<std::pair<AccountId, NameId>> {
  NameId audience{};
};

/// The audit trail by its sequence.
struct AuditSearch : RowSearch<std::int64_t> {
  std::string caller = {};  ///< by them alone; empty: by anybody
  std::string action = {};  ///< this alone; empty: any

  bool finds(std::string_view by, std::string_view what) const;
};

/// Where a person is in.
struct RosterPlace {
  RosterKind kind = RosterKind::list;
  NameId name{};
  AccountId account;
  auto operator<=>(const RosterPlace&) const = default;
};

}  // namespace caravan
