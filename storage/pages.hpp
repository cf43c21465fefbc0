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

/// A version of a journey, and a node of it or all of them.
struct NodeOfVersion {
  VersionId version;
  NodeIndex node = kNoNode;  ///< kNoNode: whichever
};

/// Enrollments, which are tokens without a parent, by id: in the order in which they began.
struct EnrollmentSearch : RowSearch<TokenId> {
  /// Those of one of these versions that stand, or stood last, at its node; nothing: all. An empty list finds none.
  std::optional<std::vector<NodeOfVersion>> where = {};
  std::vector<TokenState> states = {};  ///< in one of these; empty: in any

  bool finds(const TokenRecord& token) const;
};

/// A message of a version, or all of its messages.
struct MessageOfVersion {
  VersionId version;
  std::optional<MessageIndex> message = {};
};

/// Deliveries by their keys. Those of enrollments whose history was let go are not there any more.
struct DeliverySearch : RowSearch<DeliveryKey> {
  std::optional<std::vector<MessageOfVersion>> of = {};  ///< nothing: all. An empty list finds none.
  std::vector<DeliveryState> states = {};                ///< in one of these; empty: in any

  bool finds(VersionId version, MessageIndex message, DeliveryState state) const;
};

/// The audit trail by its sequence.
struct AuditSearch : RowSearch<std::int64_t> {
  std::string caller = {};  ///< by them alone; empty: by anybody
  std::string action = {};  ///< this alone; empty: any

  bool finds(std::string_view by, std::string_view what) const;
};

}  // namespace caravan
