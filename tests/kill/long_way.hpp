#pragma once
// The journey of the kill test: long, with many stops, and so regular that what every account must have done at the
// end can be said without an engine.

#include "nodes/compiler.hpp"

namespace caravan::test {

struct LongWayAccount {
  std::string key;
  std::string person_key;
  std::string industry;
  std::int64_t employees = 0;
  bool is_lead = false;  ///< its person gets the first and the last mail
};

/// The same for the same number, everywhere.
LongWayAccount long_way_account(std::size_t number);

/// Writes the workspace's files, and accounts.jsonl and people.jsonl for `accounts` accounts, into the folder.
void write_long_way(const std::filesystem::path& folder, std::size_t accounts);

/// A visit that must have been made: `by-industry/technology`, or a node alone.
using ExpectedVisits = std::vector<std::string>;
ExpectedVisits expected_visits(const LongWayAccount& account);

/// A delivery that must have been promised: by which visit, counted from 0, and to whom.
struct ExpectedDelivery {
  std::uint32_t visit = 0;
  bool to_sales = false;  ///< else to the account's person
  std::string message;    ///< the template's name; empty: the sales summary
};
std::vector<ExpectedDelivery> expected_deliveries(const LongWayAccount& account);

}  // namespace caravan::test
