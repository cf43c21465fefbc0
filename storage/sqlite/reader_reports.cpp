// What is asked at a start and by whoever looks at a store: the dictionary, history, figures, and who is in what. The
// questions that read a whole table say so.

#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {

/// Reads the whole table: once, at a start.
std::vector<std::pair<NameId, std::string>> SqliteReader::names() {
  query(names_, "SELECT number, text FROM name ORDER BY number");
  std::vector<std::pair<NameId, std::string>> names;
  for (Rows rows(names_); rows.next();)
    names.emplace_back(name_in(names_, 0), names_.bytes(1));
  return names;
}

void SqliteReader::runs_of(TokenId token, std::vector<RunRecord>& to) {
  query(runs_of_, "SELECT first_visit, at, visits FROM run WHERE token = ?1 ORDER BY first_visit", token);
  for (Rows rows(runs_of_); rows.next();)
    to.push_back(run_in(token, runs_of_));
}

void SqliteReader::deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) {
  query(deliveries_of_, "SELECT " CARAVAN_DELIVERY_COLUMNS " FROM delivery WHERE token = ?1 ORDER BY visit, recipient",
        token);
  for (Rows rows(deliveries_of_); rows.next();)
    to.push_back(delivery_in(deliveries_of_, texts_));
}

void SqliteReader::notes_of(AccountId account, std::vector<NoteRecord>& to) {
  query(notes_of_, "SELECT at, kind, token, node, text FROM note WHERE account = ?1 ORDER BY at, sequence", account);
  for (Rows rows(notes_of_); rows.next();)
    to.push_back({account,
                  instant_in(notes_of_, 0),
                  static_cast<NoteKind>(notes_of_.integer(1)),
                  {notes_of_.integer(2)},
                  node_in(notes_of_, 3),
                  std::string(notes_of_.bytes(4))});
}

/// Reads the whole table, which has a row a node, path and message.
std::vector<std::pair<CounterKey, std::int64_t>> SqliteReader::counters() {
  query(counters_, "SELECT version, kind, slot, path, amount FROM counter ORDER BY version, kind, slot, path");
  std::vector<std::pair<CounterKey, std::int64_t>> counters;
  for (Rows rows(counters_); rows.next();) {
    const std::int64_t path = counters_.integer(3);
    counters.push_back({{{counters_.integer(0)},
                         static_cast<CounterKind>(counters_.integer(1)),
                         static_cast<std::uint16_t>(counters_.integer(2)),
                         path < 0 ? kNoPath : static_cast<PathIndex>(path)},
                        counters_.integer(4)});
  }
  return counters;
}

/// Reads the whole table: once, at a start.
std::vector<VersionRecord> SqliteReader::versions() {
  query(versions_, "SELECT id, journey, number, fingerprint, published_at, live, snapshot FROM version ORDER BY id");
  std::vector<VersionRecord> versions;
  for (Rows rows(versions_); rows.next();)
    versions.push_back({{versions_.integer(0)},
                        std::string(versions_.bytes(1)),
                        static_cast<std::uint32_t>(versions_.integer(2)),
                        std::string(versions_.bytes(3)),
                        instant_in(versions_, 4),
                        versions_.integer(5) != 0,
                        versions_.integer(6)});
  return versions;
}

SnapshotRecord SqliteReader::snapshot(std::int64_t id) {
  query(snapshot_, "SELECT id FROM snapshot WHERE id = ?1", id);
  if (Rows rows(snapshot_); !rows.next()) damaged("snapshot " + std::to_string(id) + " is not there");
  query(snapshot_texts_, "SELECT path, text FROM snapshot_text WHERE snapshot = ?1", id);
  SnapshotRecord snapshot{id, {}};
  for (Rows rows(snapshot_texts_); rows.next();)
    snapshot.texts.emplace(snapshot_texts_.bytes(0), snapshot_texts_.bytes(1));
  return snapshot;
}

/// Reads the whole table, which has one row.
std::optional<DefinitionsRecord> SqliteReader::definitions() {
  query(definitions_, "SELECT snapshot, fingerprint, published_at FROM definitions");
  Rows rows(definitions_);
  if (!rows.next()) return std::nullopt;
  return DefinitionsRecord{definitions_.integer(0), std::string(definitions_.bytes(1)), instant_in(definitions_, 2)};
}

/// Reads the whole table: once, at a start.
std::vector<JourneyRecord> SqliteReader::journeys() {
  query(journeys_, "SELECT name, state, since FROM journey ORDER BY name");
  std::vector<JourneyRecord> journeys;
  for (Rows rows(journeys_); rows.next();)
    journeys.push_back(
        {std::string(journeys_.bytes(0)), static_cast<JourneyState>(journeys_.integer(1)), instant_in(journeys_, 2)});
  return journeys;
}

/// Reads the whole table, which has a row a task under way.
std::vector<TaskRecord> SqliteReader::tasks() {
  query(tasks_,
        "SELECT id, kind, journey, node, account, to_version, gone, next_token, last_token, since, done FROM task"
        " ORDER BY id");
  std::vector<TaskRecord> tasks;
  for (Rows rows(tasks_); rows.next();) {
    TaskRecord& task = tasks.emplace_back();
    task.id = tasks_.integer(0);
    task.kind = static_cast<TaskKind>(tasks_.integer(1));
    task.journey = tasks_.bytes(2);
    task.node = tasks_.bytes(3);
    task.account.value = tasks_.integer(4);
    task.to.value = tasks_.integer(5);
    task.gone = tasks_.bytes(6);
    task.next.value = tasks_.integer(7);
    task.last.value = tasks_.integer(8);
    task.since = instant_in(tasks_, 9);
    task.done = tasks_.integer(10);
  }
  return tasks;
}

/// Reads the whole table, which has a row a live version.
std::vector<SweepRecord> SqliteReader::sweeps() {
  query(sweeps_, "SELECT version, next_account, began_at FROM sweep ORDER BY version");
  std::vector<SweepRecord> sweeps;
  for (Rows rows(sweeps_); rows.next();)
    sweeps.push_back({{sweeps_.integer(0)}, {sweeps_.integer(1)}, instant_or_none_in(sweeps_, 2)});
  return sweeps;
}

void SqliteReader::roster(RosterKind kind, NameId name, std::pair<AccountId, PersonId> after, std::size_t limit,
                          std::vector<RosterRecord>& to) {
  query(roster_,
        "SELECT account, person, since FROM roster WHERE kind = ?1 AND name = ?2 AND (account, person) > (?3, ?4)"
        " ORDER BY account, person LIMIT ?5",
        kind, name, after.first, after.second, limit);
  for (Rows rows(roster_); rows.next();)
    to.push_back({kind, name, {roster_.integer(0)}, {roster_.integer(1)}, instant_in(roster_, 2)});
}

void SqliteReader::roster_changes(RosterKind kind, NameId name, std::int64_t after, std::size_t limit,
                                  std::vector<RosterChange>& to) {
  query(roster_changes_,
        "SELECT sequence, account, person, at, added FROM roster_change"
        " WHERE kind = ?1 AND name = ?2 AND sequence > ?3 ORDER BY sequence LIMIT ?4",
        kind, name, after, limit);
  for (Rows rows(roster_changes_); rows.next();)
    to.push_back({roster_changes_.integer(0),
                  {kind,
                   name,
                   {roster_changes_.integer(1)},
                   {roster_changes_.integer(2)},
                   instant_in(roster_changes_, 3),
                   roster_changes_.integer(4) != 0}});
}

std::optional<Instant> SqliteReader::engine_time() {
  return instant(engine_time_, "SELECT value FROM setting WHERE name = 'engine_time'");
}

Reader::Greatest SqliteReader::greatest() {
  Greatest greatest;
  greatest.account.value = number(greatest_account_, "SELECT max(id) FROM account");
  greatest.person.value = std::max(number(greatest_person_, "SELECT max(id) FROM person"),
                                   number(removed_person_, "SELECT value FROM setting WHERE name = 'removed_person'"));
  greatest.token.value = std::max(number(greatest_token_, "SELECT max(id) FROM token"),
                                  number(forgotten_token_, "SELECT value FROM setting WHERE name = 'history/token'"));
  greatest.version.value = number(greatest_version_, "SELECT max(id) FROM version");
  greatest.snapshot = number(greatest_snapshot_, "SELECT max(id) FROM snapshot");
  greatest.activity = number(greatest_activity_, "SELECT value FROM setting WHERE name = 'activity_sequence'");
  greatest.task = std::max(number(greatest_task_, "SELECT max(id) FROM task"),
                           number(finished_task_, "SELECT value FROM setting WHERE name = 'finished_task'"));
  return greatest;
}

/// Counts rows, which reads through an index of each table: for reports, not for the engine's way.
Reader::Totals SqliteReader::totals() {
  Totals totals;
  // Their keys begin with kStandInMark, `~`, which no other character of ASCII stands behind but DEL.
  totals.stand_ins = number(count_stand_ins_, "SELECT count(*) FROM account WHERE key >= '~' AND key < char(127)");
  totals.accounts = number(count_accounts_, "SELECT count(*) FROM account") - totals.stand_ins;
  totals.people = number(count_people_, "SELECT count(*) FROM person");
  totals.groups = number(count_groups_, "SELECT count(*) FROM buying_group");
  totals.members = number(count_members_, "SELECT count(*) FROM member WHERE removed = 0");
  return totals;
}

}  // namespace caravan::sqlite
