#pragma once
// What a soak lives through: a workspace that is published anew every few weeks, accounts that come in the first four
// weeks, and what happens to a part of them every day. All of it follows from a seed.

#include "engine/input.hpp"
#include "journeys/workspace.hpp"

namespace caravan::bench {

/// The workspace as it stands after so many edits: waits become longer or shorter, and a node comes and goes.
SourceTexts soak_workspace(std::size_t edition);

/// The journey that edits change.
inline constexpr std::string_view kSoakEdited = "nurture";
/// Where accounts under way go whose node an edit has taken out.
inline constexpr std::string_view kSoakGoneTo = "farewell";

class SoakWorld {
 public:
  SoakWorld(std::size_t accounts, std::uint64_t seed) : accounts_(accounts), seed_(seed) {}

  /// What the engine is told on a day, from day 0: accounts with their people, then events, each with an id of its own.
  std::vector<std::vector<Input>> inputs_of(std::size_t day) const;

 private:
  std::uint64_t drawn(std::size_t day, std::size_t number, std::uint64_t purpose, std::uint64_t range) const;

  std::size_t accounts_;
  std::uint64_t seed_;
};

}  // namespace caravan::bench
