// The library's workspaces, and what happens in its rehearsals. What has come of it is in harness_answers.cpp.

#include "engine/harness/harness.hpp"

#include "engine/harness/harness_state.hpp"
#include "engine/message_check.hpp"
#include "journeys/duration.hpp"
#include "nodes/registry.hpp"

namespace caravan::harness {
namespace {

constexpr std::chrono::days kLongestRun{3'653};  ///< ten years

/// Throws where there are errors.
std::shared_ptr<const caravan::Workspace> checked(std::unique_ptr<caravan::Workspace> workspace) {
  check_messages(*workspace);
  if (workspace->diagnostics.errors() == 0) return workspace;
  std::string all;
  for (const Diagnostic& fault : workspace->diagnostics.sorted())
    all += render(fault, Colour::never);
  throw WorkspaceError(all);
}

}  // namespace

Time time_of(std::string_view text) {
  const std::optional<Instant> time = parse_instant(text);
  if (!time)
    throw std::invalid_argument("\"" + std::string(text) +
                                "\" is no time; write one with its zone, such as 2026-01-05T09:00:00Z");
  return *time;
}

AttributeInput to_input(const Value& value) {
  return std::visit(
      [](const auto& each) -> AttributeInput {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<T, Value::List>) {
          AttributeList list;
          for (const Value& element : each)
            list.push_back(to_input(element));
          return {std::move(list)};
        } else if constexpr (std::is_same_v<T, Value::Map>) {
          return {to_inputs(each)};
        } else {
          return {each};
        }
      },
      value.value);
}

AttributeMap to_inputs(const Attributes& attributes) {
  AttributeMap inputs;
  for (const auto& [name, value] : attributes)
    inputs.emplace_back(name, to_input(value));
  return inputs;
}

Workspace::Workspace(const std::filesystem::path& folder) : state_(std::make_shared<State>()) {
  state_->names = std::make_shared<NameBook>();
  state_->workspace = checked(load_workspace(folder, node_shapes(), *state_->names));
}

Workspace::Workspace(std::map<std::string, std::string> texts) : state_(std::make_shared<State>()) {
  state_->names = std::make_shared<NameBook>();
  state_->workspace = checked(load_workspace(std::move(texts), "", node_shapes(), *state_->names));
}

Workspace::Workspace(std::shared_ptr<State> state) : state_(std::move(state)) {}

Workspace Workspace::with(const std::map<std::string, std::string>& texts) const {
  SourceTexts all = state_->workspace->texts;
  for (const auto& [path, text] : texts) {
    if (text.empty())
      all.erase(path);
    else
      all[path] = text;
  }
  auto state = std::make_shared<State>();
  state->names = state_->names;
  state->workspace = checked(load_workspace(std::move(all), state_->workspace->root, node_shapes(), *state_->names));
  return Workspace(std::move(state));
}

std::vector<std::string> Workspace::journeys() const {
  std::vector<std::string> names;
  for (const auto& [name, journey] : state_->workspace->journeys)
    names.push_back(name);
  return names;
}

Rehearsal::State::State(const Workspace::State& loaded, Time at)
    : names(loaded.names), workspace(loaded.workspace), rehearsal(workspace, *names, at) {}

void Rehearsal::State::take(Input input) {
  const InputResult result = rehearsal.post(std::move(input));
  if (!result.refused.empty()) throw Refused(result.refused);
}

Rehearsal::Rehearsal(const Workspace& workspace, Time at) : state_(std::make_unique<State>(*workspace.state_, at)) {}
Rehearsal::Rehearsal(const Workspace& workspace, std::string_view at) : Rehearsal(workspace, time_of(at)) {}
Rehearsal::~Rehearsal() = default;
Rehearsal::Rehearsal(Rehearsal&&) noexcept = default;
Rehearsal& Rehearsal::operator=(Rehearsal&&) noexcept = default;

void Rehearsal::account(const std::string& key, const Attributes& attributes) {
  state_->take(UpsertAccount{key, to_inputs(attributes)});
}

void Rehearsal::person(const std::string& key, const std::string& account, const Attributes& attributes) {
  state_->take(UpsertPerson{key, account, to_inputs(attributes)});
}

void Rehearsal::remove_person(const std::string& key) {
  state_->take(RemovePerson{key});
}

void Rehearsal::event(const std::string& type, const std::string& person, const Attributes& properties) {
  state_->take(TellEvent{type, {}, person, {}, {}, to_inputs(properties)});
}

void Rehearsal::account_event(const std::string& type, const std::string& account, const Attributes& properties) {
  state_->take(TellEvent{type, account, {}, {}, {}, to_inputs(properties)});
}

void Rehearsal::enter(const std::string& journey, const std::string& account) {
  state_->take(EnterJourney{journey, account, {}});
}

void Rehearsal::enter_person(const std::string& journey, const std::string& person) {
  state_->take(EnterJourney{journey, {}, person});
}

void Rehearsal::pause(const std::string& journey) {
  state_->take(ChangeJourney{ChangeJourney::Command::pause, journey});
}

void Rehearsal::resume(const std::string& journey) {
  state_->take(ChangeJourney{ChangeJourney::Command::resume, journey});
}

void Rehearsal::close(const std::string& journey) {
  state_->take(ChangeJourney{ChangeJourney::Command::close, journey});
}

void Rehearsal::abort(const std::string& journey) {
  state_->take(ChangeJourney{ChangeJourney::Command::abort, journey});
}

void Rehearsal::publish(const Workspace& workspace, UnderWay under_way) {
  if (workspace.state_->names != state_->names)
    throw std::invalid_argument("what a rehearsal publishes must be made from its own workspace, by Workspace::with()");
  state_->take(Publish{workspace.state_->workspace,
                       {},
                       under_way == UnderWay::move ? Publish::UnderWay::move : Publish::UnderWay::stay});
  state_->workspace = workspace.state_->workspace;
}

void Rehearsal::advance(std::string_view duration) {
  std::string problem;
  const std::optional<CalendarDuration> by = parse_duration(duration, problem);
  if (!by) throw std::invalid_argument("\"" + std::string(duration) + "\" is no duration: " + problem);
  advance_to(add(now(), *by, state_->workspace->configuration.timezone));
}

void Rehearsal::advance_to(Time at) {
  state_->rehearsal.advance_to(at);
}

void Rehearsal::run_out() {
  state_->rehearsal.run_out(now() + kLongestRun);
}

Time Rehearsal::now() const {
  return state_->rehearsal.now();
}

void Rehearsal::channel_down(const std::string& channel, const std::string& reason) {
  ChannelRule rule;
  rule.state = ChannelRule::State::down;
  rule.channel = channel;
  rule.reason = reason;
  state_->rehearsal.set_channel(std::move(rule));
}

void Rehearsal::channel_up(const std::string& channel) {
  ChannelRule rule;
  rule.channel = channel;
  state_->rehearsal.set_channel(std::move(rule));
}

void Rehearsal::bounce(const std::string& address, const std::string& reason) {
  ChannelRule rule;
  rule.state = ChannelRule::State::refuses;
  rule.channel = "email";
  rule.to = address;
  rule.reason = reason;
  state_->rehearsal.set_channel(std::move(rule));
}

void Rehearsal::answer(const std::string& connection, int status, const std::string& body) {
  ChannelRule rule;
  rule.channel = connection;
  rule.answer = {status, body};
  state_->rehearsal.set_channel(std::move(rule));
}

}  // namespace caravan::harness
