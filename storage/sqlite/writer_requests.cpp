// Who asked for what, and the keys by which that is known when it comes again.

#include "storage/sqlite/writer.hpp"

namespace caravan::sqlite {

void Writer::write_audit(const Changes& changes) {
  for (const AuditRecord& line : changes.audit) {
    insert_audit_.prepare(
        "INSERT INTO audit(at, caller, request_id, action, target, refused) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    insert_audit_.bind(line.at, line.caller, line.request_id, line.action, line.target, line.refused);
    insert_audit_.run();
  }
}

/// Twice as many of the old as come are let go: more would be felt by whoever waits for this commit.
void Writer::write_asked_keys(const Changes& changes) {
  if (changes.asked_keys.empty()) return;
  for (const AskedKeyRecord& asked : changes.asked_keys) {
    upsert_asked_key_.prepare(
        "INSERT INTO asked_key(caller, key, fingerprint, result, at) VALUES(?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, result = excluded.result, at = excluded.at");
    upsert_asked_key_.bind(asked.caller, asked.key, asked.fingerprint, asked.result, asked.at);
    upsert_asked_key_.run();
  }
  delete_asked_keys_.prepare(
      "DELETE FROM asked_key WHERE (caller, key) IN"
      " (SELECT caller, key FROM asked_key WHERE at < ?1 ORDER BY at, caller, key LIMIT ?2)");
  delete_asked_keys_.bind(changes.asked_keys_since, 2 * changes.asked_keys.size());
  delete_asked_keys_.run();
}

}  // namespace caravan::sqlite
