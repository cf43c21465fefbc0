// Scenarios as TAP, the Test Anything Protocol, version 14.

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "tools/caravan/report/test_report.hpp"

namespace caravan::tools {
namespace {

/// In a description `#` begins a directive and `\` escapes it; a line break would end it.
std::string description_of(const ScenarioDefinition& scenario) {
  std::string out;
  for (const char c : printable(title_of(scenario))) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// Text as a YAML scalar: JSON's strings are such.
std::string in_quotes(std::string_view text) {
  return boost::json::serialize(boost::json::string(text));
}

void add_list(std::string& out, std::string_view key, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += "  " + std::string(key) + ":\n";
  for (const std::string& line : lines)
    out += "    - " + in_quotes(line) + "\n";
}

std::string block_of(const ScenarioFailure& failure) {
  const Position at = position_of(failure.place);
  std::string out = "  ---\n  message: " + in_quotes(failure.message) + "\n  severity: fail\n  at:\n";
  out += "    file: " + in_quotes(failure.place.file ? failure.place.file->path : "") + "\n";
  out += "    line: " + std::to_string(at.line) + "\n    column: " + std::to_string(at.column) + "\n";
  out += "  step: " + in_quotes(failure.step) + "\n";
  if (!failure.subject.empty()) out += "  subject: " + in_quotes(failure.subject) + "\n";
  if (!failure.what.empty()) out += "  what: " + in_quotes(failure.what) + "\n";
  std::vector<std::string> diff;
  for (const DiffLine& line : failure.diff)
    diff.push_back(to_text(line));
  add_list(out, "diff", diff);
  add_list(out, "timeline", failure.timeline);
  return out + "  ...\n";
}

}  // namespace

std::string as_tap(const TestRun& run) {
  std::string out = "TAP version 14\n1.." + std::to_string(run.results.size()) + "\n";
  std::size_t number = 0;
  for (const ScenarioResult& result : run.results) {
    out += (result.failure ? "not ok " : "ok ") + std::to_string(++number) + " - " + description_of(*result.scenario) +
           "\n";
    if (result.failure) out += block_of(*result.failure);
  }
  return out;
}

}  // namespace caravan::tools
