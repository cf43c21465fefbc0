// What turns write: tokens, their history, what they promise, and what is counted.

#include <tuple>

#include "storage/row_order.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/writer.hpp"

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

/// Whether a token has nothing in the columns that few have something in.
bool is_plain(const void* row) {
  const auto& token = *static_cast<const TokenRecord*>(row);
  return !token.parent && !token.person && token.resume == Resume::visit && token.attempts == 0 &&
         !token.reached_goal && token.memory.empty();
}

/// Leaves the plain tokens in `rows`, and puts the others into `to`.
void set_apart(std::vector<const void*>& rows, std::vector<const void*>& to) {
  const auto others = std::stable_partition(rows.begin(), rows.end(), is_plain);
  to.assign(others, rows.end());
  rows.erase(others, rows.end());
}

}  // namespace

/// Most tokens are plain: with statements of their own SQLite asks for ten columns of each, and not for sixteen.
void Writer::write_tokens(const Changes& changes) {
  sort_out(changes.tokens, order_, new_tokens_.rows, changed_tokens_.rows);
  set_apart(new_tokens_.rows, order_);
  write_all(new_tokens_, insert_plain_token_,
            "INSERT OR ROLLBACK INTO token(" CARAVAN_PLAIN_TOKEN_COLUMNS ") SELECT " CARAVAN_PLAIN_TOKEN_COLUMNS
            " FROM new_token");
  new_tokens_.rows.swap(order_);
  write_all(new_tokens_, insert_token_,
            "INSERT OR ROLLBACK INTO token(" CARAVAN_TOKEN_COLUMNS ") SELECT " CARAVAN_TOKEN_COLUMNS " FROM new_token");

  // An update of many rows that SQLite has no cheaper words for. It must not insert: that is looked at afterwards. A
  // token never changes its account, and so that index is left alone.
  connection_.forget_inserted();
  set_apart(changed_tokens_.rows, order_);
  write_all(changed_tokens_, update_plain_token_,
            "INSERT OR ROLLBACK INTO token(" CARAVAN_PLAIN_TOKEN_COLUMNS ") SELECT " CARAVAN_PLAIN_TOKEN_COLUMNS
            " FROM changed_token WHERE true ON CONFLICT(id) DO UPDATE SET version = excluded.version,"
            " node = excluded.node, state = excluded.state, due_at = excluded.due_at, visits = excluded.visits,"
            " entry = excluded.entry, entered_at = excluded.entered_at, ended_at = excluded.ended_at,"
            " resume = 0, attempts = 0, reached_goal = 0, memory = NULL");
  changed_tokens_.rows.swap(order_);
  write_all(changed_tokens_, update_token_,
            "INSERT OR ROLLBACK INTO token(" CARAVAN_TOKEN_COLUMNS ") SELECT " CARAVAN_TOKEN_COLUMNS
            " FROM changed_token WHERE true ON CONFLICT(id) DO UPDATE SET version = excluded.version,"
            " node = excluded.node, state = excluded.state, due_at = excluded.due_at, visits = excluded.visits,"
            " entry = excluded.entry, entered_at = excluded.entered_at, ended_at = excluded.ended_at,"
            " resume = excluded.resume, attempts = excluded.attempts, reached_goal = excluded.reached_goal,"
            " memory = excluded.memory");
  if (const std::int64_t id = connection_.last_inserted(); id != 0) refuse_update("token", id);
}

void Writer::write_runs(const Changes& changes) {
  point_in_order(changes.runs, new_runs_.rows, [](const RunRecord& a, const RunRecord& b) {
    return a.token != b.token ? a.token < b.token : a.first_visit < b.first_visit;
  });
  write_all(new_runs_, insert_run_,
            "INSERT OR ROLLBACK INTO run(token, first_visit, at, visits)"
            " SELECT token, first_visit, at, visits FROM new_run");
}

void Writer::write_deliveries(const Changes& changes) {
  point_in_order(changes.deliveries, order_,
                 [](const DeliveryRecord& a, const DeliveryRecord& b) { return key_of(a.key) < key_of(b.key); });
  new_deliveries_.rows.clear();
  for (const NewDelivery& delivery : delivery_packer_.pack(order_))
    new_deliveries_.rows.push_back(&delivery);
  write_all(new_deliveries_, insert_delivery_,
            "INSERT OR ROLLBACK INTO delivery(" CARAVAN_DELIVERY_COLUMNS ") SELECT " CARAVAN_DELIVERY_COLUMNS
            " FROM new_delivery");
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

}  // namespace caravan::sqlite
