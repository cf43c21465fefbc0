#pragma once
// The whole table of `caravan bench`: every measurement at its sizes, each in a process of its own.

#include "tools/bench/measurement.hpp"

namespace caravan::bench {

struct TableSettings {
  enum class Sizes { usual, large, quick } sizes = Sizes::usual;
  std::string only = {};                 ///< the name of a measurement; empty: all
  std::optional<std::size_t> size = {};  ///< of each measurement, in place of its own sizes
  std::uint64_t seed = 2026;
  std::filesystem::path folder = {};
};

struct FailedRow {
  std::string kind;
  std::size_t size = 0;
  std::string reason;
};

struct WholeTable {
  std::vector<Row> rows;
  std::vector<FailedRow> failed;  ///< what could not be measured; the others were
};

WholeTable measure_table(const TableSettings& settings);

/// For people: the table, the machine, and what failed.
std::string table_text(const WholeTable& table, const boost::json::object& machine);
/// One object: `machine`, `seed`, `rows`, `failed`.
std::string table_json(const WholeTable& table, const boost::json::object& machine, std::uint64_t seed);

}  // namespace caravan::bench
