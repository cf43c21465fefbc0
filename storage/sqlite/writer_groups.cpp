// What is written of buying groups and of engagement: groups with their members, their history, and what rounds
// compute.

#include <tuple>

#include "storage/row_order.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/writer.hpp"

namespace caravan::sqlite {

void Writer::write_groups(const Changes& changes) {
  point_in_order(changes.groups, written_groups_.rows, [](const GroupRecord& a, const GroupRecord& b) {
    return a.account != b.account ? a.account < b.account : a.interest < b.interest;
  });
  // `WHERE true` tells SQLite's parser that ON CONFLICT is not a join's ON. Most writes are of members alone: the
  // group's own row is left as it is where it says the same.
  write_all(written_groups_, upsert_group_,
            "INSERT OR ROLLBACK INTO buying_group(" CARAVAN_GROUP_COLUMNS ") SELECT " CARAVAN_GROUP_COLUMNS
            " FROM written_group WHERE true"
            " ON CONFLICT DO UPDATE SET created_at = excluded.created_at, stage = excluded.stage,"
            " stage_since = excluded.stage_since, status = excluded.status,"
            " raw_engagement = excluded.raw_engagement, engagement = excluded.engagement"
            " WHERE created_at <> excluded.created_at OR stage IS NOT excluded.stage"
            " OR stage_since IS NOT excluded.stage_since OR status IS NOT excluded.status"
            " OR raw_engagement <> excluded.raw_engagement OR engagement <> excluded.engagement");

  members_.clear();
  for (const void* row : written_groups_.rows) {
    const auto* group = static_cast<const GroupRecord*>(row);
    for (const MemberRecord& member : group->members)
      members_.push_back({group, &member});
  }
  written_members_.rows.clear();
  for (const GroupMember& member : members_)
    written_members_.rows.push_back(&member);
  write_all(written_members_, upsert_member_,
            "INSERT OR ROLLBACK INTO member(" CARAVAN_MEMBER_COLUMNS ") SELECT " CARAVAN_MEMBER_COLUMNS
            " FROM written_member WHERE true"
            " ON CONFLICT DO UPDATE SET role = excluded.role, source = excluded.source, since = excluded.since,"
            " removed = excluded.removed, reason = excluded.reason, author = excluded.author");
}

void Writer::write_group_changes(const Changes& changes) {
  if (changes.group_changes.empty()) return;
  point_in_order(changes.group_changes, order_, [](const GroupChangeRecord& a, const GroupChangeRecord& b) {
    return std::tie(a.account, a.interest, a.at) < std::tie(b.account, b.interest, b.at);
  });
  insert_group_change_.prepare(
      "INSERT INTO group_change(account, interest, at, sequence, aspect, before, after, source, reason)"
      " VALUES(?1, ?2, ?3, (SELECT ifnull(max(sequence), 0) + 1 FROM group_change"
      " WHERE account = ?1 AND interest = ?2 AND at = ?3), ?4, nullif(?5, 0), nullif(?6, 0), ?7, ?8)");
  for (const void* row : order_) {
    const auto& change = *static_cast<const GroupChangeRecord*>(row);
    insert_group_change_.bind(change.account, change.interest, change.at, change.aspect, change.before, change.after,
                              change.source, change.reason);
    insert_group_change_.run();
  }
}

void Writer::write_engagement(const Changes& changes) {
  if (changes.engagement.empty()) return;
  sort_out_last(
      changes.engagement, [](const EngagementRecord& a, const EngagementRecord& b) { return a.person < b.person; },
      [](const EngagementRecord& engagement) { return !engagement.counts.empty(); }, order_, written_engagement_.rows,
      updates_);
  write_all(written_engagement_, upsert_engagement_,
            "INSERT OR ROLLBACK INTO engagement(person, counts, raw, score)"
            " SELECT person, counts, raw, score FROM written_engagement WHERE true"
            " ON CONFLICT DO UPDATE SET counts = excluded.counts, raw = excluded.raw, score = excluded.score");
  for (const void* row : updates_)
    delete_engagement(static_cast<const EngagementRecord*>(row)->person);
}

void Writer::delete_engagement(PersonId person) {
  delete_engagement_.prepare("DELETE FROM engagement WHERE person = ?1");
  delete_engagement_.bind(person);
  delete_engagement_.run();
}

void Writer::write_engagement_due(const Changes& changes) {
  if (changes.engagement_due.empty()) return;
  sort_out_last(
      changes.engagement_due,
      [](const EngagementDueRecord& a, const EngagementDueRecord& b) { return a.account < b.account; },
      [](const EngagementDueRecord& due) { return due.due_at.has_value(); }, order_, written_engagement_due_.rows,
      updates_);
  write_all(written_engagement_due_, upsert_engagement_due_,
            "INSERT OR ROLLBACK INTO engagement_due(account, due_at)"
            " SELECT account, due_at FROM written_engagement_due WHERE true"
            " ON CONFLICT DO UPDATE SET due_at = excluded.due_at WHERE due_at <> excluded.due_at");
  delete_engagement_due_.prepare("DELETE FROM engagement_due WHERE account = ?1");
  for (const void* row : updates_) {
    delete_engagement_due_.bind(static_cast<const EngagementDueRecord*>(row)->account);
    delete_engagement_due_.run();
  }
}

void Writer::write_engagement_round(const Changes& changes) {
  if (!changes.engagement_round) return;
  const EngagementRoundRecord& round = *changes.engagement_round;
  upsert_engagement_round_.prepare("REPLACE INTO engagement_round(only, at, model, through) VALUES(1, ?1, ?2, ?3)");
  upsert_engagement_round_.bind(round.at, round.model, round.through);
  upsert_engagement_round_.run();
}

}  // namespace caravan::sqlite
