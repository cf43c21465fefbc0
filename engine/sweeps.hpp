#pragma once
// Going through all accounts, for an audience: when its journey goes live, when it is resumed, at the times of its
// schedule, and once a day for an audience whose members change by time alone; and for buying groups: when what makes
// or fills them is published, and once a day where time alone changes them.

#include "engine/turn.hpp"

namespace caravan {

/// How far the going through is, over all audiences that are being gone through.
struct SweepProgress {
  std::int64_t done = 0;   ///< accounts
  std::int64_t total = 0;  ///< accounts
};

class Sweeps {
 public:
  Sweeps(Reader& reader, NameBook& names) : reader_(reader), names_(names) {}

  /// Takes up the live journeys. `last` is the greatest account there is; what is not swept yet goes on where it was.
  /// The sweep of a paused journey rests until it is resumed.
  void go_live(const LivePlan& plan, AccountId last, Instant now, Changes& changes);
  /// Begins anew for a journey that is evaluated continuously: whoever came into its audience while nobody could enter
  /// enters now.
  void restart(std::string_view journey, AccountId last, Instant now, Changes& changes);
  /// Begins the rounds whose time has come.
  void begin(AccountId last, Instant now, Changes& changes);
  /// Turns until `turns` have been run or there is nothing to go through. Gives how many were run.
  std::size_t work(TurnRunner& runner, Subjects& subjects, std::size_t turns, Instant now, Changes& changes);
  /// Accounts up to `last` that came while it runs have been evaluated as they came.
  void skip_to(AccountId last, Changes& changes);

  /// Whether some round has not come to the account yet.
  bool is_to_come(AccountId account) const;
  bool exhausted() const;
  /// Nothing when nothing is being gone through.
  std::optional<SweepProgress> progress() const;
  /// When the next round begins; nothing when none will.
  std::optional<Instant> next_round() const;
  /// Whether somebody waits for a round that is the first of its journey; later ones go on for ever.
  bool awaits_first_round() const;
  /// For a store that is only written to: accounts below have been swept by some journey and must be marked.
  AccountId swept_below() const { return swept_below_; }
  void read_stored();

 private:
  struct Sweep {
    std::optional<LiveJourney> journey;      ///< none: for buying groups
    const AudiencePlan* audience = nullptr;  ///< of the journey; null where nothing defines it
    std::int64_t definitions = 0;            ///< the snapshot of what says who has one
    SweepRecord record;
    AccountId last;
    std::optional<CronSchedule> rounds;
    std::string timezone;
    std::optional<Instant> begins_at;  ///< nothing is swept before: the start of entry

    bool rests() const { return journey && journey->state != JourneyState::live; }
    bool is_working() const { return !rests() && !begins_at && record.next <= last; }
    /// Not all that come are taken, but those that were there when a round began.
    bool has_rounds_only() const { return journey && journey->definition().evaluate != Evaluate::continuously; }
    /// When the next round begins; nothing when none will.
    std::optional<Instant> next_round() const;
  };
  void sweep_groups(const LivePlan& plan, const std::vector<Sweep>& before, std::span<const SweepRecord> stored,
                    AccountId last, Instant now, Changes& changes);
  static void end_round(Sweep& sweep, Changes& changes);
  void work_on(std::vector<Sweep*> together, TurnRunner& runner, Subjects& subjects, std::size_t turns,
               std::size_t& run, Instant now, Changes& changes);

  Reader& reader_;
  NameBook& names_;
  std::vector<Sweep> sweeps_;  ///< that of buying groups first: a journey finds them made
  AccountId swept_below_;
  std::vector<AccountRecord> account_rows_;
  std::vector<AudienceMemberRecord> member_rows_;
};

}  // namespace caravan
