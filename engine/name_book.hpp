#pragma once
// The dictionary of a store: attribute names, roles and interests as small numbers that never change. New names are
// written with the first commit that uses them.

#include "journeys/workspace.hpp"
#include "storage/store.hpp"

namespace caravan {

/// Safe to use from any thread.
class NameBook final : public AttributeNames {
 public:
  /// More names than any workspace means, and few enough to keep in memory.
  static constexpr std::size_t kMostNames = 100'000;

  /// Of a store that has no names yet.
  NameBook() = default;
  explicit NameBook(Reader& reader);

  std::uint32_t number_of(std::string_view name) override { return static_cast<std::uint32_t>(id_of(name)); }
  /// The number of a name, given out when it is new. Throws std::length_error beyond kMostNames.
  NameId id_of(std::string_view name);
  /// Nothing when nobody has used the name.
  std::optional<NameId> find(std::string_view name) const;
  /// Valid as long as the book; empty for a number that was never given out.
  std::string_view text_of(NameId id) const;

  /// The names given out since the last call, to be committed with what uses them.
  std::vector<std::pair<NameId, std::string>> take_new();
  /// The last `count` of them were not committed, and are taken again.
  void put_back(std::size_t count);

 private:
  NameId add(std::string_view name);

  mutable std::mutex mutex_;
  std::deque<std::string> texts_;  ///< by number - 1; a deque keeps its elements where they are
  std::unordered_map<std::string_view, NameId> ids_;
  std::size_t written_ = 0;  ///< how many of texts_ were taken
};

}  // namespace caravan
