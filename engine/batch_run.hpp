#pragma once
// One batch from its beginning to its end, the same way for all who run batches: the scheduler, a rehearsal, and a
// replay of what the scheduler did.

#include "engine/batch.hpp"

namespace caravan {

/// What a batch is given.
struct BatchOrder {
  Instant now{};
  bool settled = false;      ///< all earlier batches are on the disk
  bool more_inputs = false;  ///< others wait behind those given here
  bool draining = false;     ///< only what came of deliveries is taken
  std::vector<Input> inputs;
  std::vector<DeliveryProgress> progress;
};

/// Runs it; the reader behind `runner` has been refreshed. Gives what became of each input, in order. `changes` gets
/// the progress too.
std::vector<InputResult> run_batch(BatchRunner& runner, const BatchOrder& order, Changes& changes);
/// The same, where inputs come while it runs: `inputs_wait` is asked once those given are taken, and what it says is
/// kept in `order`.
std::vector<InputResult> run_batch(BatchRunner& runner, BatchOrder& order, Changes& changes,
                                   const std::function<bool()>& inputs_wait);

}  // namespace caravan
