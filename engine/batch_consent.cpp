// What people want of mails: what events and mail servers say of it, and what is kept of an address when its person is
// removed. Whoever comes by that address has it with the very input that gives them the address.

#include "engine/batch.hpp"
#include "journeys/events.hpp"

namespace caravan {

/// What somebody has said of mails, or what has come of one: in all of their accounts.
void BatchRunner::set_consent(Subject& primary, PersonId person, AttributeMap attributes, Changes& changes) {
  if (attributes.empty()) return;
  const auto wants_mails = [](const auto& each) {
    const bool* unsubscribed = each.first == kUnsubscribed ? std::get_if<bool>(&each.second.value) : nullptr;
    return unsubscribed && !*unsubscribed;
  };
  // Whatever is known of this one: somebody else of the address may have left what is kept.
  if (!kept_consent_.empty() && std::any_of(attributes.begin(), attributes.end(), wants_mails))
    kept_consent_.wants_mails(primary.find_person(reader_, person)->attributes, changes);
  const std::string key = primary.find_person(reader_, person)->key;
  update_person(primary, person, {key, {}, std::move(attributes)}, changes);
  spread(changes);
}

/// A mail server has said that it knows no such receiver. Nothing where the person is not there any more.
void BatchRunner::mark_undeliverable(const DeliveryProgress& bounced, Changes& changes) {
  const std::optional<DeliveryRecord> delivery = reader_.delivery(bounced.key);
  Subject* subject = delivery ? subjects_.find(bounced.account) : nullptr;
  if (!subject || bounced.key.recipient.value <= 0) return;
  const PersonId person{bounced.key.recipient.value};
  const PersonRecord* found = subject->find_person(reader_, person);
  if (!found) return;
  Subject& primary = *subjects_.find(found->account);
  make_ready(primary, changes);  // what runs may change what is known of people
  const PersonRecord* known = primary.find_person(reader_, person);
  if (known) set_consent(primary, person, said_of_address(delivery->address, *known, names_), changes);
}

/// An event that says something of mails has come for a person, to whom it happened at `at`.
void BatchRunner::say_of_mails(Subject& primary, PersonId person, const TellEvent& input, Instant at,
                               Changes& changes) {
  make_ready(primary, changes);
  const PersonRecord& known = *primary.find_person(reader_, person);
  const auto told_before = [&] { return std::span<const ActivityRecord>(primary.activity(reader_)); };
  AttributeMap said = said_of_mails(input.type, {at, now_}, input.properties, known, told_before, names_);
  // What is told late of the time before somebody of the address was removed has been said otherwise since.
  if (!kept_consent_.empty() && kept_consent_.is_newer(known.attributes, said, at)) return;
  set_consent(primary, person, std::move(said), changes);
}

AttributeMap BatchRunner::hold_against_kept(const Attributes& before, const Attributes& after, Changes& changes) {
  if (kept_consent_.empty()) return {};
  if (email_of(before, names_) != email_of(after, names_)) return kept_consent_.due_to(after);
  kept_consent_.follow(before, after, changes);
  return {};
}

/// Turns set attributes one by one: the address and what is wanted of it are looked at when the turn is over.
void BatchRunner::remember_set(Subject& subject, std::span<const std::pair<PersonId, AttributeChange>> set) {
  if (kept_consent_.empty()) return;
  std::set<PersonId> people;
  for (const auto& [id, change] : set)
    people.insert(id);
  for (const PersonId id : people) {
    const PersonRecord* person = subject.find_person(reader_, id);
    if (!person) continue;
    Attributes before = person->attributes;
    for (auto each = set.rbegin(); each != set.rend(); ++each) {
      if (each->first == id) before = before.with(std::array{std::pair{each->second.attribute, each->second.before}});
    }
    set_by_turns_.push_back({id, person->account, std::move(before), person->attributes});
  }
}

/// Does so for what the oldest of the turns has set; false when there is none.
bool BatchRunner::hold_turn_against_kept(Changes& changes) {
  if (set_by_turns_.empty()) return false;
  const SetByTurn set = std::move(set_by_turns_.front());
  set_by_turns_.pop_front();
  if (hold_against_kept(set.before, set.after, changes).empty()) return true;
  Subject* primary = subjects_.find(set.primary);
  const PersonRecord* known = primary ? primary->find_person(reader_, set.person) : nullptr;
  // As they are by now: others may have been set since.
  if (known) update_person(*primary, set.person, {known->key, {}, kept_consent_.due_to(known->attributes)}, changes);
  return true;
}

InputResult BatchRunner::take(const SuppressAddress& input, Changes& changes) {
  constexpr std::size_t bytes_of_hash = 32;
  if (input.hash.size() != bytes_of_hash)
    return refuse(Refusal::invalid, "an address that is suppressed is given as the 32 bytes of its SHA-256");
  names_.id_of(kUnsubscribed);  // whoever comes by the address has it
  return {.created = kept_consent_.set_unsubscribed(input.hash, input.suppressed, now_, changes)};
}

}  // namespace caravan
