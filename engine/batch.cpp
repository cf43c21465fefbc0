#include "engine/batch.hpp"

#include "journeys/events.hpp"

namespace caravan {
namespace {

/// As many accounts may wait for their audiences to be looked at; then it is done whatever else is to come.
constexpr std::size_t kMostPending = 16'384;

}  // namespace

BatchRunner::BatchRunner(Reader& reader, NameBook& names, JourneyLibrary& library, Settings settings)
    : reader_(reader),
      names_(names),
      library_(library),
      settings_(settings),
      numbering_{reader.greatest().account, reader.greatest().person, reader.greatest().token,
                 reader.greatest().activity, reader.greatest().task},
      subjects_(reader),
      scores_(reader),
      kept_consent_(reader, names),
      runner_(reader, names, library, numbering_, scores_),
      sweeps_(reader, names),
      rounds_(reader, scores_),
      tasks_(reader.tasks()) {
  sweeps_.read_stored();
  for (const JourneyRecord& journey : library_.journeys())
    states_.emplace(journey.name, journey.state);
  runner_.on_people_set([this](Subject& subject, std::span<const std::pair<PersonId, AttributeChange>> set) {
    for (const auto& [id, change] : set) {
      if (const PersonRecord* person = subject.find_person(reader_, id))
        set_elsewhere(*person, subject.account.id, std::array{change.attribute},
                      {.person_attributes = {change.attribute}});
    }
    remember_set(subject, set);
  });
}

void BatchRunner::go_live(Instant now, Changes& changes) {
  now_ = now;
  if (!is_running()) {
    // Groups may be changed by hand, as the definitions say; no journey is live.
    runner_.go_live(LivePlan({}, {}, library_.definitions(), names_));
    take_names(changes);
    return;
  }
  std::vector<std::shared_ptr<const RunnableJourney>> under_way;
  for (const VersionId version : runner_.tally().versions_under_way()) {
    try {
      under_way.push_back(library_.version(version));
    } catch (const StoreUnavailable&) {
      throw;
    } catch (const std::runtime_error&) {
      // Its texts do not check any more: each of its tokens says so when its time comes.
    }
  }
  const std::shared_ptr<const Definitions> definitions = library_.definitions();
  runner_.go_live(LivePlan(library_.current(), under_way, definitions, names_));
  sweeps_.go_live(runner_.plan(), numbering_.account, now, changes);
  rounds_.go_live(definitions, runner_.plan().reads_engagement());
  closing_.clear();
  for (const JourneyRecord& journey : library_.journeys()) {
    if (journey.state == JourneyState::closed) closing_.push_back(journey.name);
  }
  follow_states(changes);
  take_names(changes);
}

/// Does what comes of a journey's new place in its life for those who are under way or in its audience.
void BatchRunner::follow_states(Changes& changes) {
  for (const JourneyRecord& journey : library_.journeys()) {
    const auto [known, is_new] = states_.try_emplace(journey.name, journey.state);
    const JourneyState before = std::exchange(known->second, journey.state);
    if (is_new || before == journey.state) continue;
    const bool is_open = journey.state == JourneyState::live;
    // Whom a pause held goes on, also where it ends by the journey being closed.
    if (before == JourneyState::paused && (is_open || journey.state == JourneyState::closed)) {
      TaskRecord task;
      task.kind = TaskKind::resume;
      task.journey = journey.name;
      add_task(std::move(task), changes);
    }
    if (is_open) sweeps_.restart(journey.name, numbering_.account, now_, changes);
  }
}

void BatchRunner::take_names(Changes& changes) {
  std::vector<std::pair<NameId, std::string>> names = names_.take_new();
  changes.names.insert(changes.names.end(), std::make_move_iterator(names.begin()),
                       std::make_move_iterator(names.end()));
}

void BatchRunner::begin(Instant now, bool settled) {
  now_ = now;
  turns_ = 0;
  longest_due_.reset();
  settled_ = settled;
  if (settled) {
    subjects_.forget();
    runner_.forget();
    scores_.forget();
    kept_consent_.forget();
  }
  if (settled || due_.exhausted) due_ = {};
  if (settled || marked_.exhausted) marked_ = {};
}

void BatchRunner::report(const DeliveryProgress& progress, Changes& changes) {
  const bool is_delivered = progress.state == DeliveryState::delivered;
  const bool is_withheld = progress.state == DeliveryState::suppressed;
  const bool is_given_up = progress.state == DeliveryState::failed || progress.state == DeliveryState::in_doubt;
  if (!is_delivered && !is_withheld && !is_given_up) return;
  const auto slot = static_cast<std::uint16_t>(progress.message);
  changes.count({progress.version,
                 is_delivered  ? CounterKind::delivered
                 : is_withheld ? CounterKind::withheld
                               : CounterKind::undelivered,
                 slot, kNoPath},
                1);
  // Nobody waits for a mail that was not sent.
  if (is_withheld || progress.state == DeliveryState::in_doubt || !is_running()) return;
  MessageKind kind{};
  bool is_waited_for = true;
  try {
    kind = library_.version(progress.version)->journey.messages.at(slot).kind;
    const std::string_view event = is_delivered ? "email.sent" : kBounced;
    is_waited_for =
        kind == MessageKind::webhook || (kind == MessageKind::email && runner_.plan().is_wanted(names_.id_of(event)));
  } catch (const StoreUnavailable&) {
    throw;
  } catch (const std::exception&) {
    return;  // whose texts no longer check: nobody can wait for it
  }
  // Before anybody hears of it: what hears it may send mails.
  try {
    if (kind == MessageKind::email && !is_delivered && progress.answer) mark_undeliverable(progress, changes);
  } catch (const std::length_error&) {
    // No name is left for the attribute: as many names are used as there may be.
  }
  if (!is_waited_for) return;
  if (Subject* subject = subjects_.find(progress.account)) {
    ++turns_;
    make_current(*subject, changes);
    runner_.delivered(*subject, progress, now_, changes);
    spread(changes);
  }
}

void BatchRunner::work(Changes& changes, bool more_inputs) {
  if (settings_.mode != Mode::all) {
    due_.exhausted = marked_.exhausted = true;
    if (settings_.mode == Mode::commands) {
      look_at_pending(changes);
      work_on_tasks(changes);
      work_on_engagement(changes);
    }
    return;
  }
  close_what_is_over(changes);
  sweeps_.begin(numbering_.account, now_, changes);
  rounds_.begin(now_, changes);
  // What has come counts before what falls due from now on.
  if (!more_inputs || pending_.size() >= kMostPending) look_at_pending(changes);
  evaluate_marked(changes);
  wake_due(changes);
  if (!full()) turns_ += sweeps_.work(runner_, subjects_, settings_.turns - turns_, now_, changes);
  spread(changes);
  work_on_tasks(changes);
  work_on_engagement(changes);
}

bool BatchRunner::exhausted() const {
  if (settings_.mode == Mode::data) return true;
  if (settings_.mode == Mode::commands) return tasks_.empty() && rounds_.exhausted();
  return due_.exhausted && marked_.exhausted && pending_.empty() && sweeps_.exhausted() && tasks_.empty() &&
         rounds_.exhausted();
}

void BatchRunner::wake_due(Changes& changes) {
  while (!due_.exhausted && !full()) {
    const std::size_t wanted = settings_.turns - turns_;
    token_rows_.clear();
    reader_.due_tokens(now_, due_.position, wanted, token_rows_);
    due_.exhausted = token_rows_.size() < wanted;
    for (const TokenRecord& row : token_rows_) {
      due_.position = {*row.due_at, row.id};
      Subject* subject = subjects_.find(row.account);
      if (!subject) continue;
      look_at_what_came(*subject, changes);
      // What comes of those who wait may be what others of the account listen for until this very instant.
      const std::size_t caught_up = make_ready(*subject, changes);
      const bool is_woken = runner_.wake(*subject, row.id, now_, changes);
      turns_ += caught_up + (is_woken ? 1 : 0);
      if (caught_up > 0 || is_woken) longest_due_ = std::min(longest_due_.value_or(*row.due_at), *row.due_at);
      spread(changes);
    }
  }
}

void BatchRunner::evaluate_marked(Changes& changes) {
  while (!marked_.exhausted && !full()) {
    const std::size_t wanted = settings_.turns - turns_;
    marked_rows_.clear();
    reader_.accounts_to_evaluate(marked_.position, wanted, marked_rows_);
    marked_.exhausted = marked_rows_.size() < wanted;
    for (const AccountId id : marked_rows_) {
      marked_.position = AccountId{id.value + 1};
      if (pending_.contains(id)) continue;  // is looked at when all that belongs to it has come
      Subject* subject = subjects_.find(id);
      if (!subject || std::exchange(subject->mark, Subject::Mark::cleared) == Subject::Mark::cleared) continue;
      changes.to_evaluate.emplace_back(id, false);
      ++turns_;
      runner_.look_again(*subject, {.everything = true}, now_, changes);
      spread(changes);
    }
  }
  if (marked_.exhausted && settled_) marks_worked_off_ = true;
}

void BatchRunner::look_at_pending(Changes& changes) {
  while (!pending_.empty() && !full()) {
    const AccountId account = pending_.begin()->first;
    if (Subject* subject = subjects_.find(account)) {
      make_current(*subject, changes);
      spread(changes);
    } else {
      pending_.erase(account);
    }
    ++turns_;
  }
}

/// What is not looked at when the batch ends must not be forgotten by a crash.
void BatchRunner::mark_pending(Changes& changes) {
  for (auto& [account, pending] : pending_) {
    if (std::exchange(pending.is_marked, true)) continue;
    changes.to_evaluate.emplace_back(account, true);
    if (Subject* subject = subjects_.find(account)) subject->mark = Subject::Mark::set;
  }
}

/// Tasks read the store from its beginning to its end, and so only when all of it is on the disk.
void BatchRunner::work_on_tasks(Changes& changes) {
  if (!settled_) return;
  for (TaskRecord& task : tasks_) {
    if (full()) return;
    work_on(task, changes);
  }
  std::erase_if(tasks_, [](const TaskRecord& task) { return task.over; });
}

void BatchRunner::work_on(TaskRecord& task, Changes& changes) {
  const bool is_of_held = task.kind == TaskKind::resume || task.kind == TaskKind::retry || task.kind == TaskKind::skip;
  while (!task.over && !full()) {
    const std::size_t wanted = settings_.turns - turns_;
    token_rows_.clear();
    if (is_of_held) {
      reader_.held_tokens(task.next, wanted, token_rows_);
    } else {
      reader_.open_tokens(task.next, task.last, wanted, token_rows_);
    }
    task.over = token_rows_.size() < wanted;
    for (const TokenRecord& row : token_rows_) {
      if (row.id > task.last) break;
      task.next = TokenId{row.id.value + 1};
      ++turns_;
      if (library_.journey_of(row.version) != task.journey) continue;
      Subject* subject = subjects_.find(row.account);
      const MovePlan* plan = task.kind == TaskKind::move ? move_plan(task, row.version) : nullptr;
      if (subject && runner_.act(*subject, row.id, task, plan, now_, changes)) ++task.done;
      spread(changes);
    }
  }
  changes.tasks.push_back(task);
}

/// What a round of engagement does to accounts: their groups are told, and rules that read scores are looked at.
struct BatchRunner::RoundEffects final : EngagementRounds::Effects {
  RoundEffects(BatchRunner& the_batch, Changes& the_changes) : batch(the_batch), changes(the_changes) {}
  void group_scored(Subject& subject, NameId interest, double raw, double score) override {
    batch.make_ready(subject, changes);
    batch.runner_.group_scored(subject, interest, raw, score, batch.now_, changes);
  }
  void people_scored(Subject& subject) override { batch.look_later(subject, {.engagement = true}, changes); }

  BatchRunner& batch;
  Changes& changes;
};

void BatchRunner::work_on_engagement(Changes& changes) {
  if (full()) return;
  RoundEffects effects(*this, changes);
  turns_ += rounds_.work(subjects_, effects, settings_.turns - turns_, changes);
  spread(changes);
}

const MovePlan* BatchRunner::move_plan(const TaskRecord& task, VersionId from) {
  if (from == task.to) return nullptr;
  const auto [found, is_new] = move_plans_.try_emplace({task.id, from});
  if (is_new) found->second = plan_move(library_.version(from)->journey, library_.version(task.to)->journey, task.gone);
  return &found->second;
}

/// Journeys whose time of entry has passed are closed.
void BatchRunner::close_what_is_over(Changes& changes) {
  std::vector<std::string> over;
  for (const LiveJourney& journey : runner_.plan().journeys()) {
    const std::optional<Instant>& to = journey.definition().to;
    if (to && *to <= now_ && journey.state == JourneyState::live) over.push_back(journey.journey->journey.name);
  }
  for (const std::string& name : over)
    library_.change_state(name, JourneyState::closed, now_, changes);
  if (!over.empty()) go_live(now_, changes);
}

/// A closed journey has finished when the last of its enrollments is through.
void BatchRunner::finish_what_is_through(Changes& changes) {
  std::erase_if(closing_, [&](const std::string& name) {
    for (const VersionRecord& version : library_.versions_of(name)) {
      if (runner_.tally().under_way(version.id) > 0) return false;
    }
    library_.change_state(name, JourneyState::finished, now_, changes);
    return true;
  });
}

std::optional<Instant> BatchRunner::next_moment() const {
  std::optional<Instant> next = sweeps_.next_round();
  if (const std::optional<Instant> round = rounds_.next_round(); round && (!next || *round < *next)) next = round;
  for (const LiveJourney& journey : runner_.plan().journeys()) {
    const std::optional<Instant>& to = journey.definition().to;
    if (to && journey.state == JourneyState::live && (!next || *to < *next)) next = to;
  }
  return next;
}

void BatchRunner::finish(Changes& changes) {
  mark_pending(changes);
  if (settings_.mode == Mode::all) sweeps_.skip_to(numbering_.account, changes);
  if (is_running()) finish_what_is_through(changes);
  take_names(changes);
  // Taking data in moves no time: a time lapse that begins later may begin earlier than the machine's clock.
  if (!changes.empty() && settings_.mode == Mode::all) changes.engine_time = now_;
}

}  // namespace caravan
