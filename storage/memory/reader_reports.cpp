// What is asked at a start and by whoever looks at a store: the dictionary, history, figures, who is in what, and the
// journal.

#include "storage/memory/reader.hpp"

namespace caravan::memory {
namespace {

/// The values of a map, in the order of its keys.
template <class Record, class Map>
std::vector<Record> values_of(const Map& map) {
  std::vector<Record> records;
  records.reserve(map.size());
  for (const auto& [key, record] : map)
    records.push_back(record);
  return records;
}

}  // namespace

std::vector<std::pair<NameId, std::string>> MemoryReader::names() {
  return state_->names;
}

void MemoryReader::runs_of(TokenId token, std::vector<RunRecord>& to) {
  const TokenRow* row = state_->tokens.find(token);
  if (row == nullptr) return;
  for (const Run& run : row->runs) {
    const auto begin = row->visits.begin() + static_cast<std::ptrdiff_t>(run.begin);
    to.push_back({token, run.first_visit, run.at, {begin, begin + static_cast<std::ptrdiff_t>(run.count)}});
  }
}

void MemoryReader::deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) {
  const TokenRow* row = state_->tokens.find(token);
  if (row != nullptr) to.insert(to.end(), row->deliveries.begin(), row->deliveries.end());
}

void MemoryReader::notes_of(AccountId account, std::vector<NoteRecord>& to) {
  const AccountRow* row = state_->accounts.find(account);
  if (row == nullptr) return;
  for (const auto& note : row->notes)
    to.push_back(note.record);
}

std::vector<std::pair<CounterKey, std::int64_t>> MemoryReader::counters() {
  std::vector<std::pair<CounterKey, std::int64_t>> counters;
  counters.reserve(state_->counters.size());
  for (const auto& [key, amount] : state_->counters)
    counters.emplace_back(counter_key(key), amount);
  return counters;
}

std::vector<VersionRecord> MemoryReader::versions() {
  return values_of<VersionRecord>(state_->versions);
}

SnapshotRecord MemoryReader::snapshot(std::int64_t id) {
  const auto at = state_->snapshots.find(id);
  if (at == state_->snapshots.end())
    throw StoreError("the store in memory: snapshot " + std::to_string(id) + " is not there");
  return *at->second;
}

std::optional<DefinitionsRecord> MemoryReader::definitions() {
  return state_->definitions;
}

std::vector<JourneyRecord> MemoryReader::journeys() {
  return values_of<JourneyRecord>(state_->journeys);
}

std::vector<TaskRecord> MemoryReader::tasks() {
  return values_of<TaskRecord>(state_->tasks);
}

std::vector<SweepRecord> MemoryReader::sweeps() {
  return values_of<SweepRecord>(state_->sweeps);
}

void MemoryReader::roster(RosterKind kind, NameId name, std::pair<AccountId, PersonId> after, std::size_t limit,
                          std::vector<RosterRecord>& to) {
  const auto roster = state_->rosters.find({kind, name});
  if (roster == state_->rosters.end()) return;
  const std::size_t full = to.size() + limit;
  const auto& members = roster->second.members;
  for (auto at = members.upper_bound(after); at != members.end() && to.size() < full; ++at)
    to.push_back({kind, name, at->first.first, at->first.second, at->second});
}

void MemoryReader::roster_changes(RosterKind kind, NameId name, std::int64_t after, std::size_t limit,
                                  std::vector<RosterChange>& to) {
  const auto roster = state_->rosters.find({kind, name});
  if (roster == state_->rosters.end()) return;
  const std::size_t full = to.size() + limit;
  const auto& changes = roster->second.changes;
  for (auto at = std::upper_bound(changes.begin(), changes.end(), after,
                                  [](std::int64_t wanted, const RosterChange&each) { return wanted < each.sequence; });
       at != changes.end() && to.size() < full; ++at)
    to.push_back(*at);
}

std::optional<Instant> MemoryReader::engine_time() {
  return state_->engine_time;
}

Reader::JournalRange MemoryReader::journal_range() {
  if (!state_->journal.empty()) return {state_->journal.begin()->first, state_->journal.rbegin()->first};
  const std::int64_t forgotten = state_->forgotten_journal;
  return forgotten == 0 ? JournalRange{} : JournalRange{forgotten + 1, forgotten};
}

void MemoryReader::journal_from(std::int64_t first, std::size_t limit, std::vector<JournalRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (auto at = state_->journal.lower_bound(first); at != state_->journal.end() && to.size() < full; ++at)
    to.push_back(at->second);
}

Reader::Greatest MemoryReader::greatest() {
  return state_->greatest;
}

/// Goes through everything: for reports.
Reader::Totals MemoryReader::totals() {
  Totals totals;
  for (const AccountRow& row : state_->accounts.all()) {
    if (row.record) ++(is_stand_in(*row.record) ? totals.stand_ins : totals.accounts);
    totals.people += static_cast<std::int64_t>(row.people.size());
    totals.groups += static_cast<std::int64_t>(row.groups.size());
    for (const GroupRecord& group : row.groups)
      totals.members += std::count_if(group.members.begin(), group.members.end(),
                                      [](const MemberRecord& member) { return !member.removed; });
  }
  return totals;
}

std::int64_t MemoryReader::journal_bytes() {
  std::int64_t bytes = 0;
  for (const auto& [sequence, record] : state_->journal)
    bytes += static_cast<std::int64_t>(record.entry.size());
  return bytes;
}

}  // namespace caravan::memory
