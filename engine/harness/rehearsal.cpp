#include "engine/harness/rehearsal.hpp"

#include <boost/asio/io_context.hpp>

#include "engine/batch_run.hpp"
#include "engine/harness/rehearsal_channels.hpp"
#include "engine/outbox.hpp"
#include "storage/memory/memory_store.hpp"

namespace caravan {
namespace {

/// More at one instant is a circle that time never leaves.
constexpr std::size_t kMostBatches = 100'000;

std::optional<Instant> earlier(std::optional<Instant> left, std::optional<Instant> right) {
  if (!left || !right) return left ? left : right;
  return std::min(*left, *right);
}

}  // namespace

/// The engine's hands in one: a batch is run, written and told before the next begins.
struct Rehearsal::State final : DeliveryLedger {
  State(std::shared_ptr<const Workspace> workspace, NameBook& the_names, Instant at, std::vector<Input> the_given)
      : names(the_names),
        clock(at),
        library(store, names),
        turn_reader(store.reader()),
        view(store.reader()),
        io(1),
        channels(io, clock, library, workspace->configuration, store.installation()),
        outbox(io, clock, store.reader(), names, *this, library, channels.channels(),
               Outbox::Settings{.retry = {}, .installation = store.installation(), .tells_log = false}) {
    library.publish(std::move(workspace), {}, at, changes);
    if (!the_given.empty()) take_given(std::move(the_given));
    turn_reader->refresh();
    runner.emplace(*turn_reader, names, library, settings);
    runner->go_live(at, changes);
    commit();
    outbox.start();
    settle();
  }

  void take_given(std::vector<Input> inputs_given) {
    commit();
    turn_reader->refresh();
    BatchRunner data(*turn_reader, names, library, {BatchRunner::Mode::data, settings.turns});
    data.go_live(clock.now(), changes);
    const BatchOrder order{.now = clock.now(), .settled = true, .inputs = std::move(inputs_given), .progress = {}};
    given = run_batch(data, order, changes);
    commit();
  }

  void record(std::vector<DeliveryProgress> progress, std::function<void()> committed) override {
    posted_progress.push_back({std::move(progress), std::move(committed)});
  }

  void commit() {
    if (!changes.empty()) store.commit(changes);
    for (const DeliveryRecord& delivery : changes.deliveries)
      channels.promised(delivery);
    if (!changes.deliveries.empty()) outbox.notify();
    changes.clear();
  }

  /// False when there was nothing to do.
  bool run_one_batch() {
    BatchOrder order{.now = clock.now(), .settled = true, .inputs = {}, .progress = {}};
    const auto taken = static_cast<std::ptrdiff_t>(std::min(inputs.size(), settings.turns));
    order.inputs.assign(std::make_move_iterator(inputs.begin()), std::make_move_iterator(inputs.begin() + taken));
    inputs.erase(inputs.begin(), inputs.begin() + taken);
    order.more_inputs = !inputs.empty();
    std::vector<std::function<void()>> told;
    for (PostedProgress& posted : std::exchange(posted_progress, {})) {
      order.progress.insert(order.progress.end(), std::make_move_iterator(posted.progress.begin()),
                            std::make_move_iterator(posted.progress.end()));
      told.push_back(std::move(posted.committed));
    }
    turn_reader->refresh();
    std::vector<InputResult> answers = run_batch(*runner, order, changes);
    const bool did_something = !changes.empty() || !told.empty() || !answers.empty();
    if (did_something) runner->handed_over();
    commit();
    results.insert(results.end(), std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end()));
    for (const std::function<void()>& committed : told)
      committed();
    return did_something;
  }

  /// Until nothing is left to do at this time.
  void settle() {
    for (std::size_t batches = 0;; ++batches) {
      if (batches == kMostBatches) {
        throw std::runtime_error("at " + to_text(clock.now()) +
                                 " what happens brings something else to happen at once, " +
                                 std::to_string(kMostBatches) +
                                 " times over: something in the workspace goes round in a circle that takes no time");
      }
      const bool did_something = run_one_batch();
      io.restart();
      const bool handled_something = io.poll() != 0;
      if (!did_something && !handled_something && runner->exhausted()) return;
    }
  }

  std::optional<Instant> next_moment() {
    view->refresh();
    return earlier(earlier(view->next_due(), runner->next_moment()), outbox.next_attempt());
  }

  bool is_awaited() {
    view->refresh();
    return view->next_due() || runner->awaits_first_round() || outbox.next_attempt();
  }

  void move_to(Instant at) {
    clock.move_to(at);
    if (const std::optional<Instant> attempt = outbox.next_attempt(); attempt && *attempt <= at) outbox.notify();
    settle();
  }

  /// Goes to the next moment, if that is no later than `latest`. False when it is later, or there is none.
  bool go_on(Instant latest) {
    const std::optional<Instant> next = next_moment();
    if (!next || *next > latest) return false;
    if (*next <= clock.now())
      throw std::logic_error("at " + to_text(clock.now()) + " something stays due since " + to_text(*next));
    move_to(*next);
    return true;
  }

  struct PostedProgress {
    std::vector<DeliveryProgress> progress;
    std::function<void()> committed;
  };

  NameBook& names;
  VirtualClock clock;
  MemoryStore store;
  JourneyLibrary library;
  BatchRunner::Settings settings;
  std::unique_ptr<Reader> turn_reader;
  std::optional<BatchRunner> runner;  ///< once all that is given is there
  std::unique_ptr<Reader> view;       ///< for all but the turns
  boost::asio::io_context io;         ///< polled, never run
  RehearsalChannels channels;
  Outbox outbox;

  Changes changes;
  std::vector<InputResult> given;
  std::deque<Input> inputs;
  std::vector<InputResult> results;
  std::vector<PostedProgress> posted_progress;
};

Rehearsal::Rehearsal(std::shared_ptr<const Workspace> workspace, NameBook& names, Instant at, std::vector<Input> given)
    : state_(std::make_unique<State>(std::move(workspace), names, at, std::move(given))) {}

Rehearsal::~Rehearsal() = default;

const std::vector<InputResult>& Rehearsal::given() const {
  return state_->given;
}

InputResult Rehearsal::post(Input input) {
  std::vector<Input> one;
  one.push_back(std::move(input));
  return post_all(std::move(one)).front();
}

std::vector<InputResult> Rehearsal::post_all(std::vector<Input> inputs) {
  state_->inputs.assign(std::make_move_iterator(inputs.begin()), std::make_move_iterator(inputs.end()));
  state_->settle();
  return std::exchange(state_->results, {});
}

void Rehearsal::advance_to(Instant at) {
  while (state_->go_on(at)) {
  }
  if (at > state_->clock.now()) state_->move_to(at);
}

void Rehearsal::run_out(Instant latest) {
  while (state_->is_awaited() && state_->go_on(latest)) {
  }
}

void Rehearsal::set_channel(ChannelRule rule) {
  state_->channels.add_rule(std::move(rule));
}

Instant Rehearsal::now() const {
  return state_->clock.now();
}

std::optional<Instant> Rehearsal::next_moment() {
  return state_->next_moment();
}

const std::vector<SentMessage>& Rehearsal::sent() const {
  return state_->channels.sent();
}

Reader& Rehearsal::reader() {
  state_->view->refresh();
  return *state_->view;
}

NameBook& Rehearsal::names() {
  return state_->names;
}

JourneyLibrary& Rehearsal::library() {
  return state_->library;
}

}  // namespace caravan
