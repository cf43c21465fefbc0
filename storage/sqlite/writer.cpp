// One commit after another. What comes by the thousand is inserted by one statement a table, which selects it from the
// write set in memory; updates and what is rare are a statement a row. `OR ROLLBACK` spares SQLite a journal that
// would undo the statement alone: an error ends the whole transaction anyway.

#include "storage/sqlite/writer.hpp"

#include <tuple>

namespace caravan::sqlite {
namespace {

/// NULL where there is no node: a person who opens the file need not know the number that means none.
std::optional<std::int64_t> node_number(NodeIndex node) {
  if (node == kNoNode) return std::nullopt;
  return static_cast<std::int64_t>(node);
}

/// Makes `to` point to the items in the order of `less`; those that are equal in the order given.
template <class Item, class Less>
void point_in_order(const std::vector<Item>& items, std::vector<const void*>& to, Less less) {
  to.clear();
  for (const Item& item : items)
    to.push_back(&item);
  if (std::is_sorted(items.begin(), items.end(), less)) return;
  std::sort(to.begin(), to.end(), [&](const void* a, const void* b) {
    const auto& first = *static_cast<const Item*>(a);
    const auto& second = *static_cast<const Item*>(b);
    return less(first, second) || (!less(second, first) && a < b);
  });
}

auto key_of(const DeliveryKey& key) {
  return std::tuple(key.token.value, key.visit, key.recipient.value);
}

}  // namespace

void Writer::commit(const Changes& changes) {
  try {
    begin_.prepare("BEGIN IMMEDIATE");
    begin_.run();
    write(changes);
    commit_.prepare("COMMIT");
    commit_.run();
  } catch (...) {
    connection_.roll_back();
    throw;
  }
  wal_.after_commit();
}

void Writer::write(const Changes& changes) {
  write_names(changes);
  write_accounts(changes);
  write_people(changes);
  write_tokens(changes);
  write_runs(changes);
  write_deliveries(changes);
  write_progress(changes);
  write_groups(changes);
  write_notes(changes);
  write_counters(changes);
  write_versions(changes);
  write_snapshots(changes);
  write_sweeps(changes);
  write_to_evaluate(changes);
  write_engine_time(changes);
}

template <class Record>
void Writer::sort_out(const std::vector<Write<Record>>& writes, RowTable& inserts) {
  const auto id_of = [](const void* write) { return static_cast<const Write<Record>*>(write)->record.id; };
  point_in_order(writes, order_, [](const auto& a, const auto& b) { return a.record.id < b.record.id; });
  inserts.rows.clear();
  updates_.clear();
  for (std::size_t i = 0; i < order_.size();) {
    const auto id = id_of(order_[i]);
    bool inserted = false;
    const Record* last = nullptr;
    for (; i < order_.size() && id_of(order_[i]) == id; ++i) {
      const auto& write = *static_cast<const Write<Record>*>(order_[i]);
      inserted = inserted || write.inserted;
      last = &write.record;
    }
    (inserted ? inserts.rows : updates_).push_back(last);
  }
}

void Writer::expect_touched(const char* what, std::int64_t id) const {
  if (connection_.touched() == 0) refuse_update(what, id);
}

void Writer::refuse_update(const char* what, std::int64_t id) const {
  throw StoreError(connection_.file().string() + ": " + what + " " + std::to_string(id) +
                   " is to be changed and is not there: nothing of this transaction was written");
}

void Writer::write_names(const Changes& changes) {
  insert_name_.prepare("INSERT INTO name(number, text) VALUES(?1, ?2)");
  for (const auto& [number, text] : changes.names) {
    insert_name_.bind(number, text);
    insert_name_.run();
  }
}

void Writer::write_accounts(const Changes& changes) {
  sort_out(changes.accounts, new_accounts_);
  insert_account_.prepare(
      "INSERT OR ROLLBACK INTO account(id, key, attributes) SELECT id, key, attributes FROM new_account");
  insert_account_.run();
  // The key never changes, and so its index is left alone.
  update_account_.prepare("UPDATE account SET attributes = ?2 WHERE id = ?1");
  for (const void* row : updates_) {
    const auto& account = *static_cast<const AccountRecord*>(row);
    update_account_.bind(account.id, std::span<const char>(account.attributes.bytes()));
    update_account_.run();
    expect_touched("account", account.id.value);
  }
}

void Writer::write_people(const Changes& changes) {
  sort_out(changes.people, new_people_);
  insert_person_.prepare(
      "INSERT OR ROLLBACK INTO person(id, account, key, attributes)"
      " SELECT id, account, key, attributes FROM new_person");
  insert_person_.run();
  update_person_.prepare("UPDATE person SET account = ?2, attributes = ?3 WHERE id = ?1");
  for (const void* row : updates_) {
    const auto& person = *static_cast<const PersonRecord*>(row);
    update_person_.bind(person.id, person.account, std::span<const char>(person.attributes.bytes()));
    update_person_.run();
    expect_touched("person", person.id.value);
  }
}

void Writer::write_tokens(const Changes& changes) {
  sort_out(changes.tokens, new_tokens_);
  insert_token_.prepare(
      "INSERT OR ROLLBACK INTO token(id, version, account, node, state, due_at, visits, entry, entered_at, ended_at)"
      " SELECT id, version, account, node, state, due_at, visits, entry, entered_at, ended_at FROM new_token");
  insert_token_.run();

  // An update of many rows that SQLite has no cheaper words for. It must not insert: that is looked at afterwards. A
  // token never changes its account, and so that index is left alone.
  changed_tokens_.rows.swap(updates_);
  update_token_.prepare(
      "INSERT OR ROLLBACK INTO token(id, version, account, node, state, due_at, visits, entry, entered_at, ended_at)"
      " SELECT id, version, account, node, state, due_at, visits, entry, entered_at, ended_at FROM changed_token"
      " WHERE true ON CONFLICT(id) DO UPDATE SET version = excluded.version, node = excluded.node,"
      " state = excluded.state, due_at = excluded.due_at, visits = excluded.visits, entry = excluded.entry,"
      " entered_at = excluded.entered_at, ended_at = excluded.ended_at");
  connection_.forget_inserted();
  update_token_.run();
  if (const std::int64_t id = connection_.last_inserted(); id != 0) refuse_update("token", id);
}

void Writer::write_runs(const Changes& changes) {
  point_in_order(changes.runs, new_runs_.rows, [](const RunRecord& a, const RunRecord& b) {
    return a.token != b.token ? a.token < b.token : a.first_visit < b.first_visit;
  });
  insert_run_.prepare(
      "INSERT OR ROLLBACK INTO run(token, first_visit, at, visits)"
      " SELECT token, first_visit, at, visits FROM new_run");
  insert_run_.run();
}

void Writer::write_deliveries(const Changes& changes) {
  point_in_order(changes.deliveries, new_deliveries_.rows,
                 [](const DeliveryRecord& a, const DeliveryRecord& b) { return key_of(a.key) < key_of(b.key); });
  insert_delivery_.prepare(
      "INSERT OR ROLLBACK INTO delivery(token, visit, recipient, account, version, message, state, attempts,"
      " created_at, next_attempt_at, ended_at, address, message_values, reason)"
      " SELECT token, visit, recipient, account, version, message, state, attempts,"
      " created_at, next_attempt_at, ended_at, address, message_values, reason FROM new_delivery");
  insert_delivery_.run();
}

void Writer::write_progress(const Changes& changes) {
  point_in_order(changes.progress, updates_,
                 [](const DeliveryProgress& a, const DeliveryProgress& b) { return key_of(a.key) < key_of(b.key); });
  update_delivery_.prepare(
      "UPDATE delivery SET state = ?4, attempts = ?5, next_attempt_at = ?6, ended_at = ?7, reason = ?8"
      " WHERE token = ?1 AND visit = ?2 AND recipient = ?3");
  for (const void* row : updates_) {
    const auto& progress = *static_cast<const DeliveryProgress*>(row);
    update_delivery_.bind(progress.key.token, progress.key.visit, progress.key.recipient.value, progress.state,
                          progress.attempts, progress.next_attempt_at, progress.ended_at, progress.reason);
    update_delivery_.run();
    expect_touched("a delivery of token", progress.key.token.value);
  }
}

void Writer::write_groups(const Changes& changes) {
  point_in_order(changes.groups, written_groups_.rows, [](const GroupRecord& a, const GroupRecord& b) {
    return a.account != b.account ? a.account < b.account : a.interest < b.interest;
  });
  // `WHERE true` tells SQLite's parser that ON CONFLICT is not a join's ON.
  upsert_group_.prepare(
      "INSERT OR ROLLBACK INTO buying_group(account, interest, created_at)"
      " SELECT account, interest, created_at FROM written_group WHERE true"
      " ON CONFLICT DO UPDATE SET created_at = excluded.created_at WHERE created_at <> excluded.created_at");
  upsert_group_.run();

  members_.clear();
  for (const void* row : written_groups_.rows) {
    const auto* group = static_cast<const GroupRecord*>(row);
    for (const MemberRecord& member : group->members)
      members_.push_back({group, &member});
  }
  written_members_.rows.clear();
  for (const GroupMember& member : members_)
    written_members_.rows.push_back(&member);
  upsert_member_.prepare(
      "INSERT OR ROLLBACK INTO member(account, interest, person, role, source, since)"
      " SELECT account, interest, person, role, source, since FROM written_member WHERE true"
      " ON CONFLICT DO UPDATE SET role = excluded.role, source = excluded.source, since = excluded.since");
  upsert_member_.run();
}

void Writer::write_notes(const Changes& changes) {
  insert_note_.prepare(
      "INSERT INTO note(account, at, sequence, kind, token, node, text) VALUES(?1, ?2,"
      " (SELECT ifnull(max(sequence), 0) + 1 FROM note WHERE account = ?1 AND at = ?2), ?3, ?4, ?5, ?6)");
  for (const NoteRecord& note : changes.notes) {
    insert_note_.bind(note.account, note.at, note.kind, note.token, node_number(note.node), note.text);
    insert_note_.run();
  }
}

void Writer::write_counters(const Changes& changes) {
  upsert_counter_.prepare(
      "INSERT INTO counter(version, kind, slot, path, amount) VALUES(?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT DO UPDATE SET amount = amount + excluded.amount");
  for (const auto& [packed, amount] : changes.counters) {
    if (amount == 0) continue;
    const CounterKey key = unpack_counter(packed);
    const std::int64_t path = key.path == kNoPath ? -1 : static_cast<std::int64_t>(key.path);
    upsert_counter_.bind(key.version, key.kind, key.slot, path, amount);
    upsert_counter_.run();
  }
}

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

void Writer::write_sweeps(const Changes& changes) {
  upsert_sweep_.prepare(
      "INSERT INTO sweep(version, next_account) VALUES(?1, ?2)"
      " ON CONFLICT DO UPDATE SET next_account = excluded.next_account");
  for (const SweepRecord& sweep : changes.sweeps) {
    upsert_sweep_.bind(sweep.version, sweep.next);
    upsert_sweep_.run();
  }
}

void Writer::write_to_evaluate(const Changes& changes) {
  insert_to_evaluate_.prepare("INSERT INTO account_to_evaluate(account) VALUES(?1) ON CONFLICT DO NOTHING");
  delete_to_evaluate_.prepare("DELETE FROM account_to_evaluate WHERE account = ?1");
  for (const auto& [account, wanted] : changes.to_evaluate) {
    Statement& statement = wanted ? insert_to_evaluate_ : delete_to_evaluate_;
    statement.bind(account);
    statement.run();
  }
}

void Writer::write_engine_time(const Changes& changes) {
  if (!changes.engine_time) return;
  upsert_engine_time_.prepare(
      "INSERT INTO setting(name, value) VALUES('engine_time', ?1) ON CONFLICT DO UPDATE SET value = excluded.value");
  upsert_engine_time_.bind(*changes.engine_time);
  upsert_engine_time_.run();
}

}  // namespace caravan::sqlite
