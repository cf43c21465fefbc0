#pragma once
// Lists of accounts and people, filtered by a condition as journeys have them: many are looked at to find few, but
// never more than so many for a page, and no condition costs more than so much.

#include "engine/api/route.hpp"
#include "engine/subject_facts.hpp"

namespace caravan::api {

class RecordFilter {
 public:
  enum class Of { accounts, people };
  /// By the parameter `where`, compiled by what is published last. Throws Refused where it does not compile.
  RecordFilter(const Request& request, Scene& scene, Of of);
  ~RecordFilter();
  RecordFilter(const RecordFilter&) = delete;
  RecordFilter& operator=(const RecordFilter&) = delete;

  /// Whether the condition holds; one that fails to evaluate does not. Everything fits where none was asked for.
  bool fits(AccountRecord& account);
  bool fits(PersonRecord& person);

  /// As much as one page may be was looked at.
  bool is_spent() const;

 private:
  struct Condition;
  std::unique_ptr<Condition> condition_;  ///< null: none was asked for
  std::size_t looked_at_ = 0;             ///< rows, of accounts, people and what the condition reads of them
};

/// The parameter that it reads.
std::vector<QueryParameter> filter_parameters(RecordFilter::Of of);

/// Puts up to `limit` rows that fit into `to`. `fetch(after, count, rows)` appends the rows behind `after`, which is
/// null at the beginning; where it has looked at many others and come to no end, it gives the row that it stopped at.
/// Gives the row behind which the next page begins; nothing at the end.
template <class Row, class Fetch>
std::optional<Row> fetch_fitting(RecordFilter& filter, std::size_t limit, const Fetch& fetch, std::vector<Row>& to) {
  std::optional<Row> last;
  std::vector<Row> rows;
  do {
    rows.clear();
    const std::optional<Row> stopped = fetch(last ? &*last : nullptr, limit, rows);
    for (Row& row : rows) {
      const bool is_chosen = filter.fits(row);
      const bool ends_here = filter.is_spent() || (is_chosen && to.size() + 1 == limit);
      if (ends_here || &row == &rows.back()) last = row;
      if (is_chosen) to.push_back(std::move(row));
      if (ends_here) return last;
    }
    if (stopped) return stopped;
  } while (rows.size() == limit);
  return std::nullopt;
}

}  // namespace caravan::api
