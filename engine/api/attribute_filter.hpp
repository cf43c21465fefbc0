#pragma once
// Lists of accounts and people, filtered by an attribute: many are looked at to find few, but never more than so many
// for a page.

#include "engine/api/route.hpp"

namespace caravan::api {

/// So many rows are looked at for a page; what lies behind them is for the next.
inline constexpr std::size_t kMostLookedAt = 10'000;

class AttributeFilter {
 public:
  /// By the parameters `attribute` and `value`. Throws Refused where there is one without the other.
  AttributeFilter(const Request& request, const NameBook& names);

  /// Whether the attribute has that value: a text as it is, a number, a flag or a time as JSON has it. Everything fits
  /// where nothing was asked for.
  bool fits(const Attributes& attributes) const;

 private:
  bool is_asked_ = false;
  std::optional<NameId> name_;  ///< nothing: nobody has such an attribute
  std::string value_;
};

/// The parameters that it reads.
std::vector<QueryParameter> filter_parameters();

/// Puts up to `limit` rows that fit into `to`. `fetch(after, count, rows)` appends the rows behind `after`, which is
/// null at the beginning. Gives the row behind which the next page begins; nothing at the end.
template <class Row, class Fetch>
std::optional<Row> fetch_fitting(const AttributeFilter& filter, std::size_t limit, const Fetch& fetch,
                                 std::vector<Row>& to) {
  std::optional<Row> last;
  std::size_t looked_at = 0;
  std::vector<Row> rows;
  do {
    rows.clear();
    fetch(last ? &*last : nullptr, limit, rows);
    for (Row& row : rows) {
      last = row;
      ++looked_at;
      if (filter.fits(row.attributes)) to.push_back(std::move(row));
      if (to.size() == limit || looked_at == kMostLookedAt) return last;
    }
  } while (rows.size() == limit);
  return std::nullopt;
}

}  // namespace caravan::api
