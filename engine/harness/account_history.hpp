#pragma once
// All that a store knows of one account, as lines in the order of time, with names instead of numbers: two stores that
// numbered the same things otherwise tell the same history. For finding out where two histories part.

#include "engine/journey_library.hpp"

namespace caravan {

/// What happened, or, without a time, how something is left.
struct HistoryLine {
  std::optional<Instant> at;
  std::string journey = {};  ///< `seeds (version 1)`; empty: of no journey
  std::string node = {};     ///< its id; empty: at none
  std::string person = {};   ///< the key of the person it is about; empty: the account
  std::string text = {};     ///< `took path large`, `promised mail welcome to vp@acme.example`
  bool operator==(const HistoryLine&) const = default;
};

/// `2026-01-05T09:00:00Z  seeds (version 1), by-size: took path large`
std::string to_text(const HistoryLine& line);

/// One store's teller of histories. What it is made from outlives it.
class HistoryTeller {
 public:
  HistoryTeller(Store& store, Reader& reader, const NameBook& names);
  ~HistoryTeller();

  /// Nothing when there is no account of that key. What enrollments of these numbers did is left out.
  std::vector<HistoryLine> history_of(std::string_view account, const std::set<TokenId>& left_out = {});
  /// `seeds (version 1)`
  std::string version(VersionId version);
  /// The id of a version's node.
  std::string node(VersionId version, NodeIndex node);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caravan
