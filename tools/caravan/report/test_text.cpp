// What came of scenarios, for people: calm about what holds, in full about what does not.

#include "tools/caravan/report/test_report.hpp"

namespace caravan::tools {
namespace {

using Results = std::span<const ScenarioResult>;

/// `34 ms`, `8 s`
std::string spoken(std::chrono::nanoseconds took) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  return milliseconds < 1'000 ? std::to_string(milliseconds) + " ms"
                              : human_seconds(static_cast<double>(milliseconds) / 1'000.0);
}

std::int64_t failed_in(Results results) {
  return std::count_if(results.begin(), results.end(), [](const ScenarioResult& each) { return each.failure; });
}

/// The results of one file, from the first of `results`.
Results of_one_file(Results results) {
  const SourceFile* file = results.front().scenario->place.file;
  const auto end = std::find_if(results.begin(), results.end(),
                                [&](const ScenarioResult& each) { return each.scenario->place.file != file; });
  return results.first(static_cast<std::size_t>(end - results.begin()));
}

std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out += std::string(by) + std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

std::string line_of(const DiffLine& line, const Terminal& terminal) {
  const std::string text = printable(line.text);
  switch (line.kind) {
    case DiffLine::Kind::same: return "    " + text + "\n";
    case DiffLine::Kind::expected: return "  " + terminal.paint(Style::bad, "- " + text) + "\n";
    case DiffLine::Kind::actual: return "  " + terminal.paint(Style::good, "+ " + text) + "\n";
  }
  return {};
}

std::string failure_of(const ScenarioResult& result, const Terminal& terminal) {
  const ScenarioFailure& failure = *result.failure;
  std::string out = "\n" + terminal.paint(Style::bad, "✗ " + printable(title_of(*result.scenario))) + "\n";
  const Diagnostic shown{Severity::error, failure.place, failure.message, {}};
  out += indented(render(shown, terminal.has_colours() ? Colour::always : Colour::never), "  ");
  if (!failure.diff.empty()) {
    out += "\n  " + terminal.paint(Style::faint, "- expected  + actual") + "\n";
    for (const DiffLine& line : failure.diff)
      out += line_of(line, terminal);
  }
  if (!failure.timeline.empty()) {
    out += "\n  " + terminal.paint(Style::faint, "what happened to " + printable(failure.subject)) + "\n";
    for (const std::string& line : failure.timeline)
      out += "    " + printable(line) + "\n";
  }
  return out;
}

std::string file_of(Results results, const Terminal& terminal) {
  const std::int64_t failed = failed_in(results);
  const auto count = static_cast<std::int64_t>(results.size());
  std::string out = failed == 0 ? terminal.paint(Style::good, "✓") : terminal.paint(Style::bad, "✗");
  out += " " + printable(results.front().scenario->place.file->path) + "  " + counted(count, "scenario", "scenarios");
  if (failed > 0) out += ", " + terminal.paint(Style::bad, with_separators(failed) + " failed");
  out += "\n";
  for (const ScenarioResult& result : results) {
    if (result.failure) out += failure_of(result, terminal);
  }
  return failed == 0 ? out : out + "\n";
}

}  // namespace

std::string as_text(const TestRun& run, const Terminal& terminal) {
  std::string out;
  for (Results rest = run.results; !rest.empty();) {
    const Results file = of_one_file(rest);
    out += file_of(file, terminal);
    rest = rest.subspan(file.size());
  }
  const std::int64_t failed = failed_in(run.results);
  const std::string count = counted(static_cast<std::int64_t>(run.results.size()), "scenario", "scenarios");
  const std::string outcome = failed == 0 ? "none failed" : with_separators(failed) + " failed";
  out += terminal.paint(failed == 0 ? Style::good : Style::bad, count + ", " + outcome) + ", " +
         spoken(run.loading + run.running) + "\n";
  return out;
}

}  // namespace caravan::tools
