// What a soak says at its end.

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/bench/soak.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::bench {
namespace {

using tools::Align;
using tools::human_bytes;
using tools::Table;
using tools::with_separators;

std::string bytes_of(std::int64_t bytes) {
  return (bytes < 0 ? "-" : "") + human_bytes(static_cast<std::uint64_t>(std::abs(bytes)));
}

std::string a_row(const TableSize& table) {
  return table.rows == 0 ? "" : whole(static_cast<double>(table.bytes) / static_cast<double>(table.rows));
}

/// The same table of the n-th look, from 1; empty where there was none.
TableSize same_in(const std::vector<SoakMonth>& months, std::size_t number, const std::string& name) {
  if (number == 0) return {};
  const std::vector<TableSize>& tables = months[number - 1].file.tables;
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const auto& each) { return each.name == name; });
  return found == tables.end() ? TableSize{} : *found;
}

std::string weeks_text(const SoakReport& report) {
  Table table({{"days", Align::right},
               {"memory", Align::right},
               {"of it caches", Align::right},
               {"largest WAL", Align::right},
               {"file", Align::right},
               {"grown", Align::right},
               {"free pages", Align::right}});
  std::int64_t before = 0;
  for (const SoakMonth& month : report.months) {
    const auto week = std::find_if(report.weeks.begin(), report.weeks.end(),
                                   [&](const SoakWeek& each) { return each.day == month.day; });
    const bool is_weekly = week != report.weeks.end();
    table.add_row({{std::to_string(month.day)},
                   {is_weekly ? bytes_of(week->memory) : ""},
                   {is_weekly ? bytes_of(week->caches) : ""},
                   {is_weekly ? bytes_of(week->wal) : ""},
                   {bytes_of(month.file.bytes)},
                   {bytes_of(month.file.bytes - std::exchange(before, month.file.bytes))},
                   {bytes_of(month.file.free)}});
  }
  return table.render(tools::Terminal::output());
}

/// The largest; the others are summed.
constexpr std::size_t kTablesShown = 12;

/// What is kept, and what of it the last whole month has brought.
std::string tables_text(const SoakReport& report) {
  Table table({{"table"},
               {"rows", Align::right},
               {"bytes", Align::right},
               {"a row", Align::right},
               {"rows, last 4 weeks", Align::right},
               {"bytes, last 4 weeks", Align::right}});
  std::size_t last = report.months.size();
  while (last > 0 && report.months[last - 1].day % kSoakMonth != 0)
    --last;
  const auto add = [&](const TableSize& each, std::int64_t rows, std::int64_t bytes) {
    table.add_row({{each.name},
                   {with_separators(each.rows)},
                   {bytes_of(each.bytes)},
                   {a_row(each)},
                   {with_separators(rows)},
                   {bytes_of(bytes)}});
  };
  TableSize others{.name = "all others"};
  std::int64_t others_rows = 0, others_bytes = 0;
  std::size_t shown = 0;
  for (const TableSize& each : report.months.back().file.tables) {
    const TableSize now = same_in(report.months, last, each.name);
    const TableSize before = same_in(report.months, last < 2 ? 0 : last - 1, each.name);
    if (++shown <= kTablesShown) {
      add(each, now.rows - before.rows, now.bytes - before.bytes);
    } else {
      others.rows += each.rows;
      others.bytes += each.bytes;
      others_rows += now.rows - before.rows;
      others_bytes += now.bytes - before.bytes;
    }
  }
  add(others, others_rows, others_bytes);
  return table.render(tools::Terminal::output());
}

boost::json::array tables_json(const SoakFile& file) {
  boost::json::array tables;
  for (const TableSize& each : file.tables)
    tables.push_back(boost::json::object{{"name", each.name}, {"rows", each.rows}, {"bytes", each.bytes}});
  return tables;
}

}  // namespace

std::int64_t SoakReport::memory_growth() const {
  const std::size_t count = weeks.size();
  if (count < 8) return 0;
  const auto largest = [&](std::size_t from, std::size_t to) {
    std::int64_t found = 0;
    for (const SoakWeek& each : std::span(weeks).subspan(from, to - from))
      found = std::max(found, each.memory - each.caches);
    return found;
  };
  return largest(count * 3 / 4, count) - largest(count / 2, count * 3 / 4);
}

std::int64_t SoakReport::largest_wal() const {
  std::int64_t largest = 0;
  for (const SoakWeek& week : weeks)
    largest = std::max(largest, week.wal);
  return largest;
}

std::vector<std::string> SoakReport::faults(const SoakBounds& bounds) const {
  std::vector<std::string> faults;
  if (memory_growth() > bounds.memory_growth)
    faults.push_back("memory without caches has grown by " + bytes_of(memory_growth()) +
                     " from the third quarter to the last; at most " + bytes_of(bounds.memory_growth) + " may be");
  if (largest_wal() > bounds.wal)
    faults.push_back("the write-ahead log was " + bytes_of(largest_wal()) + " long; at most " + bytes_of(bounds.wal) +
                     " may be");
  const SoakFile& file = months.back().file;
  if (static_cast<double>(file.unexplained()) > bounds.unexplained * static_cast<double>(file.bytes))
    faults.push_back(bytes_of(file.unexplained()) + " of the file are in no table and no free page");
  if (behind > 0)
    faults.push_back("on " + tools::counted(behind, "day", "days") + " a token was behind its due time, at most by " +
                     tools::human_seconds(std::chrono::duration<double>(most_late).count()));
  return faults;
}

std::string soak_text(const SoakReport& report) {
  const auto number = [](std::size_t count) { return with_separators(static_cast<std::int64_t>(count)); };
  const SoakBounds bounds;
  const SoakFile& file = report.months.back().file;
  std::string text = weeks_text(report) + "\n" + tables_text(report) + "\n";
  text += with_separators(report.inputs) + " inputs, " + with_separators(report.deliveries) + " mails, " +
          number(report.publications) + " publications with a move, " + number(report.restarts) + " restarts and " +
          number(report.drops) + " drops, in " + tools::human_seconds(report.seconds) + "\n";
  text += "memory without caches: " + bytes_of(report.memory_growth()) +
          " more in the last quarter than in the third (bound: " + bytes_of(bounds.memory_growth) + ")\n";
  text += "WAL: at most " + bytes_of(report.largest_wal()) + " (bound: " + bytes_of(bounds.wal) + ")\n";
  text += "file: " + bytes_of(file.bytes) + ", of which tables " + bytes_of(file.in_tables()) + ", free pages " +
          bytes_of(file.free) + ", unexplained " + bytes_of(file.unexplained()) + "\n";
  const std::vector<std::string> faults = report.faults();
  if (report.behind == 0) text += "no token was behind its due time at the end of any day\n";
  for (const std::string& fault : faults)
    text += "not held: " + fault + "\n";
  return text;
}

std::string soak_json(const SoakReport& report, const SoakSettings& settings, const boost::json::object& machine) {
  boost::json::array weeks, months, faults;
  for (const SoakWeek& week : report.weeks)
    weeks.push_back(boost::json::object{{"days", week.day},
                                        {"resident_bytes", week.memory},
                                        {"cache_bytes", week.caches},
                                        {"largest_wal_bytes", week.wal}});
  for (const SoakMonth& month : report.months)
    months.push_back(boost::json::object{{"days", month.day},
                                         {"file_bytes", month.file.bytes},
                                         {"free_bytes", month.file.free},
                                         {"unexplained_bytes", month.file.unexplained()},
                                         {"tables", tables_json(month.file)}});
  for (const std::string& fault : report.faults())
    faults.emplace_back(fault);
  return boost::json::serialize(boost::json::object{{"machine", machine},
                                                    {"accounts", settings.accounts},
                                                    {"days", settings.days},
                                                    {"seed", settings.seed},
                                                    {"seconds", report.seconds},
                                                    {"inputs", report.inputs},
                                                    {"deliveries", report.deliveries},
                                                    {"publications", report.publications},
                                                    {"restarts", report.restarts},
                                                    {"drops", report.drops},
                                                    {"memory_growth_bytes", report.memory_growth()},
                                                    {"largest_wal_bytes", report.largest_wal()},
                                                    {"days_with_late_tokens", report.behind},
                                                    {"most_late_ms", report.most_late.count()},
                                                    {"weeks", weeks},
                                                    {"months", months},
                                                    {"faults", faults}});
}

}  // namespace caravan::bench
