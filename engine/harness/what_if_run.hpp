#pragma once
// What would have come of what really happened, with other journeys: the inputs of a journal are given to the engine's
// own batches again, each at its own time, over a scratch store. Between them whatever is due happens when it is due.
// Nothing is sent: what came of a message in production comes of the same message again.

#include "engine/harness/replay.hpp"

namespace caravan {

struct WhatIfSources {
  std::filesystem::path store_file;      ///< what happened; it is only read
  std::filesystem::path scratch_folder;  ///< where what would have is written meanwhile; empty: the system's
  SourceTexts texts;                     ///< of the other workspace, which has no errors
  std::filesystem::path shown_root;      ///< where it is
};

/// An input that is refused now and was not.
struct WhatIfRefusal {
  Instant at{};
  std::string what;  ///< `pause seeds`, `acme enters seeds`
  std::string why;
};

/// What must be known to judge the figures.
struct WhatIfNotes {
  Instant from{};
  Instant to{};
  std::int64_t entries = 0;
  std::int64_t inputs = 0;
  std::int64_t publications_left_out = 0;
  std::int64_t refused = 0;             ///< inputs that are refused now and were not
  std::vector<WhatIfRefusal> refusals;  ///< the first of them
  std::int64_t messages_assumed = 0;    ///< that production never had: taken as delivered at once
  std::int64_t answers_assumed = 0;     ///< of these, and of others whose answer is not recorded: 200 without a body
};

/// The two stores after the run.
struct WhatIfWorld {
  std::unique_ptr<Store> recorded;
  std::unique_ptr<ScratchStore> scratch;
  std::unique_ptr<Reader> before;  ///< as it was when the run began
  std::unique_ptr<Reader> after;
  WhatIfNotes notes;
};

/// Told now and then how many of the journal's entries are done, of how many.
using WhatIfProgress = std::function<void(std::int64_t done, std::int64_t of)>;

/// Runs it. Throws StoreError; ReplayError where the journal cannot be replayed.
WhatIfWorld run_what_if(const WhatIfSources& sources, const WhatIfProgress& progress = {});

}  // namespace caravan
