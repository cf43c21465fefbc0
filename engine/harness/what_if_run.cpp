// One engine in one thread: a batch is run, written and told before the next begins. Time goes from entry to entry of
// the journal. What falls due shortly before an entry happens with it, as it did in production, where what is due is
// found a little later; what falls due long before one happens at its own time.

#include "engine/harness/what_if_run.hpp"

#include "engine/harness/recorded_deliveries.hpp"
#include "engine/outbox_progress.hpp"
#include "nodes/registry.hpp"
#include "storage/archive.hpp"
#include "storage/snapshots.hpp"

namespace caravan {
namespace {

/// What production does at once it does a little later, in time lapse by minutes.
constexpr std::chrono::milliseconds kSoon = std::chrono::minutes(15);
/// More at one instant is a circle that time never leaves.
constexpr std::size_t kMostBatches = 1'000'000;
constexpr std::size_t kMostRefusalsTold = 20;
constexpr std::size_t kDeliveriesAtOnce = 4'096;
/// When a message is tried again that production was still trying when its journal ended.
constexpr Instant kNever{std::chrono::sys_days(std::chrono::year{9999} / 1 / 1)};

std::string whom(const std::string& account, const std::string& person) {
  return person.empty() ? account : person;
}

std::string journeys_in_words(const Interfere& input) {
  return (input.account.empty() ? "all" : input.account) + " of " + input.journey +
         (input.node.empty() ? "" : " at " + input.node);
}

/// An input in a few words.
struct InWords {
  std::string operator()(const UpsertAccount& input) const { return "account " + input.key; }
  std::string operator()(const UpsertPerson& input) const { return "person " + input.key; }
  std::string operator()(const RelatePerson& input) const {
    return (input.related ? "relate " : "unrelate ") + input.person + " and " + input.account;
  }
  std::string operator()(const RemovePerson& input) const { return "remove person " + input.key; }
  std::string operator()(const TellEvent& input) const {
    return input.type + " of " + whom(input.account, input.person);
  }
  std::string operator()(const EnterJourney& input) const {
    return whom(input.account, input.person) + " enters " + input.journey;
  }
  std::string operator()(const Publish&) const { return "publish"; }
  std::string operator()(const ChangeJourney& input) const {
    constexpr std::array<std::string_view, 4> words = {"pause", "resume", "close", "abort"};
    return std::string(words.at(static_cast<std::size_t>(input.command))) + " " + input.journey;
  }
  std::string operator()(const Interfere& input) const {
    constexpr std::array<std::string_view, 3> words = {"retry ", "skip ", "remove "};
    return std::string(words.at(static_cast<std::size_t>(input.command))) + journeys_in_words(input);
  }
  std::string operator()(const ChangeMember& input) const {
    constexpr std::array<std::string_view, 3> words = {"assign ", "remove ", "release "};
    return std::string(words.at(static_cast<std::size_t>(input.command))) + input.person + " in " +
           input.solution_interest + " of " + input.account;
  }
  std::string operator()(const ChangeGroup& input) const {
    return "update " + input.solution_interest + " of " + input.account;
  }
  std::string operator()(const ScoreEngagement&) const { return "score engagement"; }
  std::string operator()(const SuppressAddress& input) const {
    return input.suppressed ? "suppress an address" : "suppress an address no more";
  }
};

std::optional<Instant> earlier(std::optional<Instant> left, std::optional<Instant> right) {
  if (!left || !right) return left ? left : right;
  return std::min(*left, *right);
}

Instant time_of(const UnpackedEntry& entry) {
  if (const auto* start = std::get_if<JournalStart>(&entry.entry.what)) return start->now;
  return std::get<JournalBatch>(entry.entry.what).order.now;
}

bool is_start(const UnpackedEntry& entry) {
  return std::holds_alternative<JournalStart>(entry.entry.what);
}

class WhatIfEngine {
 public:
  WhatIfEngine(const WhatIfSources& sources, Reader& recorded, RecordedDeliveries& deliveries, Store& store,
               std::unique_ptr<Reader> told, WhatIfNotes& notes)
      : sources_(sources),
        recorded_(recorded),
        deliveries_(deliveries),
        store_(store),
        notes_(notes),
        reader_(store.reader()),
        told_(std::move(told)),
        names_(recorded),
        library_(store, names_) {
    write_names();
  }

  void run(std::int64_t first, const WhatIfProgress& progress) {
    JournalCursor cursor(recorded_, first);
    const std::int64_t last = cursor.last();
    std::optional<UnpackedEntry> entry = cursor.next();
    while (entry) {
      std::optional<UnpackedEntry> next = cursor.next();
      now_ = time_of(*entry);
      if (const auto* start = std::get_if<JournalStart>(&entry->entry.what))
        begin_anew(*start, next);
      else
        take(std::get<JournalBatch>(entry->entry.what));
      ++notes_.entries;
      if (progress) progress(entry->entry.sequence - first + 1, last - first + 1);
      note_time(time_of(*entry));
      entry = std::move(next);
    }
    reader_->refresh();
  }

 private:
  /// All that production ever gave out, so that none has another number here.
  void write_names() {
    const std::vector<std::pair<NameId, std::string>> known = reader_->names();
    Changes changes;
    for (auto& name : recorded_.names()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) changes.names.push_back(std::move(name));
    }
    if (!changes.empty()) store_.commit(changes);
    reader_->refresh();
  }

  /// Data that is only taken in moves no time: it may have the machine's, and a time lapse that begins later another.
  void note_time(Instant at) {
    if (mode_ != BatchRunner::Mode::data && !std::exchange(is_under_way_, true)) notes_.from = at;
    if (notes_.entries == 1) notes_.from = at;
    if (mode_ != BatchRunner::Mode::data || !is_under_way_) notes_.to = at;
  }

  /// Until here nothing has happened since the entry before: nobody ran the engine.
  void begin_anew(const JournalStart& start, const std::optional<UnpackedEntry>& next) {
    mode_ = start.mode;
    last_ = now_;
    reader_->refresh();
    runner_.emplace(*reader_, names_, library_, BatchRunner::Settings{start.mode, start.turns_per_batch});
    Changes changes;
    if (mode_ != BatchRunner::Mode::data) {
      if (start.published && is_published_) ++notes_.publications_left_out;
      const bool is_due = start.published || !library_.journeys().empty();
      if (is_due && !std::exchange(is_published_, true)) library_.publish(workspace(), {}, now_, changes);
      runner_->go_live(now_, changes);
    }
    commit(changes);
    const bool is_followed = next && !is_start(*next) && time_of(*next) <= now_ + kSoon;
    if (!is_followed && mode_ == BatchRunner::Mode::all) settle();
  }

  void take(JournalBatch& batch) {
    const Instant at = now_;
    if (mode_ == BatchRunner::Mode::all) run_until(batch.order.draining ? looked_until(batch) : at);
    now_ = at;
    BatchOrder order;
    order.more_inputs = batch.order.more_inputs;
    order.draining = batch.order.draining;
    std::vector<bool> was_refused;
    for (std::size_t i = 0; i < batch.order.inputs.size(); ++i) {
      const bool refused = i < batch.refused.size() && batch.refused[i];
      Input& input = batch.order.inputs[i];
      ++notes_.inputs;
      if (std::holds_alternative<Publish>(input)) {
        if (refused) continue;
        if (std::exchange(is_published_, true)) {
          ++notes_.publications_left_out;
          continue;
        }
        input = Publish{.workspace = workspace()};
      }
      order.inputs.push_back(std::move(input));
      was_refused.push_back(refused);
    }
    run_one(order, was_refused);
    if (!order.draining && !order.more_inputs) settle();
  }

  /// An engine that ends wakes nothing any more: what was due until it last looked has happened, and no more.
  Instant looked_until(const JournalBatch& batch) const {
    const auto last = std::find_if(batch.idle_looks.rbegin(), batch.idle_looks.rend(),
                                   [](const IdleLook& look) { return !look.draining; });
    return last == batch.idle_looks.rend() ? last_ : last->now;
  }

  /// Whatever is due long before `limit` happens at its own time.
  void run_until(Instant limit) {
    for (now_ = last_; const std::optional<Instant> next = next_moment();) {
      if (*next + kSoon >= limit) return;
      now_ = std::max(now_, *next);
      settle();
    }
  }

  std::optional<Instant> next_moment() {
    reader_->refresh();
    std::vector<PendingMessage> pending;
    reader_->pending_messages(pending);
    std::optional<Instant> next = earlier(reader_->next_due(), runner_->next_moment());
    for (const PendingMessage& message : pending)
      next = earlier(next, message.next_attempt_at);
    reader_->refresh();
    return next;
  }

  /// Until nothing is left to do at this time.
  void settle() {
    for (std::size_t batches = 0; run_one({}, {}); ++batches) {
      if (batches == kMostBatches)
        throw std::runtime_error("at " + to_text(now_) + " what happens brings something else to happen at once, " +
                                 "without end: something in the workspace goes round in a circle that takes no time");
    }
  }

  /// False when there was nothing to do.
  bool run_one(BatchOrder order, const std::vector<bool>& was_refused) {
    reader_->refresh();
    order.now = last_ = now_;
    order.settled = true;
    if (mode_ == BatchRunner::Mode::all) order.progress = progress_of_deliveries();
    Changes changes;
    const std::vector<InputResult> results = run_batch(*runner_, order, changes);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].refused.empty() && !was_refused[i]) note_refusal(order.inputs[i], results[i].refused);
    }
    const bool is_done = changes.empty() && order.inputs.empty() && runner_->exhausted();
    commit(changes);
    return !is_done;
  }

  void commit(const Changes& changes) {
    reader_->refresh();
    if (changes.empty()) return;
    if (runner_) runner_->handed_over();
    store_.commit(changes);
  }

  void note_refusal(const Input& input, const std::string& why) {
    ++notes_.refused;
    if (notes_.refusals.size() < kMostRefusalsTold)
      notes_.refusals.push_back({now_, std::visit(InWords{}, input), why});
  }

  /// What has come by now of what was promised.
  std::vector<DeliveryProgress> progress_of_deliveries() {
    std::vector<PendingMessage> pending;
    reader_->pending_messages(pending);
    std::vector<DeliveryRecord> due;
    for (const PendingMessage& message : pending) {
      if (message.next_attempt_at <= now_)
        reader_->pending_deliveries(message.version, message.message, now_, kDeliveriesAtOnce, due);
    }
    // By account, since what production had is read by account.
    std::sort(due.begin(), due.end(), [](const DeliveryRecord& left, const DeliveryRecord& right) {
      return std::tie(left.account, left.key) < std::tie(right.account, right.key);
    });
    std::vector<DeliveryProgress> progress;
    std::vector<KnownDelivery> known;
    std::string account;
    told_->refresh();
    for (std::size_t i = 0; i < due.size(); ++i) {
      if (i == 0 || due[i].account != due[i - 1].account) {
        known = deliveries_of(*told_, library_, due[i].account);
        account = reader_->account(due[i].account).value_or(AccountRecord{}).key;
      }
      progress.push_back(outcome_of(due[i], account, known));
    }
    told_->refresh();
    return progress;
  }

  DeliveryProgress outcome_of(const DeliveryRecord& delivery, const std::string& account,
                              const std::vector<KnownDelivery>& known) {
    std::size_t ordinal = 0;
    const auto self = std::find_if(known.begin(), known.end(),
                                   [&](const KnownDelivery& each) { return each.record.key == delivery.key; });
    for (auto each = known.begin(); each != self; ++each) {
      if (each->identity == self->identity) ++ordinal;
    }
    const bool is_call = self->identity.kind == MessageKind::webhook;
    const DeliveryRecord* recorded = deliveries_.find(account, self->identity, ordinal);
    if (!recorded) {
      ++notes_.messages_assumed;
      DeliveryProgress progress = after_attempt(delivery, DeliveryState::delivered, {});
      progress.ended_at = now_;
      if (is_call) progress.answer = assumed_answer();
      return progress;
    }
    DeliveryProgress progress = progress_of(delivery, recorded->state);
    progress.attempts = recorded->attempts;
    progress.reason = recorded->reason;
    if (recorded->state == DeliveryState::in_doubt) return progress;
    if (!recorded->ended_at) return later(std::move(progress), kNever);
    const Instant ended_at = delivery.created_at + (*recorded->ended_at - recorded->created_at);
    if (ended_at > now_) return later(progress_of(delivery, DeliveryState::pending), ended_at);
    progress.ended_at = ended_at;
    // Of a mail, that the address is none.
    if (!is_call && recorded->state != DeliveryState::failed) return progress;
    progress.answer = deliveries_.answer_to(*recorded);
    if (!progress.answer && recorded->state == DeliveryState::delivered) progress.answer = assumed_answer();
    return progress;
  }

  static DeliveryProgress later(DeliveryProgress progress, Instant at) {
    progress.state = DeliveryState::pending;
    progress.next_attempt_at = at;
    return progress;
  }

  Answer assumed_answer() {
    ++notes_.answers_assumed;
    return {200, {}};
  }

  std::shared_ptr<const Workspace> workspace() {
    return load_workspace(sources_.texts, sources_.shown_root, node_shapes(), names_);
  }

  const WhatIfSources& sources_;
  Reader& recorded_;
  RecordedDeliveries& deliveries_;
  Store& store_;
  WhatIfNotes& notes_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Reader> told_;  ///< with what the archive has of before the snapshot that all begins with
  NameBook names_;
  JourneyLibrary library_;
  std::optional<BatchRunner> runner_;
  BatchRunner::Mode mode_ = BatchRunner::Mode::all;
  bool is_published_ = false;
  bool is_under_way_ = false;  ///< more than data has been taken in
  Instant now_{};
  Instant last_{};  ///< of the last batch
};

}  // namespace

WhatIfWorld run_what_if(const WhatIfSources& sources, const WhatIfProgress& progress) {
  WhatIfWorld world;
  world.recorded = open_sqlite(sources.store_file, OpenMode::read);
  world.before = world.recorded->reader();
  const Reader::JournalRange journal = world.before->journal_range();
  const std::optional<StoreSnapshot> base = replay_base(snapshots_of(sources.store_file), journal.first);
  if (journal.last == 0) throw ReplayError("the journal is empty: nothing has happened in this store yet");
  if (!base && journal.first != 1)
    throw ReplayError("the journal begins with entry " + std::to_string(journal.first) + ", and no snapshot in " +
                      snapshot_folder(sources.store_file).string() +
                      " goes up to there: take one with `caravan snapshot`, for what happens from then on");
  world.scratch = std::make_unique<ScratchStore>(sources.scratch_folder, base ? base->file : std::filesystem::path());
  NameBook names(*world.before);
  JourneyLibrary library(*world.recorded, names);
  RecordedDeliveries deliveries(*world.before, library);
  WhatIfEngine(sources, *world.before, deliveries, world.scratch->store(),
               archived_reader(world.scratch->file(), sources.store_file), world.notes)
      .run(base ? base->through + 1 : 1, progress);
  world.after = archived_reader(world.scratch->file(), sources.store_file);
  return world;
}

}  // namespace caravan
