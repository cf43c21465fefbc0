#pragma once
// What tests of the engine have in common, beside what they share with tests of nodes.

#include "tests/nodes/node_tests.hpp"

namespace caravan::test {

/// The journey `seeds` with these lines at its head and these nodes.
inline SourceTexts journey_with(const std::string& head, std::string_view nodes = "- {id: stay, wait: 10d}\n") {
  return workspace_with("journey: seeds\n" + head + "\nnodes:\n" + indented(nodes, 2));
}

/// The same with an audience `big` of accounts with more than 10 employees.
inline SourceTexts journey_of_big(const std::string& head, std::string_view nodes = "- {id: stay, wait: 10d}\n") {
  SourceTexts texts = journey_with(head, nodes);
  texts["audiences/big.yaml"] = "audience: big\nwhen: account.employees > 10\n";
  return texts;
}

/// Inputs that are there all at once, at the present time, when the engine begins again.
inline std::vector<InputResult> in_one_batch(World& world, std::vector<Input> inputs) {
  world.stop_with({});
  return world.post_all(std::move(inputs));
}

}  // namespace caravan::test
