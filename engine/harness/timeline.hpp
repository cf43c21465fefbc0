#pragma once
// An account's timeline in lines: what happened to it, what journeys did with it and where it stands now.

#include "engine/harness/rehearsal.hpp"

namespace caravan {

/// `2026-01-05 09:00  welcome: sent to vp@acme.example`, in the order of time, on clocks of `zone`; where it stands
/// comes last.
std::vector<std::string> timeline_of(Rehearsal& rehearsal, const AccountRecord& account, const std::string& zone);

}  // namespace caravan
