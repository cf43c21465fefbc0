// One commit after another. The statements of this file are the hot path: each runs thousands of times a transaction,
// so nothing here allocates a row.

#include "storage/sqlite/writer.hpp"

#include <numeric>
#include <tuple>

#include "storage/sqlite/visits.hpp"

namespace caravan::sqlite {
namespace {

/// NULL where there is no node: a person who opens the file need not know the number that means none.
std::optional<std::int64_t> node_number(NodeIndex node) {
  if (node == kNoNode) return std::nullopt;
  return static_cast<std::int64_t>(node);
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

template <class Item, class Less, class Visit>
void Writer::in_order(const std::vector<Item>& items, Less less, Visit visit) {
  if (std::is_sorted(items.begin(), items.end(), less)) {
    for (const Item& item : items)
      visit(item);
    return;
  }
  order_.resize(items.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (less(items[a], items[b])) return true;
    return !less(items[b], items[a]) && a < b;
  });
  for (const std::uint32_t index : order_)
    visit(items[index]);
}

template <class Record, class Visit>
void Writer::each_last(const std::vector<Write<Record>>& writes, Visit visit) {
  const Record* last = nullptr;
  bool inserted = false;
  in_order(
      writes, [](const auto& a, const auto& b) { return a.record.id < b.record.id; },
      [&](const Write<Record>& write) {
        if (last != nullptr && last->id != write.record.id) {
          visit(*last, inserted);
          inserted = false;
        }
        last = &write.record;
        inserted = inserted || write.inserted;
      });
  if (last != nullptr) visit(*last, inserted);
}

void Writer::expect_touched(const char* what, std::int64_t id) const {
  if (connection_.touched() == 0)
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
  insert_account_.prepare("INSERT INTO account(id, key, attributes) VALUES(?1, ?2, ?3)");
  // The key never changes, and so its index is left alone.
  update_account_.prepare("UPDATE account SET attributes = ?2 WHERE id = ?1");
  each_last(changes.accounts, [this](const AccountRecord& account, bool inserted) {
    const std::span<const char> attributes(account.attributes.bytes());
    if (inserted) {
      insert_account_.bind(account.id, account.key, attributes);
      insert_account_.run();
    } else {
      update_account_.bind(account.id, attributes);
      update_account_.run();
      expect_touched("account", account.id.value);
    }
  });
}

void Writer::write_people(const Changes& changes) {
  insert_person_.prepare("INSERT INTO person(id, account, key, attributes) VALUES(?1, ?2, ?3, ?4)");
  update_person_.prepare("UPDATE person SET account = ?2, attributes = ?3 WHERE id = ?1");
  each_last(changes.people, [this](const PersonRecord& person, bool inserted) {
    const std::span<const char> attributes(person.attributes.bytes());
    if (inserted) {
      insert_person_.bind(person.id, person.account, person.key, attributes);
      insert_person_.run();
    } else {
      update_person_.bind(person.id, person.account, attributes);
      update_person_.run();
      expect_touched("person", person.id.value);
    }
  });
}

void Writer::write_tokens(const Changes& changes) {
  insert_token_.prepare(
      "INSERT INTO token(id, version, node, state, due_at, visits, entry, entered_at, ended_at, account)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  // A token never changes its account, and so that index is left alone.
  update_token_.prepare(
      "UPDATE token SET version = ?2, node = ?3, state = ?4, due_at = ?5, visits = ?6, entry = ?7, entered_at = ?8,"
      " ended_at = ?9 WHERE id = ?1");
  each_last(changes.tokens, [this](const TokenRecord& token, bool inserted) {
    const auto node = node_number(token.node);
    if (inserted) {
      insert_token_.bind(token.id, token.version, node, token.state, token.due_at, token.visits, token.entry,
                         token.entered_at, token.ended_at, token.account);
      insert_token_.run();
    } else {
      update_token_.bind(token.id, token.version, node, token.state, token.due_at, token.visits, token.entry,
                         token.entered_at, token.ended_at);
      update_token_.run();
      expect_touched("token", token.id.value);
    }
  });
}

void Writer::write_runs(const Changes& changes) {
  insert_run_.prepare("INSERT INTO run(token, first_visit, at, visits) VALUES(?1, ?2, ?3, ?4)");
  in_order(
      changes.runs,
      [](const RunRecord& a, const RunRecord& b) {
        return a.token != b.token ? a.token < b.token : a.first_visit < b.first_visit;
      },
      [this](const RunRecord& run) {
        packed_visits_.clear();
        pack_visits(run.visits, packed_visits_);
        insert_run_.bind(run.token, run.first_visit, run.at, std::span<const char>(packed_visits_));
        insert_run_.run();
      });
}

void Writer::write_deliveries(const Changes& changes) {
  insert_delivery_.prepare(
      "INSERT INTO delivery(token, visit, recipient, account, version, message, state, attempts, created_at,"
      " next_attempt_at, ended_at, address, message_values, reason)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
  in_order(
      changes.deliveries,
      [](const DeliveryRecord& a, const DeliveryRecord& b) { return key_of(a.key) < key_of(b.key); },
      [this](const DeliveryRecord& delivery) {
        insert_delivery_.bind(delivery.key.token, delivery.key.visit, delivery.key.recipient.value, delivery.account,
                              delivery.version, delivery.message, delivery.state, delivery.attempts,
                              delivery.created_at, delivery.next_attempt_at, delivery.ended_at, delivery.address,
                              std::span<const char>(delivery.values), delivery.reason);
        insert_delivery_.run();
      });
}

void Writer::write_progress(const Changes& changes) {
  update_delivery_.prepare(
      "UPDATE delivery SET state = ?4, attempts = ?5, next_attempt_at = ?6, ended_at = ?7, reason = ?8"
      " WHERE token = ?1 AND visit = ?2 AND recipient = ?3");
  in_order(
      changes.progress,
      [](const DeliveryProgress& a, const DeliveryProgress& b) { return key_of(a.key) < key_of(b.key); },
      [this](const DeliveryProgress& progress) {
        update_delivery_.bind(progress.key.token, progress.key.visit, progress.key.recipient.value, progress.state,
                              progress.attempts, progress.next_attempt_at, progress.ended_at, progress.reason);
        update_delivery_.run();
        expect_touched("a delivery of token", progress.key.token.value);
      });
}

void Writer::write_groups(const Changes& changes) {
  upsert_group_.prepare(
      "INSERT INTO buying_group(account, interest, created_at) VALUES(?1, ?2, ?3)"
      " ON CONFLICT DO UPDATE SET created_at = excluded.created_at WHERE created_at <> excluded.created_at");
  in_order(
      changes.groups,
      [](const GroupRecord& a, const GroupRecord& b) {
        return a.account != b.account ? a.account < b.account : a.interest < b.interest;
      },
      [this](const GroupRecord& group) {
        upsert_group_.bind(group.account, group.interest, group.created_at);
        upsert_group_.run();
        write_members(group);
      });
}

void Writer::write_members(const GroupRecord& group) {
  upsert_member_.prepare(
      "INSERT INTO member(account, interest, person, role, source, since) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT DO UPDATE SET role = excluded.role, source = excluded.source, since = excluded.since");
  for (const MemberRecord& member : group.members) {
    upsert_member_.bind(group.account, group.interest, member.person, member.role, member.source, member.since);
    upsert_member_.run();
  }
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
