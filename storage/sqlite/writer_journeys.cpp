// What is written of journeys and of the engine's own work on them: rare, and so a statement a row.

#include "storage/sqlite/writer.hpp"

namespace caravan::sqlite {

void Writer::write_versions(const Changes& changes) {
  upsert_version_.prepare(
      "INSERT INTO version(id, journey, number, fingerprint, published_at, live, snapshot)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT(id) DO UPDATE SET journey = excluded.journey, number = excluded.number,"
      " fingerprint = excluded.fingerprint, published_at = excluded.published_at, live = excluded.live,"
      " snapshot = excluded.snapshot");
  for (const VersionRecord& version : changes.versions) {
    upsert_version_.bind(version.id, version.journey, version.number, version.fingerprint, version.published_at,
                         version.live, version.snapshot);
    upsert_version_.run();
  }
}

void Writer::write_snapshots(const Changes& changes) {
  insert_snapshot_.prepare("INSERT INTO snapshot(id) VALUES(?1)");
  insert_snapshot_text_.prepare("INSERT INTO snapshot_text(snapshot, path, text) VALUES(?1, ?2, ?3)");
  for (const SnapshotRecord& snapshot : changes.snapshots) {
    insert_snapshot_.bind(snapshot.id);
    insert_snapshot_.run();
    for (const auto& [path, text] : snapshot.texts) {
      insert_snapshot_text_.bind(snapshot.id, path, text);
      insert_snapshot_text_.run();
    }
  }
}

void Writer::write_definitions(const Changes& changes) {
  if (!changes.definitions) return;
  upsert_definitions_.prepare(
      "REPLACE INTO definitions(only, snapshot, fingerprint, published_at) VALUES(1, ?1, ?2, ?3)");
  upsert_definitions_.bind(changes.definitions->snapshot, changes.definitions->fingerprint,
                           changes.definitions->published_at);
  upsert_definitions_.run();
}

void Writer::write_journeys(const Changes& changes) {
  upsert_journey_.prepare(
      "INSERT INTO journey(name, state, since) VALUES(?1, ?2, ?3)"
      " ON CONFLICT DO UPDATE SET state = excluded.state, since = excluded.since");
  for (const JourneyRecord& journey : changes.journeys) {
    upsert_journey_.bind(journey.name, journey.state, journey.since);
    upsert_journey_.run();
  }
}

void Writer::write_tasks(const Changes& changes) {
  upsert_task_.prepare(
      "REPLACE INTO task(id, kind, journey, node, account, to_version, gone, next_token, last_token, since, done)"
      " VALUES(?1, ?2, ?3, ?4, nullif(?5, 0), nullif(?6, 0), ?7, ?8, ?9, ?10, ?11)");
  delete_task_.prepare("DELETE FROM task WHERE id = ?1");
  for (const TaskRecord& task : changes.tasks) {
    if (task.over) {
      delete_task_.bind(task.id);
      delete_task_.run();
      keep_greatest("finished_task", task.id);
      continue;
    }
    upsert_task_.bind(task.id, task.kind, task.journey, task.node, task.account, task.to, task.gone, task.next,
                      task.last, task.since, task.done);
    upsert_task_.run();
  }
}

void Writer::write_sweeps(const Changes& changes) {
  upsert_sweep_.prepare(
      "INSERT INTO sweep(version, next_account, began_at) VALUES(?1, ?2, ?3)"
      " ON CONFLICT DO UPDATE SET next_account = excluded.next_account, began_at = excluded.began_at");
  for (const SweepRecord& sweep : changes.sweeps) {
    upsert_sweep_.bind(sweep.version, sweep.next, sweep.began_at);
    upsert_sweep_.run();
  }
}

}  // namespace caravan::sqlite
