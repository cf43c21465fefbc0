#pragma once
// From columns to records, for the statements that read the same columns. Each column list is a macro, because SQL is
// one literal at its place, and stands beside the function that reads it.

#include "storage/sqlite/delivery_texts.hpp"

namespace caravan::sqlite {

Instant instant_in(const Statement& row, int column);
std::optional<Instant> instant_or_none_in(const Statement& row, int column);
/// NULL is no name (0).
NameId name_in(const Statement& row, int column);
/// NULL is no node.
NodeIndex node_in(const Statement& row, int column);

// Those that most tokens have, and then those that few have something in.
#define CARAVAN_PLAIN_TOKEN_COLUMNS "id, version, account, node, state, due_at, visits, entry, entered_at, ended_at"
#define CARAVAN_TOKEN_COLUMNS CARAVAN_PLAIN_TOKEN_COLUMNS ", parent, person, resume, attempts, reached_goal, memory"
TokenRecord token_in(const Statement& row);

#define CARAVAN_DELIVERY_COLUMNS                                                                       \
  "token, visit, recipient, account, version, message, state, attempts, created_at, next_attempt_at, " \
  "ended_at, address, message_values, reason, dictionary"
DeliveryRecord delivery_in(const Statement& row, DeliveryUnpacker& texts);

#define CARAVAN_GROUP_COLUMNS "account, interest, created_at, stage, stage_since, status, raw_engagement, engagement"
/// Without its members.
GroupRecord group_in(const Statement& row);

// After the two columns that say of which group.
#define CARAVAN_MEMBER_COLUMNS "account, interest, person, role, source, since, removed, reason, author"
MemberRecord member_in(const Statement& row);

}  // namespace caravan::sqlite
