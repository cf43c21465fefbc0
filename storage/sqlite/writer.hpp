#pragma once
// Writes Changes: one transaction, one pass a table, rows in the order of their keys so that neighbours share pages.
// Used by one thread at a time. After an error everything is rolled back and the next commit may be tried.

#include "storage/sqlite/compression.hpp"
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
  void use_idle_time() noexcept { wal_.use_idle_time(); }

 private:
  void write(const Changes& changes);
  void write_names(const Changes& changes);
  void write_accounts(const Changes& changes);
  /// Deletes the rows of people and their relations, and gathers what remove_memberships() needs of them.
  void remove_people(const Changes& changes);
  /// Runs a deletion that returns accounts where the person is a member; whether it found any.
  bool remove_rows(Statement& deletion, PersonId person);
  /// Of those who are not removed by the same write set.
  void write_people(const Changes& changes);
  void write_relations(const Changes& changes);
  void write_kept_consent(const Changes& changes);
  void write_tokens(const Changes& changes);
  void write_runs(const Changes& changes);
  void write_deliveries(const Changes& changes);
  void write_progress(const Changes& changes);
  void write_groups(const Changes& changes);
  void write_group_changes(const Changes& changes);
  void write_engagement(const Changes& changes);
  void delete_engagement(PersonId person);
  void write_engagement_due(const Changes& changes);
  void write_engagement_round(const Changes& changes);
  void write_activity(const Changes& changes);
  void forget_activity(const Changes& changes);
  void write_audience_members(const Changes& changes);
  /// In the order given: what changes nothing makes no line in the feed.
  void write_rosters(const Changes& changes);
  void remove_memberships(const Changes& changes);
  void write_mailed(const Changes& changes);
  void write_notes(const Changes& changes);
  void write_counters(const Changes& changes);
  void write_versions(const Changes& changes);
  void write_snapshots(const Changes& changes);
  void write_definitions(const Changes& changes);
  void write_journeys(const Changes& changes);
  void write_tasks(const Changes& changes);
  void write_sweeps(const Changes& changes);
  void write_to_evaluate(const Changes& changes);
  void write_engine_time(const Changes& changes);
  void write_journal(const Changes& changes);
  void let_history_go(const HistoryUpkeep& history);
  void write_audit(const Changes& changes);
  void write_asked_keys(const Changes& changes);
  void forget(const ForgottenHistory& forgotten);

  /// Throws when the last update found no row: the write set said that there is one.
  void expect_touched(const char* what, std::int64_t id) const;
  [[noreturn]] void refuse_update(const char* what, std::int64_t id) const;

  /// Runs a statement that selects from `table`, if that has rows.
  void write_all(const RowTable& table, Statement& statement, const char* sql);
  /// Raises a setting to `number` where it is less or not there.
  void keep_greatest(const char* setting, std::int64_t number);
  bool is_removed(PersonId person) const;

  Connection& connection_;
  WalKeeper wal_;

  Statement begin_{connection_};
  Statement commit_{connection_};
  Statement insert_name_{connection_};
  Statement insert_account_{connection_};
  Statement update_account_{connection_};
  Statement insert_person_{connection_};
  Statement update_person_{connection_};
  Statement delete_relations_{connection_};
  Statement upsert_relation_{connection_};
  Statement delete_relation_{connection_};
  Statement upsert_kept_consent_{connection_};
  Statement delete_kept_consent_{connection_};
  Statement insert_plain_token_{connection_};
  Statement insert_token_{connection_};
  Statement update_plain_token_{connection_};
  Statement update_token_{connection_};
  Statement insert_run_{connection_};
  Statement insert_delivery_{connection_};
  Statement update_delivery_{connection_};
  Statement upsert_group_{connection_};
  Statement upsert_member_{connection_};
  Statement insert_group_change_{connection_};
  Statement upsert_engagement_{connection_};
  Statement delete_engagement_{connection_};
  Statement upsert_engagement_due_{connection_};
  Statement delete_engagement_due_{connection_};
  Statement upsert_engagement_round_{connection_};
  Statement delete_person_{connection_};
  Statement delete_members_{connection_};
  Statement insert_activity_{connection_};
  Statement delete_activity_{connection_};
  Statement upsert_audience_member_{connection_};
  Statement delete_audience_member_{connection_};
  Statement insert_roster_{connection_};
  Statement delete_roster_{connection_};
  Statement delete_rosters_{connection_};
  Statement insert_roster_change_{connection_};
  Statement tell_roster_removals_{connection_};
  Statement insert_mailed_{connection_};
  Statement insert_note_{connection_};
  Statement upsert_counter_{connection_};
  Statement upsert_version_{connection_};
  Statement insert_snapshot_{connection_};
  Statement insert_snapshot_text_{connection_};
  Statement upsert_definitions_{connection_};
  Statement upsert_journey_{connection_};
  Statement upsert_task_{connection_};
  Statement delete_task_{connection_};
  Statement upsert_sweep_{connection_};
  Statement insert_to_evaluate_{connection_};
  Statement delete_to_evaluate_{connection_};
  Statement upsert_engine_time_{connection_};
  Statement insert_journal_{connection_};
  Statement delete_journal_{connection_};
  Statement upsert_past_{connection_};
  Statement ended_enrollment_{connection_};
  Statement delete_runs_{connection_};
  Statement delete_deliveries_{connection_};
  Statement delete_notes_{connection_};
  Statement delete_token_{connection_};
  Statement set_{connection_};
  Statement add_{connection_};
  Statement upsert_archive_{connection_};
  Statement insert_audit_{connection_};
  Statement upsert_asked_key_{connection_};
  Statement delete_asked_keys_{connection_};
  Compressor compressor_;
  DeliveryPacker delivery_packer_{connection_};
  std::optional<std::int64_t> past_;  ///< the setting journal_past, once it is known
  Statement keep_greatest_{connection_};

  RowTable new_accounts_{connection_, "new_account", kAccountColumns, put_account};
  RowTable new_people_{connection_, "new_person", kPersonColumns, put_person};
  RowTable new_tokens_{connection_, "new_token", kTokenColumns, put_token};
  RowTable changed_tokens_{connection_, "changed_token", kTokenColumns, put_token};
  RowTable new_runs_{connection_, "new_run", kRunColumns, put_run};
  RowTable new_deliveries_{connection_, "new_delivery", kDeliveryColumns, put_delivery};
  RowTable written_groups_{connection_, "written_group", kGroupColumns, put_group};
  RowTable written_members_{connection_, "written_member", kMemberColumns, put_member};
  RowTable written_engagement_{connection_, "written_engagement", kEngagementColumns, put_engagement};
  RowTable written_engagement_due_{connection_, "written_engagement_due", kEngagementDueColumns, put_engagement_due};
  RowTable new_activity_{connection_, "new_activity", kActivityColumns, put_activity};
  RowTable entered_audience_members_{connection_, "entered_audience_member", kAudienceMemberColumns,
                                     put_audience_member};
  RowTable new_mailed_{connection_, "new_mailed", kMailedColumns, put_mailed};

  // Kept between commits for their memory.
  std::vector<const void*> order_;
  std::vector<const void*> updates_;
  std::vector<GroupMember> members_;
  std::vector<PersonId> removed_people_;                          ///< sorted
  std::set<std::pair<PersonId, AccountId>> removed_memberships_;  ///< where those are or were members
};

}  // namespace caravan::sqlite
