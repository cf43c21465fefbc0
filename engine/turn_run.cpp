// A token's run: node after node, in memory, to where it must stop.

#include <cassert>

#include "engine/turn.hpp"

namespace caravan {
namespace {

constexpr std::uint16_t slot_of(NodeIndex node) {
  return static_cast<std::uint16_t>(node);
}

bool is_plain(const Step& step) {
  const auto* advance = std::get_if<Advance>(&step);
  return advance && advance->path == kNoPath && advance->outcome == VisitOutcome::done;
}

}  // namespace

TurnRunner::Undo TurnRunner::remember() {
  groups_before_.reset();
  people_before_.reset();
  account_before_.reset();
  return {changes_->runs.size(),
          run_.visits.size(),
          changes_->deliveries.size(),
          changes_->groups.size(),
          changes_->group_changes.size(),
          changes_->notes.size(),
          changes_->accounts.size(),
          changes_->people.size(),
          changes_->rosters.size(),
          changes_->mailed.size(),
          counted_.size(),
          agenda_.size(),
          subject_->tokens(reader_).size(),
          touched_.size(),
          people_set_.size(),
          *token_};
}

void TurnRunner::take_back(const Undo& undo) {
  for (std::size_t i = undo.mailed; i < changes_->mailed.size(); ++i)
    mailed_.erase(changes_->mailed[i]);
  changes_->runs.resize(undo.runs);
  run_.visits.resize(undo.visits);
  changes_->deliveries.resize(undo.deliveries);
  changes_->groups.resize(undo.groups);
  changes_->group_changes.resize(undo.group_changes);
  changes_->notes.resize(undo.notes);
  changes_->accounts.resize(undo.accounts);
  changes_->people.resize(undo.people);
  changes_->rosters.resize(undo.rosters);
  changes_->mailed.resize(undo.mailed);
  counted_.resize(undo.counted);
  while (agenda_.size() > undo.agenda)
    agenda_.pop_back();
  touched_.resize(undo.touched);
  people_set_.resize(undo.people_set);
  while (subject_->tokens(reader_).size() > undo.tokens)
    subject_->tokens(reader_).pop_back();
  if (groups_before_) subject_->groups(reader_) = std::move(*groups_before_);
  if (people_before_) subject_->people(reader_) = std::move(*people_before_);
  if (account_before_) subject_->account.attributes = std::move(*account_before_);
  *token_ = undo.token;
  facts_.changed();
}

/// Why the texts of a version do not check any more; empty: they do, and `running_` is the version.
std::string TurnRunner::why_not_runnable(VersionId version) {
  try {
    running_ = library_.version(version);
    return {};
  } catch (const StoreUnavailable&) {
    throw;
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

/// Makes the token the one at hand. False when the texts of its version do not check any more: it stays where it is.
bool TurnRunner::begin(TokenRecord& token) {
  if (std::string why = why_not_runnable(token.version); !why.empty()) {
    note_for(&token, token.node, NoteKind::failure, std::move(why));
    if (token.due_at) token.due_at = now_ + std::chrono::hours(1);
    touch(token);
    return false;
  }
  journey_ = running_.get();
  token_ = &token;
  at_ = token.node;
  run_ = RunRecord{token.id, token.visits, now_, {}};
  evaluation_.reset();
  person_ = token.person ? subject_->find_person(reader_, token.person) : nullptr;
  look_at(*journey_, &enrollment_of(token));
  touch(token);
  return true;
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
  end_by_itself(Verb::finish, CounterKind::completed);
}

/// Does what a visit has asked for. Gives the next node (kNoNode: the end), or nothing when the token has stopped.
std::optional<NodeIndex> TurnRunner::take(NodeIndex at, const Step& step) {
  if (const auto* wait = std::get_if<WaitUntil>(&step)) {
    const bool is_past = wait->due_at <= now_;
    visited(at, kNoPath, is_past ? VisitOutcome::done : VisitOutcome::stopped);
    if (is_past) return go_on(at, Advance{});
    stop(Verb::wait, wait->due_at);
    return std::nullopt;
  }
  if (const auto* listen = std::get_if<ListenUntil>(&step)) {
    visited(at, kNoPath, VisitOutcome::stopped);
    if (listen->due_at && *listen->due_at <= now_) return go_on_with(at, journey_->journey.node(at).node->wake(*this));
    token_->memory = listen->memory;
    stop(Verb::listen, listen->due_at);
    return std::nullopt;
  }
  if (const auto* people = std::get_if<Fork>(&step)) return fork(at, *people);
  if (const auto* advance = std::get_if<Advance>(&step)) {
    visited(at, advance->path, advance->outcome);
    return go_on(at, *advance);
  }
  if (std::holds_alternative<Finish>(step)) {
    visited(at, kNoPath, VisitOutcome::done);
    return kNoNode;
  }
  if (std::holds_alternative<Leave>(step)) {
    visited(at, kNoPath, VisitOutcome::nobody);
    end_by_itself(Verb::leave, CounterKind::left);
    return std::nullopt;
  }
  hold(at, std::get<Fail>(step).reason);
  return std::nullopt;
}

/// Does what a node has asked for after the token stood there: what came of it is a second line of its history, save
/// for a wait that is over.
std::optional<NodeIndex> TurnRunner::go_on_with(NodeIndex at, const Step& step) {
  if (is_plain(step)) return go_on(at, Advance{});
  if (const auto* advance = std::get_if<Advance>(&step)) {
    visited(at, advance->path, advance->outcome, Line::second);
    if (advance->outcome == VisitOutcome::timed_out) count(CounterKind::timed_out, slot_of(at));
    return go_on(at, *advance);
  }
  if (std::holds_alternative<Leave>(step)) {
    visited(at, kNoPath, VisitOutcome::timed_out, Line::second);
    count(CounterKind::timed_out, slot_of(at));
    end_by_itself(Verb::leave, CounterKind::left);
    return std::nullopt;
  }
  if (std::holds_alternative<Finish>(step)) return kNoNode;
  return take(at, step);
}

void TurnRunner::visited(NodeIndex at, PathIndex path, VisitOutcome outcome, Line line) {
  token_->node = at;
  token_->attempts = 0;
  run_.visits.push_back({at, path, outcome});
  ++token_->visits;
  if (line == Line::first) count(CounterKind::visited, slot_of(at));
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

/// Sends each person along a path of their own; the token stands at the split until they are together again.
std::optional<NodeIndex> TurnRunner::fork(NodeIndex at, const Fork& fork) {
  visited(at, kNoPath, fork.branches.empty() ? VisitOutcome::nobody : VisitOutcome::stopped);
  if (fork.branches.empty()) return go_on(at, Advance{});
  stop(Verb::fork, std::nullopt);
  for (const Fork::Branch& branch : fork.branches) {
    TokenRecord person;
    person.id = TokenId{++numbering_.token.value};
    person.version = token_->version;
    person.account = token_->account;
    person.parent = token_->id;
    person.person = branch.person;
    person.entry = token_->entry;
    person.entered_at = now_;
    TokenRecord& kept = subject_->tokens(reader_).emplace_back(std::move(person));
    touch(kept, true);
    agenda_.push_back(Go{&kept, at, branch.path});
  }
  return std::nullopt;
}

/// The token stands here from now on.
void TurnRunner::stop(Verb verb, std::optional<Instant> due_at) {
  transition(verb);
  token_->due_at = due_at;
  count(CounterKind::standing, slot_of(token_->node));
  touched(*token_)->stood = ++step_;
}

/// The token stands here no longer.
void TurnRunner::depart() {
  count(CounterKind::standing, slot_of(token_->node), kNoPath, -1);
  if (token_->state == TokenState::held) count(CounterKind::held, slot_of(token_->node), kNoPath, -1);
  token_->due_at.reset();
  token_->memory.clear();
}

/// The token has come to an end on its own way: what it did last may have reached the goal.
void TurnRunner::end_by_itself(Verb verb, CounterKind counter) {
  const std::optional<Expression>& goal = journey_->journey.definition->goal;
  const bool is_asked = goal && !journey_->goal_reads.event && !token_->parent && !token_->reached_goal;
  if (is_asked && test(*goal->program, nullptr)) reach_goal(*token_);
  end(verb, counter);
}

void TurnRunner::end(Verb verb, CounterKind counter) {
  transition(verb);
  touched(*token_)->ended = ++step_;
  token_->ended_at = now_;
  token_->due_at.reset();
  token_->memory.clear();
  if (token_->parent) {
    if (TokenRecord* waiting = subject_->find_token(reader_, token_->parent)) agenda_.push_back(Together{waiting});
    return;
  }
  count(counter);
  token_->due_at = may_enter_again_at(*token_);
}

/// The node at hand could not do its work: the token stands before `at` and tries again from there later, as often as
/// the workspace's policy says.
void TurnRunner::hold(NodeIndex at, std::string reason) {
  token_->node = at;
  note(NoteKind::failure, std::move(reason));
  if (token_->attempts < std::numeric_limits<std::uint16_t>::max()) ++token_->attempts;
  token_->resume = Resume::visit;
  token_->memory.clear();
  const RetryDefinition& policy = journey_->workspace->configuration.node_retries;
  const bool is_over = token_->attempts >= policy.attempts;
  const DeliveryKey who{token_->id, token_->visits, {}};
  const std::optional<Instant> due =
      is_over ? std::nullopt : std::optional(now_ + retry_delay(policy, who, token_->attempts));
  if (token_->state == TokenState::held) {
    token_->due_at = due;
    return;
  }
  const bool was_standing = token_->state != TokenState::ready;
  stop(Verb::hold, due);
  if (was_standing) count(CounterKind::standing, slot_of(at), kNoPath, -1);
  count(CounterKind::held, slot_of(at));
}

/// Its journey is paused: what has come is kept, and done when it is resumed.
void TurnRunner::pause(Resume resume) {
  transition(Verb::hold);
  token_->resume = resume;
  token_->due_at.reset();
  count(CounterKind::held, slot_of(token_->node));
}

void TurnRunner::transition(Verb verb) {
  const std::optional<TokenState> state = after(token_->state, verb);
  if (!state) {
    throw std::logic_error("token " + std::to_string(token_->id.value) + " is " + std::string(to_text(token_->state)) +
                           " and cannot " + std::string(to_text(verb)));
  }
  token_->state = *state;
}

/// Where a token goes on that has heard in a pause, as it keeps it until the resume.
std::string TurnRunner::pack(const Advance& advance) {
  const auto path = static_cast<std::uint16_t>(advance.path);
  return {static_cast<char>(path & 0xffU), static_cast<char>(path >> 8U), static_cast<char>(advance.outcome)};
}

Advance TurnRunner::unpack_advance(std::string_view memory) {
  if (memory.size() != 3) throw std::runtime_error("the memory of a token that is held is damaged");
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(memory[i])); };
  return {PathIndex{static_cast<std::uint16_t>(byte(0) | byte(1) << 8U)}, static_cast<VisitOutcome>(byte(2))};
}

/// A held token tries again, or does what came while its journey was paused.
void TurnRunner::resume_held(TokenRecord& token) {
  if (library_.state(token.version) == JourneyState::paused) {
    token.due_at.reset();
    return;
  }
  if (!may_go_on(enrollment_of(token), nullptr, nullptr)) return;
  const NodeIndex at = token.node;
  leave_and_run(at, [&] {
    const std::string memory = token.memory;
    const Resume resume = token.resume;
    depart();
    transition(Verb::resume);
    const CompiledNode& node = journey_->journey.node(at);
    std::optional<NodeIndex> next;
    switch (resume) {
      case Resume::visit: next = at; break;
      case Resume::wake: next = go_on_with(at, node.node->wake(*this)); break;
      case Resume::hear: next = go_on_with(at, unpack_advance(memory)); break;
      case Resume::join: next = go_on(at, Advance{}); break;
    }
    return next;
  });
}

/// The time has come that a token waited for, or until which it listened.
void TurnRunner::wake_standing(TokenRecord& token) {
  if (library_.state(token.version) == JourneyState::paused) {
    pause(Resume::wake);
    return flush();
  }
  if (!may_go_on(enrollment_of(token), nullptr, nullptr)) return;
  const NodeIndex at = token.node;
  leave_and_run(at, [&] {
    const Step step = journey_->journey.node(at).node->wake(*this);
    depart();
    transition(Verb::wake);
    return go_on_with(at, step);
  });
}

/// What a token listened for has come, and its node says what then.
void TurnRunner::hear_with(TokenRecord& token, const Step& step) {
  if (library_.state(token.version) == JourneyState::paused) {
    const auto* advance = std::get_if<Advance>(&step);
    pause(Resume::hear);
    token.memory = pack(advance ? *advance : Advance{kNoPath, VisitOutcome::heard});
    return flush();
  }
  const NodeIndex at = token.node;
  leave_and_run(at, [&] {
    depart();
    transition(Verb::hear);
    return go_on_with(at, step);
  });
}

void TurnRunner::flush() {
  if (!run_.visits.empty()) changes_->runs.push_back(std::move(run_));
  run_ = RunRecord{token_->id, token_->visits, now_, {}};
  for (const auto& [key, by] : counted_) {
    changes_->count(key, by);
    tally_.add(key, by);
  }
  counted_.clear();
}

void TurnRunner::count(CounterKind kind, std::uint16_t slot, PathIndex path, std::int64_t by) {
  counted_.push_back({CounterKey{journey_->record.id, kind, slot, path}, by});
}

void TurnRunner::note(NoteKind kind, std::string text) {
  note_for(token_, at_, kind, std::move(text));
}

void TurnRunner::note_for(const TokenRecord* token, NodeIndex node, NoteKind kind, std::string text) {
  changes_->notes.push_back({subject_->account.id, now_, kind, token ? token->id : TokenId{}, node, std::move(text)});
}

}  // namespace caravan
