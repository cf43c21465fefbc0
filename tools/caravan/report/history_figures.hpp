#pragma once
// How much was let go of what enrollments did, and where it is: what `caravan status` shows beside the journal.

#include <boost/json/object.hpp>

#include "storage/archive.hpp"

namespace caravan::tools {

struct HistoryFigures {
  HistoryRecord record;
  std::vector<ArchiveFigures> archives;
};

HistoryFigures read_history_figures(Store& store, Reader& reader, const std::filesystem::path& database);

std::string as_text(const HistoryFigures& figures);
boost::json::object as_json(const HistoryFigures& figures);

}  // namespace caravan::tools
