// The scenarios of the samples: each holds, together they go every way through every journey, and the READMEs show what
// `caravan test` prints.

#include <algorithm>
#include <fstream>
#include <regex>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/sample_run.hpp"

using namespace caravan::tests;

namespace json = boost::json;

namespace {

std::vector<std::string> samples() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(sample("")))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// How long it took is another figure each time.
std::string without_time(const std::string& text) {
  return std::regex_replace(text, std::regex(", [0-9.,]+ (ms|s)\n"), "\n");
}

/// As on the page, where paths begin at the project's folder.
std::string without_root(std::string text) {
  const std::string root = std::string(CARAVAN_SOURCE_DIR) + "/";
  for (std::size_t at = text.find(root); at != std::string::npos; at = text.find(root, at))
    text.erase(at, root.size());
  return text;
}

void check_all_taken(const json::value& coverage, const char* what) {
  CAPTURE(what);
  CHECK(coverage.at(what).at("taken").as_int64() == coverage.at(what).at("of").as_int64());
}

}  // namespace

TEST_CASE("every sample holds all its scenarios, and they take each node, path and time-out of each journey") {
  const std::vector<std::string> names = samples();
  REQUIRE(names.size() >= 4);
  for (const std::string& name : names) {
    CAPTURE(name);
    const Outcome outcome = run({"test", sample(name).string(), "--coverage", "--json"});
    CAPTURE(outcome.out, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const json::value result = json::parse(outcome.out);
    CHECK(result.at("run").as_int64() >= 15);
    CHECK(result.at("failed").as_int64() == 0);
    const json::value& coverage = result.at("coverage");
    std::size_t journeys = 0;
    for (const auto& entry : std::filesystem::directory_iterator(sample(name) / "journeys"))
      journeys += entry.path().extension() == ".yaml";
    CHECK(coverage.at("journeys").as_array().size() == journeys);
    for (const json::value& journey : coverage.at("journeys").as_array()) {
      CAPTURE(journey);
      CHECK(journey.at("nodes").at("of").as_int64() > 0);
      check_all_taken(journey, "nodes");
      check_all_taken(journey, "paths");
      check_all_taken(journey, "time_outs");
    }
    const json::value& conditions = coverage.at("total").at("conditions");
    CHECK(100 * conditions.at("taken").as_int64() >= 95 * conditions.at("of").as_int64());
  }
}

TEST_CASE("the samples' READMEs show what their tests print") {
  for (const std::string& name : samples()) {
    CAPTURE(name);
    const Outcome outcome = run({"test", sample(name).string(), "--coverage"});
    REQUIRE(outcome.exit_code == 0);
    const std::string shown = "```\n$ caravan test samples/" + name + " --coverage\n" + outcome.out + "```\n";
    CHECK_THAT(without_time(text_of(sample(name) / "README.md")), Catch::Contains(without_time(without_root(shown))));
  }
}
