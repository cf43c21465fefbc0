#include "tools/bench/whole_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/bench/machine.hpp"
#include "tools/bench/process.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::bench {
namespace {

using tools::Align;
using tools::Style;
using tools::Table;
using tools::TableCell;

std::vector<std::size_t> sizes_of(const Measurement& measurement, const TableSettings& settings) {
  if (settings.size) return {*settings.size};
  if (settings.sizes == TableSettings::Sizes::quick) return {measurement.quick_size};
  std::vector<std::size_t> sizes = measurement.sizes;
  if (settings.sizes == TableSettings::Sizes::large)
    sizes.insert(sizes.end(), measurement.large_sizes.begin(), measurement.large_sizes.end());
  return sizes;
}

/// One measurement at one size, with bars that say which. In the process that was made for it.
boost::json::value rows_of(const Measurement& measurement, const Task& task) {
  PhaseProgress phases;
  const std::string begin = std::string(measurement.name) + " " + whole(static_cast<double>(task.size)) + ": ";
  std::string last, label;
  const Progress progress = [&](std::string_view what, std::size_t done, std::size_t of) {
    if (what != last) {
      last = what;
      label = begin + last;
    }
    phases.update(label, done, of);
  };
  boost::json::array rows;
  for (const Row& row : measurement.measure(task, progress))
    rows.push_back(to_json(row));
  phases.finish();
  return rows;
}

void measure_into(WholeTable& table, const Measurement& measurement, const Task& task) {
  try {
    const boost::json::value measured = apart([&] { return rows_of(measurement, task); });
    for (const boost::json::value& row : measured.as_array())
      table.rows.push_back(row_from(row.as_object()));
  } catch (const std::runtime_error& error) {
    table.failed.push_back({std::string(measurement.name), task.size, error.what()});
  }
}

std::string milliseconds(double seconds) {
  return two_decimals(seconds * 1'000) + " ms";
}

std::vector<TableCell> cells_of(const Row& row) {
  const auto text = [](const std::optional<double>& number, std::string (*shown)(double)) {
    return TableCell{number ? shown(*number) : std::string()};
  };
  std::vector<TableCell> cells = {
      {row.title},
      {whole(static_cast<double>(row.size))},
      text(row.seconds, two_decimals),
      text(row.per_second, whole),
      text(row.ratio, two_decimals),
      {row.peak_memory ? tools::human_bytes(static_cast<std::uint64_t>(*row.peak_memory)) : ""},
      text(row.bytes_per_account, whole),
      text(row.added_bytes_per_account, whole)};
  cells[4].style = Style::strong;
  if (row.per_second) cells[3].text += " " + row.unit;
  if (row.latency) {
    for (const double each : {row.latency->p50, row.latency->p99, row.latency->p999})
      cells.push_back({milliseconds(each)});
  }
  return cells;
}

}  // namespace

WholeTable measure_table(const TableSettings& settings) {
  WholeTable table;
  for (const Measurement& measurement : measurements()) {
    if (!settings.only.empty() && settings.only != measurement.name) continue;
    for (const std::size_t size : sizes_of(measurement, settings))
      measure_into(table, measurement, {size, settings.seed, settings.folder});
  }
  return table;
}

std::string table_text(const WholeTable& table, const boost::json::object& machine) {
  Table shown({{""},
               {"size", Align::right},
               {"seconds", Align::right},
               {"a second", Align::right},
               {"to bare", Align::right},
               {"memory", Align::right},
               {"bytes", Align::right},
               {"added", Align::right},
               {"p50", Align::right},
               {"p99", Align::right},
               {"p99.9", Align::right}});
  for (const Row& row : table.rows)
    shown.add_row(cells_of(row));
  std::string text = shown.render(tools::Terminal::output());
  text += "\nOn " + tools::printable(in_a_line(machine)) + ".\n";
  for (const FailedRow& row : table.failed)
    text += "not measured: " + row.kind + " " + whole(static_cast<double>(row.size)) + ": " +
            tools::printable(row.reason) + "\n";
  return text;
}

std::string table_json(const WholeTable& table, const boost::json::object& machine, std::uint64_t seed) {
  boost::json::array rows, failed;
  for (const Row& row : table.rows)
    rows.push_back(to_json(row));
  for (const FailedRow& row : table.failed)
    failed.push_back(boost::json::object{{"kind", row.kind}, {"size", row.size}, {"reason", row.reason}});
  return boost::json::serialize(
      boost::json::object{{"machine", machine}, {"seed", seed}, {"rows", rows}, {"failed", failed}});
}

}  // namespace caravan::bench
