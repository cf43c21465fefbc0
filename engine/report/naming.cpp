#include "engine/report/naming.hpp"

namespace caravan {
namespace {

constexpr std::size_t kMostKeys = 20'000;

template <class Number>
bool read_number(std::string_view& text, Number& to, bool is_last) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (is_last) return text.empty();
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

const std::string& KeyBook::account(AccountId id) {
  if (accounts_.size() > kMostKeys) accounts_.clear();
  const auto [found, is_new] = accounts_.try_emplace(id);
  if (!is_new) return found->second;
  const std::optional<AccountRecord> account = reader_.account(id);
  if (account && !is_stand_in(*account)) found->second = account->key;
  return found->second;
}

const std::string& KeyBook::person(PersonId id) {
  if (people_.size() > kMostKeys) people_.clear();
  const auto [found, is_new] = people_.try_emplace(id);
  if (!is_new || !id) return found->second;
  if (const std::optional<PersonRecord> known = reader_.person(id)) found->second = known->key;
  return found->second;
}

TokenId KeyBook::enrollment(TokenId token) {
  if (enrollments_.size() > kMostKeys) enrollments_.clear();
  const auto [found, is_new] = enrollments_.try_emplace(token, token);
  if (!is_new) return found->second;
  const std::optional<TokenRecord> record = reader_.token(token);
  if (record && record->parent) found->second = record->parent;
  return found->second;
}

std::string_view word_for(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending: return "pending";
    case DeliveryState::under_way: return "under_way";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::failed: return "failed";
    case DeliveryState::in_doubt: return "in_doubt";
    case DeliveryState::suppressed: return "suppressed";
  }
  return "";
}

std::optional<DeliveryState> delivery_state_named(std::string_view word) {
  for (const DeliveryState state : {DeliveryState::pending, DeliveryState::under_way, DeliveryState::delivered,
                                    DeliveryState::failed, DeliveryState::in_doubt, DeliveryState::suppressed}) {
    if (word == word_for(state)) return state;
  }
  return std::nullopt;
}

std::string_view word_for(MessageKind kind) {
  switch (kind) {
    case MessageKind::email: return "email";
    case MessageKind::sales_summary: return "sales_summary";
    case MessageKind::sales_chat: return "sales_chat";
    case MessageKind::sms: return "sms";
    case MessageKind::chat: return "chat";
    case MessageKind::webhook: return "webhook";
  }
  return "";
}

std::string_view word_for(VisitOutcome outcome) {
  switch (outcome) {
    case VisitOutcome::done: return "done";
    case VisitOutcome::stopped: return "stopped";
    case VisitOutcome::nobody: return "nobody";
    case VisitOutcome::failed: return "failed";
    case VisitOutcome::heard: return "heard";
    case VisitOutcome::timed_out: return "timed_out";
    case VisitOutcome::skipped: return "skipped";
  }
  return "";
}

std::string_view word_for(MembershipSource source) {
  switch (source) {
    case MembershipSource::conditions: return "conditions";
    case MembershipSource::journey: return "journey";
    case MembershipSource::hand: return "hand";
  }
  return "";
}

std::string_view word_for(NoteKind kind) {
  switch (kind) {
    case NoteKind::expression_error: return "expression_error";
    case NoteKind::failure: return "failure";
    case NoteKind::refused: return "refused";
    case NoteKind::taken_out: return "taken_out";
    case NoteKind::reached_goal: return "reached_goal";
    case NoteKind::moved: return "moved";
    case NoteKind::interfered: return "interfered";
  }
  return "";
}

std::string name_of(const DeliveryKey& key) {
  return std::to_string(key.token.value) + "." + std::to_string(key.visit) + "." + std::to_string(key.recipient.value);
}

std::optional<DeliveryKey> delivery_named(std::string_view name) {
  DeliveryKey key;
  const bool is_one = read_number(name, key.token.value, false) && read_number(name, key.visit, false) &&
                      read_number(name, key.recipient.value, true);
  return is_one ? std::optional(key) : std::nullopt;
}

}  // namespace caravan
