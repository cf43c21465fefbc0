#pragma once
// The turn: one input applied to one subject. It runs tokens from where they stand to where each must stop, and leaves
// what must be written in Changes. It depends on the records it reads, the input, the journeys' versions and the time
// it is given, and on nothing else.
//
// What a turn has to do stands in its agenda, in order: tokens to run, events to hear, what has changed to look at
// again. A run adds to the agenda's end; the turn is over when it is empty.
//   turn.cpp        the turns there are, and the agenda
//   turn_run.cpp    a token's run: node after node, to where it stops
//   turn_scene.cpp  what nodes see and do
//   turn_groups.cpp buying groups: made, filled, changed by journeys and by hand
//   turn_rules.cpp  who enters and leaves: audiences, entry, re-entry, exit, goal
//   turn_move.cpp   how accounts under way go on in another version
//   turn_events.cpp what happens when something has happened

#include <list>

#include "engine/consent.hpp"
#include "engine/hand_over.hpp"
#include "engine/input.hpp"
#include "engine/journey_library.hpp"
#include "engine/lifecycle.hpp"
#include "engine/live_plan.hpp"
#include "engine/move_plan.hpp"
#include "engine/score_book.hpp"
#include "engine/subject.hpp"
#include "engine/subject_change.hpp"
#include "engine/subject_facts.hpp"
#include "engine/tally.hpp"

namespace caravan {

/// Numbers for new records; one thread gives them out.
struct Numbering {
  AccountId account;
  PersonId person;
  TokenId token;
  std::int64_t activity = 0;
  std::int64_t task = 0;
};

/// Runs turns one after the other, keeping its memory between them. One thread uses it.
class TurnRunner final : private Scene {
 public:
  /// A run that visits more nodes than this without stopping is a fault of its journey.
  static constexpr std::size_t kMostVisitsPerRun = 10'000;
  /// A turn that raises more events than this goes in a circle: those beyond are noted and dropped.
  static constexpr std::size_t kMostEventsPerTurn = 1'000;

  TurnRunner(Reader& reader, NameBook& names, JourneyLibrary& library, Numbering& numbering, ScoreBook& scores)
      : reader_(reader),
        names_(names),
        library_(library),
        numbering_(numbering),
        scores_(scores),
        tally_(reader),
        facts_(reader, names, scores) {}

  /// What is live has changed.
  void go_live(LivePlan plan) {
    plan_ = std::move(plan);
    facts_.define(plan_.definitions());
  }
  using PeopleSet = std::function<void(Subject&, std::span<const std::pair<PersonId, AttributeChange>>)>;
  /// Told of the attributes of people that a turn has set, at its end: they may belong to other accounts too. It runs
  /// no turn.
  void on_people_set(PeopleSet listener) { on_people_set_ = std::move(listener); }
  const LivePlan& plan() const { return plan_; }
  const Tally& tally() const { return tally_; }
  /// The batch at hand was handed to the writer; or everything is on the disk.
  void next_batch();
  void forget();

  // The turns. Each is whole: it leaves nothing to do for its subject at this time.

  /// Looks at a journey's audience for the subject; it enters where it may. For bulk evaluation.
  void sweep(Subject& subject, const LiveJourney& journey, const AudiencePlan& audience, Instant now, Changes& changes);
  /// Looks at all audiences by other definitions than before, and makes and fills the account's buying groups. For bulk
  /// evaluation.
  void sweep_groups(Subject& subject, Instant now, Changes& changes);
  /// Looks at all audiences and buying groups, and at exits and goals, that `change` may matter to.
  void look_again(Subject& subject, SubjectChange change, Instant now, Changes& changes);
  /// The account, or one of its people, enters a journey; else why it does not.
  WhyNot enter(Subject& subject, const LiveJourney& journey, PersonId person, Instant now, Changes& changes);
  /// The token's time has come; nothing happens when it is not due (any more). True when it ran.
  bool wake(Subject& subject, TokenId token, Instant now, Changes& changes);
  /// Everything of the subject that was due before `now`, so that what comes now finds it where it must stand: tokens
  /// that listen until this very instant still listen. Gives how many turns that took.
  std::size_t catch_up(Subject& subject, Instant now, Changes& changes);
  /// Whether that would do anything.
  bool is_behind(Subject& subject, Instant now) { return next_due(subject, now) != nullptr; }
  /// Attributes of the account (no person) or of a person have been written: who listens hears of it, and exits and
  /// goals are looked at. Audiences are not: more may come that belongs to the same change. Gives what has changed, for
  /// look_again().
  SubjectChange changed(Subject& subject, PersonId person, std::span<const AttributeChange> attributes, Instant now,
                        Changes& changes);
  /// Something has happened. It is not looked at whether it is a duplicate.
  void tell(Subject& subject, Event event, Instant now, Changes& changes);
  /// The same for a store that is only filled: it is kept, and nothing comes of it yet.
  void keep(Subject& subject, const Event& event, Instant now, Changes& changes);
  /// A person is not one of the account's people any more: their tokens leave. Their record is gone by then.
  void person_left(Subject& subject, PersonId person, const std::string& key, Instant now, Changes& changes);
  /// The same for a store that is only filled: they are out of the account's groups, and nothing comes of it yet.
  void person_left_quietly(Subject& subject, PersonId person, Instant now, Changes& changes);
  /// Changes a membership, or a group's stage and status, by hand; else why it is not done.
  WhyNot change(Subject& subject, const ChangeMember& input, Instant now, Changes& changes);
  WhyNot change(Subject& subject, const ChangeGroup& input, Instant now, Changes& changes);
  /// A group has been scored. The interest is defined.
  void group_scored(Subject& subject, NameId interest, double raw, double score, Instant now, Changes& changes);
  /// A delivery has ended.
  void delivered(Subject& subject, const DeliveryProgress& progress, Instant now, Changes& changes);
  /// Does to one token what a task asks for. `move` is for TaskKind::move. False when there is nothing to do to it.
  bool act(Subject& subject, TokenId token, const TaskRecord& task, const MovePlan* move, Instant now,
           Changes& changes);

 private:
  // The agenda.
  struct Go {  ///< a token runs from a node
    TokenRecord* token;
    NodeIndex from;
    PathIndex branch = kNoPath;  ///< the path it was sent along by a people split
  };
  struct Heard {
    Event event;
    std::uint64_t step;  ///< when it was raised: who stood there by then hears it
    bool from_outside;
  };
  struct Changed {
    SubjectChange change;
    bool leaves_audiences = false;  ///< they are looked at later
  };
  struct Enter {
    std::string journey;
    PersonId person;
  };
  struct LeaveJourney {
    std::string journey;
    PersonId person;
    std::string why;
  };
  struct Together {  ///< somebody has come to a join
    TokenRecord* token;
  };
  using Task = std::variant<Go, Heard, Changed, Enter, LeaveJourney, Together>;

  struct Touched {
    TokenRecord* token;
    bool inserted;
    // The steps of the turn in which it was made, came to stand where it stands, and ended; 0: none of the turn's.
    std::uint64_t made = 0;
    std::uint64_t stood = 0;
    std::uint64_t ended = 0;
  };

  bool act_on(TokenRecord& token, const TaskRecord& task, const MovePlan* move);
  void begin_turn(Subject& subject, Instant now, Changes& changes);
  const TokenRecord* next_due(Subject& subject, Instant now);
  void work_off();
  void do_task(Task& task);
  void do_one(Go& go);
  void do_one(Heard& heard);
  void do_one(Changed& changed);
  void do_one(Enter& enter);
  void do_one(LeaveJourney& leave);
  void do_one(Together& together);
  void touch(TokenRecord& token, bool inserted = false);
  Touched* touched(const TokenRecord& token);
  bool was_under_way(const TokenRecord& enrollment, std::uint64_t step);

  static constexpr std::string_view kIsGone = "the person does not belong to the account any more";

  // A run.
  struct Undo {  ///< what a run that fails leaves as it was
    std::size_t runs, visits, deliveries, groups, group_changes, notes, accounts, people, rosters, mailed, counted,
        agenda, tokens, touched, people_set;
    TokenRecord token;
  };
  Undo remember();
  void take_back(const Undo& undo);
  /// A node that throws has met a bug of ours or the end of memory: nothing of the work is kept, its token is held at
  /// `at`, and the batch goes on. False when it threw.
  template <class Work>
  bool attempt(NodeIndex at, const Work& work) {
    const Undo undo = remember();
    try {
      work();
      return true;
    } catch (const StoreError&) {
      throw;
    } catch (const std::exception& error) {
      take_back(undo);
      hold(at, std::string("internal error: ") + error.what());
      return false;
    }
  }
  template <class Work>
  void guarded(NodeIndex at, const Work& work) {
    attempt(at, work);
    flush();
  }
  /// The token leaves the node it stands at, as `work` does it, and runs from the node that this gives, if any. What
  /// the run fails at is tried again from there.
  template <class Work>
  void leave_and_run(NodeIndex at, const Work& work) {
    std::optional<NodeIndex> next;
    const bool has_left = attempt(at, [&] { next = work(); });
    if (has_left && next) attempt(*next, [&] { run(*next); });
    flush();
  }
  std::string why_not_runnable(VersionId version);
  bool begin(TokenRecord& token);
  void run(NodeIndex from);
  std::optional<NodeIndex> take(NodeIndex at, const Step& step);
  std::optional<NodeIndex> go_on_with(NodeIndex at, const Step& step);
  enum class Line { first, second };
  void visited(NodeIndex at, PathIndex path, VisitOutcome outcome, Line line = Line::first);
  NodeIndex go_on(NodeIndex at, const Advance& advance);
  std::optional<NodeIndex> fork(NodeIndex at, const Fork& fork);
  void stop(Verb verb, std::optional<Instant> due_at);
  void depart();
  void end(Verb verb, CounterKind counter);
  void hold(NodeIndex at, std::string reason);
  void pause(Resume resume);
  void transition(Verb verb);
  void flush();
  static std::string pack(const Advance& advance);
  static Advance unpack_advance(std::string_view memory);
  void resume_held(TokenRecord& token);
  void wake_standing(TokenRecord& token);
  void hear_with(TokenRecord& token, const Step& step);

  // Rules.
  WhyNot try_enter(const LiveJourney& journey, PersonId person);
  WhyNot why_not(const LiveJourney& journey, PersonId person);
  void open_enrollment(const LiveJourney& journey, PersonId person, std::uint32_t entry);
  bool evaluate_audience(const AudiencePlan& plan);
  bool set_membership(const AudiencePlan& plan, bool in);
  void enter_from(const AudiencePlan& plan, bool came_in, const LiveJourney* swept);
  void enter_everybody(const LiveJourney& journey);
  void consider(const SubjectChange& change);
  bool may_go_on(TokenRecord& enrollment, const Event* event, const SubjectChange* change);
  void reach_goal(TokenRecord& enrollment);
  void end_by_itself(Verb verb, CounterKind counter);
  void take_out_who_is_gone();
  void take_out(TokenRecord& token, const std::string& why);
  void leave_at_once(TokenRecord& token);
  static std::string why_taken_out(const TaskRecord& task);
  bool take_out_unread(TokenRecord& token, const TaskRecord& task);
  bool enter_again(TokenRecord& token);
  std::optional<Instant> may_enter_again_at(const TokenRecord& token);
  TokenRecord& enrollment_of(TokenRecord& token);
  bool is_in_audience(NameId audience);
  bool move(TokenRecord& token, const MovePlan& plan, VersionId to);
  void stand_in(TokenRecord& token, const NodeMove& move, VersionId to);

  // Events.
  void raise_event(std::string_view type, AttributeMap properties, PersonId person);
  void raise_changed(const AttributeChange& change, PersonId person);
  bool may_count(NameId type) const;
  void keep(const Event& event);
  void hear(TokenRecord& token, const Event& event);
  void enter_by(const LiveJourney& journey, const Event& event);
  void answer(TokenRecord& token, const DeliveryProgress& progress);
  NodeIndex node_of_visit(const TokenRecord& token, std::uint32_t visit);

  // Expressions, counters and notes.
  void look_at(const RunnableJourney& journey, const TokenRecord* token, const Event* event = nullptr);
  void look_at(const Workspace& workspace);
  cel::Value evaluate(const cel::Program& program, const PersonRecord* person);
  void note_expression(const cel::Program& program, const std::string& why);
  bool test(const cel::Program& condition, const PersonRecord* person);
  void count(CounterKind kind, std::uint16_t slot = 0, PathIndex path = kNoPath, std::int64_t by = 1);
  void note(NoteKind kind, std::string text);
  void note_for(const TokenRecord* token, NodeIndex node, NoteKind kind, std::string text);

  // Buying groups.
  /// Who changes a group, and why, as it is kept.
  struct Author {
    MembershipSource source;
    std::string reason;
    NameId name{};  ///< of a node, instead of a reason
  };
  std::string reason_of(const Author& author) const;
  bool wants(std::string_view event);
  void groups_changed();
  static std::string_view name_of(MembershipSource source);
  const InterestPlan* interest_plan(NameId interest) const;
  GroupRecord* find_group(NameId interest);
  GroupRecord& group_for(const InterestPlan& plan, const Author& author);
  void write(const GroupRecord& group, std::vector<MemberRecord> members = {});
  void write_member(const GroupRecord& group, const MemberRecord& member);
  bool put_in(GroupRecord& group, const InterestPlan& plan, PersonId person, NameId role, const Author& author);
  bool take_from(GroupRecord& group, const InterestPlan& plan, PersonId person, const Author& author);
  void tell_completeness(const GroupRecord& group, const InterestPlan& plan, double before);
  std::string set_stage(GroupRecord& group, const InterestPlan& plan, NameId stage, NameId status,
                        const Author& author);
  NameId role_by_conditions(const InterestPlan& plan, const PersonRecord& person);
  void fill(const InterestPlan& plan);
  void consider_group(const InterestPlan& plan, const SubjectChange& change);
  void leave_groups(PersonId person);

  // Effects.
  bool promise(MessageIndex message, RecipientId recipient, std::string address, Attributes values);
  bool is_suppressed(MessageIndex message, const PersonRecord& person, std::string_view address);
  bool was_mailed_already(MessageIndex message, const std::string& address);
  HandOverFacts told_of(NameId interest);
  void save_groups();
  Author journey_author() const;

  // What nodes see.
  Instant now() const override { return now_; }
  const std::string& timezone() override { return facts_.timezone(); }
  const AccountRecord& account() override { return subject_->account; }
  const PersonRecord* person() override { return person_; }
  std::span<const PersonRecord> people() override;
  bool holds(const cel::Program& condition) override { return test(condition, nullptr); }
  bool holds_for(const cel::Program& condition, const PersonRecord& person) override {
    return test(condition, &person);
  }
  std::optional<AttributeInput> value_of(const cel::Program& program, const PersonRecord* person) override;
  std::optional<std::string> text_of(const cel::Program& program) override;
  std::optional<Instant> instant_of(const cel::Program& program) override;
  std::optional<double> number_of(const cel::Program& program, const PersonRecord* person) override;
  std::optional<std::string> account_text(NameId attribute) override;
  bool send(MessageIndex message, const PersonRecord& person, std::span<const MessageValue> with) override;
  bool notify(MessageIndex message, int ordinal, std::string_view address, NameId interest) override;
  void call(MessageIndex message, std::span<const MessageValue> body) override;
  bool assign(NameId interest, const PersonRecord& person, NameId role) override;
  bool unassign(NameId interest, const PersonRecord& person) override;
  bool update_group(NameId interest, NameId stage, NameId status) override;
  bool set_account(NameId attribute, const AttributeInput& value) override;
  bool set_person(const PersonRecord& person, NameId attribute, const AttributeInput& value) override;
  std::optional<double> change_score(NameId score, double by, const PersonRecord* person) override;
  void raise(std::string_view type, AttributeMap properties, const PersonRecord* person) override;
  void enrol(Roster roster, const PersonRecord* person, bool in) override;
  void enter_journey(std::string_view journey) override;
  void leave_journey(std::string_view journey) override;
  std::int64_t taken(PathIndex path) override;
  std::string_view subject_key(const PersonRecord* person) override;
  std::string_view journey_name() override { return journey_->journey.name; }

  Reader& reader_;
  NameBook& names_;
  JourneyLibrary& library_;
  Numbering& numbering_;
  ScoreBook& scores_;
  MailConsent consent_{names_};
  Tally tally_;
  LivePlan plan_;
  SubjectFacts facts_;
  cel::Evaluation evaluation_;
  // Addresses that had a message, of the batch at hand and of the one before, which the store does not know yet.
  std::set<MailedRecord> mailed_;
  std::set<MailedRecord> mailed_before_;

  // Of the turn at hand.
  Instant now_{};
  Subject* subject_ = nullptr;
  Changes* changes_ = nullptr;
  std::deque<Task> agenda_;
  std::vector<Touched> touched_;
  std::uint64_t step_ = 0;
  std::size_t raised_ = 0;
  std::vector<std::pair<PersonId, AttributeChange>> people_set_;
  std::optional<std::vector<MemberRecord>> filled_;  ///< while a group is filled: what is to be written of it
  PeopleSet on_people_set_;

  // Of the run at hand.
  std::shared_ptr<const RunnableJourney> running_;  ///< keeps journey_
  const RunnableJourney* journey_ = nullptr;
  TokenRecord* token_ = nullptr;
  const PersonRecord* person_ = nullptr;
  NodeIndex at_ = kNoNode;
  RunRecord run_;
  std::vector<std::pair<CounterKey, std::int64_t>> counted_;
  // As they were before the run's first change of them.
  std::optional<std::vector<GroupRecord>> groups_before_;
  std::optional<std::vector<PersonRecord>> people_before_;
  std::optional<Attributes> account_before_;
};

}  // namespace caravan
