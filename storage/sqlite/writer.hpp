#pragma once
// Writes Changes: one transaction, one pass a table, rows in the order of their keys so that neighbours share pages.
// Used by one thread at a time. After an error everything is rolled back and the next commit may be tried.

#include "storage/sqlite/connection.hpp"
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
  void write_members(const GroupRecord& group);
  void write_notes(const Changes& changes);
  void write_counters(const Changes& changes);
  void write_versions(const Changes& changes);
  void write_snapshots(const Changes& changes);
  void write_sweeps(const Changes& changes);
  void write_to_evaluate(const Changes& changes);
  void write_engine_time(const Changes& changes);

  /// Throws when the last update found no row: the write set said that there is one.
  void expect_touched(const char* what, std::int64_t id) const;

  /// Calls `visit(item)` in the order of `less`; of items that are equal in the order given.
  template <class Item, class Less, class Visit>
  void in_order(const std::vector<Item>& items, Less less, Visit visit);
  /// In the order of ids, each record once: as it was written last, inserted if any of its writes was.
  template <class Record, class Visit>
  void each_last(const std::vector<Write<Record>>& writes, Visit visit);

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

  // Kept between commits for their memory.
  std::vector<std::uint32_t> order_;
  std::string packed_visits_;
};

}  // namespace caravan::sqlite
