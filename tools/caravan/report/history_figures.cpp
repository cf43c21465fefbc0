#include "tools/caravan/report/history_figures.hpp"

#include <boost/json/array.hpp>

#include "journeys/duration.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

HistoryFigures read_history_figures(Store& store, Reader& reader, const std::filesystem::path& database) {
  HistoryFigures figures;
  figures.record = reader.history();
  figures.archives = archive_figures(database, store.installation(), figures.record);
  return figures;
}

std::string as_text(const HistoryFigures& figures) {
  if (figures.record.forgotten == 0) return "History: all of it is in the database\n";
  std::string out = "History: let go of " + counted(figures.record.forgotten, "enrollment", "enrollments");
  if (const std::int64_t lost = figures.record.lost(); lost > 0)
    out += ", of which " + with_separators(lost) + (lost == 1 ? " is" : " are") + " in no archive";
  out += "\n";
  for (const ArchiveFigures& archive : figures.archives) {
    out += "Archive: ";
    if (!archive.problem.empty()) {
      out += archive.problem + "\n";
      continue;
    }
    out += archive.file.string() + ", " + counted(archive.enrollments, "enrollment", "enrollments") + ", " +
           counted(archive.rows, "row", "rows");
    if (archive.from && archive.to) out += ", ended " + short_time(*archive.from) + " to " + short_time(*archive.to);
    out += ", " + human_bytes(archive.bytes) + "\n";
  }
  return out;
}

boost::json::object as_json(const HistoryFigures& figures) {
  const auto time = [](const std::optional<Instant>& at) {
    return at ? boost::json::value(to_text(*at)) : boost::json::value();
  };
  boost::json::array archives;
  for (const ArchiveFigures& archive : figures.archives) {
    boost::json::object each{{"file", archive.file.string()},
                             {"enrollments", archive.enrollments},
                             {"rows", archive.rows},
                             {"bytes", archive.bytes}};
    each["ended_from"] = time(archive.from);
    each["ended_to"] = time(archive.to);
    if (!archive.problem.empty()) each["problem"] = archive.problem;
    archives.push_back(std::move(each));
  }
  return {{"enrollments_let_go", figures.record.forgotten},
          {"enrollments_in_no_archive", figures.record.lost()},
          {"archives", std::move(archives)}};
}

}  // namespace caravan::tools
