// What happens when something has happened: it is kept, exits and goals are looked at, listeners hear it, journeys are
// entered by it. An event that the engine raises itself takes the same way, once the run that raised it has stopped.

#include "engine/turn.hpp"

namespace caravan {

/// Puts an event that nobody outside has told on the agenda, when anything could come of it.
void TurnRunner::raise_event(std::string_view type, AttributeMap properties, PersonId person) {
  const NameId name = names_.id_of(type);
  // A moment is a fact of its own, whoever reads it.
  if (!plan_.is_wanted(name) && type != "interesting_moment") return;
  if (++raised_ > kMostEventsPerTurn) {
    if (raised_ == kMostEventsPerTurn + 1) {
      note_for(token_, at_, NoteKind::refused,
               "more than " + std::to_string(kMostEventsPerTurn) +
                   " events came of one: journeys answer each other's in a circle, and the rest was dropped");
    }
    return;
  }
  std::vector<std::pair<NameId, AttributeInput>> named;
  for (auto& [key, value] : properties)
    named.emplace_back(names_.id_of(key), std::move(value));
  agenda_.push_back(Heard{{name, now_, person, {}, Attributes().with(named)}, ++step_, false});
}

void TurnRunner::raise_changed(const AttributeChange& change, PersonId person) {
  AttributeMap properties = {{"attribute", {std::string(names_.text_of(change.attribute))}}};
  if (!std::holds_alternative<std::monostate>(change.before.value)) properties.push_back({"old", change.before});
  if (!std::holds_alternative<std::monostate>(change.after.value)) properties.push_back({"new", change.after});
  raise_event(person ? "person.changed" : "account.changed", std::move(properties), person);
}

void TurnRunner::do_one(Heard& heard) {
  const Event& event = heard.event;
  const bool is_kept =
      heard.from_outside || plan_.is_read(event.type) || names_.text_of(event.type) == "interesting_moment";
  if (is_kept) keep(event);
  if (plan_.is_heard(event.type)) {
    // Goals and exits are about who was under way, wherever; a listen about who stood there: those who came to stand
    // somewhere by what this event has done do not hear it, and whoever leaves by it neither.
    std::vector<TokenRecord*> under_way;
    std::vector<TokenRecord*> standing;
    for (TokenRecord& token : subject_->tokens(reader_)) {
      // A person's own way is theirs: it hears of them, and of the account as a whole.
      if (token.person && event.person && token.person != event.person) continue;
      if (!token.parent && was_under_way(token, heard.step)) under_way.push_back(&token);
      const Touched* known = touched(token);
      if (token.state == TokenState::listening && (!known || known->stood < heard.step)) standing.push_back(&token);
    }
    for (TokenRecord* token : under_way) {
      if (begin(*token)) may_go_on(*token, &event, nullptr);
    }
    for (TokenRecord* token : standing) {
      if (token->state == TokenState::listening) hear(*token, event);
    }
    for (const LiveJourney& journey : plan_.journeys())
      enter_by(journey, event);
  }
  if (is_kept) agenda_.push_back(Changed{{.activity = names_.text_of(event.type)}});
}

/// Whether the enrollment had begun and not ended at that step of the turn.
bool TurnRunner::was_under_way(const TokenRecord& enrollment, std::uint64_t step) {
  const Touched* known = touched(enrollment);
  if (known && known->made > step) return false;
  return !is_final(enrollment.state) || (known && known->ended > step);
}

/// In a store that is only filled nobody knows what counts for engagement, and a round may come to know it.
bool TurnRunner::may_count(NameId type) const {
  if (!plan_.definitions()) return true;
  const std::optional<EngagementPlan>& engagement = plan_.definitions()->engagement;
  return engagement && engagement->weight(type) > 0;
}

/// Keeps the event for activity(); beyond what an account may have, the oldest are forgotten a tenth at a time.
void TurnRunner::keep(const Event& event) {
  ActivityRecord record{subject_->account.id, ++numbering_.activity, event.at, event.person, event.type, event.id,
                        event.properties};
  subject_->add_activity(record, reader_);
  changes_->activity.push_back(std::move(record));
  if (event.person && may_count(event.type)) changes_->engagement_due.push_back({subject_->account.id, now_});
  const std::int64_t most = plan_.limits().activity_per_account;
  if (subject_->activity_count(reader_) <= most) return;
  if (const std::int64_t last = subject_->forget_activity(most - most / 10, reader_); last > 0) {
    changes_->forgotten_activity.emplace_back(subject_->account.id, last);
    // Some of them may have counted.
    changes_->engagement_due.push_back({subject_->account.id, now_});
  }
}

void TurnRunner::hear(TokenRecord& token, const Event& event) {
  if (!begin(token) || token.node == kNoNode) return;
  const Node& node = *journey_->journey.node(token.node).node;
  const std::span<const NameId> types = node.hears();
  if (std::find(types.begin(), types.end(), event.type) == types.end()) return;
  const PersonRecord* person = person_;
  if (event.person) person_ = subject_->find_person(reader_, event.person);
  facts_.event(&event);
  std::optional<Step> step;
  guarded(token.node, [&] { step = node.hear(*this, event, token.memory); });
  facts_.event(nullptr);
  person_ = person;
  if (step && token.state == TokenState::listening && may_go_on(enrollment_of(token), nullptr, nullptr) && begin(token))
    hear_with(token, *step);
}

void TurnRunner::enter_by(const LiveJourney& journey, const Event& event) {
  const std::optional<EventEntry>& entry = journey.definition().event;
  if (!entry || names_.id_of(entry->type) != event.type || journey.state != JourneyState::live) return;
  const bool for_person = journey.definition().subject == JourneySubject::person;
  if (for_person && !event.person) return;
  // Whoever belongs to several accounts goes their way once: in their primary one.
  const PersonRecord* whose = event.person ? subject_->find_person(reader_, event.person) : nullptr;
  if (for_person && (!whose || whose->account != subject_->account.id)) return;
  if (!for_person && is_stand_in(subject_->account)) return;
  if (entry->where) {
    evaluation_.reset();
    running_ = journey.journey;
    journey_ = running_.get();
    token_ = nullptr;
    person_ = event.person ? subject_->find_person(reader_, event.person) : nullptr;
    at_ = kNoNode;
    look_at(*journey.journey, nullptr, &event);
    const bool holds = test(*entry->where->program, person_);
    for (const auto& [key, by] : std::exchange(counted_, {}))
      changes_->count(key, by);
    facts_.event(nullptr);
    if (!holds) return;
  }
  try_enter(journey, for_person ? event.person : PersonId{});
}

/// A webhook that the token called has ended.
void TurnRunner::answer(TokenRecord& token, const DeliveryProgress& progress) {
  if (!begin(token)) return;
  const bool stands_there = token.state == TokenState::listening && token.visits == progress.key.visit + 1;
  if (!stands_there && token.version != progress.version) {
    // It has moved to another version since: the node that called is one of the version that promised the call.
    running_ = library_.version(progress.version);
    journey_ = running_.get();
    look_at(*journey_, &enrollment_of(token));
  }
  const NodeIndex at = stands_there ? token.node : node_of_visit(token, progress.key.visit);
  if (at == kNoNode || static_cast<std::size_t>(at) >= journey_->journey.nodes.size()) return;
  at_ = at;
  const Answer answer = progress.answer.value_or(Answer{});
  std::optional<Step> step;
  guarded(at, [&] { step = journey_->journey.node(at).node->answered(*this, progress.state, answer); });
  if (step && stands_there && token.state == TokenState::listening &&
      may_go_on(enrollment_of(token), nullptr, nullptr) && begin(token)) {
    hear_with(token, *step);
  }
}

/// The node of an earlier visit, from the token's history; kNoNode when it is in none that is on the disk.
NodeIndex TurnRunner::node_of_visit(const TokenRecord& token, std::uint32_t visit) {
  std::vector<RunRecord> runs;
  reader_.runs_of(token.id, runs);
  for (const RunRecord& run : runs) {
    if (visit >= run.first_visit && visit - run.first_visit < run.visits.size())
      return run.visits[visit - run.first_visit].node;
  }
  return kNoNode;
}

}  // namespace caravan
