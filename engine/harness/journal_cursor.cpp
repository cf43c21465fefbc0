#include "engine/harness/journal_cursor.hpp"

namespace caravan {
namespace {

/// An entry is as long as a batch's inputs are.
constexpr std::size_t kAtOnce = 8;

}  // namespace

std::string entry_name(std::int64_t sequence) {
  return "entry " + std::to_string(sequence) + " of the journal";
}

JournalCursor::JournalCursor(Reader& reader, std::int64_t first)
    : reader_(reader), next_(first), last_(reader.journal_range().last) {}

std::optional<UnpackedEntry> JournalCursor::next() {
  if (next_ > last_) return std::nullopt;
  if (at_ == records_.size()) {
    records_.clear();
    at_ = 0;
    reader_.journal_from(next_, kAtOnce, records_);
  }
  if (at_ == records_.size() || records_[at_].sequence != next_)
    throw ReplayError(entry_name(next_) + " is missing: the file is damaged; restore it from a backup");
  ++next_;
  try {
    return unpack(records_[at_++]);
  } catch (const std::runtime_error& error) {
    throw ReplayError(error.what());
  }
}

}  // namespace caravan
