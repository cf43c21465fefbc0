#pragma once
// Goes through a journal entry by entry, reading some at a time.

#include "engine/journal.hpp"

namespace caravan {

/// Why a journal cannot be replayed: it is empty, damaged or of a newer program, or what it builds on is not there. The
/// sentence says which entry and what to do.
class ReplayError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `entry 42 of the journal`
std::string entry_name(std::int64_t sequence);

class JournalCursor {
 public:
  /// From one entry to the last that the reader sees at present; it outlives the cursor and is not refreshed meanwhile.
  JournalCursor(Reader& reader, std::int64_t first);

  std::int64_t last() const { return last_; }
  /// Nothing behind the last entry. Throws ReplayError where an entry is missing, damaged or of another form.
  std::optional<UnpackedEntry> next();

 private:
  Reader& reader_;
  std::int64_t next_;
  std::int64_t last_;
  std::vector<JournalRecord> records_;
  std::size_t at_ = 0;
};

}  // namespace caravan
