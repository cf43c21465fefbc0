// The turns there are, and the agenda that each works off.

#include "engine/turn.hpp"

#include <cassert>

#include "journeys/events.hpp"

namespace caravan {

void TurnRunner::next_batch() {
  mailed_before_ = std::exchange(mailed_, {});
}

void TurnRunner::forget() {
  mailed_.clear();
  mailed_before_.clear();
}

void TurnRunner::begin_turn(Subject& subject, Instant now, Changes& changes) {
  subject_ = &subject;
  now_ = now;
  changes_ = &changes;
  agenda_.clear();
  touched_.clear();
  step_ = 0;
  raised_ = 0;
  people_set_.clear();
  filled_.reset();
  token_ = nullptr;
  person_ = nullptr;
  at_ = kNoNode;
}

/// Works the agenda off, and leaves each token that was touched as it is then.
void TurnRunner::work_off() {
  while (!agenda_.empty()) {
    Task task = std::move(agenda_.front());
    agenda_.pop_front();
    do_task(task);
  }
  for (const Touched& each : touched_)
    changes_->tokens.push_back({*each.token, each.inserted});
  touched_.clear();
  if (!people_set_.empty() && on_people_set_) on_people_set_(*subject_, people_set_);
}

/// What throws outside of a run has met a bug of ours or the end of memory: it is noted, and the rest goes on.
void TurnRunner::do_task(Task& task) {
  try {
    std::visit([this](auto& each) { do_one(each); }, task);
  } catch (const StoreError&) {
    throw;
  } catch (const std::exception& error) {
    counted_.clear();
    note_for(nullptr, kNoNode, NoteKind::failure, std::string("internal error: ") + error.what());
  }
}

void TurnRunner::touch(TokenRecord& token, bool inserted) {
  if (!touched(token)) touched_.push_back({.token = &token, .inserted = inserted, .made = inserted ? ++step_ : 0});
}

/// Null when the turn has not to do with the token yet.
TurnRunner::Touched* TurnRunner::touched(const TokenRecord& token) {
  const auto known =
      std::find_if(touched_.begin(), touched_.end(), [&](const Touched& each) { return each.token == &token; });
  return known == touched_.end() ? nullptr : &*known;
}

void TurnRunner::sweep(Subject& subject, const LiveJourney& journey, const AudiencePlan& audience, Instant now,
                       Changes& changes) {
  if (is_stand_in(subject.account)) return;
  begin_turn(subject, now, changes);
  const bool in = evaluate_audience(audience);
  const bool came_in = set_membership(audience, in);
  if (in) enter_from(audience, came_in, &journey);
  work_off();
}

void TurnRunner::look_again(Subject& subject, SubjectChange change, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  agenda_.push_back(Changed{std::move(change)});
  work_off();
}

WhyNot TurnRunner::enter(Subject& subject, const LiveJourney& journey, PersonId person, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  WhyNot refusal = try_enter(journey, person);
  work_off();
  return refusal;
}

bool TurnRunner::wake(Subject& subject, TokenId id, Instant now, Changes& changes) {
  TokenRecord* token = subject.find_token(reader_, id);
  if (!token || !token->due_at || *token->due_at > now) return false;
  begin_turn(subject, now, changes);
  if (is_final(token->state)) {
    if (!enter_again(*token)) return false;
  } else if (begin(*token)) {
    if (token->person && !person_) {
      take_out(*token, std::string(kIsGone));
    } else if (token->state == TokenState::held) {
      resume_held(*token);
    } else {
      wake_standing(*token);
    }
  }
  work_off();
  return true;
}

/// The token that must go on first for the subject to stand where it must at `now`; null when none must.
const TokenRecord* TurnRunner::next_due(Subject& subject, Instant now) {
  const TokenRecord* next = nullptr;
  for (const TokenRecord& token : subject.tokens(reader_)) {
    if (!token.due_at || *token.due_at > now) continue;
    if (*token.due_at == now && token.state == TokenState::listening) continue;
    if (!next || *token.due_at < *next->due_at) next = &token;
  }
  return next;
}

std::size_t TurnRunner::catch_up(Subject& subject, Instant now, Changes& changes) {
  // Each wake may bring others due, never one that was due before: a wait that is past goes on at once.
  for (std::size_t turns = 0;; ++turns) {
    const TokenRecord* next = next_due(subject, now);
    if (!next || !wake(subject, next->id, now, changes)) return turns;
  }
}

SubjectChange TurnRunner::changed(Subject& subject, PersonId person, std::span<const AttributeChange> attributes,
                                  Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  SubjectChange change;
  auto& names = person ? change.person_attributes : change.account_attributes;
  for (const AttributeChange& each : attributes) {
    names.push_back(each.attribute);
    raise_changed(each, person);
  }
  agenda_.push_back(Changed{change, true});
  work_off();
  return change;
}

void TurnRunner::tell(Subject& subject, Event event, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  agenda_.push_back(Heard{std::move(event), ++step_, true});
  work_off();
}

void TurnRunner::keep(Subject& subject, const Event& event, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  keep(event);
}

void TurnRunner::person_left(Subject& subject, PersonId person, const std::string& key, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  for (TokenRecord& token : subject.tokens(reader_)) {
    if (token.person != person || is_final(token.state)) continue;
    if (begin(token)) take_out(token, key + " does not belong to the account any more");
  }
  leave_groups(person);
  agenda_.push_back(Changed{{.people = true, .groups = true}, true});
  work_off();
}

void TurnRunner::person_left_quietly(Subject& subject, PersonId person, Instant now, Changes& changes) {
  begin_turn(subject, now, changes);
  leave_groups(person);
  agenda_.clear();
}

void TurnRunner::delivered(Subject& subject, const DeliveryProgress& progress, Instant now, Changes& changes) {
  std::shared_ptr<const RunnableJourney> journey;
  try {
    journey = library_.version(progress.version);
  } catch (const StoreUnavailable&) {
    throw;
  } catch (const std::runtime_error&) {
    return;  // whose texts no longer check: nobody waits for what it sent
  }
  const MessageDefinition& message = journey->journey.messages.at(static_cast<std::size_t>(progress.message));
  begin_turn(subject, now, changes);
  if (message.kind == MessageKind::webhook) {
    if (TokenRecord* token = subject.find_token(reader_, progress.key.token)) answer(*token, progress);
  } else if (message.kind == MessageKind::email) {
    const bool is_sent = progress.state == DeliveryState::delivered;
    AttributeMap properties = {{"template", {message.name}}, {"journey", {journey->journey.name}}};
    if (!is_sent) {
      properties.push_back({"reason", {progress.reason}});
      properties.push_back({"permanent", {progress.answer.has_value()}});
    }
    raise_event(is_sent ? "email.sent" : kBounced, std::move(properties),
                PersonId{std::max<std::int64_t>(0, progress.key.recipient.value)});
  }
  work_off();
}

bool TurnRunner::act(Subject& subject, TokenId id, const TaskRecord& task, const MovePlan* plan, Instant now,
                     Changes& changes) {
  TokenRecord* token = subject.find_token(reader_, id);
  if (!token || is_final(token->state)) return false;
  begin_turn(subject, now, changes);
  bool is_done = true;
  try {
    is_done = act_on(*token, task, plan);
  } catch (const StoreError&) {
    throw;
  } catch (const std::exception& error) {
    counted_.clear();
    note_for(token, token->node, NoteKind::failure, std::string("internal error: ") + error.what());
  }
  if (is_done) work_off();
  return is_done;
}

bool TurnRunner::act_on(TokenRecord& token, const TaskRecord& task, const MovePlan* plan) {
  if (!why_not_runnable(token.version).empty()) return take_out_unread(token, task);
  if (!begin(token)) return false;
  const std::string at = token.node == kNoNode ? std::string() : journey_->journey.node(token.node).id;
  if (!task.node.empty() && at != task.node) return false;
  const bool is_held = token.state == TokenState::held;
  const bool has_failed = is_held && token.resume == Resume::visit;
  switch (task.kind) {
    case TaskKind::abort:
    case TaskKind::remove:
      if (token.parent && task.node.empty()) return false;  // leaves with its enrollment
      take_out(token, why_taken_out(task));
      break;
    case TaskKind::move:
      if (token.parent || !plan || token.version == task.to || !move(token, *plan, task.to)) return false;
      break;
    case TaskKind::resume:
      if (!is_held || token.due_at) return false;
      // Whoever failed before the pause goes on trying, as long as the policy lets it.
      if (has_failed && token.attempts >= journey_->workspace->configuration.node_retries.attempts) return false;
      token.due_at = now_;
      touch(token);
      break;
    case TaskKind::retry:
      if (!has_failed) return false;
      note(NoteKind::interfered, "made to try again");
      depart();
      transition(Verb::resume);
      agenda_.push_back(Go{&token, token.node, kNoPath});
      touch(token);
      break;
    case TaskKind::skip:
      if (!has_failed) return false;
      note(NoteKind::interfered, "made to go past this node");
      leave_and_run(token.node, [&] {
        depart();
        transition(Verb::resume);
        visited(token.node, kNoPath, VisitOutcome::skipped);
        return std::optional(go_on(token.node, Advance{}));
      });
      break;
  }
  flush();
  return true;
}

void TurnRunner::do_one(Go& go) {
  TokenRecord& token = *go.token;
  if (token.state != TokenState::ready || !begin(token)) return;
  if (go.branch != kNoPath) {
    // The first line of a person's own way: which path of the split they took.
    token.node = go.from;
    visited(go.from, go.branch, VisitOutcome::done, Line::second);
    count(CounterKind::taken, static_cast<std::uint16_t>(go.from), go.branch);
    go.from = journey_->journey.node(go.from).paths[static_cast<std::size_t>(go.branch)].target;
  } else if (!may_go_on(enrollment_of(token), nullptr, nullptr)) {
    return;
  }
  guarded(go.from, [&] { run(go.from); });
}

void TurnRunner::do_one(Together& together) {
  TokenRecord& token = *together.token;
  if (token.state != TokenState::joining) return;
  for (const TokenRecord& each : subject_->tokens(reader_)) {
    if (each.parent == token.id && !is_final(each.state)) return;
  }
  if (!begin(token)) return;
  if (library_.state(token.version) == JourneyState::paused) {
    pause(Resume::join);
    return flush();
  }
  if (!may_go_on(token, nullptr, nullptr)) return;
  leave_and_run(token.node, [&] {
    depart();
    transition(Verb::join);
    return std::optional(go_on(token.node, Advance{}));
  });
}

}  // namespace caravan
