#include "tools/bench/groups.hpp"

#include <iostream>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tools/bench/bare_groups.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::bench {
namespace {

using tools::Align;
using tools::Style;
using tools::Table;

/// Something that the engine and bare SQLite have done to as many things.
struct Race {
  double number = 0;
  double engine_seconds = 0;
  double bare_seconds = 0;

  double engine_rate() const { return number / engine_seconds; }
  double bare_rate() const { return number / bare_seconds; }
  double ratio() const { return bare_seconds / engine_seconds; }
};

struct Figures {
  GroupSizes sizes;
  Race made;
  Race scored;
  GroupRows rows;
  std::int64_t peak_memory = 0;
};

void expect_rows(const GroupRows& rows, const GroupSizes& sizes) {
  if (rows.groups != static_cast<std::int64_t>(sizes.accounts) ||
      rows.members != static_cast<std::int64_t>(sizes.members()))
    throw std::logic_error("the engine has not made and filled a group for every account");
}

Figures measure(const GroupSizes& sizes, const std::filesystem::path& folder) {
  const Scratch scratch(folder);
  const std::filesystem::path file = scratch.file("engine.db");
  PhaseProgress phases;
  const Progress progress = [&](std::string_view what, std::size_t done, std::size_t of) {
    phases.update(what, done, of);
  };
  Figures figures{.sizes = sizes, .made = {}, .scored = {}, .rows = {}, .peak_memory = 0};
  figures.made.number = static_cast<double>(sizes.accounts);
  figures.scored.number = static_cast<double>(sizes.people());
  publish_groups(file);
  fill_groups(file, sizes, progress);
  figures.made.engine_seconds = make_groups(file, progress);
  expect_rows(group_rows(file), sizes);
  BareGroups bare(scratch.file("bare.db"), file, sizes);
  figures.made.bare_seconds = bare.write_groups(progress);
  figures.scored.engine_seconds = score_groups(file, progress);
  figures.peak_memory = peak_memory_bytes();
  figures.rows = group_rows(file);
  if (sizes.activities_per_person > 0 && figures.rows.scored_people == 0)
    throw std::logic_error("the engine has scored nobody");
  figures.scored.bare_seconds = bare.scan_and_write_scores(progress);
  phases.finish();
  return figures;
}

void print_json(const Figures& figures) {
  const auto race = [](const Race& each, const std::string& what) {
    return boost::json::object{{"seconds", each.engine_seconds},
                               {what + "_per_second", each.engine_rate()},
                               {"bare_seconds", each.bare_seconds},
                               {"bare_" + what + "_per_second", each.bare_rate()},
                               {"ratio_to_bare", each.ratio()}};
  };
  const boost::json::object object{{"accounts", figures.sizes.accounts},
                                   {"people", figures.sizes.people()},
                                   {"activities", figures.sizes.activities()},
                                   {"members", figures.rows.members},
                                   {"people_with_a_score", figures.rows.scored_people},
                                   {"made", race(figures.made, "groups")},
                                   {"scored", race(figures.scored, "people")},
                                   {"peak_memory_bytes", figures.peak_memory}};
  std::cout << boost::json::serialize(object) << "\n";
}

void print_table(const Figures& figures) {
  Table table({{""}, {"engine", Align::right}, {"bare SQLite", Align::right}, {"ratio", Align::right}});
  const auto add_race = [&](const std::string& seconds, const std::string& rate, const Race& race) {
    table.add_row({{seconds}, {two_decimals(race.engine_seconds)}, {two_decimals(race.bare_seconds)}});
    table.add_row(
        {{rate}, {whole(race.engine_rate())}, {whole(race.bare_rate())}, {two_decimals(race.ratio()), Style::strong}});
  };
  const auto add_number = [&](const std::string& what, std::size_t number) {
    table.add_row({{what}, {tools::with_separators(static_cast<std::int64_t>(number))}});
  };
  add_number("groups", figures.sizes.accounts);
  add_number("members", figures.sizes.members());
  add_race("seconds to make and fill them", "groups/s", figures.made);
  add_number("people", figures.sizes.people());
  add_number("activities", figures.sizes.activities());
  add_race("seconds to score everybody", "people/s", figures.scored);
  const double activities = static_cast<double>(figures.sizes.activities());
  table.add_row({{"activities/s"},
                 {whole(activities / figures.scored.engine_seconds)},
                 {whole(activities / figures.scored.bare_seconds)}});
  table.add_row({{"peak memory"}, {tools::human_bytes(static_cast<std::uint64_t>(figures.peak_memory))}});
  std::cout << table.render(tools::Terminal::output());
}

}  // namespace

void run_group_bench(const GroupSizes& sizes, const std::filesystem::path& folder, bool json) {
  const Figures figures = measure(sizes, folder);
  if (json) {
    print_json(figures);
  } else {
    print_table(figures);
  }
}

}  // namespace caravan::bench
