#include "tools/caravan/report/journal_figures.hpp"

#include <boost/json/array.hpp>

#include "journeys/duration.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

JournalFigures read_journal_figures(Reader& reader, const std::filesystem::path& database) {
  JournalFigures figures;
  figures.range = reader.journal_range();
  figures.bytes = reader.journal_bytes();
  std::vector<JournalRecord> first;
  if (figures.entries() > 0) reader.journal_from(figures.range.first, 1, first);
  if (!first.empty()) figures.since = first.front().at;
  figures.snapshots = snapshots_of(database);
  return figures;
}

std::string as_text(const JournalFigures& figures) {
  std::string out = "Journal: " + counted(figures.entries(), "entry", "entries");
  if (figures.since) {
    out += " since " + short_time(*figures.since) + ", " + human_bytes(static_cast<std::uint64_t>(figures.bytes));
  }
  out += "\n";
  for (const StoreSnapshot& snapshot : figures.snapshots) {
    out += "Snapshot: " + snapshot.file.string() + ", through entry " + with_separators(snapshot.through);
    if (snapshot.at) out += " of " + short_time(*snapshot.at);
    out += ", " + human_bytes(snapshot.bytes) + "\n";
  }
  return out;
}

boost::json::object as_json(const JournalFigures& figures) {
  boost::json::array snapshots;
  for (const StoreSnapshot& snapshot : figures.snapshots) {
    boost::json::object each{
        {"file", snapshot.file.string()}, {"through", snapshot.through}, {"bytes", snapshot.bytes}};
    each["at"] = snapshot.at ? boost::json::value(to_text(*snapshot.at)) : boost::json::value();
    snapshots.push_back(std::move(each));
  }
  boost::json::object json{{"entries", figures.entries()},
                           {"first", figures.range.first},
                           {"last", figures.range.last},
                           {"bytes", figures.bytes}};
  json["since"] = figures.since ? boost::json::value(to_text(*figures.since)) : boost::json::value();
  json["snapshots"] = std::move(snapshots);
  return json;
}

}  // namespace caravan::tools
