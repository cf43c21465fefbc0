// One commit after another: the order of its parts, which is that of storage/sqlite/writer.cpp.

#include "storage/memory/writer.hpp"

#include "storage/row_order.hpp"

namespace caravan::memory {

void Writer::commit(const Changes& changes) {
  put_in_order(changes);
  expect_fit(changes);
  write_names(changes);
  write_accounts();
  remove_people(changes);
  write_people();
  write_relations(changes);
  write_kept_consent(changes);
  write_tokens();
  write_runs();
  write_deliveries();
  write_progress();
  write_groups(changes);
  write_group_changes(changes);
  write_engagement(changes);
  write_activity(changes);
  write_audience_members(changes);
  write_rosters(changes);
  remove_memberships(changes);
  state_.mailed.insert(changes.mailed.begin(), changes.mailed.end());
  write_notes(changes);
  write_counters(changes);
  write_journeys(changes);
  for (const auto& [account, wanted] : changes.to_evaluate) {
    if (wanted)
      state_.to_evaluate.insert(account);
    else
      state_.to_evaluate.erase(account);
  }
  if (changes.engine_time) state_.engine_time = changes.engine_time;
  write_journal(changes);
  let_history_go(changes.history);
  write_audit(changes);
  write_asked_keys(changes);
}

void Writer::put_in_order(const Changes& changes) {
  sort_out(changes.accounts, order_, new_accounts_, changed_accounts_);
  removed_people_ = changes.removed_people;
  std::sort(removed_people_.begin(), removed_people_.end());
  removed_people_.erase(std::unique(removed_people_.begin(), removed_people_.end()), removed_people_.end());
  sort_out(changes.people, order_, new_people_, changed_people_);
  sort_out(changes.tokens, order_, new_tokens_, changed_tokens_);
  point_in_order(changes.runs, runs_, [](const RunRecord& a, const RunRecord& b) {
    return a.token != b.token ? a.token < b.token : a.first_visit < b.first_visit;
  });
  point_in_order(changes.deliveries, deliveries_,
                 [](const DeliveryRecord& a, const DeliveryRecord& b) { return a.key < b.key; });
  point_in_order(changes.progress, progress_,
                 [](const DeliveryProgress& a, const DeliveryProgress& b) { return a.key < b.key; });
  point_in_order(changes.activity, activity_, [](const ActivityRecord& a, const ActivityRecord& b) {
    return a.account != b.account ? a.account < b.account : a.sequence < b.sequence;
  });
}

bool Writer::is_removed(PersonId person) const {
  return std::binary_search(removed_people_.begin(), removed_people_.end(), person);
}

void Writer::write_names(const Changes& changes) {
  for (const auto& name : changes.names)
    state_.names.insert(place_of(state_.names, name.first, [](const auto& each) { return each.first; }), name);
}

void Writer::write_journal(const Changes& changes) {
  if (changes.journal) state_.journal.emplace_hint(state_.journal.end(), changes.journal->sequence, *changes.journal);
  if (changes.forgotten_journal == 0) return;
  state_.forgotten_journal = std::max(state_.forgotten_journal, changes.forgotten_journal);
  state_.journal.erase(state_.journal.begin(), state_.journal.upper_bound(changes.forgotten_journal));
}

}  // namespace caravan::memory
