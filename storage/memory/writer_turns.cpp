// What turns write: tokens, their history, what they promise, and what is counted.

#include "storage/memory/writer.hpp"

namespace caravan::memory {
void Writer::write_tokens() {
  for (const void* each : new_tokens_) {
    const auto& token = *static_cast<const TokenRecord*>(each);
    auto& tokens = state_.accounts.at(token.account).tokens;
    tokens.insert(std::lower_bound(tokens.begin(), tokens.end(), token.id), token.id);
    write_token(token, state_.tokens.at(token.id));
    state_.greatest.token = std::max(state_.greatest.token, token.id);
  }
  for (const void* each : changed_tokens_) {
    const auto& token = *static_cast<const TokenRecord*>(each);
    write_token(token, *state_.tokens.find(token.id));
  }
}

void Writer::write_token(const TokenRecord& token, TokenRow& row) {
  const bool is_new = !row.record;
  const std::optional<Instant> due_before = is_new ? std::nullopt : row.record->due_at;
  const bool held_before = !is_new && row.record->state == TokenState::held;
  if (is_new) {
    row.record = token;
  } else {
    // What never changes is left as it was inserted, whatever is said of it later.
    const AccountId account = row.record->account;
    const TokenId parent = row.record->parent;
    const PersonId person = row.record->person;
    *row.record = token;
    row.record->account = account;
    row.record->parent = parent;
    row.record->person = person;
  }
  if (due_before != token.due_at) {
    if (due_before) state_.due.erase({*due_before, token.id});
    if (token.due_at) state_.due.emplace(*token.due_at, token.id);
  }
  const bool is_held = token.state == TokenState::held;
  if (is_held && !held_before) state_.held.insert(token.id);
  if (!is_held && held_before) state_.held.erase(token.id);
}

void Writer::write_runs() {
  for (const void* each : runs_) {
    const auto& run = *static_cast<const RunRecord*>(each);
    TokenRow& token = state_.tokens.at(run.token);
    token.runs.insert(place_of(token.runs, run.first_visit, [](const Run& there) { return there.first_visit; }),
                      {run.first_visit, run.at, token.visits.size(), run.visits.size()});
    token.visits.insert(token.visits.end(), run.visits.begin(), run.visits.end());
  }
}

void Writer::write_deliveries() {
  for (const void* each : deliveries_) {
    const auto& delivery = *static_cast<const DeliveryRecord*>(each);
    auto& deliveries = state_.tokens.at(delivery.key.token).deliveries;
    deliveries.insert(place_of(deliveries, delivery.key, key_of_delivery), delivery);
    if (delivery.state != DeliveryState::delivered) state_.open_deliveries.insert(open_place_of(delivery));
  }
}

void Writer::write_progress() {
  for (const void* each : progress_) {
    const auto& progress = *static_cast<const DeliveryProgress*>(each);
    DeliveryRecord& delivery =
        *find_in(state_.tokens.find(progress.key.token)->deliveries, progress.key, key_of_delivery);
    auto place = state_.open_deliveries.extract(open_place_of(delivery));
    delivery.state = progress.state;
    delivery.attempts = progress.attempts;
    delivery.next_attempt_at = progress.next_attempt_at;
    delivery.ended_at = progress.ended_at;
    delivery.reason = progress.reason;
    if (delivery.state == DeliveryState::delivered) continue;
    if (place) {
      place.value() = open_place_of(delivery);
      state_.open_deliveries.insert(std::move(place));
    } else {
      state_.open_deliveries.insert(open_place_of(delivery));
    }
  }
}

std::uint64_t in_reading_order(std::uint64_t packed) {
  constexpr std::uint64_t kPath = 0xffff;
  return (packed & ~kPath) | ((packed + 1) & kPath);
}

CounterKey counter_key(std::uint64_t in_order) {
  constexpr std::uint64_t kPath = 0xffff;
  return unpack_counter((in_order & ~kPath) | ((in_order - 1) & kPath));
}

void Writer::write_counters(const Changes& changes) {
  for (const auto& [packed, amount] : changes.counters)
    if (amount != 0) state_.counters[in_reading_order(packed)] += amount;
}

}  // namespace caravan::memory
