// Scenarios as JUnit XML, as continuous integration reads it.

#include "journeys/utf8.hpp"
#include "tools/caravan/report/test_report.hpp"

namespace caravan::tools {
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// XML 1.0 has no way to write most control characters, nor what is no text.
bool is_allowed(const CodePoint& point) {
  if (!point.valid) return false;
  const bool is_blank = point.value == '\t' || point.value == '\n' || point.value == '\r';
  return is_blank || (point.value >= 0x20 && point.value != 0xFFFE && point.value != 0xFFFF);
}

/// For texts and for attributes in double quotes.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (!is_allowed(point)) {
      out += "\xEF\xBF\xBD";
    } else if (point.value == '&') {
      out += "&amp;";
    } else if (point.value == '<') {
      out += "&lt;";
    } else if (point.value == '>') {
      out += "&gt;";
    } else if (point.value == '"') {
      out += "&quot;";
    } else {
      out += text.substr(at, point.length);
    }
    at += point.length;
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string attribute(std::string_view name, std::size_t value) {
  return attribute(name, std::to_string(value));
}

/// Seconds with microseconds.
std::string seconds(std::chrono::nanoseconds took) {
  const auto all = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const std::string fraction = std::to_string(all % 1'000'000);
  return std::to_string(all / 1'000'000) + "." + std::string(6 - fraction.size(), '0') + fraction;
}

std::string case_of(const ScenarioResult& result) {
  const ScenarioDefinition& scenario = *result.scenario;
  std::string out = "    <testcase" + attribute("name", title_of(scenario)) +
                    attribute("classname", scenario.journey.empty() ? scenario.place.file->path : scenario.journey) +
                    attribute("file", scenario.place.file->path) + attribute("line", position_of(scenario.place).line) +
                    attribute("time", seconds(result.took));
  if (!result.failure) return out + "/>\n";
  return out + ">\n      <failure" + attribute("message", result.failure->message) +
         attribute("type", result.failure->what.empty() ? result.failure->step : result.failure->what) + ">" +
         escaped(to_text(*result.failure)) + "</failure>\n    </testcase>\n";
}

struct Totals {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::chrono::nanoseconds took{};
  std::string attributes(std::string_view name) const {
    return attribute("name", name) + attribute("tests", tests) + attribute("failures", failures) +
           attribute("errors", std::size_t{0}) + attribute("skipped", std::size_t{0}) +
           attribute("time", seconds(took));
  }
};

}  // namespace

std::string as_junit(const TestRun& run) {
  Totals all;
  std::string suites;
  for (std::size_t first = 0; first < run.results.size();) {
    const std::string& path = run.results[first].scenario->place.file->path;
    Totals file;
    std::string cases;
    for (; first < run.results.size() && run.results[first].scenario->place.file->path == path; ++first) {
      const ScenarioResult& result = run.results[first];
      ++file.tests;
      file.failures += result.failure ? 1 : 0;
      file.took += result.took;
      cases += case_of(result);
    }
    all.tests += file.tests;
    all.failures += file.failures;
    all.took += file.took;
    suites += "  <testsuite" + file.attributes(path) + ">\n" + cases + "  </testsuite>\n";
  }
  return std::string(declaration) + "<testsuites" + all.attributes("caravan test") + ">\n" + suites + "</testsuites>\n";
}

std::string junit_of_faults(const Diagnostics& faults) {
  std::string lines;
  for (const Diagnostic& fault : faults.sorted())
    lines += render(fault, Colour::never);
  const std::string counts = attribute("tests", std::size_t{1}) + attribute("failures", std::size_t{0}) +
                             attribute("errors", std::size_t{1}) + attribute("skipped", std::size_t{0}) +
                             attribute("time", "0");
  const std::string message = counted(static_cast<std::int64_t>(faults.errors()), "error", "errors");
  return std::string(declaration) + "<testsuites" + attribute("name", "caravan test") + counts + ">\n  <testsuite" +
         attribute("name", "workspace") + counts + ">\n    <testcase" +
         attribute("name", "the workspace is free of errors") + attribute("classname", "workspace") +
         attribute("time", "0") + ">\n      <error" + attribute("message", message) + attribute("type", "check") + ">" +
         escaped(lines) + "</error>\n    </testcase>\n  </testsuite>\n</testsuites>\n";
}

}  // namespace caravan::tools
