// What belongs to one account, person or token, page by page and both ways.

#include "storage/memory/reader.hpp"

namespace caravan::memory {
namespace {

/// Appends what lies behind the page's position; `rows` are in ascending order of what `position_of` gives of each, and
/// `take` makes the record that is given of a row.
template <class Row, class Position, class Record, class PositionOf, class Take>
void append_page(std::span<const Row> rows, const Page<Position>& page, std::vector<Record>& to, PositionOf position_of,
                 Take take) {
  const std::size_t full = to.size() + page.limit;
  if (page.order == Order::ascending) {
    for (auto at = rows.begin(); at != rows.end() && to.size() < full; ++at)
      if (!page.after || position_of(*at) > *page.after) to.push_back(take(*at));
  } else {
    for (auto at = rows.rbegin(); at != rows.rend() && to.size() < full; ++at)
      if (!page.after || position_of(*at) < *page.after) to.push_back(take(*at));
  }
}

}  // namespace

void MemoryReader::people_of(AccountId account, const Page<PersonId>& page, std::vector<PersonRecord>& to) {
  std::vector<PersonRecord> people;
  people_of(account, people);
  const bool goes_up = page.order == Order::ascending;
  if (!goes_up)
    std::stable_sort(people.begin(), people.end(),
                     [](const PersonRecord& a, const PersonRecord& b) { return b.id < a.id; });
  const std::size_t full = to.size() + page.limit;
  for (auto at = people.begin(); at != people.end() && to.size() < full; ++at)
    if (!page.after || (goes_up ? at->id > *page.after : at->id < *page.after)) to.push_back(std::move(*at));
}

void MemoryReader::relations_of(PersonId person, AccountId after, std::size_t limit, std::vector<RelationRecord>& to) {
  std::vector<RelationRecord> relations;
  relations_of(person, relations);
  append_page(
      std::span<const RelationRecord>(relations), Page<AccountId>{.after = after, .limit = limit}, to,
      [](const RelationRecord& each) { return each.account; }, [](const RelationRecord& each) { return each; });
}

void MemoryReader::rosters_of(PersonId person, const RosterPlace& after, std::size_t limit,
                              std::vector<RosterRecord>& to) {
  const PersonRow* row = state_->people.find(person);
  if (row == nullptr) return;
  const std::size_t full = to.size() + limit;
  for (const auto& [name, account] : row->rosters) {
    if (to.size() == full) return;
    if (RosterPlace{name.kind, name.name, account} <= after) continue;
    const Instant since = state_->rosters.at(name).members.at({account, person});
    to.push_back({name.kind, name.name, account, person, since});
  }
}

std::optional<TokenRecord> MemoryReader::token(TokenId id) {
  const TokenRow* row = state_->tokens.find(id);
  if (row == nullptr) return std::nullopt;
  return row->record;
}

void MemoryReader::interests_of(AccountId account, std::vector<NameId>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  for (const GroupRecord& group : row->groups)
    to.push_back(group.interest);
}

void MemoryReader::members_of(AccountId account, NameId interest, const Page<PersonId>& page,
                              std::vector<MemberRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  const auto* group = find_in(row->groups, interest, [](const GroupRecord& each) { return each.interest; });
  if (group == nullptr) return;
  append_page(
      std::span<const MemberRecord>(group->members), page, to, [](const MemberRecord& each) { return each.person; },
      [](const MemberRecord& each) { return each; });
}

void MemoryReader::group_changes_of(AccountId account, NameId interest, const Page<HistoryPosition>& page,
                                    std::vector<Positioned<GroupChangeRecord>>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  std::vector<Positioned<GroupChangeRecord>> own;
  std::copy_if(row->group_changes.begin(), row->group_changes.end(), std::back_inserter(own),
               [&](const auto& each) { return each.record.interest == interest; });
  append_page(
      std::span<const Positioned<GroupChangeRecord>>(own), page, to, [](const auto& each) { return each.position; },
      [](const auto& each) { return each; });
}

void MemoryReader::activity_of(AccountId account, const Page<std::int64_t>& page, std::vector<ActivityRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  append_page(std::span<const ActivityRecord>(row->activity), page, to, sequence_of,
              [](const ActivityRecord& each) { return each; });
}

void MemoryReader::runs_of(TokenId token, const RunPage& page, std::vector<RunRecord>& to) {
  std::vector<RunRecord> runs;
  runs_of(token, runs);
  const std::size_t full = to.size() + page.limit;
  if (page.order == Order::descending) {
    for (auto at = runs.rbegin(); at != runs.rend() && to.size() < full; ++at)
      if ((!page.visit || at->first_visit <= *page.visit) && (!page.from || at->at <= *page.from)) to.push_back(*at);
    return;
  }
  for (auto at = runs.begin(); at != runs.end() && to.size() < full; ++at) {
    const auto next = std::next(at);
    const bool lies_before = page.visit && next != runs.end() && next->first_visit <= *page.visit;
    if (!lies_before && (!page.from || at->at >= *page.from)) to.push_back(*at);
  }
}

void MemoryReader::notes_of(AccountId account, const Page<HistoryPosition>& page,
                            std::vector<Positioned<NoteRecord>>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  append_page(
      std::span<const Positioned<NoteRecord>>(row->notes), page, to, [](const auto& each) { return each.position; },
      [](const auto& each) { return each; });
}

void MemoryReader::activity_by_time(AccountId account, const ActivitySearch& search, std::vector<ActivityRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  const auto position = [](const ActivityRecord& each) { return HistoryPosition{each.at, each.sequence}; };
  std::vector<ActivityRecord> sorted;
  std::copy_if(row->activity.begin(), row->activity.end(), std::back_inserter(sorted), [&](const ActivityRecord& each) {
    return each.sequence <= search.last && (!search.person || each.person == search.person);
  });
  std::sort(sorted.begin(), sorted.end(),
            [&](const ActivityRecord& a, const ActivityRecord& b) { return position(a) < position(b); });
  append_page(std::span<const ActivityRecord>(sorted), search.page, to, position,
              [](const ActivityRecord& each) { return each; });
}

void MemoryReader::moves_of(AccountId account, std::vector<NoteRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  for (const Positioned<NoteRecord>& note : row->notes)
    if (note.record.kind == NoteKind::moved) to.push_back(note.record);
}

}  // namespace caravan::memory
