#include "engine/batch_run.hpp"

namespace caravan {
namespace {

std::vector<InputResult> take(BatchRunner& runner, const BatchOrder& order, Changes& changes) {
  runner.begin(order.now, order.settled);
  std::vector<InputResult> results;
  results.reserve(order.inputs.size());
  for (const Input& input : order.inputs)
    results.push_back(runner.apply(input, changes));
  for (const DeliveryProgress& each : order.progress) {
    runner.report(each, changes);
    changes.progress.push_back(each);
  }
  return results;
}

void work(BatchRunner& runner, const BatchOrder& order, Changes& changes) {
  if (!order.draining) runner.work(changes, order.more_inputs);
  runner.finish(changes);
}

}  // namespace

std::vector<InputResult> run_batch(BatchRunner& runner, const BatchOrder& order, Changes& changes) {
  std::vector<InputResult> results = take(runner, order, changes);
  work(runner, order, changes);
  return results;
}

std::vector<InputResult> run_batch(BatchRunner& runner, BatchOrder& order, Changes& changes,
                                   const std::function<bool()>& inputs_wait) {
  std::vector<InputResult> results = take(runner, order, changes);
  order.more_inputs = inputs_wait();
  work(runner, order, changes);
  return results;
}

}  // namespace caravan
