#pragma once
// Writes Changes into a State: first it brings them into order and looks whether they fit, then nothing can go wrong
// any more but that memory ends.

#include "storage/memory/state.hpp"

namespace caravan::memory {

class Writer {
 public:
  /// `state` outlives the writer, and is changed by it alone.
  explicit Writer(State& state) : state_(state) {}

  /// Throws StoreError; then the state is as it was.
  void commit(const Changes& changes);

 private:
  void put_in_order(const Changes& changes);

  // Whether everything fits.
  void expect_fit(const Changes& changes) const;
  void expect_names_fit(const Changes& changes) const;
  void expect_accounts_fit() const;
  void expect_people_fit(const Changes& changes) const;
  void expect_tokens_fit() const;
  void expect_runs_fit() const;
  void expect_deliveries_fit() const;
  void expect_activity_fit() const;
  void expect_journeys_fit(const Changes& changes) const;
  void expect_history_fit(const HistoryUpkeep& history) const;
  std::optional<TokenRecord> written_token(TokenId id) const;

  void write_names(const Changes& changes);
  void write_accounts();
  /// Takes people out of their accounts, groups, lists and destinations once everything else is written, since that
  /// may speak of them too; their keys and records go before, since those may be somebody else's in this write set.
  void remove_people(const Changes& changes);
  void remove_memberships(const Changes& changes);
  void write_people();
  void write_relations(const Changes& changes);
  void write_kept_consent(const Changes& changes);
  void write_tokens();
  void write_token(const TokenRecord& token, TokenRow& row);
  void write_runs();
  void write_deliveries();
  void write_progress();
  void write_groups(const Changes& changes);
  void write_group_changes(const Changes& changes);
  void write_engagement(const Changes& changes);
  void write_activity(const Changes& changes);
  void write_audience_members(const Changes& changes);
  void write_rosters(const Changes& changes);
  void write_notes(const Changes& changes);
  void write_counters(const Changes& changes);
  void write_journeys(const Changes& changes);
  void write_journal(const Changes& changes);
  void let_history_go(const HistoryUpkeep& history);
  void write_audit(const Changes& changes);
  void write_asked_keys(const Changes& changes);
  void forget_rows(const ForgottenHistory& forgotten, TokenId token);

  bool is_removed(PersonId person) const;
  void erase_from_groups(AccountId account, PersonId person);
  void tell(const RosterName& roster, AccountId account, PersonId person, Instant at, bool in);

  State& state_;

  // The present write set, in the order of its keys; pointers, as storage/row_order.hpp gives them. Kept between
  // commits for their memory.
  std::vector<const void*> order_;
  std::vector<const void*> new_accounts_;
  std::vector<const void*> changed_accounts_;
  std::vector<const void*> new_people_;
  std::vector<const void*> changed_people_;
  std::vector<const void*> new_tokens_;
  std::vector<const void*> changed_tokens_;
  std::vector<const void*> runs_;
  std::vector<const void*> deliveries_;
  std::vector<const void*> progress_;
  std::vector<const void*> activity_;
  std::vector<PersonId> removed_people_;                             ///< sorted
  std::vector<std::pair<AccountId, PersonId>> removed_memberships_;  ///< where those are or were members
};

}  // namespace caravan::memory
