#pragma once
// Who enters a journey, when, and how often: its keys `enter` and `re_enter`.

#include "journeys/loader/loading.hpp"

namespace caravan::loader {

/// `enter:`, once the journey's time zone is known.
void read_entry(Loading& loading, const yaml::Entry& entry, JourneyDefinition& journey);

/// `re_enter:`, once it is known who enters.
void read_re_entry(Loading& loading, const yaml::Entry& entry, JourneyDefinition& journey);

}  // namespace caravan::loader
