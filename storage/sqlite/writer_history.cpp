// Lets history go. Rows of one enrollment lie together in each table, and those of an older one before those of a newer
// one.

#include "storage/sqlite/archive_setting.hpp"
#include "storage/sqlite/writer.hpp"

namespace caravan::sqlite {

void Writer::let_history_go(const HistoryUpkeep& history) {
  for (const ForgottenHistory& forgotten : history.forgotten)
    forget(forgotten);
  if (!history.forgotten.empty()) {
    add_.prepare(
        "INSERT INTO setting(name, value) VALUES('history/forgotten', ?1)"
        " ON CONFLICT DO UPDATE SET value = value + excluded.value");
    add_.bind(history.forgotten.size());
    add_.run();
  }
  if (history.next) {
    set_.prepare(
        "INSERT INTO setting(name, value) VALUES('history/next', ?1)"
        " ON CONFLICT DO UPDATE SET value = excluded.value");
    set_.bind(history.next);
    set_.run();
  }
  if (history.archive) {
    upsert_archive_.prepare(
        "INSERT INTO setting(name, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value");
    const std::string name = archive_setting_name(*history.archive);
    const std::string value = archive_setting_value(*history.archive);
    upsert_archive_.bind(name, value);
    upsert_archive_.run();
  }
  if (history.freed_pages > 0)
    connection_.run(("PRAGMA incremental_vacuum(" + std::to_string(history.freed_pages) + ")").c_str());
}

void Writer::forget(const ForgottenHistory& forgotten) {
  ended_enrollment_.prepare("SELECT 1 FROM token WHERE id = ?1 AND account = ?2 AND parent IS NULL AND state >= 6");
  ended_enrollment_.bind(forgotten.enrollment, forgotten.account);
  {
    Rows rows(ended_enrollment_);
    if (!rows.next()) refuse_update("an enrollment that has ended, token", forgotten.enrollment.value);
  }
  delete_runs_.prepare("DELETE FROM run WHERE token = ?1");
  delete_deliveries_.prepare("DELETE FROM delivery WHERE token = ?1");
  delete_notes_.prepare("DELETE FROM note WHERE account = ?1 AND at <= ?2 AND token = ?3");
  const auto forget_rows = [&](TokenId token) {
    delete_runs_.bind(token);
    delete_runs_.run();
    delete_deliveries_.bind(token);
    delete_deliveries_.run();
    delete_notes_.bind(forgotten.account, forgotten.notes_until, token);
    delete_notes_.run();
  };
  forget_rows(forgotten.enrollment);
  delete_token_.prepare("DELETE FROM token WHERE id = ?1 AND parent = ?2");
  for (const TokenId person : forgotten.people) {
    delete_token_.bind(person, forgotten.enrollment);
    delete_token_.run();
    expect_touched("a person's token", person.value);
    forget_rows(person);
    keep_greatest("history/token", person.value);
  }
}

}  // namespace caravan::sqlite
