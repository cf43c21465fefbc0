#include "engine/batch.hpp"

namespace caravan {
namespace {

/// A `once` audience whose sweep is over lets nobody in any more.
constexpr AccountId kSweptForEver{std::numeric_limits<std::int64_t>::max()};

constexpr std::size_t kLongestKey = 256;

std::string fault_of_key(std::string_view key, std::string_view whose) {
  const std::string start = "the key of the " + std::string(whose);
  if (key.empty()) return start + " is empty";
  if (key.size() > kLongestKey) return start + " is longer than " + std::to_string(kLongestKey) + " bytes";
  return {};
}

}  // namespace

BatchRunner::BatchRunner(Reader& reader, NameBook& names, JourneyLibrary& library, Settings settings)
    : reader_(reader),
      names_(names),
      settings_(settings),
      numbering_{reader.greatest().account, reader.greatest().person, reader.greatest().token},
      subjects_(reader),
      runner_(reader, names, library, numbering_) {
  for (const SweepRecord& sweep : reader.sweeps())
    swept_below_ = std::max(swept_below_, sweep.next);
}

void BatchRunner::go_live(std::vector<std::shared_ptr<const RunnableJourney>> live, Changes& changes) {
  const std::vector<SweepRecord> stored = reader_.sweeps();
  sweeps_.clear();
  for (std::shared_ptr<const RunnableJourney>& journey : live) {
    if (!journey->journey.audience) continue;
    Sweep sweep{.journey = std::move(journey), .next = AccountId{1}, .last = numbering_.account};
    const VersionId version = sweep.journey->record.id;
    const auto found =
        std::find_if(stored.begin(), stored.end(), [&](const auto& each) { return each.version == version; });
    if (found != stored.end()) sweep.next = found->next;
    if (sweep.journey->journey.evaluate == Evaluate::once && sweep.next > sweep.last) sweep.next = kSweptForEver;
    if (found == stored.end() || found->next != sweep.next) changes.sweeps.push_back({version, sweep.next});
    sweep.over = sweep.next == kSweptForEver;
    sweeps_.push_back(std::move(sweep));
  }
}

void BatchRunner::begin(Instant now, bool settled) {
  now_ = now;
  turns_ = 0;
  if (settled) subjects_.forget();
  if (settled || due_.exhausted) due_ = {};
  if (settled || marked_.exhausted) marked_ = {};
}

InputResult BatchRunner::apply(const Input& input, Changes& changes) {
  ++turns_;
  try {
    return std::visit([&](const auto& each) { return upsert(each, changes); }, input);
  } catch (const StoreError&) {
    throw;
  } catch (const std::exception& error) {
    return {error.what(), false};
  }
}

std::vector<std::pair<NameId, AttributeInput>> BatchRunner::named(const AttributeMap& attributes) {
  std::vector<std::pair<NameId, AttributeInput>> named;
  named.reserve(attributes.size());
  for (const auto& [name, value] : attributes)
    named.emplace_back(names_.id_of(name), value);
  return named;
}

InputResult BatchRunner::upsert(const UpsertAccount& input, Changes& changes) {
  if (std::string fault = fault_of_key(input.key, "account"); !fault.empty()) return {std::move(fault), false};
  Subject* subject = subjects_.find(input.key);
  const bool created = subject == nullptr;
  if (created) {
    AccountRecord record{AccountId{numbering_.account.value + 1}, input.key,
                         Attributes().with(named(input.attributes))};
    ++numbering_.account.value;
    subject = &subjects_.create(std::move(record));
  } else {
    Attributes merged = subject->account.attributes.with(named(input.attributes));
    if (merged == subject->account.attributes) return {};
    subject->account.attributes = std::move(merged);
    mark_to_evaluate(*subject, changes);
  }
  changes.accounts.push_back({subject->account, created});
  return {{}, created};
}

InputResult BatchRunner::upsert(const UpsertPerson& input, Changes& changes) {
  if (std::string fault = fault_of_key(input.key, "person"); !fault.empty()) return {std::move(fault), false};
  const std::optional<Subjects::PersonPlace> place = subjects_.find_person(input.key);
  if (!place && input.account.empty()) return {"the person is new and names no account", false};
  Subject* subject = input.account.empty() ? subjects_.find(place->account) : subjects_.find(input.account);
  if (!subject) return {"there is no account \"" + input.account + "\": import it first", false};

  PersonRecord record{PersonId{}, subject->account.id, input.key, {}};
  if (place) {
    Subject* before = subjects_.find(place->account);
    std::vector<PersonRecord>& people = before->people(reader_);
    const auto known =
        std::find_if(people.begin(), people.end(), [&](const auto& each) { return each.id == place->person; });
    record.id = place->person;
    record.attributes = known->attributes.with(named(input.attributes));
    if (before == subject && record.attributes == known->attributes) return {};
    people.erase(known);
    if (before != subject) mark_to_evaluate(*before, changes);
  } else {
    record.attributes = Attributes().with(named(input.attributes));
    record.id = PersonId{++numbering_.person.value};
  }
  std::vector<PersonRecord>& people = subject->people(reader_);
  people.insert(std::upper_bound(people.begin(), people.end(), record.id,
                                 [](PersonId id, const PersonRecord& each) { return id < each.id; }),
                record);
  subjects_.place_person(input.key, {record.id, subject->account.id});
  mark_to_evaluate(*subject, changes);
  changes.people.push_back({std::move(record), !place});
  return {{}, !place};
}

/// Accounts that no sweep has come to yet need no mark: their sweep is still to come.
void BatchRunner::mark_to_evaluate(Subject& subject, Changes& changes) {
  if (subject.account.id >= swept_below_ || std::exchange(subject.mark, Subject::Mark::set) == Subject::Mark::set)
    return;
  changes.to_evaluate.emplace_back(subject.account.id, true);
  marked_.exhausted = false;
}

void BatchRunner::work(Changes& changes) {
  if (settings_.data_only) {
    due_.exhausted = marked_.exhausted = true;
    return;
  }
  wake_due(changes);
  evaluate_marked(changes);
  sweep(changes);
}

void BatchRunner::wake_due(Changes& changes) {
  while (!due_.exhausted && !full()) {
    const std::size_t wanted = settings_.turns - turns_;
    due_rows_.clear();
    reader_.due_tokens(now_, due_.position, wanted, due_rows_);
    due_.exhausted = due_rows_.size() < wanted;
    for (const TokenRecord& row : due_rows_) {
      due_.position = {*row.due_at, row.id};
      Subject* subject = subjects_.find(row.account);
      if (subject && runner_.wake(*subject, row.id, now_, changes)) ++turns_;
    }
  }
}

void BatchRunner::evaluate_marked(Changes& changes) {
  while (!marked_.exhausted && !full()) {
    const std::size_t wanted = settings_.turns - turns_;
    marked_rows_.clear();
    reader_.accounts_to_evaluate(marked_.position, wanted, marked_rows_);
    marked_.exhausted = marked_rows_.size() < wanted;
    for (const AccountId id : marked_rows_) {
      marked_.position = AccountId{id.value + 1};
      Subject* subject = subjects_.find(id);
      if (!subject || std::exchange(subject->mark, Subject::Mark::cleared) == Subject::Mark::cleared) continue;
      changes.to_evaluate.emplace_back(id, false);
      ++turns_;
      for (const Sweep& sweep : sweeps_) {
        if (sweep.journey->journey.evaluate == Evaluate::continuously) {
          runner_.evaluate(*subject, *sweep.journey, now_, changes);
        }
      }
    }
  }
}

void BatchRunner::sweep(Changes& changes) {
  for (Sweep& sweep : sweeps_) {
    while (!sweep.over && sweep.next <= end_of(sweep) && !full()) {
      const std::size_t wanted = settings_.turns - turns_;
      account_rows_.clear();
      reader_.accounts_from(sweep.next, wanted, account_rows_);
      for (AccountRecord& row : account_rows_) {
        if (row.id > end_of(sweep)) break;
        sweep.next = AccountId{row.id.value + 1};
        ++turns_;
        runner_.evaluate(subjects_.of(std::move(row)), *sweep.journey, now_, changes);
      }
      // Accounts that are not on the disk yet are not seen; the next batch comes back for them.
      const bool at_end = account_rows_.size() < wanted;
      if (sweep.journey->journey.evaluate == Evaluate::once && sweep.next > sweep.last) {
        sweep.over = true;
        sweep.next = kSweptForEver;
      }
      if (!account_rows_.empty() || sweep.over) changes.sweeps.push_back({sweep.journey->record.id, sweep.next});
      swept_below_ = std::max(swept_below_, sweep.next);
      if (at_end) break;
    }
  }
}

/// The last account that the sweep has to come to.
AccountId BatchRunner::end_of(const Sweep& sweep) const {
  return sweep.journey->journey.evaluate == Evaluate::once ? sweep.last : numbering_.account;
}

bool BatchRunner::swept() const {
  return settings_.data_only || std::all_of(sweeps_.begin(), sweeps_.end(), [&](const Sweep& sweep) {
           return sweep.over || sweep.next > end_of(sweep);
         });
}

void BatchRunner::finish(Changes& changes) {
  std::vector<std::pair<NameId, std::string>> names = names_.take_new();
  changes.names.insert(changes.names.end(), std::make_move_iterator(names.begin()),
                       std::make_move_iterator(names.end()));
  // Taking data in moves no time: a time lapse that begins later may begin earlier than the machine's clock.
  if (!changes.empty() && !settings_.data_only) changes.engine_time = now_;
}

}  // namespace caravan
