#include "engine/condition_teller.hpp"

#include "journeys/duration.hpp"

namespace caravan {
namespace {

/// Clocks that are kept right are set back by less.
constexpr std::chrono::milliseconds kNoticed = std::chrono::seconds(2);

/// `3 d 4 h`, `12 min`, `5 s`: the two greatest parts.
std::string in_words(std::chrono::milliseconds duration) {
  const std::int64_t seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
  const std::pair<std::int64_t, const char*> parts[] = {
      {seconds / 86'400, " d"}, {seconds / 3'600 % 24, " h"}, {seconds / 60 % 60, " min"}, {seconds % 60, " s"}};
  std::string words;
  int said = 0;
  for (const auto& [count, unit] : parts) {
    if (count == 0 || said == 2) continue;
    words += (words.empty() ? "" : " ") + std::to_string(count) + unit;
    ++said;
  }
  return words;
}

}  // namespace

void ConditionTeller::waits(Hand hand, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  const bool is_new = !waiting_[0] && !waiting_[1];
  waiting_[static_cast<std::size_t>(hand)] = true;
  if (!is_new && reason == reason_) return;
  reason_ = reason;
  tell_({Condition::Kind::waiting_for_store, false, reason});
}

void ConditionTeller::goes_on(Hand hand) {
  const std::lock_guard lock(mutex_);
  const bool was_waiting = std::exchange(waiting_[static_cast<std::size_t>(hand)], false);
  if (was_waiting && !waiting_[0] && !waiting_[1])
    tell_({Condition::Kind::waiting_for_store, true, "the store can be written again: nothing is lost"});
}

void ConditionTeller::look_at(Clock& clock) {
  const std::chrono::milliseconds behind = clock.behind();
  const std::lock_guard lock(mutex_);
  const bool is_behind = is_behind_ ? behind.count() > 0 : behind >= kNoticed;
  if (std::exchange(is_behind_, is_behind) == is_behind) return;
  if (is_behind)
    tell_({Condition::Kind::clock_is_behind, false,
           "this machine's clock is " + in_words(behind) + " behind what it was: time stands still at " +
               to_text(clock.now()) + " until it has caught up; see that it is right"});
  else
    tell_({Condition::Kind::clock_is_behind, true, "this machine's clock has caught up, and time goes on"});
}

}  // namespace caravan
