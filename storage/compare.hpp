#pragma once
// Two stores, row by row: what is in one and not in the other, and what each says where they differ. For a replay,
// which must come to the very rows that production came to, numbers included.

#include "storage/store.hpp"

namespace caravan {

/// What a column holds: nothing, a number, a text or bytes.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

struct ColumnDifference {
  std::string column;
  Cell left;
  Cell right;
};

/// A row that is in one store alone, or that they say different things of.
struct RowDifference {
  std::string_view table;                          ///< `run`, `delivery`, ... as the layout names it
  std::vector<std::pair<std::string, Cell>> key;   ///< its columns, in order
  bool is_left = false;                            ///< it is in the left store
  bool is_right = false;                           ///< it is in the right store
  std::vector<std::pair<std::string, Cell>> rest;  ///< where it is in one store alone: the other columns
  std::vector<ColumnDifference> columns;           ///< where it is in both: those that differ
  /// When what the row tells happened, by the store that says it was earlier; none for what has no time of its own,
  /// such as an attribute or a counter.
  std::optional<Instant> at;
  AccountId account;  ///< whose it is; none: nobody's
  TokenId token;      ///< none: of no enrollment
  PersonId person;    ///< none: of no person

  /// In the order of time; what has none comes last. At the same instant by account, and of the same account what a
  /// token did comes before what came of it.
  bool is_before(const RowDifference& other) const;

  std::size_t rank = 0;  ///< of the table, for that order
};

/// How much was compared, of the left store.
struct ComparedRows {
  std::int64_t accounts = 0;
  std::int64_t visits = 0;  ///< of nodes
  std::int64_t deliveries = 0;
  std::int64_t rows = 0;      ///< of all tables
  std::int64_t archived = 0;  ///< enrollments whose history was let go and read from an archive; their rows are counted
  std::int64_t untold = 0;    ///< enrollments whose history was let go and cannot be read: left out
  std::string why_untold;     ///< of the first of them
};

/// Compares all that two SQLite stores hold, as the readers see it at present, table by table in the order of keys; it
/// keeps no more than two rows in memory. The random name of an installation, the journal and who
/// asked for what may differ. What the left
/// store has let go of is compared as its reader tells it, which reads archives (storage/archive.hpp), and left out
/// where nothing tells. `differs` is told each difference, by table and key; `progress`, now and then, how many rows
/// are done. Throws StoreError.
ComparedRows compare(Reader& left, Reader& right, const std::function<void(const RowDifference&)>& differs,
                     const std::function<void(std::int64_t rows)>& progress = {});

/// The names of the tables that it compares, for the test that none is forgotten.
std::vector<std::string_view> compared_tables();

}  // namespace caravan
