// What turns and the scheduler ask: of one account or person, and what is due, held or pending.

#include "storage/memory/reader.hpp"

namespace caravan::memory {
namespace {

const PersonRecord* record_of(const State& state, PersonId id) {
  const PersonRow* row = state.people.find(id);
  return row != nullptr && row->record ? &*row->record : nullptr;
}

bool is_open(const TokenRow& token) {
  return token.record && !is_final(token.record->state);
}

const DeliveryRecord& delivery_of(const State& state, const DeliveryKey& key) {
  return *find_in(state.tokens.find(key.token)->deliveries, key, key_of_delivery);
}

}  // namespace

std::optional<AccountRecord> MemoryReader::account(AccountId id) {
  const AccountRow* row = state_->accounts.find(id);
  if (row == nullptr) return std::nullopt;
  return row->record;
}

std::optional<AccountRecord> MemoryReader::account(std::string_view key) {
  const auto at = state_->accounts_by_key.find(key);
  if (at == state_->accounts_by_key.end()) return std::nullopt;
  return account(at->second);
}

std::optional<PersonRecord> MemoryReader::person(std::string_view key) {
  const auto at = state_->people_by_key.find(key);
  if (at == state_->people_by_key.end()) return std::nullopt;
  return *record_of(*state_, at->second);
}

void MemoryReader::accounts_from(AccountId first, std::size_t limit, std::vector<AccountRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (const AccountRow& row : state_->accounts.from(first)) {
    if (to.size() == full) return;
    if (row.record) to.push_back(*row.record);
  }
}

void MemoryReader::people_of(AccountId account, std::vector<PersonRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  const auto first = static_cast<std::ptrdiff_t>(to.size());
  for (const PersonId id : row->people)
    to.push_back(*record_of(*state_, id));
  if (row->related.empty()) return;
  const auto related = static_cast<std::ptrdiff_t>(to.size());
  for (const auto& [id, role] : row->related) {
    const PersonRecord* person = record_of(*state_, id);
    if (person != nullptr) to.emplace_back(*person).account_role = role;
  }
  std::inplace_merge(to.begin() + first, to.begin() + related, to.end(),
                     [](const PersonRecord& a, const PersonRecord& b) { return a.id < b.id; });
}

std::optional<PersonRecord> MemoryReader::person(PersonId id) {
  const PersonRecord* record = record_of(*state_, id);
  if (record == nullptr) return std::nullopt;
  return *record;
}

std::optional<AccountId> MemoryReader::account_of(PersonId person) {
  const PersonRecord* record = record_of(*state_, person);
  if (record == nullptr) return std::nullopt;
  return record->account;
}

void MemoryReader::relations_of(PersonId person, std::vector<RelationRecord>& to) {
  const PersonRow* row = state_->people.find(person);
  if (row == nullptr) return;
  for (const auto& [account, role] : row->relations)
    to.push_back({person, account, role});
}

bool MemoryReader::has_relations() {
  return state_->relations != 0;
}

void MemoryReader::kept_consent(std::string_view address, std::vector<KeptConsentRecord>& to) {
  const std::tuple first(std::string(address), ConsentKind{}, std::string());
  for (auto each = state_->kept_consent.lower_bound(first); each != state_->kept_consent.end(); ++each) {
    const auto& [of, kind, topic] = each->first;
    if (of != address) return;
    to.push_back({of, kind, topic, each->second});
  }
}

bool MemoryReader::has_kept_consent() {
  return !state_->kept_consent.empty();
}

void MemoryReader::tokens_of(AccountId account, std::vector<TokenRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  for (const TokenId id : row->tokens)
    to.push_back(*state_->tokens.find(id)->record);
}

void MemoryReader::activity_of(AccountId account, std::vector<ActivityRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row != nullptr) to.insert(to.end(), row->activity.begin(), row->activity.end());
}

std::int64_t MemoryReader::activity_count(AccountId account) {
  const AccountRow* row = state_->accounts.find(account);
  return row == nullptr ? 0 : static_cast<std::int64_t>(row->activity.size());
}

bool MemoryReader::has_activity(AccountId account, std::string_view id) {
  const AccountRow* row = state_->accounts.find(account);
  return row != nullptr && row->activity_ids.contains(id);
}

void MemoryReader::audiences_of(AccountId account, std::vector<AudienceMemberRecord>& to) {
  audiences_between(account, account, to);
}

void MemoryReader::audiences_between(AccountId first, AccountId last, std::vector<AudienceMemberRecord>& to) {
  for (const AccountRow& row : state_->accounts.from(first)) {
    if (last < row.id) return;
    to.insert(to.end(), row.audiences.begin(), row.audiences.end());
  }
}

bool MemoryReader::was_mailed(const MailedRecord& mailed) {
  return state_->mailed.contains(mailed);
}

void MemoryReader::due_tokens(Instant until, DueCursor cursor, std::size_t limit, std::vector<TokenRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (auto at = state_->due.upper_bound({cursor.due_at, cursor.token});
       at != state_->due.end() && at->first <= until && to.size() < full; ++at)
    to.push_back(*state_->tokens.find(at->second)->record);
}

std::optional<Instant> MemoryReader::next_due() {
  if (state_->due.empty()) return std::nullopt;
  return state_->due.begin()->first;
}

void MemoryReader::open_tokens(TokenId first, TokenId last, std::size_t limit, std::vector<TokenRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (const TokenRow& row : state_->tokens.from(first)) {
    if (last < row.id || to.size() == full) return;
    if (is_open(row)) to.push_back(*row.record);
  }
}

void MemoryReader::held_tokens(TokenId first, std::size_t limit, std::vector<TokenRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (auto at = state_->held.lower_bound(first); at != state_->held.end() && to.size() < full; ++at)
    to.push_back(*state_->tokens.find(*at)->record);
}

void MemoryReader::accounts_to_evaluate(AccountId first, std::size_t limit, std::vector<AccountId>& to) {
  const std::size_t full = to.size() + limit;
  for (auto at = state_->to_evaluate.lower_bound(first); at != state_->to_evaluate.end() && to.size() < full; ++at)
    to.push_back(*at);
}

/// One step of the index a message: each begins behind the message before.
void MemoryReader::pending_messages(std::vector<PendingMessage>& to) {
  const auto& open = state_->open_deliveries;
  const DeliveryKey last_key{TokenId{std::numeric_limits<std::int64_t>::max()},
                             std::numeric_limits<std::uint32_t>::max(),
                             {std::numeric_limits<std::int64_t>::max()}};
  for (auto at = open.begin(); at != open.end() && at->state == DeliveryState::pending;) {
    to.push_back({at->version, at->message, at->next_attempt_at.value_or(Instant())});
    at = open.upper_bound({at->state, at->version, at->message, Instant::max(), last_key});
  }
}

void MemoryReader::pending_deliveries(VersionId version, MessageIndex message, Instant until, std::size_t limit,
                                      std::vector<DeliveryRecord>& to) {
  const std::size_t full = to.size() + limit;
  const DeliveryKey first_key{
      {std::numeric_limits<std::int64_t>::min()}, 0, {std::numeric_limits<std::int64_t>::min()}};
  const auto& open = state_->open_deliveries;
  for (auto at = open.lower_bound({DeliveryState::pending, version, message, Instant::min(), first_key});
       at != open.end() && at->state == DeliveryState::pending && at->version == version && at->message == message &&
       *at->next_attempt_at <= until && to.size() < full;
       ++at)
    to.push_back(delivery_of(*state_, at->key));
}

/// For those delivered it goes through all tokens from the first until it has found `limit`.
void MemoryReader::deliveries_in(DeliveryState state, std::size_t limit, std::vector<DeliveryRecord>& to) {
  const std::size_t full = to.size() + limit;
  if (state == DeliveryState::delivered) {
    for (const TokenRow& token : state_->tokens.all())
      for (const DeliveryRecord& delivery : token.deliveries) {
        if (to.size() == full) return;
        if (delivery.state == state) to.push_back(delivery);
      }
    return;
  }
  OpenDelivery first;
  first.state = state;
  first.version.value = std::numeric_limits<std::int64_t>::min();
  for (auto at = state_->open_deliveries.lower_bound(first);
       at != state_->open_deliveries.end() && at->state == state && to.size() < full; ++at)
    to.push_back(delivery_of(*state_, at->key));
}

}  // namespace caravan::memory
