// What is written of buying groups, of engagement, of journeys and of the engine's own work on them.

#include "storage/memory/writer.hpp"

namespace caravan::memory {

void Writer::write_groups(const Changes& changes) {
  for (const GroupRecord& group : changes.groups) {
    auto& groups = state_.accounts.at(group.account).groups;
    auto at = place_of(groups, group.interest, [](const GroupRecord& each) { return each.interest; });
    std::vector<MemberRecord> members;
    if (at == groups.end() || at->interest != group.interest)
      at = groups.emplace(at);
    else
      members = std::move(at->members);
    for (const MemberRecord& member : group.members) {
      const auto place = place_of(members, member.person, [](const MemberRecord& each) { return each.person; });
      if (place != members.end() && place->person == member.person)
        *place = member;
      else
        members.insert(place, member);
    }
    at->account = group.account;
    at->interest = group.interest;
    at->created_at = group.created_at;
    at->stage = group.stage;
    at->stage_since = group.stage_since;
    at->status = group.status;
    at->raw_engagement = group.raw_engagement;
    at->engagement = group.engagement;
    at->members = std::move(members);
  }
}

void Writer::write_group_changes(const Changes& changes) {
  for (const GroupChangeRecord& change : changes.group_changes) {
    auto& history = state_.accounts.at(change.account).group_changes;
    const auto at = std::upper_bound(history.begin(), history.end(), change,
                                     [](const GroupChangeRecord& a, const Positioned<GroupChangeRecord>& b) {
                                       return std::pair(a.interest, a.at) < std::pair(b.record.interest, b.record.at);
                                     });
    const bool has_others = at != history.begin() && std::prev(at)->record.interest == change.interest &&
                            std::prev(at)->record.at == change.at;
    history.insert(at, {{change.at, has_others ? std::prev(at)->position.sequence + 1 : 1}, change});
  }
}

void Writer::write_engagement(const Changes& changes) {
  for (const EngagementRecord& engagement : changes.engagement) {
    if (engagement.counts.empty())
      state_.engagement.erase(engagement.person);
    else
      state_.engagement.insert_or_assign(engagement.person, engagement);
  }
  for (const EngagementDueRecord& due : changes.engagement_due) {
    if (due.due_at)
      state_.engagement_due.insert_or_assign(due.account, *due.due_at);
    else
      state_.engagement_due.erase(due.account);
  }
  if (changes.engagement_round) state_.engagement_round = changes.engagement_round;
}

void Writer::write_journeys(const Changes& changes) {
  for (const VersionRecord& version : changes.versions) {
    state_.versions.insert_or_assign(version.id, version);
    state_.greatest.version = std::max(state_.greatest.version, version.id);
  }
  for (const SnapshotRecord& snapshot : changes.snapshots) {
    state_.snapshots.emplace(snapshot.id, std::make_shared<const SnapshotRecord>(snapshot));
    state_.greatest.snapshot = std::max(state_.greatest.snapshot, snapshot.id);
  }
  if (changes.definitions) state_.definitions = changes.definitions;
  for (const JourneyRecord& journey : changes.journeys)
    state_.journeys.insert_or_assign(journey.name, journey);
  for (const TaskRecord& task : changes.tasks) {
    if (task.over)
      state_.tasks.erase(task.id);
    else
      state_.tasks.insert_or_assign(task.id, task);
    state_.greatest.task = std::max(state_.greatest.task, task.id);
  }
  for (const SweepRecord& sweep : changes.sweeps)
    state_.sweeps.insert_or_assign(sweep.version, sweep);
}

}  // namespace caravan::memory
