#pragma once
// What scenarios write down as what the engine takes: values, accounts, people, groups, events, rules of channels.

#include "engine/harness/rehearsal.hpp"
#include "journeys/scenario.hpp"

namespace caravan {

AttributeInput to_input(const ScenarioValue& value);
AttributeMap to_inputs(const ScenarioFields& fields);

// The inputs that each comes to, in the order in which they must be taken.
std::vector<Input> inputs_of(const ScenarioAccount& account);
std::vector<Input> inputs_of(const ScenarioPerson& person);
std::vector<Input> inputs_of(const ScenarioGroup& group);
std::vector<Input> inputs_of(const ScenarioEvent& event);
std::vector<Input> inputs_of(const RemovePersonStep& step);
std::vector<Input> inputs_of(const EnterStep& step);
std::vector<Input> inputs_of(const LifeStep& step);
std::vector<Input> inputs_of(const HelpStep& step);
std::vector<Input> inputs_of(const PublishStep& step);
std::vector<Input> inputs_of(const ScoreStep& step);

ChannelRule to_rule(const ChannelStep& step);

}  // namespace caravan
