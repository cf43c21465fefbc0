// Accounts and events from outside. Each input first brings its subject to where it must stand at this time, so
// that what comes of it does not depend on which batch it happens to be in.

#include "engine/attribute_values.hpp"
#include "engine/batch.hpp"
#include "engine/event_faults.hpp"

namespace caravan {

std::string BatchRunner::fault_of_key(std::string_view key, std::string_view whose) {
  constexpr std::size_t longest = 256;
  const std::string start = "the key of the " + std::string(whose);
  if (key.empty()) return start + " is empty";
  if (key.size() > longest) return start + " is longer than " + std::to_string(longest) + " bytes";
  if (key.front() == kStandInMark) return start + " begins with ~, which the engine keeps for itself";
  return {};
}

InputResult BatchRunner::apply(const Input& input, Changes& changes) {
  ++turns_;
  try {
    InputResult result = std::visit([&](const auto& each) { return take(each, changes); }, input);
    spread(changes);
    return result;
  } catch (const StoreError&) {
    throw;
  } catch (const std::length_error& error) {
    return refuse(Refusal::invalid, error.what());  // a value that cannot be kept
  } catch (const std::exception& error) {
    return refuse(Refusal::unavailable, error.what());
  }
}

std::vector<std::pair<NameId, AttributeInput>> BatchRunner::named(const AttributeMap& attributes) {
  std::vector<std::pair<NameId, AttributeInput>> named;
  named.reserve(attributes.size());
  for (const auto& [name, value] : attributes)
    named.emplace_back(names_.id_of(name), value);
  return named;
}

std::size_t BatchRunner::make_ready(Subject& subject, Changes& changes) {
  if (settings_.mode != Mode::all || !runner_.is_behind(subject, now_)) return 0;
  // What has come for it came before what is due now: it was ready then.
  if (!marks_worked_off_) look_later(subject, {.everything = true}, changes);
  look_at_what_came(subject, changes);
  return runner_.catch_up(subject, now_, changes);
}

void BatchRunner::make_current(Subject& subject, Changes& changes) {
  make_ready(subject, changes);
  // A mark from before the start, or a sweep that has not come to it: nobody knows what is to be looked at.
  const bool is_unknown = !marks_worked_off_ || sweeps_.is_to_come(subject.account.id);
  if (settings_.mode == Mode::all && is_unknown) look_later(subject, {.everything = true}, changes);
  look_at_what_came(subject, changes);
}

void BatchRunner::look_at_what_came(Subject& subject, Changes& changes) {
  const auto pending = pending_.find(subject.account.id);
  if (pending == pending_.end()) return;
  const Pending taken = std::move(pending->second);
  pending_.erase(pending);
  if (taken.is_marked) {
    subject.mark = Subject::Mark::cleared;
    changes.to_evaluate.emplace_back(subject.account.id, false);
  }
  runner_.look_again(subject, taken.change, now_, changes);
}

/// In a store that is only filled, accounts that no sweep has come to yet need no mark: their sweep is still to come.
/// They do when they are under way: exits depend on what they are, and people's tokens on who is there.
void BatchRunner::look_later(Subject& subject, SubjectChange change, Changes& changes) {
  if (is_running()) return merge(pending_[subject.account.id].change, change);
  if (subject.mark == Subject::Mark::set) return;
  if (subject.account.id >= sweeps_.swept_below() && !is_under_way(subject)) return;
  subject.mark = Subject::Mark::set;
  changes.to_evaluate.emplace_back(subject.account.id, true);
}

bool BatchRunner::is_under_way(Subject& subject) {
  if (runner_.tally().versions_under_way().empty()) return false;
  const std::list<TokenRecord>& tokens = subject.tokens(reader_);
  return std::any_of(tokens.begin(), tokens.end(), [](const TokenRecord& each) { return !is_final(each.state); });
}

InputResult BatchRunner::take(const UpsertAccount& input, Changes& changes) {
  if (std::string fault = fault_of_key(input.key, "account"); !fault.empty())
    return refuse(Refusal::invalid, std::move(fault));
  Subject* subject = subjects_.find(input.key);
  if (!subject) {
    AccountRecord record{AccountId{numbering_.account.value + 1}, input.key,
                         Attributes().with(named(input.attributes))};
    ++numbering_.account.value;
    changes.accounts.push_back({record, true});
    subject = &subjects_.create(std::move(record));
    look_later(*subject, {.everything = true}, changes);
    return {.created = true};
  }
  make_ready(*subject, changes);
  Attributes merged = subject->account.attributes.with(named(input.attributes));
  if (merged == subject->account.attributes) return {};
  const Attributes before = std::exchange(subject->account.attributes, std::move(merged));
  changes.accounts.push_back({subject->account, false});
  SubjectChange change;
  if (is_running())
    change = runner_.changed(*subject, {}, changes_between(before, subject->account.attributes), now_, changes);
  look_later(*subject, std::move(change), changes);
  return {};
}

InputResult BatchRunner::take(const TellEvent& input, Changes& changes) {
  if (std::string fault = fault_of_type(input.type); !fault.empty()) return refuse(Refusal::invalid, std::move(fault));
  Subject* subject = nullptr;
  Subject* primary = nullptr;    // of the person
  std::vector<Subject*> others;  // that the person belongs to beside
  PersonId person;
  if (!input.person.empty()) {
    const std::optional<Subjects::PersonPlace> place = subjects_.find_person(input.person);
    if (!place) return refuse(Refusal::unknown, "there is no person \"" + input.person + "\"");
    person = place->person;
    subject = primary = subjects_.find(place->account);
    for (const AccountId account : subjects_.other_accounts_of(person))
      others.push_back(subjects_.find(account));
    const auto is_named = [&](const Subject* each) { return each->account.key == input.account; };
    if (!input.account.empty() && !is_named(subject) && std::none_of(others.begin(), others.end(), is_named))
      return refuse(Refusal::conflict,
                    "the person \"" + input.person + "\" does not belong to the account \"" + input.account + "\"");
  } else if (!input.account.empty()) {
    subject = input.account.front() == kStandInMark ? nullptr : subjects_.find(input.account);
    if (!subject) return refuse(Refusal::unknown, "there is no account \"" + input.account + "\"");
  } else {
    return refuse(Refusal::invalid, std::string(kNobodysEvent));
  }
  others.insert(others.begin(), subject);
  // Each account takes an id once; a person may belong to some of them since it came first.
  if (!input.id.empty()) std::erase_if(others, [&](Subject* each) { return each->has_activity(input.id, reader_); });
  if (others.empty()) return {.duplicate = true};
  Event event{names_.id_of(input.type), std::min(input.at.value_or(now_), now_), person, input.id,
              Attributes().with(named(input.properties))};
  const auto most = static_cast<std::size_t>(runner_.plan().limits().event_bytes);
  const std::size_t size = event.properties.bytes().size() + input.id.size();
  if (size > most)
    return refuse(Refusal::invalid, "the event takes " + std::to_string(size) + " bytes, and at most " +
                                        std::to_string(most) + " are allowed (limits: event_bytes)");
  // What their own account has heard already is not said again, though another hears it for the first time.
  const bool is_said = primary && std::find(others.begin(), others.end(), primary) != others.end();
  // In all of their accounts, before any of them hears of it: what hears it may send mails.
  if (is_said && speaks_of_mails(input.type)) say_of_mails(*primary, person, input, event.at, changes);
  for (Subject* each : others) {
    if (is_running()) {
      make_current(*each, changes);
      runner_.tell(*each, event, now_, changes);
    } else {
      runner_.keep(*each, event, now_, changes);
      look_later(*each, {}, changes);
    }
  }
  return {};
}

}  // namespace caravan
