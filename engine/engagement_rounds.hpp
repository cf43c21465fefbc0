#pragma once
// Rounds in which the engagement of everybody is computed: daily at midnight of the workspace's time zone, on demand,
// and when the model has changed. A round goes through the store batch by batch, in the turn thread, in passes of
// which each needs what the one before has found:
//   count         the activity of accounts that something has come for or left the window of; all, by another model
//   weigh         which types of activity occurred among people
//   scale_people  the smallest and the largest of people's results
//   score_people  people's scores
//   scale_groups  the smallest and the largest of the groups' results
//   score_groups  the groups' scores
// What happens after a round has begun does not count in it; it is counted in the next one. A round that is interrupted
// begins anew, and what it had written already is what the new one would write.

#include "engine/definitions.hpp"
#include "engine/score_book.hpp"
#include "engine/subject.hpp"

namespace caravan {

/// How far a round is, in rows that it goes through; about.
struct RoundProgress {
  std::int64_t done = 0;
  std::int64_t total = 0;
};

/// One thread uses it.
class EngagementRounds {
 public:
  /// What a round does to the rest of the engine. Both may write what they like into the Changes of the batch.
  class Effects {
   public:
    virtual ~Effects() = default;
    /// The subject's buying group has other scores than before: to be kept in it, and told.
    virtual void group_scored(Subject& subject, NameId interest, double raw, double score) = 0;
    /// The scores of some of the account's people, primary or not, have changed: rules that read them are looked at.
    virtual void people_scored(Subject& subject) = 0;
  };

  /// As many rows that a round goes through are a turn's worth of work.
  static constexpr std::size_t kRowsPerTurn = 8;

  EngagementRounds(Reader& reader, ScoreBook& scores);

  /// Takes up what the newest publication says; null: nothing that could be scored by. By another model than the last
  /// round's a round over everybody is due at once, and without one, a round that takes everybody's scores away.
  /// `anybody_reads_scores` says whether some rule depends on people's scores: else people_scored is not called.
  void go_live(std::shared_ptr<const Definitions> definitions, bool anybody_reads_scores);

  /// A round is due at once; after the present one, where one is under way. Nothing without a model.
  void ask();
  /// Begins the round whose time has come, also one whose midnight has passed while nobody was there to begin it.
  void begin(Instant now, Changes& changes);
  /// About `turns` turns' worth of the round that is under way, and gives how many it was. A call that leaves something
  /// to do has put something into `changes`, or waits for an earlier batch to be on the disk; so there will be a next
  /// one.
  std::size_t work(Subjects& subjects, Effects& effects, std::size_t turns, Changes& changes);

  /// Whether no round is under way.
  bool exhausted() const { return !round_; }
  /// When the next one begins by itself; nothing when none will, or while one is under way.
  std::optional<Instant> next_round() const;
  /// Nothing when none is under way.
  std::optional<RoundProgress> progress() const;
  /// The last one that was begun or that has come to its end; nothing when there never was one.
  const std::optional<EngagementRoundRecord>& last_round() const { return last_; }

 private:
  enum class Pass : std::uint8_t { count, weigh, scale_people, score_people, scale_groups, score_groups };
  struct Round {
    EngagementPlan plan;
    EngagementWindow window;
    bool counts_everybody;               ///< not only accounts that are due
    std::uint64_t builds_on;             ///< the last batch that the reader must see before accounts are gone through
    std::array<std::int64_t, 6> rows{};  ///< how many each pass goes through, about
    Pass pass = Pass::count;
    std::int64_t passed = 0;    ///< rows of this pass that are done
    bool counted_some = false;  ///< the present going through due accounts has met some
    // How far the pass is.
    AccountId account{};
    PersonId person{};
    std::pair<AccountId, NameId> group{};
    // What passes have found.
    NormalizedWeights weights{};
    std::int64_t people = 0;  ///< who have a record
    Scale people_scale{};
    Scale group_scale{};
  };
  /// A call of work().
  struct Slice;
  struct Scores {
    double raw = 0;
    double score = 0;
  };

  bool was_counted_by(std::string_view model) const;
  bool is_due(Instant now) const;
  void go_to(Pass pass);
  void finish(Changes& changes);
  /// False when it must wait for another batch.
  bool step(Slice& slice);

  bool count(Slice& slice);
  std::vector<AccountId> accounts_to_count(std::size_t limit);
  void count_account(AccountId account, Slice& slice);
  void read_account(AccountId account, Subject* subject);
  void score_changed(PersonId person, AccountId account, Slice& slice);

  template <class Work>
  void each_person(Slice& slice, Pass next, const Work& work);
  void weigh(Slice& slice);
  void scale_people(Slice& slice);
  void score_people(Slice& slice);

  template <class Work>
  void each_group(Slice& slice, std::optional<Pass> next, const Work& work);
  void read_members(const GroupRecord& group, Slice& slice);
  double unscaled(const GroupRecord& group, const InterestPlan& plan) const;
  void scale_groups(Slice& slice);
  void score_groups(Slice& slice);

  Reader& reader_;
  ScoreBook& scores_;
  std::shared_ptr<const Definitions> definitions_;
  bool anybody_reads_scores_ = false;
  bool is_asked_ = false;
  std::optional<EngagementRoundRecord> last_;
  std::optional<Round> round_;
  // Kept for their memory.
  std::vector<ActivityPoint> points_;
  std::vector<EngagementRecord> records_;
  std::vector<GroupRecord> groups_;
  std::map<PersonId, Scores> members_;  ///< of the groups of the account at hand
};

}  // namespace caravan
