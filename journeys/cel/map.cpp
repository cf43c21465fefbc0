#include "journeys/cel/map.hpp"

namespace caravan::cel {

namespace {

/// Up to this many entries are searched one by one, which is quicker than hashing the key.
constexpr std::size_t searched_in_order = 8;

}  // namespace

const Value* Map::find(const Value& key) const {
  if (index_.empty()) {
    for (const MapEntry& entry : entries_)
      if (equal(entry.key, key)) return &entry.value;
    return nullptr;
  }
  const std::size_t mask = index_.size() - 1;
  for (std::size_t at = hash(key) & mask; index_[at] != 0; at = (at + 1) & mask) {
    const MapEntry& entry = entries_[index_[at] - 1];
    if (equal(entry.key, key)) return &entry.value;
  }
  return nullptr;
}

MapBuilder::MapBuilder(Arena& arena, std::size_t capacity) {
  Map* map = arena.make<Map>();
  entries_ = arena.array<MapEntry>(capacity);
  if (!map || !entries_) return;
  if (capacity > searched_in_order) {
    std::size_t length = 32;
    while (length < capacity * 2)
      length *= 2;
    index_ = arena.array<std::uint32_t>(length);
    if (!index_) return;
    std::fill_n(index_, length, 0U);
    mask_ = length - 1;
  }
  map_ = map;
}

MapBuilder::Outcome MapBuilder::add(const Value& key, const Value& value) {
  const Kind kind = key.kind();
  if (kind != Kind::string && kind != Kind::integer && kind != Kind::unsigned_integer && kind != Kind::boolean)
    return Outcome::unsupported_key;
  if (index_) {
    std::size_t at = hash(key) & mask_;
    for (; index_[at] != 0; at = (at + 1) & mask_)
      if (equal(entries_[index_[at] - 1].key, key)) return Outcome::repeated;
    index_[at] = static_cast<std::uint32_t>(size_ + 1);
  } else {
    for (std::size_t i = 0; i < size_; ++i)
      if (equal(entries_[i].key, key)) return Outcome::repeated;
  }
  ::new (static_cast<void*>(entries_ + size_)) MapEntry{key, value};
  ++size_;
  return Outcome::added;
}

const Map& MapBuilder::finish() {
  map_->entries_ = {entries_, size_};
  if (index_) map_->index_ = {index_, mask_ + 1};
  return *map_;
}

}  // namespace caravan::cel
