#include "engine/turn.hpp"

#include <cassert>

#include "engine/channels/mime.hpp"
#include "engine/message_values.hpp"

namespace caravan {

/// What a turn that fails leaves as it was.
struct TurnRunner::Undo {
  std::size_t runs, deliveries, groups, notes, counted;
  TokenRecord token;
};

namespace {

constexpr std::uint16_t slot_of(NodeIndex node) {
  return static_cast<std::uint16_t>(node);
}

}  // namespace

bool TurnRunner::evaluate(Subject& subject, const RunnableJourney& journey, Instant now, Changes& changes) {
  if (!journey.journey.audience) return false;
  evaluation_.reset();
  facts_.about(subject, journey, nullptr, now);
  set_facts(evaluation_, facts_);
  FactsActivation activation(facts_);
  const cel::Value in = journey.journey.audience->evaluate(activation, evaluation_);
  if (in.is_error()) {
    changes.count({journey.record.id, CounterKind::expression_errors, slot_of(kNoNode), kNoPath});
    return false;
  }
  if (!in.is_true()) return false;
  for (const TokenRecord& token : subject.tokens(reader_)) {
    if (library_.same_journey(token.version, journey.record.id)) return false;  // an account enters a journey once
  }
  enter(subject, journey, now, changes);
  return true;
}

void TurnRunner::enter(Subject& subject, const RunnableJourney& journey, Instant now, Changes& changes) {
  TokenRecord token;
  token.id = TokenId{++numbering_.token.value};
  token.version = journey.record.id;
  token.account = subject.account.id;
  token.entered_at = now;
  TokenRecord& kept = subject.tokens(reader_).emplace_back(token);
  begin(subject, journey, kept, now, changes);
  count(CounterKind::entered);
  run_guarded(journey.journey.nodes.empty() ? kNoNode : NodeIndex{0});
  changes.tokens.push_back({kept, true});
}

bool TurnRunner::wake(Subject& subject, TokenId id, Instant now, Changes& changes) {
  std::vector<TokenRecord>& tokens = subject.tokens(reader_);
  const auto token = std::find_if(tokens.begin(), tokens.end(), [&](const TokenRecord& each) { return each.id == id; });
  if (token == tokens.end() || !token->due_at || *token->due_at > now) return false;
  std::shared_ptr<const RunnableJourney> journey;
  try {
    journey = library_.version(token->version);
  } catch (const std::runtime_error& error) {
    changes.notes.push_back({subject.account.id, now, NoteKind::failure, token->id, token->node, error.what()});
    token->due_at = now + kRetryAfter;
    changes.tokens.push_back({*token, false});
    return true;
  }
  begin(subject, *journey, *token, now, changes);
  const NodeIndex stood_at = token->node;
  count(CounterKind::standing, slot_of(stood_at), kNoPath, -1);
  token->due_at.reset();
  if (token->state == TokenState::held) {
    transition(Verb::resume);
    run_guarded(stood_at);
  } else {
    transition(Verb::wake);
    run_guarded(journey->journey.node(stood_at).next);
  }
  changes.tokens.push_back({*token, false});
  return true;
}

void TurnRunner::begin(Subject& subject, const RunnableJourney& journey, TokenRecord& token, Instant now,
                       Changes& changes) {
  now_ = now;
  subject_ = &subject;
  journey_ = &journey;
  token_ = &token;
  changes_ = &changes;
  run_ = RunRecord{token.id, token.visits, now, {}};
  groups_before_.reset();
  evaluation_.reset();
  facts_.about(subject, journey, &token, now);
  set_facts(evaluation_, facts_);
}

/// A node that throws has met a bug of ours or the end of memory: nothing of the run is kept, its token is held where
/// the run began, and the batch goes on.
void TurnRunner::run_guarded(NodeIndex from) {
  const Undo undo{changes_->runs.size(),   changes_->deliveries.size(),
                  changes_->groups.size(), changes_->notes.size(),
                  counted_.size(),         *token_};
  at_ = from;
  try {
    run(from);
  } catch (const StoreError&) {
    throw;
  } catch (const std::exception& error) {
    changes_->runs.resize(undo.runs);
    changes_->deliveries.resize(undo.deliveries);
    changes_->groups.resize(undo.groups);
    changes_->notes.resize(undo.notes);
    counted_.resize(undo.counted);
    if (groups_before_) subject_->groups(reader_) = std::move(*groups_before_);
    *token_ = undo.token;
    run_ = RunRecord{token_->id, token_->visits, now_, {}};
    hold(from, std::string("internal error: ") + error.what());
  }
  flush();
}

void TurnRunner::run(NodeIndex at) {
  while (at != kNoNode) {
    if (run_.visits.size() == kMostVisitsPerRun) {
      return hold(at, "visited " + std::to_string(kMostVisitsPerRun) + " nodes without stopping");
    }
    at_ = at;
    const std::optional<NodeIndex> next = take(at, journey_->journey.node(at).node->visit(*this));
    if (!next) return;
    at = *next;
  }
  end(Verb::finish, CounterKind::completed);
}

/// Does what a visit has asked for. Gives the next node (kNoNode: the end), or nothing when the token has stopped.
std::optional<NodeIndex> TurnRunner::take(NodeIndex at, const Step& step) {
  const auto visited = [&](PathIndex path, VisitOutcome outcome) {
    token_->node = at;
    run_.visits.push_back({at, path, outcome});
    ++token_->visits;
    count(CounterKind::visited, slot_of(at));
  };
  if (const auto* advance = std::get_if<Advance>(&step)) {
    visited(advance->path, advance->outcome);
    return go_on(at, *advance);
  }
  if (const auto* wait = std::get_if<WaitUntil>(&step)) {
    if (wait->due_at <= now_) {
      visited(kNoPath, VisitOutcome::done);
      return go_on(at, Advance{});
    }
    visited(kNoPath, VisitOutcome::stopped);
    stop(Verb::wait, wait->due_at);
    return std::nullopt;
  }
  if (std::holds_alternative<Finish>(step)) {
    visited(kNoPath, VisitOutcome::done);
    return kNoNode;
  }
  if (std::holds_alternative<Leave>(step)) {
    visited(kNoPath, VisitOutcome::nobody);
    end(Verb::leave, CounterKind::left);
    return std::nullopt;
  }
  hold(at, std::get<Fail>(step).reason);
  return std::nullopt;
}

NodeIndex TurnRunner::go_on(NodeIndex at, const Advance& advance) {
  const CompiledNode& node = journey_->journey.node(at);
  NodeIndex next = node.next;
  if (advance.path != kNoPath) {
    count(CounterKind::taken, slot_of(at), advance.path);
    next = node.paths[static_cast<std::size_t>(advance.path)].target;
  }
  if (next != kNoNode) transition(Verb::advance);
  return next;
}

void TurnRunner::stop(Verb verb, std::optional<Instant> due_at) {
  transition(verb);
  token_->due_at = due_at;
  count(CounterKind::standing, slot_of(token_->node));
}

void TurnRunner::end(Verb verb, CounterKind counter) {
  transition(verb);
  token_->ended_at = now_;
  count(counter);
}

/// The node at hand could not do its work: the token stands before `at` and tries again from there later.
void TurnRunner::hold(NodeIndex at, std::string reason) {
  token_->node = at;
  note(NoteKind::failure, std::move(reason));
  stop(Verb::hold, now_ + kRetryAfter);
}

void TurnRunner::transition(Verb verb) {
  const std::optional<TokenState> state = after(token_->state, verb);
  if (!state) {
    throw std::logic_error("token " + std::to_string(token_->id.value) + " is " + std::string(to_text(token_->state)) +
                           " and cannot " + std::string(to_text(verb)));
  }
  token_->state = *state;
}

void TurnRunner::flush() {
  if (!run_.visits.empty()) changes_->runs.push_back(std::move(run_));
  for (const auto& [key, by] : counted_)
    changes_->count(key, by);
  counted_.clear();
}

void TurnRunner::count(CounterKind kind, std::uint16_t slot, PathIndex path, std::int64_t by) {
  counted_.push_back({CounterKey{journey_->record.id, kind, slot, path}, by});
}

void TurnRunner::note(NoteKind kind, std::string text) {
  changes_->notes.push_back({subject_->account.id, now_, kind, token_->id, at_, std::move(text)});
}

cel::Value TurnRunner::evaluate(const cel::Program& program, const PersonRecord* person) {
  facts_.person(person);
  FactsActivation activation(facts_);
  const cel::Value value = program.evaluate(activation, evaluation_);
  if (value.is_error()) note_expression(program, std::string(value.as_error().message));
  return value;
}

/// An expression that gave nothing of use.
void TurnRunner::note_expression(const cel::Program& program, const std::string& why) {
  note(NoteKind::expression_error, program.text() + ": " + why);
  count(CounterKind::expression_errors, slot_of(at_));
}

bool TurnRunner::test(const cel::Program& condition, const PersonRecord* person) {
  const cel::Value value = evaluate(condition, person);
  if (!value.is_error() && !value.is(cel::Kind::boolean)) {
    note_expression(condition, "yields neither true nor false but " + to_text(value));
  }
  return value.is_true();
}

std::optional<std::string> TurnRunner::text_of(const cel::Program& program) {
  const cel::Value value = evaluate(program, nullptr);
  if (value.is(cel::Kind::string)) return std::string(value.as_text());
  if (!value.is_error()) note_expression(program, "yields no text but " + to_text(value));
  return std::nullopt;
}

std::optional<std::string> TurnRunner::account_text(NameId attribute) {
  const std::optional<AttributeValue> value = subject_->account.attributes.find(attribute);
  if (!value || value->kind() != AttributeKind::text) return std::nullopt;
  return std::string(value->text());
}

bool TurnRunner::mail(MessageIndex message, const PersonRecord& person, std::span<const MessageValue> with) {
  const std::optional<AttributeValue> email = person.attributes.find(email_);
  if (!email || email->kind() != AttributeKind::text) return false;
  const auto computed = [&](std::string_view name) -> std::optional<AttributeInput> {
    const auto value =
        std::find_if(with.begin(), with.end(), [&](const MessageValue& each) { return each.name == name; });
    return value == with.end() ? std::nullopt : to_input(evaluate(*value->program, &person));
  };
  const RunnableMessage& runnable = journey_->messages[static_cast<std::size_t>(message)];
  return promise(message, RecipientId{person.id.value}, email->text(),
                 message_values(runnable, {*journey_, subject_->account, &person}, computed));
}

bool TurnRunner::notify(MessageIndex message, int ordinal, std::string_view address, NameId interest) {
  const std::vector<GroupRecord>& groups = subject_->groups(reader_);
  const auto group =
      std::find_if(groups.begin(), groups.end(), [&](const auto& each) { return each.interest == interest; });
  const InterestPlan& plan = *journey_->interest(interest);
  const SummaryFacts summary{plan, group == groups.end() ? nullptr : &*group, subject_->people(reader_)};
  const auto computed = [&](std::string_view name) { return summary_value(name, summary, names_); };
  const RunnableMessage& runnable = journey_->messages[static_cast<std::size_t>(message)];
  return promise(message, RecipientId{-ordinal}, address,
                 message_values(runnable, {*journey_, subject_->account, nullptr}, computed));
}

bool TurnRunner::promise(MessageIndex message, RecipientId recipient, std::string_view address, Attributes values) {
  std::string usable = address_of(address);
  if (usable.empty()) return false;
  DeliveryRecord delivery;
  delivery.key = {token_->id, token_->visits, recipient};
  delivery.account = subject_->account.id;
  delivery.version = journey_->record.id;
  delivery.message = message;
  delivery.created_at = now_;
  delivery.next_attempt_at = now_;
  delivery.address = std::move(usable);
  delivery.values = values.bytes();
  changes_->deliveries.push_back(std::move(delivery));
  count(CounterKind::promised, static_cast<std::uint16_t>(message));
  return true;
}

bool TurnRunner::assign(NameId interest, const PersonRecord& person, NameId role) {
  std::vector<GroupRecord>& groups = subject_->groups(reader_);
  if (!groups_before_) groups_before_ = groups;
  auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& each) { return each.interest == interest; });
  if (group == groups.end()) group = groups.insert(group, GroupRecord{subject_->account.id, interest, now_, {}});
  const MemberRecord member{person.id, role, MembershipSource::journey, now_};
  const std::size_t members = group->members.size();
  if (!assign_member(*group, member)) return false;
  if (group->members.size() > members) count(CounterKind::joined, slot_of(at_));
  changes_->groups.push_back({group->account, group->interest, group->created_at, {member}});
  return true;
}

}  // namespace caravan
