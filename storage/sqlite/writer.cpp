// One commit after another: the order of its parts, and what they share. What comes by the thousand is inserted by one
// statement a table, which selects it from the write set in memory; updates and what is rare are a statement a row.
// `OR ROLLBACK` spares SQLite a journal that would undo the statement alone: an error ends the whole transaction
// anyway.

#include "storage/sqlite/writer.hpp"

#include "storage/sqlite/journal_past.hpp"

namespace caravan::sqlite {

void Writer::commit(const Changes& changes) {
  try {
    begin_.prepare("BEGIN IMMEDIATE");
    begin_.run();
    write(changes);
    commit_.prepare("COMMIT");
    commit_.run();
  } catch (...) {
    connection_.roll_back();
    past_.reset();
    delivery_packer_.forget();
    throw;
  }
  wal_.after_commit();
}

void Writer::write(const Changes& changes) {
  write_names(changes);
  write_accounts(changes);
  // A key that a removed person had may be somebody else's in the same write set, so the row goes first; all that may
  // have been written of the person before goes when everything is there.
  remove_people(changes);
  write_people(changes);
  write_relations(changes);
  write_kept_consent(changes);
  write_tokens(changes);
  write_runs(changes);
  write_deliveries(changes);
  write_progress(changes);
  write_groups(changes);
  write_group_changes(changes);
  write_engagement(changes);
  write_engagement_due(changes);
  write_engagement_round(changes);
  write_activity(changes);
  forget_activity(changes);
  write_audience_members(changes);
  write_rosters(changes);
  remove_memberships(changes);
  write_mailed(changes);
  write_notes(changes);
  write_counters(changes);
  write_versions(changes);
  write_snapshots(changes);
  write_definitions(changes);
  write_journeys(changes);
  write_tasks(changes);
  write_sweeps(changes);
  write_to_evaluate(changes);
  write_engine_time(changes);
  write_journal(changes);
  let_history_go(changes.history);
  write_audit(changes);
  write_asked_keys(changes);
}

void Writer::expect_touched(const char* what, std::int64_t id) const {
  if (connection_.touched() == 0) refuse_update(what, id);
}

void Writer::refuse_update(const char* what, std::int64_t id) const {
  throw StoreError(connection_.file().string() + ": " + what + " " + std::to_string(id) +
                   " is to be changed and is not there: nothing of this transaction was written");
}

void Writer::write_all(const RowTable& table, Statement& statement, const char* sql) {
  if (table.rows.empty()) return;
  statement.prepare(sql);
  statement.run();
}

void Writer::keep_greatest(const char* setting, std::int64_t number) {
  keep_greatest_.prepare(
      "INSERT INTO setting(name, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)");
  keep_greatest_.bind(std::string_view(setting), number);
  keep_greatest_.run();
}

void Writer::write_engine_time(const Changes& changes) {
  if (!changes.engine_time) return;
  upsert_engine_time_.prepare(
      "INSERT INTO setting(name, value) VALUES('engine_time', ?1) ON CONFLICT DO UPDATE SET value = excluded.value");
  upsert_engine_time_.bind(*changes.engine_time);
  upsert_engine_time_.run();
}

void Writer::write_journal(const Changes& changes) {
  if (changes.journal) {
    const std::string packed = compressor_.pack(changes.journal->entry);
    if (!past_) past_ = journal_past(connection_);
    insert_journal_.prepare("INSERT OR ROLLBACK INTO journal(sequence, at, past, entry) VALUES(?1, ?2, ?3, ?4)");
    insert_journal_.bind(changes.journal->sequence, changes.journal->at, *past_, std::span<const char>(packed));
    insert_journal_.run();
    past_ = past_behind(*past_, packed);
    upsert_past_.prepare(
        "INSERT INTO setting(name, value) VALUES('journal_past', ?1) ON CONFLICT DO UPDATE SET value = excluded.value");
    upsert_past_.bind(*past_);
    upsert_past_.run();
  }
  if (changes.forgotten_journal == 0) return;
  keep_greatest("journal_sequence", changes.forgotten_journal);
  delete_journal_.prepare("DELETE FROM journal WHERE sequence <= ?1");
  delete_journal_.bind(changes.forgotten_journal);
  delete_journal_.run();
}

}  // namespace caravan::sqlite
