// What is asked of buying groups and of engagement: of one account while turns run, and of the whole workspace, page by
// page, in a round.

#include "storage/memory/reader.hpp"

namespace caravan::memory {

void MemoryReader::groups_of(AccountId account, std::vector<GroupRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row != nullptr) to.insert(to.end(), row->groups.begin(), row->groups.end());
}

void MemoryReader::groups_after(std::pair<AccountId, NameId> after, std::size_t limit, std::vector<GroupRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (const AccountRow& row : state_->accounts.from(after.first))
    for (const GroupRecord& group : row.groups) {
      if (to.size() == full) return;
      if (std::pair(group.account, group.interest) > after) to.push_back(group);
    }
}

void MemoryReader::group_changes_of(AccountId account, std::vector<GroupChangeRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  for (const auto& change : row->group_changes)
    to.push_back(change.record);
}

void MemoryReader::activity_points(AccountId account, Instant since, Instant until, std::vector<ActivityPoint>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  for (const ActivityRecord& activity : row->activity)
    if (activity.person && activity.at >= since && activity.at <= until &&
        std::binary_search(row->people.begin(), row->people.end(), activity.person))
      to.push_back({activity.person, activity.type, activity.at});
}

std::optional<EngagementRecord> MemoryReader::engagement(PersonId person) {
  const auto at = state_->engagement.find(person);
  if (at == state_->engagement.end()) return std::nullopt;
  return at->second;
}

void MemoryReader::engagement_of(AccountId account, std::vector<EngagementRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  for (const PersonId person : row->people)
    if (const auto at = state_->engagement.find(person); at != state_->engagement.end()) to.push_back(at->second);
}

void MemoryReader::engagement_after(PersonId after, std::size_t limit, std::vector<EngagementRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (auto at = state_->engagement.upper_bound(after); at != state_->engagement.end() && to.size() < full; ++at)
    to.push_back(at->second);
}

void MemoryReader::engagement_due(Instant until, AccountId after, std::size_t limit,
                                  std::vector<EngagementDueRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (auto at = state_->engagement_due.upper_bound(after); at != state_->engagement_due.end() && to.size() < full;
       ++at)
    if (at->second <= until) to.push_back({at->first, at->second});
}

std::optional<EngagementRoundRecord> MemoryReader::engagement_round() {
  return state_->engagement_round;
}

}  // namespace caravan::memory
