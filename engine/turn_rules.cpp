// Who enters and who leaves: audiences, entry and re-entry, the exit and the goal of a journey, people who are gone,
// what somebody takes out.

#include "engine/turn.hpp"

namespace caravan {
namespace {

bool is_under_way(const TokenRecord& token) {
  return !token.parent && !is_final(token.state);
}

constexpr std::string_view kAborted = "the journey was aborted";

std::string not_live(JourneyState state) {
  switch (state) {
    case JourneyState::paused: return "the journey is paused";
    case JourneyState::closed: return "the journey is closed to new entries";
    case JourneyState::finished: return "the journey has finished";
    case JourneyState::aborted: return "the journey was aborted";
    case JourneyState::live: break;
  }
  return {};
}

WhyNot conflict(std::string sentence) {
  return {Refusal::conflict, std::move(sentence)};
}

}  // namespace

TokenRecord& TurnRunner::enrollment_of(TokenRecord& token) {
  if (!token.parent) return token;
  TokenRecord* enrollment = subject_->find_token(reader_, token.parent);
  return enrollment ? *enrollment : token;
}

// Entry

WhyNot TurnRunner::try_enter(const LiveJourney& journey, PersonId person) {
  WhyNot refusal = why_not(journey, person);
  if (!refusal.empty()) return refusal;
  std::uint32_t entry = 1;
  for (const TokenRecord& token : subject_->tokens(reader_)) {
    const bool is_earlier =
        !token.parent && token.person == person && library_.same_journey(token.version, journey.journey->record.id);
    if (is_earlier) entry = std::max(entry, token.entry + 1);
  }
  open_enrollment(journey, person, entry);
  return {};
}

/// Why the subject may not enter now; empty when it may.
WhyNot TurnRunner::why_not(const LiveJourney& journey, PersonId person) {
  const JourneyDefinition& definition = journey.definition();
  if (std::string closed = not_live(journey.state); !closed.empty()) return conflict(std::move(closed));
  if (definition.from && now_ < *definition.from) return conflict("nobody enters before " + to_text(*definition.from));
  if (definition.to && now_ >= *definition.to)
    return conflict("nobody enters any more since " + to_text(*definition.to));
  if (definition.subject == JourneySubject::person && !person)
    return {Refusal::invalid, "this journey is for people: name a person"};
  if (definition.subject == JourneySubject::account && is_stand_in(subject_->account))
    return conflict("this journey is for accounts, and the person has none");
  if (person && !subject_->find_person(reader_, person)) return {Refusal::unknown, std::string(kIsGone)};
  const TokenRecord* last = nullptr;
  for (const TokenRecord& token : subject_->tokens(reader_)) {
    if (token.parent || token.person != person) continue;
    if (!library_.same_journey(token.version, journey.journey->record.id)) continue;
    if (!is_final(token.state)) return conflict("is in the journey already");
    if (!last || token.entry >= last->entry) last = &token;
  }
  if (!last) return {};
  if (!definition.re_enter) return conflict("has been in the journey, and it lets nobody enter twice");
  if (const Touched* known = touched(*last); known && known->made)
    return conflict("has entered the journey by this already, and would go round in a circle");
  if (definition.re_enter->limit && last->entry >= *definition.re_enter->limit)
    return conflict("has been in the journey " + std::to_string(last->entry) + " times, which is its limit");
  look_at(*journey.journey, last);
  const bool from_exit = definition.re_enter->counted_from == ReEntry::From::exit;
  const Instant since = from_exit ? last->ended_at.value_or(last->entered_at) : last->entered_at;
  const Instant again = add(since, definition.re_enter->after, facts_.timezone());
  return now_ < again ? conflict("may enter the journey again at " + to_text(again)) : WhyNot();
}

void TurnRunner::open_enrollment(const LiveJourney& journey, PersonId person, std::uint32_t entry) {
  TokenRecord token;
  token.id = TokenId{++numbering_.token.value};
  token.version = journey.journey->record.id;
  token.account = subject_->account.id;
  // Of a journey for accounts, whoever gave the reason to enter is not the one who goes through it.
  token.person = journey.definition().subject == JourneySubject::person ? person : PersonId{};
  token.entry = entry;
  token.entered_at = now_;
  for (TokenRecord& earlier : subject_->tokens(reader_)) {
    // Whoever is in again need not be woken to enter again.
    const bool wakes = !earlier.parent && earlier.person == token.person && is_final(earlier.state) && earlier.due_at;
    if (!wakes || !library_.same_journey(earlier.version, token.version)) continue;
    earlier.due_at.reset();
    touch(earlier);
  }
  TokenRecord& kept = subject_->tokens(reader_).emplace_back(std::move(token));
  touch(kept, true);
  const CounterKey entered{kept.version, CounterKind::entered, 0, kNoPath};
  changes_->count(entered, 1);
  tally_.add(entered, 1);
  agenda_.push_back(Go{&kept, journey.journey->journey.nodes.empty() ? kNoNode : NodeIndex{0}, kNoPath});
}

/// When the subject of an enrollment that ends now may enter again by its audience, if ever: time will look again then.
std::optional<Instant> TurnRunner::may_enter_again_at(const TokenRecord& token) {
  const JourneyDefinition& definition = *journey_->journey.definition;
  const bool is_drawn = !definition.audience.empty() && definition.evaluate == Evaluate::continuously;
  if (!definition.re_enter || !is_drawn) return std::nullopt;
  if (definition.re_enter->limit && token.entry >= *definition.re_enter->limit) return std::nullopt;
  const bool from_exit = definition.re_enter->counted_from == ReEntry::From::exit;
  const Instant again = add(from_exit ? now_ : token.entered_at, definition.re_enter->after, facts_.timezone());
  return std::max(again, now_ + std::chrono::milliseconds(1));
}

/// The time has come at which the subject of an ended enrollment may enter again.
bool TurnRunner::enter_again(TokenRecord& token) {
  token.due_at.reset();
  touch(token);
  const LiveJourney* live = plan_.find(library_.journey_of(token.version));
  const bool is_drawn =
      live && !live->definition().audience.empty() && live->definition().evaluate == Evaluate::continuously;
  if (is_drawn && is_in_audience(names_.id_of(live->definition().audience))) try_enter(*live, token.person);
  return true;
}

void TurnRunner::do_one(Enter& enter) {
  const LiveJourney* journey = plan_.find(enter.journey);
  const auto refuse = [&](const std::string& why) {
    note_for(nullptr, kNoNode, NoteKind::refused, "does not enter " + enter.journey + ": " + why);
  };
  if (!journey) {
    const std::optional<JourneyState> state = library_.state(enter.journey);
    if (!state) return refuse("no such journey is published");
    const std::string why = not_live(*state);
    return refuse(why.empty() ? library_.fault_of(enter.journey) : why);
  }
  if (journey->definition().subject == JourneySubject::account || enter.person) {
    const bool for_account = journey->definition().subject == JourneySubject::account;
    if (WhyNot why = try_enter(*journey, for_account ? PersonId{} : enter.person); !why.empty()) refuse(why.sentence);
    return;
  }
  std::vector<std::pair<PersonId, std::string>> people;
  for (const PersonRecord& person : subject_->people(reader_)) {
    if (person.account == subject_->account.id) people.emplace_back(person.id, person.key);
  }
  for (const auto& [person, key] : people) {
    const WhyNot why = try_enter(*journey, person);
    if (!why.empty())
      note_for(nullptr, kNoNode, NoteKind::refused, key + " does not enter " + enter.journey + ": " + why.sentence);
  }
}

/// Each of the account's people enters a journey for people that draws from an audience, as far as they may.
void TurnRunner::enter_everybody(const LiveJourney& journey) {
  std::vector<PersonId> people;
  for (const PersonRecord& person : subject_->people(reader_)) {
    // Whoever belongs to several accounts goes their way once.
    if (person.account == subject_->account.id) people.push_back(person.id);
  }
  for (const PersonId person : people)
    try_enter(journey, person);
}

// Audiences

bool TurnRunner::evaluate_audience(const AudiencePlan& plan) {
  evaluation_.reset();
  person_ = nullptr;
  look_at(*plan.workspace);
  FactsActivation activation(facts_);
  const cel::Value in = plan.when->evaluate(activation, evaluation_);
  if (in.is_error()) {
    changes_->count({plan.counted_for, CounterKind::expression_errors, static_cast<std::uint16_t>(kNoNode), kNoPath});
  }
  return in.is_true();
}

bool TurnRunner::is_in_audience(NameId audience) {
  const std::vector<AudienceMemberRecord>& audiences = subject_->audiences(reader_);
  return std::any_of(audiences.begin(), audiences.end(), [&](const auto& each) { return each.audience == audience; });
}

/// Keeps whether the account is in the audience. True when it has just come in.
bool TurnRunner::set_membership(const AudiencePlan& plan, bool in) {
  std::vector<AudienceMemberRecord>& audiences = subject_->audiences(reader_);
  const auto place = std::lower_bound(audiences.begin(), audiences.end(), plan.name,
                                      [](const auto& each, NameId name) { return each.audience < name; });
  const bool was_in = place != audiences.end() && place->audience == plan.name;
  if (was_in == in) return false;
  const AudienceMemberRecord record{subject_->account.id, plan.name, now_, in};
  changes_->audience_members.push_back(record);
  const AttributeInput name{std::string(names_.text_of(plan.name))};
  if (in) {
    audiences.insert(place, record);
    raise_event("audience.entered", {{"audience", name}}, {});
    return true;
  }
  audiences.erase(place);
  raise_event("audience.left", {{"audience", name}}, {});
  for (TokenRecord& token : subject_->tokens(reader_)) {
    if (!is_under_way(token) || !begin(token)) continue;
    const JourneyDefinition& definition = *journey_->journey.definition;
    if (definition.leave_with_audience && definition.audience == std::get<std::string>(name.value))
      take_out(token, "left the audience " + definition.audience);
  }
  return false;
}

/// The account is in the audience: it enters the journeys that draw from it. `came_in`: just now. `swept` is the
/// journey for which the audience is being gone through, if so.
void TurnRunner::enter_from(const AudiencePlan& plan, bool came_in, const LiveJourney* swept) {
  for (const LiveJourney& journey : plan_.journeys()) {
    const JourneyDefinition& definition = journey.definition();
    if (definition.audience.empty() || names_.id_of(definition.audience) != plan.name) continue;
    const bool is_drawn = definition.evaluate == Evaluate::continuously && (came_in || !swept);
    if (!is_drawn && (!swept || swept->journey != journey.journey)) continue;
    if (definition.subject == JourneySubject::account) {
      try_enter(journey, {});
    } else {
      enter_everybody(journey);
    }
  }
}

/// Buying groups come before entries, so that a journey finds them as they must be.
void TurnRunner::consider(const SubjectChange& change) {
  if (is_stand_in(subject_->account)) return;
  std::vector<std::pair<const AudiencePlan*, bool>> in;  // and whether it has just come in
  for (const AudiencePlan& plan : plan_.audiences()) {
    if (may_matter(change, plan.reads)) {
      const bool is_in = evaluate_audience(plan);
      const bool came_in = set_membership(plan, is_in);
      if (is_in) in.emplace_back(&plan, came_in);
    } else if (change.people && is_in_audience(plan.name)) {
      // New people of an account that is in the audience enter the journeys for people.
      in.emplace_back(&plan, false);
    }
  }
  for (const InterestPlan& plan : plan_.interests())
    consider_group(plan, change);
  for (const auto& [plan, came_in] : in)
    enter_from(*plan, came_in, nullptr);
}

// Exit and goal

void TurnRunner::do_one(Changed& changed) {
  facts_.changed();
  if (changed.change.everything) take_out_who_is_gone();
  for (TokenRecord& token : subject_->tokens(reader_)) {
    if (!is_under_way(token)) continue;
    std::shared_ptr<const RunnableJourney> journey;
    try {
      journey = library_.version(token.version);
    } catch (const StoreUnavailable&) {
      throw;
    } catch (const std::runtime_error&) {
      continue;
    }
    const JourneyDefinition& definition = *journey->journey.definition;
    if (!definition.exit_when && !definition.goal) continue;
    if (begin(token)) may_go_on(token, nullptr, &changed.change);
  }
  if (!changed.leaves_audiences) consider(changed.change);
}

/// People who went while nothing ran are in nothing any more.
void TurnRunner::take_out_who_is_gone() {
  for (TokenRecord& token : subject_->tokens(reader_)) {
    const bool is_gone = token.person && !is_final(token.state) && !subject_->find_person(reader_, token.person);
    if (is_gone && begin(token)) take_out(token, std::string(kIsGone));
  }
}

/// Looks at the goal and the exit of an enrollment; false when it has left by one of them, because its
/// journey was aborted, or before. Rules that read the event are asked when there is one. `change`: only rules that it
/// may matter to are asked; null: all.
bool TurnRunner::may_go_on(TokenRecord& enrollment, const Event* event, const SubjectChange* change) {
  const JourneyDefinition& definition = *journey_->journey.definition;
  if (!is_final(enrollment.state) && library_.state(enrollment.version) == JourneyState::aborted) {
    take_out(enrollment, std::string(kAborted));
    return false;
  }
  const auto is_asked = [&](const std::optional<Expression>& rule, const Dependencies& reads) {
    if (!rule || reads.event != (event != nullptr)) return false;
    return event || !change || may_matter(*change, reads);
  };
  const bool asks_goal = !enrollment.reached_goal && is_asked(definition.goal, journey_->goal_reads);
  const bool asks_exit = !is_final(enrollment.state) && is_asked(definition.exit_when, journey_->exit_reads);
  if (!asks_goal && !asks_exit) return !is_final(enrollment.state);
  const PersonRecord* person = person_;
  if (event && event->person) person_ = subject_->find_person(reader_, event->person);
  facts_.event(event);
  const bool is_reached = asks_goal && test(*definition.goal->program, person_);
  const bool is_over = asks_exit && test(*definition.exit_when->program, person_);
  facts_.event(nullptr);
  person_ = person;
  if (is_reached) reach_goal(enrollment);
  flush();
  if (is_over) take_out(enrollment, "exit_when: " + definition.exit_when->text);
  if (is_reached && definition.goal_exits && !is_over) take_out(enrollment, "goal: " + definition.goal->text);
  return !is_final(enrollment.state);
}

void TurnRunner::reach_goal(TokenRecord& enrollment) {
  enrollment.reached_goal = true;
  touch(enrollment);
  count(CounterKind::reached_goal);
  note_for(&enrollment, at_, NoteKind::reached_goal, journey_->journey.definition->goal->text);
}

/// A token ends before its time, and with an enrollment all of its people's.
void TurnRunner::take_out(TokenRecord& token, const std::string& why) {
  if (is_final(token.state)) return;
  note_for(&token, token.node, NoteKind::taken_out, why);
  if (!token.parent) {
    for (TokenRecord& each : subject_->tokens(reader_)) {
      if (each.parent == token.id && !is_final(each.state) && begin(each)) leave_at_once(each);
    }
  }
  if (begin(token)) leave_at_once(token);
}

void TurnRunner::leave_at_once(TokenRecord& token) {
  if (token.state != TokenState::ready) depart();
  end(Verb::leave, CounterKind::left);
  touch(token);
  flush();
}

std::string TurnRunner::why_taken_out(const TaskRecord& task) {
  return task.kind == TaskKind::abort ? std::string(kAborted) : "taken out by hand";
}

/// Takes an enrollment out whose version's texts do not check any more, so that nothing can be asked of its journey.
bool TurnRunner::take_out_unread(TokenRecord& enrollment, const TaskRecord& task) {
  const bool takes_out = task.kind == TaskKind::abort || task.kind == TaskKind::remove;
  if (!takes_out || !task.node.empty() || enrollment.parent) return false;
  for (TokenRecord& token : subject_->tokens(reader_)) {
    if ((token.id != enrollment.id && token.parent != enrollment.id) || is_final(token.state)) continue;
    const auto count_here = [&](CounterKind kind, std::uint16_t slot, std::int64_t by) {
      const CounterKey key{token.version, kind, slot, kNoPath};
      changes_->count(key, by);
      tally_.add(key, by);
    };
    const auto slot = static_cast<std::uint16_t>(token.node);
    note_for(&token, token.node, NoteKind::taken_out, why_taken_out(task));
    count_here(CounterKind::standing, slot, -1);
    if (token.state == TokenState::held) count_here(CounterKind::held, slot, -1);
    if (!token.parent) count_here(CounterKind::left, 0, 1);
    token.state = after(token.state, Verb::leave).value();
    token.ended_at = now_;
    token.due_at.reset();
    token.memory.clear();
    touch(token);
  }
  return true;
}

void TurnRunner::do_one(LeaveJourney& leave) {
  for (TokenRecord& token : subject_->tokens(reader_)) {
    if (!is_under_way(token) || !begin(token)) continue;
    const bool is_meant =
        journey_->journey.name == leave.journey && (!leave.person || !token.person || token.person == leave.person);
    if (is_meant) take_out(token, leave.why);
  }
}

}  // namespace caravan
