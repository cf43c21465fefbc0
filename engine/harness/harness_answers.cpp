// What the library's rehearsals say has come of them, and the scenarios of a workspace.

#include "engine/harness/facts_now.hpp"
#include "engine/harness/harness_state.hpp"
#include "engine/harness/timeline.hpp"
#include "engine/lifecycle.hpp"
#include "engine/message_check.hpp"
#include "nodes/registry.hpp"

namespace caravan::harness {
namespace {

/// Whom a question is about.
class Asked {
 public:
  Asked(caravan::Rehearsal& rehearsal, const caravan::Workspace& workspace, std::string account, std::string person,
        std::string journey = {})
      : of_{step_, rehearsal, workspace} {
    step_.account = std::move(account);
    step_.person = std::move(person);
    step_.journey = std::move(journey);
    if (!step_.journey.empty() && !rehearsal.library().state(step_.journey))
      throw Refused("no journey \"" + step_.journey + "\" is published");
    if (const std::optional<Mismatch> missing = find_subject(of_)) throw Refused(missing->message);
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  const ExpectedSubject& operator*() const { return of_; }
  const ExpectedSubject* operator->() const { return &of_; }

 private:
  ExpectStep step_;
  ExpectedSubject of_;
};

Standing standing_of(const ExpectedSubject& of) {
  Standing standing;
  if (of.tokens.empty()) return standing;
  const TokenRecord& token = of.tokens.back();
  standing.state = to_text(token.state);
  standing.entries = static_cast<int>(of.tokens.size());
  standing.path = path_of(of, token);
  standing.last_said = last_words(of, token);
  if (is_final(token.state)) return standing;
  standing.node = node_of(of, token);
  standing.until = token.due_at;
  return standing;
}

std::string channel_of(const SentMessage& message) {
  switch (message.kind) {
    case MessageKind::email:
    case MessageKind::sales_summary: return "email";
    case MessageKind::sms: return "sms";
    case MessageKind::chat:
    case MessageKind::sales_chat: return "chat";
    case MessageKind::webhook: break;
  }
  return message.name;
}

template <class Keep>
std::vector<Message> messages_of(caravan::Rehearsal& rehearsal, const Keep& keep) {
  std::vector<Message> messages;
  for (const SentMessage& sent : rehearsal.sent()) {
    if (!keep(sent)) continue;
    Message& message = messages.emplace_back();
    message.at = sent.at;
    message.journey = rehearsal.library().journey_of(sent.delivery.version);
    message.channel = channel_of(sent);
    message.name = sent.name;
    if (const auto account = rehearsal.reader().account(sent.delivery.account)) message.account = account->key;
    message.to = sent.delivery.address;
    if (const auto* mail = std::get_if<Mail>(&sent.content)) {
      message.subject = mail->subject;
      message.text = mail->text;
      message.html = mail->html;
    } else if (const auto* call = std::get_if<Call>(&sent.content)) {
      message.text = call->body;
    } else {
      message.text = std::get<ShortMessage>(sent.content).text;
    }
  }
  return messages;
}

Value attribute_of(const caravan::Attributes& attributes, const NameBook& names, const std::string& name) {
  const std::optional<NameId> id = names.find(name);
  const std::optional<AttributeValue> found = id ? attributes.find(*id) : std::nullopt;
  return found ? to_value(*found) : Value();
}

bool evaluate(const std::string& condition, const ExpectedSubject& of, Scope scope) {
  const cel::Environment& environment = of.workspace.vocabulary->environment(scope, Within::workspace);
  const cel::CompileResult compiled = cel::compile(condition, environment, {.expected = cel::Type::boolean()});
  if (!compiled.program) throw std::invalid_argument(condition + ": " + compiled.diagnostics.front().message);
  FactsNow facts(of);
  const cel::Value value = facts.evaluate(*compiled.program);
  if (value.is_error()) throw Refused(condition + ": " + std::string(value.as_error().message));
  return value.is_true();
}

/// The name of a list or the like must be one: a test that asks for another would always be told no.
template <class Names>
void must_have(const Names& names, const std::string& name, std::string_view what) {
  if (!names.contains(name)) throw Refused("the workspace has no " + std::string(what) + " \"" + name + "\"");
}

}  // namespace

Value to_value(const AttributeValue& value) {
  switch (value.kind()) {
    case AttributeKind::null: return {};
    case AttributeKind::no: return false;
    case AttributeKind::yes: return true;
    case AttributeKind::integer: return value.integer();
    case AttributeKind::real: return value.real();
    case AttributeKind::text: return std::string(value.text());
    case AttributeKind::timestamp: return value.timestamp();
    case AttributeKind::duration: return value.duration();
    case AttributeKind::list: {
      Value::List list;
      value.each_element([&](AttributeValue element) { list.push_back(to_value(element)); });
      return list;
    }
    case AttributeKind::map: {
      Value::Map map;
      value.each_entry([&](std::string_view key, AttributeValue entry) { map.emplace_back(key, to_value(entry)); });
      return Value::map(std::move(map));
    }
  }
  return {};
}

Standing Rehearsal::standing(const std::string& journey, const std::string& account) const {
  return standing_of(*Asked(state_->rehearsal, *state_->workspace, account, {}, journey));
}

Standing Rehearsal::standing_of_person(const std::string& journey, const std::string& person) const {
  return standing_of(*Asked(state_->rehearsal, *state_->workspace, {}, person, journey));
}

std::vector<Message> Rehearsal::sent() const {
  return messages_of(state_->rehearsal, [](const SentMessage&) { return true; });
}

std::vector<Message> Rehearsal::sent_to(const std::string& address) const {
  return messages_of(state_->rehearsal, [&](const SentMessage& each) { return each.delivery.address == address; });
}

std::vector<Message> Rehearsal::sent_with(const std::string& name) const {
  return messages_of(state_->rehearsal, [&](const SentMessage& each) { return each.name == name; });
}

std::optional<Group> Rehearsal::group(const std::string& account, const std::string& solution_interest) const {
  must_have(state_->workspace->solution_interests, solution_interest, "solution interest");
  const Asked asked(state_->rehearsal, *state_->workspace, account, {});
  FactsNow facts(*asked);
  const std::optional<GroupFacts> found = facts.group(solution_interest);
  if (!found) return std::nullopt;
  Group group;
  group.completeness = found->completeness;
  group.engagement = found->engagement;
  group.stage = found->stage;
  group.status = found->status;
  for (auto& [person, role] : members_of(*asked, solution_interest))
    group.members.emplace(person, role);
  group.missing_roles.assign(found->missing_roles.begin(), found->missing_roles.end());
  return group;
}

Value Rehearsal::attribute(const std::string& account, const std::string& name) const {
  const Asked asked(state_->rehearsal, *state_->workspace, account, {});
  return attribute_of(asked->account->attributes, *state_->names, name);
}

Value Rehearsal::person_attribute(const std::string& person, const std::string& name) const {
  const Asked asked(state_->rehearsal, *state_->workspace, {}, person);
  return attribute_of(asked->person->attributes, *state_->names, name);
}

bool Rehearsal::in_audience(const std::string& account, const std::string& audience) const {
  must_have(state_->workspace->audiences, audience, "audience");
  return is_in_audience(*Asked(state_->rehearsal, *state_->workspace, account, {}), audience);
}

bool Rehearsal::in_list(const std::string& account, const std::string& list) const {
  must_have(state_->workspace->configuration.lists, list, "list");
  return is_listed(*Asked(state_->rehearsal, *state_->workspace, account, {}), RosterKind::list, list);
}

bool Rehearsal::in_destination(const std::string& account, const std::string& destination) const {
  must_have(state_->workspace->configuration.destinations, destination, "destination");
  return is_listed(*Asked(state_->rehearsal, *state_->workspace, account, {}), RosterKind::destination, destination);
}

bool Rehearsal::person_in_list(const std::string& person, const std::string& list) const {
  must_have(state_->workspace->configuration.lists, list, "list");
  return is_listed(*Asked(state_->rehearsal, *state_->workspace, {}, person), RosterKind::list, list);
}

bool Rehearsal::person_in_destination(const std::string& person, const std::string& destination) const {
  must_have(state_->workspace->configuration.destinations, destination, "destination");
  return is_listed(*Asked(state_->rehearsal, *state_->workspace, {}, person), RosterKind::destination, destination);
}

bool Rehearsal::holds(const std::string& condition, const std::string& account) const {
  return evaluate(condition, *Asked(state_->rehearsal, *state_->workspace, account, {}), Scope::account);
}

bool Rehearsal::holds_for_person(const std::string& condition, const std::string& person) const {
  return evaluate(condition, *Asked(state_->rehearsal, *state_->workspace, {}, person), Scope::person);
}

std::vector<std::string> Rehearsal::timeline(const std::string& account) const {
  const Asked asked(state_->rehearsal, *state_->workspace, account, {});
  return timeline_of(state_->rehearsal, *asked->account, state_->workspace->configuration.timezone);
}

std::vector<ScenarioOutcome> run_scenarios(const Workspace& workspace) {
  const Workspace::State& state = *workspace.state_;
  const ScenarioLoad load{node_shapes(), *state.names, {}, [](caravan::Workspace& each) { check_messages(each); }};
  const ScenarioSet set = load_scenarios(*state.workspace, load);
  if (set.diagnostics.errors() != 0) {
    std::string all;
    for (const Diagnostic& fault : set.diagnostics.sorted())
      all += render(fault, Colour::never);
    throw WorkspaceError(all);
  }
  std::vector<ScenarioOutcome> outcomes;
  for (const ScenarioDefinition& scenario : set.scenarios) {
    const ScenarioResult result = run_scenario(scenario, state.workspace, *state.names);
    ScenarioOutcome& outcome = outcomes.emplace_back();
    outcome.name = scenario.row.empty() ? scenario.name : scenario.name + " (" + scenario.row + ")";
    outcome.file = scenario.place.file ? scenario.place.file->path : "";
    outcome.line = position_of(scenario.place).line;
    outcome.held = !result.failure;
    if (result.failure) outcome.report = to_text(*result.failure);
  }
  return outcomes;
}

}  // namespace caravan::harness
