#include "engine/scheduler_queue.hpp"

namespace caravan {
namespace {

/// Null where nothing of it is asked for.
std::shared_ptr<const Asked> shared(Asked asked) {
  if (asked.action.empty() && asked.key.empty()) return nullptr;
  return std::make_shared<const Asked>(std::move(asked));
}

}  // namespace

bool SchedulerQueue::add(Input input, InputAnswer answer, Asked asked) {
  std::shared_ptr<const Asked> by = shared(std::move(asked));
  const std::lock_guard lock(mutex_);
  if (is_closed_ || inputs_.size() >= most_) return false;
  inputs_.push_back({std::move(input), std::move(answer), std::move(by)});
  return true;
}

bool SchedulerQueue::add_all(std::vector<Input> inputs, InputAnswer answer, Asked asked) {
  std::shared_ptr<const Asked> by = shared(std::move(asked));
  const std::lock_guard lock(mutex_);
  if (is_closed_ || inputs_.size() + inputs.size() > most_) return false;
  if (inputs.empty() && by) notices_.push_back(std::move(by));
  for (Input& input : inputs)
    inputs_.push_back({std::move(input), answer, by});
  return true;
}

void SchedulerQueue::add(PostedProgress progress) {
  const std::lock_guard lock(mutex_);
  progress_.push_back(std::move(progress));
}

void SchedulerQueue::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

SchedulerQueue::Taken SchedulerQueue::take(std::size_t inputs) {
  const std::lock_guard lock(mutex_);
  std::size_t count = std::min(inputs, inputs_.size());
  const auto is_of_the_last = [&](const PostedInput& next) {
    return next.asked && next.asked == inputs_[count - 1].asked;
  };
  while (count > 0 && count < inputs_.size() && is_of_the_last(inputs_[count]))
    ++count;
  return take_first(count);
}

SchedulerQueue::Taken SchedulerQueue::take_all() {
  const std::lock_guard lock(mutex_);
  return take_first(inputs_.size());
}

SchedulerQueue::Taken SchedulerQueue::take_first(std::size_t count) {
  Taken taken;
  const auto end = inputs_.begin() + static_cast<std::ptrdiff_t>(count);
  taken.inputs.assign(std::make_move_iterator(inputs_.begin()), std::make_move_iterator(end));
  inputs_.erase(inputs_.begin(), end);
  taken.progress = std::exchange(progress_, {});
  taken.notices = std::exchange(notices_, {});
  return taken;
}

void SchedulerQueue::put_back(Taken taken) {
  const std::lock_guard lock(mutex_);
  inputs_.insert(inputs_.begin(), std::make_move_iterator(taken.inputs.begin()),
                 std::make_move_iterator(taken.inputs.end()));
  progress_.insert(progress_.begin(), std::make_move_iterator(taken.progress.begin()),
                   std::make_move_iterator(taken.progress.end()));
  notices_.insert(notices_.begin(), taken.notices.begin(), taken.notices.end());
}

std::size_t SchedulerQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return inputs_.size();
}

}  // namespace caravan
