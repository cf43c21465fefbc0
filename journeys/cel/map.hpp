#pragma once
// The map value: entries in the order they were given, found by hash once there are more than a few. Built in an arena
// by MapBuilder, or over host memory that outlives it; keys are bool, int, uint or string.

#include <cstdint>
#include <span>

#include "journeys/cel/arena.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

struct MapEntry {
  Value key;
  Value value;
};

class Map {
 public:
  constexpr Map() = default;
  /// Over entries that outlive the map, without an index. Keys must be distinct.
  explicit constexpr Map(std::span<const MapEntry> entries) : entries_{entries} {}

  std::span<const MapEntry> entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }

  /// The value of a key (1, 1u and 1.0 are the same key), or nullptr.
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const { return find(Value::string(key)); }

 private:
  friend class MapBuilder;
  std::span<const MapEntry> entries_;
  std::span<const std::uint32_t> index_;  ///< open addressing: entry number + 1, or 0; a power of two long
};

/// Builds a map for at most `capacity` entries.
class MapBuilder {
 public:
  enum class Outcome { added, repeated, unsupported_key };

  MapBuilder(Arena& arena, std::size_t capacity);
  /// False when the arena could not give the memory; then nothing may be added.
  bool ready() const { return map_ != nullptr; }
  Outcome add(const Value& key, const Value& value);
  /// The map; the builder is spent.
  const Map& finish();

 private:
  Map* map_ = nullptr;
  MapEntry* entries_ = nullptr;
  std::uint32_t* index_ = nullptr;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace caravan::cel
