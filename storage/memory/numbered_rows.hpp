#pragma once
// Rows in the order of their numbers, in one piece of memory. The engine gives out numbers one after the other, so
// that a row is nearly always found where its number says, and a new one is put at the end.

#include "storage/identities.hpp"

namespace caravan::memory {

/// `Row` has a member `id`, and is made of it alone. A pointer to a row is good until a row is added.
template <class Row>
class NumberedRows {
 public:
  using RowId = decltype(Row::id);

  Row* find(RowId id) {
    const auto at = place_of(id);
    return at != rows_.end() && at->id == id ? &*at : nullptr;
  }
  const Row* find(RowId id) const { return const_cast<NumberedRows*>(this)->find(id); }

  /// The row, which is added where it was not there.
  Row& at(RowId id) {
    if (rows_.empty() || rows_.back().id < id) return rows_.emplace_back(id);
    const auto at = place_of(id);
    return at->id == id ? *at : *rows_.emplace(at, id);
  }

  /// Rows from the first whose number is at least `id`.
  std::span<const Row> from(RowId id) const {
    const auto at = const_cast<NumberedRows*>(this)->place_of(id);
    return std::span<const Row>(rows_).subspan(static_cast<std::size_t>(at - rows_.cbegin()));
  }
  std::span<const Row> all() const { return rows_; }

 private:
  /// The first row whose number is at least `id`. Where no number was left out before it, that is the row as many
  /// places from the first as their numbers differ; else it stands further in front.
  typename std::vector<Row>::iterator place_of(RowId id) {
    if (rows_.empty() || id <= rows_.front().id) return rows_.begin();
    if (rows_.back().id < id) return rows_.end();
    const auto distance = static_cast<std::uint64_t>(id.value) - static_cast<std::uint64_t>(rows_.front().id.value);
    const auto furthest = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(distance, rows_.size() - 1));
    const auto guess = rows_.begin() + furthest;
    if (guess->id == id) return guess;
    return std::lower_bound(rows_.begin(), guess, id, [](const Row& row, RowId wanted) { return row.id < wanted; });
  }

  std::vector<Row> rows_;
};

}  // namespace caravan::memory
