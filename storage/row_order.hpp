#pragma once
// Brings what a write set holds into the order of its keys before it is written: neighbours in a store lie together,
// and of several entries for one record the last is found at the end of its group.

#include "storage/records.hpp"

namespace caravan {

/// Makes `to` point to the items in the order of `less`; those that are equal in the order given.
template <class Item, class Less>
void point_in_order(const std::vector<Item>& items, std::vector<const void*>& to, Less less) {
  to.clear();
  for (const Item& item : items)
    to.push_back(&item);
  if (std::is_sorted(items.begin(), items.end(), less)) return;
  std::sort(to.begin(), to.end(), [&](const void* a, const void* b) {
    const auto& first = *static_cast<const Item*>(a);
    const auto& second = *static_cast<const Item*>(b);
    return less(first, second) || (!less(second, first) && a < b);
  });
}

/// Splits writes into records to insert and records to update, both in the order of ids, each record once, as it was
/// written last. `order` is lent for its memory.
template <class Record>
void sort_out(const std::vector<Write<Record>>& writes, std::vector<const void*>& order,
              std::vector<const void*>& inserts, std::vector<const void*>& updates) {
  const auto id_of = [](const void* write) { return static_cast<const Write<Record>*>(write)->record.id; };
  point_in_order(writes, order, [](const auto& a, const auto& b) { return a.record.id < b.record.id; });
  inserts.clear();
  updates.clear();
  for (std::size_t i = 0; i < order.size();) {
    const auto id = id_of(order[i]);
    bool inserted = false;
    const Record* last = nullptr;
    for (; i < order.size() && id_of(order[i]) == id; ++i) {
      const auto& write = *static_cast<const Write<Record>*>(order[i]);
      inserted = inserted || write.inserted;
      last = &write.record;
    }
    (inserted ? inserts : updates).push_back(last);
  }
}

/// Splits items into those to keep and those to delete, both in the order of `less`; of several that are equal in it
/// the last counts. `order` is lent for its memory.
template <class Item, class Less, class Stays>
void sort_out_last(const std::vector<Item>& items, Less less, Stays stays, std::vector<const void*>& order,
                   std::vector<const void*>& kept, std::vector<const void*>& deleted) {
  point_in_order(items, order, less);
  kept.clear();
  deleted.clear();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& item = *static_cast<const Item*>(order[i]);
    const bool is_last = i + 1 == order.size() || less(item, *static_cast<const Item*>(order[i + 1]));
    if (is_last) (stays(item) ? kept : deleted).push_back(&item);
  }
}

}  // namespace caravan
