#pragma once
// Goes through a journal entry by entry, reading some at a time.

#include <deque>

#include "engine/journal.hpp"

namespace caravan {

class JournalCursor {
 public:
  /// The reader, which outlives it, is not refreshed meanwhile.
  JournalCursor(Reader& reader, std::int64_t first) : reader_(reader), next_(first) {}

  /// Nothing at the end.
  std::optional<UnpackedEntry> next() {
    if (read_.empty()) {
      std::vector<JournalRecord> records;
      reader_.journal_from(next_, kAtOnce, records);
      std::move(records.begin(), records.end(), std::back_inserter(read_));
    }
    if (read_.empty()) return std::nullopt;
    UnpackedEntry entry = unpack(read_.front());
    next_ = read_.front().sequence + 1;
    read_.pop_front();
    return entry;
  }

 private:
  static constexpr std::size_t kAtOnce = 16;

  Reader& reader_;
  std::int64_t next_;
  std::deque<JournalRecord> read_;
};

}  // namespace caravan
