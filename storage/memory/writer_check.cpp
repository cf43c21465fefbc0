// Whether a write set fits what is there, looked at before anything is written.

#include "storage/memory/writer.hpp"

namespace caravan::memory {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw StoreError("the store in memory: " + why + ": nothing of this transaction was written");
}

[[noreturn]] void refuse_update(const char* what, std::int64_t id) {
  refuse(std::string(what) + " " + std::to_string(id) + " is to be changed and is not there");
}

[[noreturn]] void refuse_insert(const char* what, std::int64_t id) {
  refuse(std::string("the rows contradict what is there: ") + what + " " + std::to_string(id) +
         " would be there twice");
}

[[noreturn]] void refuse_key(const char* what, std::string_view key) {
  refuse(std::string("the rows contradict what is there: two ") + what + " would have the key \"" + std::string(key) +
         "\"");
}

template <class Record>
const Record& as(const void* row) {
  return *static_cast<const Record*>(row);
}

/// Throws when two of the texts are the same. Sorts them.
void expect_different(std::vector<std::string_view>& texts, const char* what) {
  std::sort(texts.begin(), texts.end());
  const auto twice = std::adjacent_find(texts.begin(), texts.end());
  if (twice != texts.end()) refuse_key(what, *twice);
}

bool has_delivery(const State& state, const DeliveryKey& key) {
  const TokenRow* token = state.tokens.find(key.token);
  return token != nullptr && find_in(token->deliveries, key, key_of_delivery) != nullptr;
}

}  // namespace

void Writer::expect_fit(const Changes& changes) const {
  expect_names_fit(changes);
  expect_accounts_fit();
  expect_people_fit(changes);
  expect_tokens_fit();
  expect_runs_fit();
  expect_deliveries_fit();
  expect_activity_fit();
  expect_journeys_fit(changes);
  expect_history_fit(changes.history);
}

void Writer::expect_names_fit(const Changes& changes) const {
  for (const auto& [number, text] : changes.names) {
    if (find_in(state_.names, number, [](const auto& name) { return name.first; }) != nullptr)
      refuse_insert("name", static_cast<std::int64_t>(number));
  }
}

void Writer::expect_accounts_fit() const {
  for (const void* row : new_accounts_) {
    const auto& account = as<AccountRecord>(row);
    const AccountRow* there = state_.accounts.find(account.id);
    if (there != nullptr && there->record) refuse_insert("account", account.id.value);
    if (state_.accounts_by_key.contains(account.key)) refuse_key("accounts", account.key);
  }
  if (new_accounts_.size() > 1) {
    std::vector<std::string_view> keys;
    for (const void* row : new_accounts_)
      keys.push_back(as<AccountRecord>(row).key);
    expect_different(keys, "accounts");
  }
  for (const void* row : changed_accounts_) {
    const AccountId id = as<AccountRecord>(row).id;
    const AccountRow* there = state_.accounts.find(id);
    if (there == nullptr || !there->record) refuse_update("account", id.value);
  }
}

void Writer::expect_people_fit(const Changes& changes) const {
  std::vector<std::string_view> keys;
  for (const void* row : new_people_) {
    const auto& person = as<PersonRecord>(row);
    if (is_removed(person.id)) continue;
    const PersonRow* there = state_.people.find(person.id);
    if (there != nullptr && there->record) refuse_insert("person", person.id.value);
    const auto owner = state_.people_by_key.find(person.key);
    if (owner != state_.people_by_key.end() && !is_removed(owner->second)) refuse_key("people", person.key);
    if (new_people_.size() > 1) keys.push_back(person.key);
  }
  expect_different(keys, "people");
  const auto is_there = [&](PersonId id) {
    const PersonRow* there = state_.people.find(id);
    return there != nullptr && there->record.has_value();
  };
  for (const void* row : changed_people_) {
    const PersonId id = as<PersonRecord>(row).id;
    if (!is_removed(id) && !is_there(id)) refuse_update("person", id.value);
  }
  for (const PersonId id : removed_people_) {
    const bool comes = std::any_of(changes.people.begin(), changes.people.end(),
                                   [&](const auto& person) { return person.inserted && person.record.id == id; });
    if (!comes && !is_there(id)) refuse_update("person", id.value);
  }
}

void Writer::expect_tokens_fit() const {
  for (const void* row : new_tokens_) {
    const TokenId id = as<TokenRecord>(row).id;
    const TokenRow* there = state_.tokens.find(id);
    if (there != nullptr && there->record) refuse_insert("token", id.value);
  }
  for (const void* row : changed_tokens_) {
    const TokenId id = as<TokenRecord>(row).id;
    const TokenRow* there = state_.tokens.find(id);
    if (there == nullptr || !there->record) refuse_update("token", id.value);
  }
}

void Writer::expect_runs_fit() const {
  const RunRecord* before = nullptr;
  for (const void* row : runs_) {
    const auto& run = as<RunRecord>(row);
    const bool twice = before != nullptr && before->token == run.token && before->first_visit == run.first_visit;
    const TokenRow* token = state_.tokens.find(run.token);
    if (twice ||
        (token != nullptr && find_in(token->runs, run.first_visit, [](const Run& r) { return r.first_visit; })))
      refuse_insert("a run of token", run.token.value);
    before = &run;
  }
}

void Writer::expect_deliveries_fit() const {
  const DeliveryRecord* before = nullptr;
  for (const void* row : deliveries_) {
    const auto& delivery = as<DeliveryRecord>(row);
    if ((before != nullptr && before->key == delivery.key) || has_delivery(state_, delivery.key))
      refuse_insert("a delivery of token", delivery.key.token.value);
    before = &delivery;
  }
  for (const void* row : progress_) {
    const DeliveryKey& key = as<DeliveryProgress>(row).key;
    const auto key_of = [](const void* promised) -> const DeliveryKey& { return as<DeliveryRecord>(promised).key; };
    if (find_in(deliveries_, key, key_of) == nullptr && !has_delivery(state_, key))
      refuse_update("a delivery of token", key.token.value);
  }
}

void Writer::expect_activity_fit() const {
  std::vector<std::string_view> ids;  // of the account at hand
  for (std::size_t i = 0; i < activity_.size(); ++i) {
    const auto& activity = as<ActivityRecord>(activity_[i]);
    const ActivityRecord* next = i + 1 < activity_.size() ? &as<ActivityRecord>(activity_[i + 1]) : nullptr;
    const bool goes_on = next != nullptr && next->account == activity.account;
    if (goes_on && next->sequence == activity.sequence) refuse_insert("event", activity.sequence);
    const AccountRow* account = state_.accounts.find(activity.account);
    if (account != nullptr && find_in(account->activity, activity.sequence, sequence_of) != nullptr)
      refuse_insert("event", activity.sequence);
    if (!activity.id.empty()) {
      if (account != nullptr && account->activity_ids.contains(activity.id))
        refuse_key("events of an account", activity.id);
      ids.push_back(activity.id);
    }
    if (goes_on) continue;
    expect_different(ids, "events of an account");
    ids.clear();
  }
}

/// A token as it will be when the rest is written, since history is let go last; nothing where there is none.
std::optional<TokenRecord> Writer::written_token(TokenId id) const {
  const auto id_of = [](const void* row) { return as<TokenRecord>(row).id; };
  if (const auto* added = find_in(new_tokens_, id, id_of)) return as<TokenRecord>(*added);
  const TokenRow* there = state_.tokens.find(id);
  if (there == nullptr || !there->record) return std::nullopt;
  TokenRecord token = *there->record;
  if (const auto* changed = find_in(changed_tokens_, id, id_of)) token.state = as<TokenRecord>(*changed).state;
  return token;
}

void Writer::expect_history_fit(const HistoryUpkeep& history) const {
  std::set<TokenId> people;
  for (const ForgottenHistory& forgotten : history.forgotten) {
    const std::optional<TokenRecord> enrollment = written_token(forgotten.enrollment);
    if (!enrollment || enrollment->account != forgotten.account || enrollment->parent || !is_final(enrollment->state))
      refuse_update("an enrollment that has ended, token", forgotten.enrollment.value);
    for (const TokenId person : forgotten.people) {
      const std::optional<TokenRecord> token = written_token(person);
      if (!token || token->parent != forgotten.enrollment || !people.insert(person).second)
        refuse_update("a person's token", person.value);
    }
  }
}

void Writer::expect_journeys_fit(const Changes& changes) const {
  for (const VersionRecord& version : changes.versions)
    for (const auto& [id, there] : state_.versions)
      if (id != version.id && there.journey == version.journey && there.number == version.number)
        refuse_insert(("version of journey " + version.journey + " number").c_str(), version.number);
  for (const SnapshotRecord& snapshot : changes.snapshots)
    if (state_.snapshots.contains(snapshot.id)) refuse_insert("snapshot", snapshot.id);
  if (changes.journal && state_.journal.contains(changes.journal->sequence))
    refuse_insert("entry of the journal", changes.journal->sequence);
}

}  // namespace caravan::memory
