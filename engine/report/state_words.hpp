#pragma once
// A journey's state in a word, as it is shown and as it stands in JSON.

#include "storage/records.hpp"

namespace caravan {

constexpr std::string_view word_for(JourneyState state) {
  switch (state) {
    case JourneyState::live: return "live";
    case JourneyState::paused: return "paused";
    case JourneyState::closed: return "closed";
    case JourneyState::finished: return "finished";
    case JourneyState::aborted: return "aborted";
  }
  return "";
}

}  // namespace caravan
