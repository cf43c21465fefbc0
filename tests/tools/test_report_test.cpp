// What came of scenarios, as people and programs read it: from results made by hand, so that every line is known.

#include "tools/caravan/report/test_report.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan;
using namespace caravan::tools;
using caravan::tests::Folder;
using namespace std::chrono_literals;

namespace {

/// Two files: two scenarios that hold and one that does not; and a row of a table that does not.
struct MadeRun {
  MadeRun() {
    scenarios[0] = scenario("small ones wait", growers, 0);
    scenarios[1] = scenario("big # ones <get> \"mail\"", growers, growers.text.find("big"));
    scenarios[2] = scenario("they answer", timing, 0);
    scenarios[2].row = "#2 friday";
    scenarios[2].journey = "seeds";
    run.results = {held(scenarios[0]), held(scenarios[1]), held(scenarios[2])};
    run.loading = 4ms;
    run.running = 30ms;
  }
  static ScenarioDefinition scenario(const std::string& name, const SourceFile& file, std::size_t offset) {
    ScenarioDefinition made;
    made.name = name;
    made.place = {&file, offset, 1};
    return made;
  }
  static ScenarioResult held(const ScenarioDefinition& scenario) {
    ScenarioResult result;
    result.scenario = &scenario;
    result.steps = 2;
    result.took = 1'500us;
    return result;
  }
  /// The step of the table's row fails.
  void fail() {
    ScenarioFailure failure;
    failure.place = {&timing, timing.text.find("remind"), 6};
    failure.step = "expect";
    failure.subject = "account acme";
    failure.what = "at";
    failure.message = "account acme stands at `settle`, not at `remind`";
    failure.diff = {
        {DiffLine::Kind::same, "ask"}, {DiffLine::Kind::expected, "remind"}, {DiffLine::Kind::actual, "settle"}};
    failure.timeline = {"2026-01-09 09:00  entered Seeds", "2026-01-09 09:00  settle  waits"};
    run.results[2].failure = failure;
  }

  SourceFile growers{"ws/scenarios/growers.yaml", "scenario: small ones wait\n---\nscenario: big\n"};
  SourceFile timing{"ws/scenarios/timing.yaml",
                    "scenario: they answer\nsteps:\n- expect: {account: acme, at: remind}\n"};
  std::array<ScenarioDefinition, 3> scenarios;
  TestRun run;
};

}  // namespace

TEST_CASE("scenarios that hold are a line a file and a count") {
  const MadeRun made;
  CHECK(as_text(made.run, Terminal::plain()) ==
        "✓ ws/scenarios/growers.yaml  2 scenarios\n"
        "✓ ws/scenarios/timing.yaml  1 scenario\n"
        "3 scenarios, none failed, 34 ms\n");
}

TEST_CASE("a failure is told in full: place, line, sentence, difference and timeline") {
  MadeRun made;
  made.fail();
  CHECK(as_text(made.run, Terminal::plain()) ==
        "✓ ws/scenarios/growers.yaml  2 scenarios\n"
        "✗ ws/scenarios/timing.yaml  1 scenario, 1 failed\n"
        "\n"
        "✗ they answer (#2 friday)\n"
        "  ws/scenarios/timing.yaml:3:31: error: account acme stands at `settle`, not at `remind`\n"
        "    - expect: {account: acme, at: remind}\n"
        "                                  ^~~~~~\n"
        "\n"
        "  - expected  + actual\n"
        "    ask\n"
        "  - remind\n"
        "  + settle\n"
        "\n"
        "  what happened to account acme\n"
        "    2026-01-09 09:00  entered Seeds\n"
        "    2026-01-09 09:00  settle  waits\n"
        "\n"
        "3 scenarios, 1 failed, 34 ms\n");
}

TEST_CASE("what a scenario's author wrote steers no terminal") {
  MadeRun made;
  made.fail();
  made.scenarios[2].name = "they \x1b[2J answer";
  made.run.results[2].failure->timeline = {"\x1b]0;title\x07"};
  CHECK(as_text(made.run, Terminal::plain()).find('\x1b') == std::string::npos);
}

TEST_CASE("TAP has its version, its plan, a point a scenario and a YAML block for a failure") {
  MadeRun made;
  made.fail();
  CHECK(as_tap(made.run) ==
        "TAP version 14\n"
        "1..3\n"
        "ok 1 - small ones wait\n"
        "ok 2 - big \\# ones <get> \"mail\"\n"
        "not ok 3 - they answer (\\#2 friday)\n"
        "  ---\n"
        "  message: \"account acme stands at `settle`, not at `remind`\"\n"
        "  severity: fail\n"
        "  at:\n"
        "    file: \"ws/scenarios/timing.yaml\"\n"
        "    line: 3\n"
        "    column: 31\n"
        "  step: \"expect\"\n"
        "  subject: \"account acme\"\n"
        "  what: \"at\"\n"
        "  diff:\n"
        "    - \"  ask\"\n"
        "    - \"- remind\"\n"
        "    - \"+ settle\"\n"
        "  timeline:\n"
        "    - \"2026-01-09 09:00  entered Seeds\"\n"
        "    - \"2026-01-09 09:00  settle  waits\"\n"
        "  ...\n");
}

TEST_CASE("JUnit XML has a suite a file and a case a scenario, with everything that is markup escaped") {
  MadeRun made;
  made.fail();
  made.run.results[2].failure->timeline = {"a \x01 b"};
  const std::string growers = "ws/scenarios/growers.yaml";
  const std::string timing = "ws/scenarios/timing.yaml";
  const auto place = [](const std::string& file, const std::string& line) {
    return " file=\"" + file + "\" line=\"" + line + "\" time=\"0.001500\"";
  };
  CHECK(as_junit(made.run) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"caravan test\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0.004500\">\n"
        "  <testsuite name=\"" +
            growers +
            "\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.003000\">\n"
            "    <testcase name=\"small ones wait\" classname=\"" +
            growers + "\"" + place(growers, "1") +
            "/>\n"
            "    <testcase name=\"big # ones &lt;get&gt; &quot;mail&quot;\" classname=\"" +
            growers + "\"" + place(growers, "3") +
            "/>\n"
            "  </testsuite>\n"
            "  <testsuite name=\"" +
            timing +
            "\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0.001500\">\n"
            "    <testcase name=\"they answer (#2 friday)\" classname=\"seeds\"" +
            place(timing, "1") +
            ">\n"
            "      <failure message=\"account acme stands at `settle`, not at `remind`\" type=\"at\">" +
            timing +
            ":3:31: account acme stands at `settle`, not at `remind`\n"
            "    ask\n"
            "  - remind\n"
            "  + settle\n"
            "  a \xEF\xBF\xBD b\n"
            "</failure>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

TEST_CASE("where nothing could run, JUnit XML has one error with the faults") {
  const MadeRun made;
  Diagnostics faults;
  faults.error({&made.timing, 0, 8}, "there is no journey `seed`", "did you mean \"seeds\"?");
  const std::string xml = junit_of_faults(faults);
  CHECK_THAT(xml, Catch::Contains(R"(tests="1" failures="0" errors="1")") &&
                      Catch::Contains(
                          R"(<error message="1 error" type="check">ws/scenarios/timing.yaml:1:1: error: there is)") &&
                      Catch::Contains("did you mean &quot;seeds&quot;?") && Catch::EndsWith("</testsuites>\n"));
}

TEST_CASE("JSON has every scenario with its place, and of a failure what text has") {
  MadeRun made;
  made.fail();
  const boost::json::object all = as_json(made.run, {});
  CHECK(all.at("run") == 3);
  CHECK(all.at("failed") == 1);
  const boost::json::array& scenarios = all.at("scenarios").as_array();
  CHECK(scenarios[0].at("holds") == true);
  CHECK(scenarios[1].at("line") == 3);
  CHECK(scenarios[2].at("row") == "#2 friday");
  const boost::json::value& failure = scenarios[2].at("failure");
  CHECK(failure.at("column") == 31);
  CHECK(boost::json::serialize(failure.at("diff").as_array()[1]) == R"({"kind":"expected","text":"remind"})");
  CHECK(failure.at("timeline").as_array().size() == 2);
}

TEST_CASE("scenarios are chosen by words in their name, row or file, whatever the case, and by journey") {
  MadeRun made;
  ScenarioSet set;
  for (const ScenarioDefinition& each : made.scenarios)
    set.scenarios.push_back(each);
  const auto names = [&](const ScenarioChoice& choice) {
    std::string all;
    for (const ScenarioDefinition* each : chosen(set, choice))
      all += title_of(*each).substr(0, 5) + ";";
    return all;
  };
  CHECK(names({}) == "small;big #;they ;");
  CHECK(names({.filter = "ONES", .journey = {}}) == "small;big #;");
  CHECK(names({.filter = "friday", .journey = {}}) == "they ;");
  CHECK(names({.filter = "growers.yaml", .journey = {}}) == "small;big #;");
  CHECK(names({.filter = {}, .journey = "seeds"}) == "they ;");
  CHECK(names({.filter = "small", .journey = "seeds"}).empty());
}
