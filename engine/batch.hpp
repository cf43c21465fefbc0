#pragma once
// A batch: as many turns as are there to do, up to a limit, merged into one write set. What is to do comes from five
// places: inputs from outside, what came of deliveries, tokens whose time has come, accounts whose audiences are still
// to be evaluated, and tasks that go through many tokens.
//   batch.cpp        gathering: what is due, what is marked, tasks
//   batch_inputs.cpp accounts, people and events from outside
//   batch_people.cpp people, and the accounts they belong to
//   batch_consent.cpp what people want of mails, and what is kept of it
//   batch_commands.cpp what is asked of journeys and buying groups: publishing, pausing, retrying, assigning
//   sweeps.cpp       going through all accounts for an audience
//   engagement_rounds.cpp scoring what everybody has done

#include "engine/engagement_rounds.hpp"
#include "engine/input.hpp"
#include "engine/kept_consent.hpp"
#include "engine/sweeps.hpp"
#include "engine/turn.hpp"

namespace caravan {

/// Runs the turns of one batch after the other; one thread uses it. A batch may be run while the one before is being
/// written, never while two are.
class BatchRunner {
 public:
  enum class Mode {
    all,       ///< inputs are taken, accounts enter, tokens move
    data,      ///< accounts, people and events are kept, and nothing comes of them yet
    commands,  ///< inputs are taken and done with all that comes of them at once, but nothing that is due is woken
  };
  struct Settings {
    Mode mode = Mode::all;
    /// Enough that a commit costs each turn little, and no more: while a batch is written the next one runs, so that
    /// only the first and the last of what is due at once stand alone, and an event waits behind one at most.
    std::size_t turns = 1'024;
  };

  BatchRunner(Reader& reader, NameBook& names, JourneyLibrary& library, Settings settings);

  /// Takes up what the library says is live, with `data` what it says of buying groups alone. `changes` gets what must
  /// be kept of it.
  void go_live(Instant now, Changes& changes);

  /// Begins a batch at `now`. `settled` says that all earlier batches are on the disk. The reader has been refreshed.
  void begin(Instant now, bool settled);

  /// A turn for an input.
  InputResult apply(const Input& input, Changes& changes);

  /// What a channel has reported: counted, and a turn where somebody waits for it.
  void report(const DeliveryProgress& progress, Changes& changes);

  /// Turns for what is due and what is to be evaluated, until the batch is full. With `more_inputs` waiting, audiences
  /// are left for later: what comes may belong to the accounts that have just come, such as their people.
  void work(Changes& changes, bool more_inputs = false);

  /// After the last turn: what belongs to the batch as a whole.
  void finish(Changes& changes);

  /// The batch is on its way to the disk: its subjects are kept for the next one.
  void handed_over() {
    subjects_.next_batch();
    runner_.next_batch();
    scores_.next_batch();
    kept_consent_.next_batch();
  }

  /// What a journey's audience or its end of entry will ask for, apart from tokens.
  std::optional<Instant> next_moment() const;

  /// Whether a journey waits for its audience to be gone through for the first time.
  bool awaits_first_round() const { return sweeps_.awaits_first_round(); }

  std::size_t turns() const { return turns_; }
  std::optional<SweepProgress> sweep_progress() const { return sweeps_.progress(); }
  std::optional<RoundProgress> round_progress() const { return rounds_.progress(); }
  /// How late the token was woken that had been due longest, if any was.
  std::optional<std::chrono::milliseconds> lag() const {
    return longest_due_ ? std::optional(now_ - *longest_due_) : std::nullopt;
  }
  bool full() const { return turns_ >= settings_.turns; }
  /// Whether work() came to the end of all there was to do at the time; final when the batch began settled.
  bool exhausted() const;

 private:
  /// Where a scan of the store goes on. The reader still sees rows that an unwritten batch has dealt with: a scan that
  /// went on from its position does not meet them, and one that starts again finds in Subjects that they are done.
  template <class Position>
  struct Scan {
    Position position{};
    bool exhausted = false;
  };

  InputResult take(const UpsertAccount& input, Changes& changes);
  InputResult take(const UpsertPerson& input, Changes& changes);
  InputResult take(const RelatePerson& input, Changes& changes);
  InputResult take(const RemovePerson& input, Changes& changes);
  InputResult take(const TellEvent& input, Changes& changes);
  InputResult take(const EnterJourney& input, Changes& changes);
  InputResult take(const Publish& input, Changes& changes);
  InputResult take(const ChangeJourney& input, Changes& changes);
  InputResult take(const Interfere& input, Changes& changes);
  InputResult take(const ChangeMember& input, Changes& changes);
  InputResult take(const ChangeGroup& input, Changes& changes);
  InputResult take(const ScoreEngagement& input, Changes& changes);
  InputResult take(const SuppressAddress& input, Changes& changes);

  bool is_running() const { return settings_.mode != Mode::data; }
  /// Whatever was to happen to the subject before now has happened. Gives how many turns of tokens that took.
  std::size_t make_ready(Subject& subject, Changes& changes);
  /// The same, and its audiences have been looked at after all that has come: for what is not mere data.
  void make_current(Subject& subject, Changes& changes);
  /// Its audiences are to be looked at for what has changed.
  void look_later(Subject& subject, SubjectChange change, Changes& changes);
  /// Does so now, where they are.
  void look_at_what_came(Subject& subject, Changes& changes);
  bool is_under_way(Subject& subject);
  void look_at_pending(Changes& changes);
  void mark_pending(Changes& changes);
  std::vector<std::pair<NameId, AttributeInput>> named(const AttributeMap& attributes);
  static std::string fault_of_key(std::string_view key, std::string_view whose);
  /// The subject of a person's account; for a person without one, the record that stands in for it.
  Subject& stand_in_of(const std::string& person, Changes& changes);
  void leave_account(Subject& subject, const PersonRecord& person, Changes& changes);
  std::string why_not_one_more(Subject& subject);
  void join_account(Subject& subject, PersonRecord person, Changes& changes);
  void end_relation(PersonId person, AccountId account, Changes& changes);
  InputResult update_person(Subject& subject, PersonId person, const UpsertPerson& input, Changes& changes);
  void set_consent(Subject& primary, PersonId person, AttributeMap attributes, Changes& changes);
  void mark_undeliverable(const DeliveryProgress& bounced, Changes& changes);
  void say_of_mails(Subject& primary, PersonId person, const TellEvent& input, Instant at, Changes& changes);
  /// A person's attributes become others. Gives what is kept of an address that is new to them and must be set with it;
  /// where theirs stays what it was, what they want again is let go.
  AttributeMap hold_against_kept(const Attributes& before, const Attributes& after, Changes& changes);
  void remember_set(Subject& subject, std::span<const std::pair<PersonId, AttributeChange>> set);
  bool hold_turn_against_kept(Changes& changes);
  /// What was set of a person in one of their accounts, to be set in the others when the turn is over.
  struct SetElsewhere {
    PersonId person;
    AccountId primary;
    AccountId from;
    std::vector<std::pair<NameId, AttributeInput>> attributes;
    SubjectChange change;
  };
  void set_elsewhere(const PersonRecord& person, AccountId from, std::span<const NameId> attributes,
                     SubjectChange change);
  void spread(Changes& changes);
  void spread_sets(Changes& changes);
  void spread(const SetElsewhere& set, bool is_told, Changes& changes);
  template <class Input>
  InputResult change_group(const Input& input, Changes& changes);

  std::string refuse_move(const Publish& publish);
  void add_task(TaskRecord task, Changes& changes);
  bool has_node(const std::string& journey, const std::string& node);
  InputResult interfere_with(Subject& subject, const TaskRecord& task, Changes& changes);
  const MovePlan* move_plan(const TaskRecord& task, VersionId from);

  void take_names(Changes& changes);
  void follow_states(Changes& changes);
  void close_what_is_over(Changes& changes);
  void finish_what_is_through(Changes& changes);
  void wake_due(Changes& changes);
  void evaluate_marked(Changes& changes);
  void work_on_tasks(Changes& changes);
  struct RoundEffects;
  void work_on_engagement(Changes& changes);
  void work_on(TaskRecord& task, Changes& changes);

  Reader& reader_;
  NameBook& names_;
  JourneyLibrary& library_;
  Settings settings_;
  Numbering numbering_;
  Subjects subjects_;
  ScoreBook scores_;
  KeptConsent kept_consent_;
  TurnRunner runner_;
  Sweeps sweeps_;
  EngagementRounds rounds_;
  std::deque<SetElsewhere> set_elsewhere_;
  /// What a turn has made of a person's attributes, to be held against what is kept when it is over.
  struct SetByTurn {
    PersonId person;
    AccountId primary;
    Attributes before;
    Attributes after;
  };
  std::deque<SetByTurn> set_by_turns_;
  /// Accounts whose audiences are to be looked at for what has come, by account; marked in the store when a batch ends.
  struct Pending {
    SubjectChange change;
    bool is_marked = false;
  };
  std::map<AccountId, Pending> pending_;
  std::vector<TaskRecord> tasks_;
  std::map<std::pair<std::int64_t, VersionId>, MovePlan> move_plans_;  ///< by task and the version that is left
  std::map<std::string, JourneyState> states_;                         ///< of the journeys when they were last taken up
  std::vector<std::string> closing_;                                   ///< journeys that are closed and not through
  Scan<DueCursor> due_;
  Scan<AccountId> marked_;
  bool marks_worked_off_ = false;  ///< once: while it runs, nobody marks any more
  bool settled_ = false;
  Instant now_{};
  std::size_t turns_ = 0;
  std::optional<Instant> longest_due_;  ///< of the tokens that were woken
  std::vector<TokenRecord> token_rows_;
  std::vector<AccountId> marked_rows_;
};

}  // namespace caravan
