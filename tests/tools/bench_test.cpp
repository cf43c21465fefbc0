// caravan bench at sizes that take no time: what it prints, and that it checks what it has measured.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

TEST_CASE("buying groups and engagement are measured against bare SQLite") {
  const Folder folder;
  const std::vector<std::string> bench = {
      "bench", "--groups", "--accounts",          "30", "--people-per-account", "4", "--activities-per-person",
      "6",     "--folder", folder.path().string()};
  std::vector<std::string> as_json = bench;
  as_json.emplace_back("--json");
  const Outcome outcome = run(as_json);
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const boost::json::value figures = boost::json::parse(outcome.out);
  CHECK(figures.at("accounts") == 30);
  CHECK(figures.at("people") == 120);
  CHECK(figures.at("activities") == 720);
  CHECK(figures.at("members") == 90);
  CHECK(figures.at("people_with_a_score").as_int64() > 60);
  CHECK(figures.at("made").at("groups_per_second").as_double() > 0);
  CHECK(figures.at("scored").at("ratio_to_bare").as_double() > 0);
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THAT(run(bench).out, Contains("groups/s") && Contains("people/s") && Contains("bare SQLite"));
}

TEST_CASE("sizes of buying groups go with their measurement") {
  CHECK(run({"bench", "--people-per-account", "4"}).exit_code == 2);
  CHECK(run({"bench", "--groups", "--expressions"}).exit_code == 2);
}

TEST_CASE("a replay of recorded inputs is measured against the engine, and must come to the same rows") {
  const Folder folder;
  const std::vector<std::string> bench = {"bench", "--replay", "--accounts", "40", "--folder", folder.path().string()};
  std::vector<std::string> as_json = bench;
  as_json.emplace_back("--json");
  const Outcome outcome = run(as_json);
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const boost::json::value figures = boost::json::parse(outcome.out);
  CHECK(figures.at("inputs") == 80);
  CHECK(figures.at("journal_entries").as_int64() > 2);
  CHECK(figures.at("engine").at("inputs_per_second").as_double() > 0);
  CHECK(figures.at("ratio_to_engine").as_double() > 0);
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THAT(run(bench).out, Contains("of these comparing") && Contains("ratio"));
  CHECK(run({"bench", "--replay", "--groups"}).exit_code == 2);
}
