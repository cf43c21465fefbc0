// What production did is done again from its journal alone, and comes out the same in every row: whatever the journeys,
// the histories, the batches, the restarts and the deaths were.

#include "engine/harness/replay.hpp"

#include "storage/compare.hpp"
#include "tests/engine/made_up_journeys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<std::uint8_t>;

std::string to_text(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return std::to_string(*real);
  return "nothing";
}

/// Every row that a replay of the world has otherwise, a line each.
std::vector<std::string> rows_that_differ(World& world) {
  ScratchStore scratch;
  const auto production = world.store().reader();
  Replay(*production, scratch.store()).run();
  std::vector<std::string> lines;
  compare(*production, *scratch.store().reader(), [&](const RowDifference& difference) {
    std::string line = std::string(difference.table);
    for (const auto& [column, cell] : difference.key)
      line += " " + column + "=" + to_text(cell);
    line += difference.is_left && difference.is_right ? ":" : difference.is_left ? " is missing" : " is new";
    for (const ColumnDifference& each : difference.columns)
      line += " " + each.column + " " + to_text(each.left) + " -> " + to_text(each.right);
    lines.push_back(std::move(line));
  });
  return lines;
}

}  // namespace

TEST_CASE("any history is done again from its journal without a difference, in batches of any size") {
  CHECK(holds_in(40, [](const Numbers& journey, const Numbers& beginning, const Numbers& history) {
    const SourceTexts texts = made_up_workspace(journey);
    RC_PRE(caravan::test::faults_of(texts).empty());
    constexpr std::array<std::size_t, 3> kTurns = {1, 7, 4'096};
    World world(texts, {.turns_per_batch = kTurns[journey.size() % 3]});
    world.post_all(made_up_beginning(beginning));
    for (const MadeUpStep& step : made_up_history(history, world.now(), 6)) {
      if (step.unseen) {
        world.advance_clock(step.passes);
      } else {
        world.advance(step.passes);
      }
      for (const Input& input : step.inputs)
        world.post(input);
    }
    world.run_out();
    const std::vector<std::string> differences = rows_that_differ(world);
    for (const std::string& line : differences)
      RC_LOG() << line << "\n";
    RC_ASSERT(differences.empty());
  }));
}

TEST_CASE("restarts and deaths between two commits are done again as well") {
  CHECK(
      holds_in(25, [](const Numbers& journey, const Numbers& beginning, const Numbers& history, std::uint8_t batches) {
        const SourceTexts texts = made_up_workspace(journey);
        RC_PRE(caravan::test::faults_of(texts).empty());
        World world(texts, {.turns_per_batch = 2 + journey.size() % 7});
        world.post_all(made_up_beginning(beginning));
        std::size_t at = 0;
        for (const MadeUpStep& step : made_up_history(history, world.now(), 6)) {
          world.advance_clock(step.passes);
          if (++at % 2 == 0) {
            world.drop_after(1 + batches % 3U, step.inputs);
          } else {
            world.restart();
            world.post_all(step.inputs);
          }
          world.run();
        }
        world.run_out();
        const std::vector<std::string> differences = rows_that_differ(world);
        for (const std::string& line : differences)
          RC_LOG() << line << "\n";
        RC_ASSERT(differences.empty());
      }));
}
