#pragma once
// How much of the journal there is, and which snapshots: what `caravan status` shows at its end.

#include <boost/json/object.hpp>

#include "storage/snapshots.hpp"

namespace caravan::tools {

struct JournalFigures {
  Reader::JournalRange range;
  std::optional<Instant> since;  ///< the time of its first entry; nothing for an empty one
  std::int64_t bytes = 0;        ///< on the disk
  std::vector<StoreSnapshot> snapshots;
  std::int64_t entries() const { return range.last == 0 ? 0 : range.last - range.first + 1; }
};

/// Reads them as the reader sees the store now.
JournalFigures read_journal_figures(Reader& reader, const std::filesystem::path& database);

std::string as_text(const JournalFigures& figures);
boost::json::object as_json(const JournalFigures& figures);

}  // namespace caravan::tools
