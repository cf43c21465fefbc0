#pragma once
// Writes Changes: one transaction, one pass a table, rows in the order of their keys so that neighbours share pages.
// Used by one thread at a time. After an error everything is rolled back and the next commit may be tried.

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/new_rows.hpp"
#include "storage/sqlite/wal_keeper.hpp"

namespace caravan::sqlite {

class Writer {
 public:
  /// `connection` outlives the writer and is used by it alone.
  Writer(Connection& connection, const SqliteSettings& settings)
      : connection_(connection), wal_(connection, settings.checkpoint_bytes) {}

  /// Throws StoreError; then nothing of `changes` is written.
  void commit(const Changes& changes);

 private:
  void write(const Changes& changes);
  void write_names(const Changes& changes);
  void write_accounts(const Changes& changes);
  void write_people(const Changes& changes);
  void write_tokens(const Changes& changes);
  void write_runs(const Changes& changes);
  void write_deliveries(const Changes& changes);
  void write_progress(const Changes& changes);
  void write_groups(const Changes& changes);
  void write_notes(const Changes& changes);
  void write_counters(const Changes& changes);
  void write_versions(const Changes& changes);
  void write_snapshots(const Changes& changes);
  void write_sweeps(const Changes& changes);
  void write_to_evaluate(const Changes& changes);
  void write_engine_time(const Changes& changes);

  /// Throws when the last update found no row: the write set said that there is one.
  void expect_touched(const char* what, std::int64_t id) const;
  [[noreturn]] void refuse_update(const char* what, std::int64_t id) const;

  /// Splits writes into records to insert, as the rows of `inserts`, and records to update, in `updates_`; both in the
  /// order of ids, each record once, as it was written last.
  template <class Record>
  void sort_out(const std::vector<Write<Record>>& writes, RowTable& inserts);

  Connection& connection_;
  WalKeeper wal_;

  Statement begin_{connection_};
  Statement commit_{connection_};
  Statement insert_name_{connection_};
  Statement insert_account_{connection_};
  Statement update_account_{connection_};
  Statement insert_person_{connection_};
  Statement update_person_{connection_};
  Statement insert_token_{connection_};
  Statement update_token_{connection_};
  Statement insert_run_{connection_};
  Statement insert_delivery_{connection_};
  Statement update_delivery_{connection_};
  Statement upsert_group_{connection_};
  Statement upsert_member_{connection_};
  Statement insert_note_{connection_};
  Statement upsert_counter_{connection_};
  Statement upsert_version_{connection_};
  Statement insert_snapshot_{connection_};
  Statement insert_snapshot_text_{connection_};
  Statement upsert_sweep_{connection_};
  Statement insert_to_evaluate_{connection_};
  Statement delete_to_evaluate_{connection_};
  Statement upsert_engine_time_{connection_};

  RowTable new_accounts_{connection_, "new_account", kAccountColumns, put_account};
  RowTable new_people_{connection_, "new_person", kPersonColumns, put_person};
  RowTable new_tokens_{connection_, "new_token", kTokenColumns, put_token};
  RowTable changed_tokens_{connection_, "changed_token", kTokenColumns, put_token};
  RowTable new_runs_{connection_, "new_run", kRunColumns, put_run};
  RowTable new_deliveries_{connection_, "new_delivery", kDeliveryColumns, put_delivery};
  RowTable written_groups_{connection_, "written_group", kGroupColumns, put_group};
  RowTable written_members_{connection_, "written_member", kMemberColumns, put_member};

  // Kept between commits for their memory.
  std::vector<const void*> order_;
  std::vector<const void*> updates_;
  std::vector<GroupMember> members_;
};

}  // namespace caravan::sqlite
