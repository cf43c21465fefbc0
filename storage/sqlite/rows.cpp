// Reads columns back into the records they were written from.

#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {
namespace {

template <class Number>
Number number_in(const Statement& row, int column) {
  return static_cast<Number>(row.integer(column));
}

}  // namespace

Instant instant_in(const Statement& row, int column) {
  return Instant(std::chrono::milliseconds(row.integer(column)));
}

std::optional<Instant> instant_or_none_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return instant_in(row, column);
}

NameId name_in(const Statement& row, int column) {
  return number_in<NameId>(row, column);
}

NodeIndex node_in(const Statement& row, int column) {
  return row.is_null(column) ? kNoNode : number_in<NodeIndex>(row, column);
}

TokenRecord token_in(const Statement& row) {
  TokenRecord token;
  token.id.value = row.integer(0);
  token.version.value = row.integer(1);
  token.account.value = row.integer(2);
  token.node = node_in(row, 3);
  token.state = number_in<TokenState>(row, 4);
  token.due_at = instant_or_none_in(row, 5);
  token.visits = number_in<std::uint32_t>(row, 6);
  token.entry = number_in<std::uint32_t>(row, 7);
  token.entered_at = instant_in(row, 8);
  token.ended_at = instant_or_none_in(row, 9);
  token.parent.value = row.integer(10);
  token.person.value = row.integer(11);
  token.resume = number_in<Resume>(row, 12);
  token.attempts = number_in<std::uint16_t>(row, 13);
  token.reached_goal = row.integer(14) != 0;
  token.memory = row.bytes(15);
  return token;
}

DeliveryRecord delivery_in(const Statement& row, DeliveryUnpacker& texts) {
  DeliveryRecord delivery;
  delivery.key.token.value = row.integer(0);
  delivery.key.visit = number_in<std::uint32_t>(row, 1);
  delivery.key.recipient.value = row.integer(2);
  delivery.account.value = row.integer(3);
  delivery.version.value = row.integer(4);
  delivery.message = number_in<MessageIndex>(row, 5);
  delivery.state = number_in<DeliveryState>(row, 6);
  delivery.attempts = number_in<std::uint16_t>(row, 7);
  delivery.created_at = instant_in(row, 8);
  delivery.next_attempt_at = instant_or_none_in(row, 9);
  delivery.ended_at = instant_or_none_in(row, 10);
  delivery.reason = row.bytes(13);
  texts.unpack({row.is_null(14) ? 0 : row.integer(14), row.bytes(11), row.bytes(12)}, delivery);
  return delivery;
}

GroupRecord group_in(const Statement& row) {
  GroupRecord group;
  group.account.value = row.integer(0);
  group.interest = name_in(row, 1);
  group.created_at = instant_in(row, 2);
  group.stage = name_in(row, 3);
  group.stage_since = instant_or_none_in(row, 4);
  group.status = name_in(row, 5);
  group.raw_engagement = row.real(6);
  group.engagement = row.real(7);
  return group;
}

MemberRecord member_in(const Statement& row) {
  MemberRecord member;
  member.person.value = row.integer(2);
  member.role = name_in(row, 3);
  member.source = number_in<MembershipSource>(row, 4);
  member.since = instant_in(row, 5);
  member.removed = row.integer(6) != 0;
  member.reason = row.bytes(7);
  member.author = name_in(row, 8);
  return member;
}

}  // namespace caravan::sqlite
