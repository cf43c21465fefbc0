// The inputs are those that a scenario's own run makes of the same words, so
// that what is written down holds.

#include "engine/harness/explore_plan.hpp"

#include "engine/harness/expectations.hpp"
#include "engine/harness/scenario_inputs.hpp"
#include "engine/lifecycle.hpp"

namespace caravan::exploring {
namespace {

std::vector<Input> inputs_of_given(const Plan& plan) {
  std::vector<Input> inputs;
  const auto add = [&](std::vector<Input> some) {
    inputs.insert(inputs.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  };
  for (const ScenarioAccount& account : plan.accounts)
    add(inputs_of(account));
  for (const ScenarioPerson& person : plan.people)
    add(inputs_of(person));
  return inputs;
}

Plan only_given(const Plan& plan) {
  return {plan.at, plan.accounts, plan.people, {}};
}

/// As an author writes it: whole days where days are as long as that
/// everywhere, else hours and less.
CalendarDuration written(std::chrono::milliseconds length, const std::string& timezone) {
  CalendarDuration duration;
  if (timezone == "UTC") duration.days = std::chrono::floor<std::chrono::days>(length);
  duration.exact = length - duration.days;
  return duration;
}

bool is_of_sales(const SentMessage& message) {
  return message.kind == MessageKind::sales_summary || message.kind == MessageKind::sales_chat;
}

}  // namespace

PlanRun::PlanRun(const Ground& ground, const Plan& given)
    : ground_(ground), plan_(only_given(given)), coverage_(ground.nothing_taken), rehearsal_([&]() -> Rehearsal {
        const cel::Probing watched(&coverage_.conditions());
        return Rehearsal(ground.workspace, ground.names, given.at, inputs_of_given(given));
      }()) {
  for (const InputResult& result : rehearsal_.given())
    is_sound_ = is_sound_ && result.refused.empty();
}

void PlanRun::pass(Instant to) {
  const auto by = to - rehearsal_.now();
  const std::string& timezone = ground_.workspace->configuration.timezone;
  rehearsal_.advance_to(to);
  // Time that passes on and on is one step.
  if (!written_.empty()) {
    if (auto* before = std::get_if<AdvanceStep>(&written_.back().what)) {
      const auto so_far = std::chrono::milliseconds(before->by->days) + before->by->exact;
      before->by = written(so_far + by, timezone);
      return;
    }
  }
  written_.push_back({{}, "advance", AdvanceStep{written(by, timezone), {}}});
}

bool PlanRun::step(const PlanStep& step) {
  const cel::Probing watched(&coverage_.conditions());
  if (!step) {
    std::optional<Instant> next;
    for (const TokenRecord& token : tokens())
      if (!is_final(token.state) && token.due_at && (!next || *token.due_at < *next)) next = token.due_at;
    if (!next) next = rehearsal_.next_moment();
    if (!next || *next <= rehearsal_.now()) return false;
    pass(*next);
    plan_.steps.push_back(step);
    return true;
  }
  if (const auto* channel = std::get_if<ChannelStep>(&step->what)) {
    rehearsal_.set_channel(to_rule(*channel));
  } else {
    const std::vector<Input> inputs = std::visit(
        [](const auto& what) -> std::vector<Input> {
          if constexpr (requires { inputs_of(what); })
            return inputs_of(what);
          else
            return {};
        },
        step->what);
    bool refused = inputs.empty();
    for (const InputResult& result : rehearsal_.post_all(inputs))
      refused = refused || !result.refused.empty();
    if (refused) return false;
  }
  plan_.steps.push_back(step);
  written_.push_back(*step);
  return true;
}

void PlanRun::do_all(std::vector<PlanStep> steps) {
  for (const PlanStep& each : steps)
    step(each);
}

std::vector<TokenRecord> PlanRun::tokens() {
  std::vector<TokenRecord> tokens;
  if (plan_.accounts.empty()) return tokens;
  const std::optional<AccountRecord> account = rehearsal_.reader().account(plan_.accounts.front().key);
  if (!account) return tokens;
  rehearsal_.reader().tokens_of(account->id, tokens);
  std::erase_if(tokens, [&](const TokenRecord& token) {
    return rehearsal_.library().journey_of(token.version) != ground_.journey.name;
  });
  return tokens;
}

std::string PlanRun::node_of(const TokenRecord& token) {
  if (token.node == kNoNode) return {};
  return rehearsal_.library().version(token.version)->journey.node(token.node).id;
}

Taken PlanRun::taken() {
  coverage_.add(rehearsal_.reader(), rehearsal_.library());
  Taken taken;
  const std::vector<CoverCount> counts = coverage_.counts();
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i].times > 0 && counts[i].point.journey == ground_.journey.name) taken.insert(i);
  return taken;
}

void PlanRun::add_messages(ExpectStep& expect, PersonId person) {
  std::vector<ExpectedMessage> sent;
  std::vector<std::string> notified;
  for (const SentMessage& message : rehearsal_.sent()) {
    if (rehearsal_.library().journey_of(message.delivery.version) != ground_.journey.name) continue;
    const std::string& address = message.delivery.address;
    if (is_of_sales(message)) {
      notified.push_back(address);
    } else if (!person || message.delivery.key.recipient.value == person.value) {
      ExpectedMessage expected;
      expected.message = message.name;
      if (!address.empty() && message.kind != MessageKind::webhook) expected.to = address;
      sent.push_back(std::move(expected));
    }
  }
  if (!sent.empty()) expect.sent = std::move(sent);
  if (!notified.empty()) expect.notified = std::move(notified);
}

ExpectStep PlanRun::expectation_of(const TokenRecord* newest, const std::string& person) {
  ExpectStep expect;
  expect.journey = ground_.journey.name;
  if (person.empty())
    expect.account = plan_.accounts.front().key;
  else
    expect.person = person;
  if (newest == nullptr) {
    expect.at = "nowhere";
    return expect;
  }
  if (is_final(newest->state))
    expect.state = std::string(to_text(newest->state));
  else
    expect.at = node_of(*newest);
  expect.path = path_of(ExpectedSubject{expect, rehearsal_, *ground_.workspace}, *newest);
  return expect;
}

std::vector<ExpectStep> PlanRun::expectations() {
  const std::vector<TokenRecord> all = tokens();
  const bool for_people = ground_.journey.subject == JourneySubject::person;
  std::vector<ExpectStep> expectations;
  if (!for_people) {
    const TokenRecord* newest = nullptr;
    for (const TokenRecord& token : all)
      if (!token.parent) newest = &token;
    expectations.push_back(expectation_of(newest, {}));
    add_messages(expectations.back(), {});
  }
  for (const ScenarioPerson& each : plan_.people) {
    const std::optional<PersonRecord> person = rehearsal_.reader().person(each.key);
    if (!person) continue;
    const TokenRecord* newest = nullptr;
    for (const TokenRecord& token : all)
      if (token.person == person->id) newest = &token;
    if (newest == nullptr && !for_people) continue;
    expectations.push_back(expectation_of(newest, each.key));
    if (for_people) add_messages(expectations.back(), person->id);
  }
  return expectations;
}

ScenarioDefinition PlanRun::scenario() {
  ScenarioDefinition scenario;
  scenario.journey = ground_.journey.name;
  scenario.at = plan_.at;
  scenario.accounts = plan_.accounts;
  scenario.people = plan_.people;
  scenario.steps = written_;
  for (ExpectStep& expect : expectations())
    scenario.steps.push_back({{}, "expect", std::move(expect)});
  return scenario;
}

}  // namespace caravan::exploring
