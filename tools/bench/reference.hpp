#pragma once
// The reference journey of `caravan bench`: its workspace, its accounts, and a run of it through the real engine.

#include "journeys/workspace.hpp"
#include "storage/store.hpp"
#include "tools/bench/run.hpp"

namespace caravan::bench {

/// The texts of the workspace.
SourceTexts reference_workspace();

/// An account's attributes and its one person's; the same for the same number, everywhere.
struct ReferenceAccount {
  std::string key, industry, owner;
  std::int64_t employees = 0;
  std::string person_key, first_name, title, email;
};
ReferenceAccount reference_account(std::size_t number);

/// Makes the store with `accounts` accounts of one person each.
void fill(const std::filesystem::path& file, std::size_t accounts, const Progress& progress);

struct EngineRun {
  double seconds = 0;
  std::int64_t node_executions = 0;
  std::int64_t completed = 0;
};

/// Runs every account of the store through the journey, in virtual time. Throws StoreError.
EngineRun run_engine(const std::filesystem::path& file, std::size_t accounts, const Progress& progress);

/// How many rows each table of a store has that a journey writes; for checking that two stores hold the same work.
std::map<std::string, std::int64_t> written_rows(const std::filesystem::path& file);

}  // namespace caravan::bench
