#pragma once
// The journal: what the engine did, transaction by transaction, so that it can be done again. An entry holds what a
// transaction was given (inputs, what came of deliveries, the time, what its reader could see), never what came of
// it: that follows. Entries are bytes for the store; here they are made and read.

#include "engine/batch_run.hpp"

namespace caravan {

/// The engine began to run, or began anew after a snapshot: all that it kept in memory is what the store says.
struct JournalStart {
  Instant
      now{};  ///< where `mode` is `data`, the machine's: taking data in moves no time, and what follows may be earlier
  BatchRunner::Mode mode = BatchRunner::Mode::all;
  std::size_t turns_per_batch = 0;
  /// The texts that were published at the start; none: what was published before is run.
  std::optional<SourceTexts> published;
};

/// A look that found nothing to do, between two batches that did. Inputs that it was given were all refused, were not
/// so many that it left other work for later, and none waited behind them.
struct IdleLook {
  Instant now{};
  bool settled = false;
  bool draining = false;
  std::int64_t seen = 0;
  bool operator==(const IdleLook&) const = default;
};

struct JournalBatch {
  BatchOrder order;
  std::int64_t seen = 0;             ///< the last entry whose transaction its reader saw
  std::vector<IdleLook> idle_looks;  ///< since the entry before
  std::vector<bool> refused;         ///< by input
};

struct JournalEntry {
  std::int64_t sequence = 0;
  Instant at{};
  /// Names that were given out since the entry before, also by others than the turns.
  std::vector<std::pair<NameId, std::string>> names;
  std::variant<JournalStart, JournalBatch> what;
};

/// Workspaces of Publish are kept as their texts; `unpack` gives a Publish without workspace and its texts in
/// `texts_of`, by the position of the input, since only the reader knows how to load them.
struct UnpackedEntry {
  JournalEntry entry;
  std::map<std::size_t, SourceTexts> texts_of;
};

JournalRecord pack(const JournalEntry& entry);
/// Throws std::runtime_error for bytes that are no entry of this program's form, saying which entry.
UnpackedEntry unpack(const JournalRecord& record);

}  // namespace caravan
