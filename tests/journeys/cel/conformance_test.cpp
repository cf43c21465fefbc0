// The conformance vectors of the language's specification, where they are at hand: a folder beside the source tree.

#include <filesystem>
#include <fstream>

#include <boost/json/src.hpp>

#include "tests/support/catch.hpp"
#include "tools/caravan/eval_cases.hpp"

TEST_CASE("every conformance vector yields what the specification says") {
  const std::filesystem::path folder =
      std::filesystem::path{CARAVAN_SOURCE_DIR}.parent_path() / "shared" / "cel-conformance";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: there are no vectors in " << folder);
    return;
  }
  std::size_t passed = 0;
  for (const auto& file : std::filesystem::directory_iterator{folder}) {
    if (file.path().extension() != ".jsonl") continue;
    std::ifstream lines{file.path()};
    caravan::tools::run_cases(lines, [&](const caravan::tools::CaseOutcome& outcome) {
      INFO(outcome.name << ": " << outcome.expression);
      INFO("expected " << outcome.expected << ", actual " << outcome.actual);
      CHECK(outcome.passed);
      passed += outcome.passed ? 1 : 0;
    });
  }
  CHECK(passed >= 1'150);
}
