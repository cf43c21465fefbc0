#pragma once
// What a replay came to against what production recorded: every row, and where rows differ, whose history parts from
// the other first, at which time, at which node, and what each says.

#include "engine/harness/account_history.hpp"
#include "storage/compare.hpp"

namespace caravan {

/// Something that one store says otherwise than the other.
struct Difference {
  std::optional<Instant> at;  ///< none: of what has no time, such as an attribute
  std::string account;        ///< its key; empty: of no account
  std::string journey;        ///< with its version, as far as it is known; else empty
  std::string node;
  std::string person;
  std::string production;  ///< what production says; empty: nothing
  std::string replay;      ///< what the replay says; empty: nothing
};

struct ReplayComparison {
  ComparedRows compared;  ///< of production
  std::int64_t rows = 0;  ///< that differ
  std::int64_t accounts = 0;
  /// The first in time. Nothing: there is no difference.
  std::optional<Difference> first;
  /// The histories of its account, where it is of one. The first `alike` lines of both are the same.
  std::vector<HistoryLine> production;
  std::vector<HistoryLine> replay;
  std::size_t alike = 0;
};

/// Compares the store that was replayed, as its reader sees it at present, with what came of the replay. Throws
/// StoreError. `progress` is told now and then how many rows, and then how many accounts, are done.
struct ComparedStore {
  Store& store;
  Reader& reader;
};
ReplayComparison compare_replay(ComparedStore production, ComparedStore replay,
                                const std::function<void(std::string_view what, std::int64_t done)>& progress = {});

}  // namespace caravan
