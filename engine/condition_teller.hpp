#pragma once
// Says once when something begins to keep the scheduler from going on, and once when it does not any more, however
// often it is met in between.

#include "engine/scheduler.hpp"

namespace caravan {

/// Safe to use from any thread.
class ConditionTeller {
 public:
  /// What may wait for the store, each by itself.
  enum class Hand : std::size_t { turns, writer };

  /// `tell` is called in the order of what happens.
  explicit ConditionTeller(std::function<void(Condition)> tell) : tell_(std::move(tell)) {}

  /// The hand waits for the store, for this reason. Another reason is told as well.
  void waits(Hand hand, const std::string& reason);
  void goes_on(Hand hand);
  /// Looks whether time goes on.
  void look_at(Clock& clock);

 private:
  const std::function<void(Condition)> tell_;
  std::mutex mutex_;
  std::array<bool, 2> waiting_{};
  std::string reason_;  ///< told last
  bool is_behind_ = false;
};

}  // namespace caravan
