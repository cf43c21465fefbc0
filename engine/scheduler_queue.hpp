#pragma once
// What posters hand in, until the scheduler's turn thread takes it: inputs in the order they came, what came of
// deliveries, and requests that are only to be noted. All functions are called from any thread.

#include <deque>
#include <mutex>

#include "engine/input.hpp"

namespace caravan {

struct PostedInput {
  Input input;
  InputAnswer answer;
  std::shared_ptr<const Asked> asked;  ///< those of one request share it; null: nobody in particular asked
};

struct PostedProgress {
  std::vector<DeliveryProgress> progress;
  std::function<void()> committed;
};

class SchedulerQueue {
 public:
  /// At most `most` inputs wait.
  explicit SchedulerQueue(std::size_t most) : most_(most) {}

  /// False when it is full or closed; then nothing of it was taken.
  bool add(Input input, InputAnswer answer, Asked asked);
  bool add_all(std::vector<Input> inputs, InputAnswer answer, Asked asked);
  void add(PostedProgress progress);
  /// Takes no more inputs. Whoever was told before that one is taken has put it where the next take() finds it.
  void close();

  struct Taken {
    std::vector<PostedInput> inputs;
    std::vector<PostedProgress> progress;
    std::vector<std::shared_ptr<const Asked>> notices;  ///< requests without inputs
  };
  /// Some `inputs` of those that wait, but all of a request or none, and everything else.
  Taken take(std::size_t inputs);
  /// All.
  Taken take_all();
  /// What was taken last was not done, and is taken again before anything else.
  void put_back(Taken taken);

  /// How many inputs wait.
  std::size_t waiting() const;

 private:
  Taken take_first(std::size_t count);

  const std::size_t most_;
  mutable std::mutex mutex_;
  bool is_closed_ = false;
  std::deque<PostedInput> inputs_;
  std::vector<PostedProgress> progress_;
  std::vector<std::shared_ptr<const Asked>> notices_;
};

}  // namespace caravan
