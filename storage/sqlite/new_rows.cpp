// What stands in which column. The numbers follow the names above each function.

#include "storage/sqlite/new_rows.hpp"

#include "storage/sqlite/activity_counts.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/visits.hpp"

namespace caravan::sqlite {

const char* const kAccountColumns = "id, key, attributes";

void put_account(const void* row, int column, ColumnResult result) {
  const auto& account = *static_cast<const AccountRecord*>(row);
  switch (column) {
    case 0: return result.integer(account.id.value);
    case 1: return result.text(account.key);
    default: return result.blob(account.attributes.bytes());
  }
}

const char* const kPersonColumns = "id, account, key, attributes, account_role";

void put_person(const void* row, int column, ColumnResult result) {
  const auto& person = *static_cast<const PersonRecord*>(row);
  switch (column) {
    case 0: return result.integer(person.id.value);
    case 1: return result.integer(person.account.value);
    case 2: return result.text(person.key);
    case 3: return result.blob(person.attributes.bytes());
    default: return result.name(person.account_role);
  }
}

const char* const kTokenColumns = CARAVAN_TOKEN_COLUMNS;

void put_token(const void* row, int column, ColumnResult result) {
  const auto& token = *static_cast<const TokenRecord*>(row);
  switch (column) {
    case 0: return result.integer(token.id.value);
    case 1: return result.integer(token.version.value);
    case 2: return result.integer(token.account.value);
    case 3:
      if (token.node != kNoNode) result.number(token.node);
      return;
    case 4: return result.number(token.state);
    case 5: return result.instant(token.due_at);
    case 6: return result.number(token.visits);
    case 7: return result.number(token.entry);
    case 8: return result.instant(token.entered_at);
    case 9: return result.instant(token.ended_at);
    case 10: return result.id(token.parent);
    case 11: return result.id(token.person);
    case 12: return result.number(token.resume);
    case 13: return result.number(token.attempts);
    case 14: return result.number(token.reached_goal);
    default:
      if (!token.memory.empty()) result.blob(token.memory);
  }
}

const char* const kRunColumns = "token, first_visit, at, visits";

void put_run(const void* row, int column, ColumnResult result) {
  const auto& run = *static_cast<const RunRecord*>(row);
  switch (column) {
    case 0: return result.integer(run.token.value);
    case 1: return result.number(run.first_visit);
    case 2: return result.instant(run.at);
    default:
      // A few bytes: they fit into the string itself, and are on no heap.
      std::string packed;
      pack_visits(run.visits, packed);
      return result.copied_blob(packed);
  }
}

/// Lives longer than any statement that is given it.
const std::string kNoText;

const char* const kDeliveryColumns = CARAVAN_DELIVERY_COLUMNS;

void put_delivery(const void* row, int column, ColumnResult result) {
  const auto& [record, dictionary, packed] = *static_cast<const NewDelivery*>(row);
  const DeliveryRecord& delivery = *record;
  switch (column) {
    case 0: return result.integer(delivery.key.token.value);
    case 1: return result.number(delivery.key.visit);
    case 2: return result.integer(delivery.key.recipient.value);
    case 3: return result.integer(delivery.account.value);
    case 4: return result.integer(delivery.version.value);
    case 5: return result.number(delivery.message);
    case 6: return result.number(delivery.state);
    case 7: return result.number(delivery.attempts);
    case 8: return result.instant(delivery.created_at);
    case 9: return result.instant(delivery.next_attempt_at);
    case 10: return result.instant(delivery.ended_at);
    case 11: return result.text(dictionary == 0 ? delivery.address : kNoText);
    case 12: return result.blob(dictionary == 0 ? delivery.values : packed);
    case 13: return result.text(delivery.reason);
    default: return dictionary == 0 ? void() : result.integer(dictionary);
  }
}

const char* const kGroupColumns = CARAVAN_GROUP_COLUMNS;

void put_group(const void* row, int column, ColumnResult result) {
  const auto& group = *static_cast<const GroupRecord*>(row);
  switch (column) {
    case 0: return result.integer(group.account.value);
    case 1: return result.number(group.interest);
    case 2: return result.instant(group.created_at);
    case 3: return result.name(group.stage);
    case 4: return result.instant(group.stage_since);
    case 5: return result.name(group.status);
    case 6: return result.real(group.raw_engagement);
    default: return result.real(group.engagement);
  }
}

const char* const kMemberColumns = CARAVAN_MEMBER_COLUMNS;

void put_member(const void* row, int column, ColumnResult result) {
  const auto& [group, member] = *static_cast<const GroupMember*>(row);
  switch (column) {
    case 0: return result.integer(group->account.value);
    case 1: return result.number(group->interest);
    case 2: return result.integer(member->person.value);
    case 3: return result.number(member->role);
    case 4: return result.number(member->source);
    case 5: return result.instant(member->since);
    case 6: return result.number(member->removed);
    case 7: return result.text(member->reason);
    default: return result.name(member->author);
  }
}

const char* const kEngagementColumns = "person, counts, raw, score";

void put_engagement(const void* row, int column, ColumnResult result) {
  const auto& engagement = *static_cast<const EngagementRecord*>(row);
  switch (column) {
    case 0: return result.integer(engagement.person.value);
    case 1: {
      std::string packed;
      pack_counts(engagement.counts, packed);
      return result.copied_blob(packed);
    }
    case 2: return result.real(engagement.raw);
    default: return result.real(engagement.score);
  }
}

const char* const kEngagementDueColumns = "account, due_at";

void put_engagement_due(const void* row, int column, ColumnResult result) {
  const auto& due = *static_cast<const EngagementDueRecord*>(row);
  switch (column) {
    case 0: return result.integer(due.account.value);
    default: return result.instant(due.due_at);
  }
}

const char* const kActivityColumns = "account, sequence, at, person, type, id, properties";

void put_activity(const void* row, int column, ColumnResult result) {
  const auto& activity = *static_cast<const ActivityRecord*>(row);
  switch (column) {
    case 0: return result.integer(activity.account.value);
    case 1: return result.integer(activity.sequence);
    case 2: return result.instant(activity.at);
    case 3: return result.id(activity.person);
    case 4: return result.number(activity.type);
    case 5:
      if (!activity.id.empty()) result.text(activity.id);
      return;
    default: return result.blob(activity.properties.bytes());
  }
}

const char* const kAudienceMemberColumns = "account, audience, since";

void put_audience_member(const void* row, int column, ColumnResult result) {
  const auto& member = *static_cast<const AudienceMemberRecord*>(row);
  switch (column) {
    case 0: return result.integer(member.account.value);
    case 1: return result.number(member.audience);
    default: return result.instant(member.since);
  }
}

const char* const kMailedColumns = "journey, message, address";

void put_mailed(const void* row, int column, ColumnResult result) {
  const auto& mailed = *static_cast<const MailedRecord*>(row);
  switch (column) {
    case 0: return result.number(mailed.journey);
    case 1: return result.number(mailed.message);
    default: return result.text(mailed.address);
  }
}

}  // namespace caravan::sqlite
