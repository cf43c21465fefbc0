#include "engine/harness/scenario_inputs.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

namespace caravan {
namespace {

boost::json::value to_json(const ScenarioValue& value) {
  return std::visit(
      [](const auto& each) -> boost::json::value {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<T, Instant>) {
          return boost::json::string(to_text(each));
        } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
          return each.count();
        } else if constexpr (std::is_same_v<T, ScenarioValue::List>) {
          boost::json::array list;
          for (const ScenarioValue& element : each)
            list.push_back(to_json(element));
          return list;
        } else if constexpr (std::is_same_v<T, ScenarioValue::Map>) {
          boost::json::object map;
          for (const ScenarioField& field : each)
            map[field.name] = to_json(field.value);
          return map;
        } else {
          return boost::json::value_from(each);
        }
      },
      value.value);
}

/// An answer that is written as a text is that text.
std::string body_of(const ScenarioValue& answer) {
  if (const auto* text = std::get_if<std::string>(&answer.value)) return *text;
  return boost::json::serialize(to_json(answer));
}

}  // namespace

AttributeInput to_input(const ScenarioValue& value) {
  return std::visit(
      [](const auto& each) -> AttributeInput {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<T, ScenarioValue::List>) {
          AttributeList list;
          for (const ScenarioValue& element : each)
            list.push_back(to_input(element));
          return {std::move(list)};
        } else if constexpr (std::is_same_v<T, ScenarioValue::Map>) {
          return {to_inputs(each)};
        } else {
          return {each};
        }
      },
      value.value);
}

AttributeMap to_inputs(const ScenarioFields& fields) {
  AttributeMap inputs;
  inputs.reserve(fields.size());
  for (const ScenarioField& field : fields)
    inputs.emplace_back(field.name, to_input(field.value));
  return inputs;
}

std::vector<Input> inputs_of(const ScenarioAccount& account) {
  return {UpsertAccount{account.key, to_inputs(account.attributes)}};
}

std::vector<Input> inputs_of(const ScenarioPerson& person) {
  std::vector<Input> inputs = {
      UpsertPerson{person.key, person.account, to_inputs(person.attributes), person.account_role}};
  for (const ScenarioRelation& relation : person.accounts)
    inputs.emplace_back(RelatePerson{person.key, relation.account, relation.role});
  return inputs;
}

std::vector<Input> inputs_of(const ScenarioGroup& group) {
  std::vector<Input> inputs;
  for (const auto& [person, role] : group.members) {
    inputs.emplace_back(
        ChangeMember{ChangeMember::Command::assign, group.account, group.solution_interest, person, role});
  }
  for (const std::string& person : group.removed)
    inputs.emplace_back(ChangeMember{ChangeMember::Command::remove, group.account, group.solution_interest, person});
  if (!group.stage.empty() || !group.status.empty())
    inputs.emplace_back(ChangeGroup{group.account, group.solution_interest, group.stage, group.status});
  return inputs;
}

std::vector<Input> inputs_of(const ScenarioEvent& event) {
  return {TellEvent{event.type, event.account, event.person, event.id, event.at, to_inputs(event.properties)}};
}

std::vector<Input> inputs_of(const RemovePersonStep& step) {
  return {RemovePerson{step.person}};
}

std::vector<Input> inputs_of(const EnterStep& step) {
  return {EnterJourney{step.journey, step.account, step.person}};
}

std::vector<Input> inputs_of(const LifeStep& step) {
  using Command = ChangeJourney::Command;
  constexpr std::array commands = {Command::pause, Command::resume, Command::close, Command::abort};
  return {ChangeJourney{commands.at(static_cast<std::size_t>(step.command)), step.journey}};
}

std::vector<Input> inputs_of(const HelpStep& step) {
  using Command = Interfere::Command;
  constexpr std::array commands = {Command::retry, Command::skip, Command::remove};
  return {Interfere{commands.at(static_cast<std::size_t>(step.command)), step.journey, step.node, step.account}};
}

std::vector<Input> inputs_of(const PublishStep& step) {
  const auto under_way = step.move ? Publish::UnderWay::move : Publish::UnderWay::stay;
  return {Publish{step.workspace, {}, under_way, step.gone}};
}

std::vector<Input> inputs_of(const ScoreStep&) {
  return {ScoreEngagement{}};
}

ChannelRule to_rule(const ChannelStep& step) {
  using State = ChannelRule::State;
  constexpr std::array states = {State::up, State::down, State::refuses};
  ChannelRule rule;
  rule.state = states.at(static_cast<std::size_t>(step.state));
  rule.channel = step.channel;
  rule.to = step.to;
  rule.message = step.message;
  rule.reason = step.reason;
  rule.answer.status = static_cast<int>(step.status);
  if (step.answer) rule.answer.body = body_of(*step.answer);
  return rule;
}

}  // namespace caravan
