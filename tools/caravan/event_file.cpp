#include "tools/caravan/event_file.hpp"

#include <system_error>

namespace caravan::tools {

std::vector<FileEvent> read_events(const std::string& file, TextFormat format, const IntakeSettings& settings) {
  FileSource source(file);
  std::vector<FileEvent> events;
  const auto fail = [&](const std::string& where, const std::string& reason) {
    throw Failure(ExitCode::faults, file + ":" + where + " " + reason);
  };
  try {
    const auto reader = format == TextFormat::csv ? read_csv(source, settings) : read_json_lines(source, settings);
    while (auto step = reader->next()) {
      if (const auto* problem = std::get_if<IntakeProblem>(&*step))
        fail(std::to_string(problem->line) + ":", problem->reason);
      auto& line = std::get<IntakeLine>(*step);
      events.push_back({line.line, std::move(std::get<TellEvent>(line.input))});
    }
  } catch (const std::system_error&) {
    throw;
  } catch (const Failure&) {
    throw;
  } catch (const std::runtime_error& error) {
    fail("", error.what());
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const FileEvent& a, const FileEvent& b) { return a.event.at < b.event.at; });
  return events;
}

}  // namespace caravan::tools
