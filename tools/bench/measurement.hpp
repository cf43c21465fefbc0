#pragma once
// What `caravan bench` measures: the kinds of measurements by name, the sizes each is taken at, and what came of one.

#include <boost/json/object.hpp>

#include "tools/bench/run.hpp"

namespace caravan::bench {

/// What a measurement is given.
struct Task {
  std::size_t size = 0;               ///< accounts, or samples
  std::uint64_t seed = 2026;          ///< where chance is involved
  std::filesystem::path folder = {};  ///< for the files of the run; empty: the system's temporary folder
};

/// A line of the table. What a measurement does not say is left empty.
struct Row {
  std::string kind;   ///< the measurement's name
  std::string title;  ///< what is measured
  std::size_t size = 0;
  std::optional<double> seconds = {};
  std::string unit = {};  ///< of `per_second`: accounts, events
  std::optional<double> per_second = {};
  std::optional<double> bare_per_second = {};
  std::optional<double> ratio = {};  ///< to the bare loop; of a latency, how many bare commits it takes
  std::optional<std::int64_t> peak_memory = {};
  std::optional<double> bytes_per_account = {};        ///< of the file at the end
  std::optional<double> added_bytes_per_account = {};  ///< of these what was not there before
  std::optional<Percentiles> latency = {};             ///< in seconds
};
boost::json::object to_json(const Row& row);
Row row_from(const boost::json::object& object);

struct Measurement {
  std::string_view name;
  std::vector<std::size_t> sizes;        ///< as a rule
  std::vector<std::size_t> large_sizes;  ///< with --large as well
  std::size_t quick_size = 0;            ///< with --quick, in place of all others
  std::vector<Row> (*measure)(const Task& task, const Progress& progress) = nullptr;
};
/// In the order of the table.
const std::vector<Measurement>& measurements();

/// What was done to `number` things in so many seconds, by the engine and by the bare loop.
Row race(std::string_view kind, std::string title, const Task& task, std::string_view unit, double seconds,
         std::optional<double> bare_seconds);

std::vector<Row> measure_reference(const Task& task, const Progress& progress);
std::vector<Row> measure_people_splits(const Task& task, const Progress& progress);
std::vector<Row> measure_listens(const Task& task, const Progress& progress);
std::vector<Row> measure_audience(const Task& task, const Progress& progress);
std::vector<Row> measure_journeys(const Task& task, const Progress& progress);
std::vector<Row> measure_latency(const Task& task, const Progress& progress);
std::vector<Row> measure_start(const Task& task, const Progress& progress);

}  // namespace caravan::bench
