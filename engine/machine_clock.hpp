#pragma once
// The machine's clock as the engine's (engine/clock.hpp), over whatever stands for the machine: so that a test can set
// it.

#include "engine/clock.hpp"

namespace caravan {

/// `machine` may give any time at any call, from any thread; what comes of it never goes back, and starts no earlier
/// than `not_before`.
std::unique_ptr<Clock> make_machine_clock(std::function<Instant()> machine, Instant not_before);

}  // namespace caravan
