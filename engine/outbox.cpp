// The outbox is one loop on the I/O thread: look for what is due, mark it, send it, record what came of it, look again.
// At most `most_in_hand` deliveries of each lane are inside of the loop; everything else is rows, found by message, so
// that the rows of a full lane are never read to find those of another. Marks and results are recorded as many at once
// as there are, and while one group of results is being committed the next one gathers.

#include "engine/outbox.hpp"

#include <atomic>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include "engine/outbox_lanes.hpp"
#include "engine/outbox_progress.hpp"
#include "engine/outbox_renderer.hpp"

namespace caravan {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_in_hand = 512;                ///< of a lane
constexpr std::size_t few_in_hand = most_in_hand / 2;    ///< only then is it worth to look for more
constexpr auto longest_sleep = std::chrono::minutes(1);  ///< the machine's clock may be set meanwhile
constexpr auto after_trouble = std::chrono::seconds(1);

}  // namespace

struct Outbox::State : std::enable_shared_from_this<Outbox::State> {
  enum class Phase { made, settling, running, stopping, stopped };

  struct InHand {
    DeliveryRecord record;  ///< as it was read
    Lane* lane;
  };

  State(asio::io_context& context, Clock& the_clock, std::unique_ptr<Reader> the_reader, const NameBook& names,
        DeliveryLedger& the_ledger, MessageBook& the_messages, Channels& channels, Settings the_settings)
      : io(context),
        clock(the_clock),
        reader(std::move(the_reader)),
        ledger(the_ledger),
        messages(the_messages),
        settings(std::move(the_settings)),
        renderer(*reader, names, messages, channels.email.links, settings.installation),
        lanes(channels, settings.retry),
        next_look(context),
        end_of_patience(context) {}

  /// A handler that does nothing once the outbox is gone.
  template <class Function>
  auto guarded(Function function) {
    return [weak = weak_from_this(), function = std::move(function)](auto&&... arguments) {
      if (const auto self = weak.lock()) function(*self, std::forward<decltype(arguments)>(arguments)...);
    };
  }

  // Looking for work

  /// What the last process left under way may have been sent or not. Comes again until nothing of it is left.
  void settle() {
    if (phase != Phase::settling) return;
    std::vector<DeliveryProgress> progress;
    const auto find = [&] {
      std::vector<DeliveryRecord> found;
      reader->deliveries_in(DeliveryState::under_way, most_in_hand, found);
      const Instant now = clock.now();
      for (const DeliveryRecord& record : found)
        progress.push_back(settled(record, now));
    };
    if (!read(find)) return;
    if (progress.empty()) {
      phase = Phase::running;
      return look();
    }
    recording = true;
    ledger.record(std::move(progress), guarded([](State& self) {
                    self.recording = false;
                    self.settle();
                    self.stop_when_done();
                  }));
  }

  DeliveryProgress settled(const DeliveryRecord& record, Instant now) {
    const auto message = messages.message(record.version, record.message);
    const bool held = message && lanes.in_doubt(*message) == InDoubt::hold;
    DeliveryProgress progress = progress_of(record, held ? DeliveryState::in_doubt : DeliveryState::pending);
    if (!held) progress.next_attempt_at = now;
    progress.reason = "it was under way when the process ended, and may have been sent";
    return progress;
  }

  void look() {
    if (phase != Phase::running) return;
    lanes.each([](Lane& lane) { lane.room = lane.in_hand > few_in_hand ? 0 : most_in_hand - lane.in_hand; });
    const Instant now = clock.now();
    std::optional<Instant> next;
    std::vector<DeliveryRecord> due;
    const bool was_read = read([&] { next = take_up(now, due); });
    if (!due.empty()) mark(std::move(due));
    if (!was_read) return;
    next_attempt = next;
    if (next) sleep_until(*next);
    if (idle() && idle_listener) idle_listener();
  }

  /// Appends what is due and has room in its lane, the longest due first, and gives the time to look again.
  std::optional<Instant> take_up(Instant now, std::vector<DeliveryRecord>& due) {
    std::vector<PendingMessage> pending;
    reader->pending_messages(pending);
    std::sort(pending.begin(), pending.end(), [](const PendingMessage& left, const PendingMessage& right) {
      return left.next_attempt_at < right.next_attempt_at;
    });
    std::optional<Instant> next;
    const auto later = [&](Instant at) { next = next ? std::min(*next, at) : at; };
    for (const PendingMessage& each : pending) {
      if (each.next_attempt_at > now) {
        later(each.next_attempt_at);
        break;
      }
      const WayOut way = lanes.way_of(messages, each.version, each.message);
      if (way.lane->rests_until > now)
        later(way.lane->rests_until);
      else if (way.lane->room > 0)
        take_up(each, way, now, due);
    }
    return next;
  }

  void take_up(const PendingMessage& pending, const WayOut& way, Instant now, std::vector<DeliveryRecord>& due) {
    std::vector<DeliveryRecord> found;
    reader->pending_deliveries(pending.version, pending.message, now, most_in_hand, found);
    // What is in hand still reads as pending until its mark is committed.
    std::erase_if(found, [&](const DeliveryRecord& record) { return in_hand.contains(record.key); });
    if (found.size() > way.lane->room) found.resize(way.lane->room);
    for (DeliveryRecord& record : found) {
      const DeliveryRecord& held = in_hand.emplace(record.key, InHand{record, way.lane}).first->second.record;
      --way.lane->room;
      ++way.lane->in_hand;
      if (way.problem.empty())
        due.push_back(std::move(record));
      else if (way.is_final)
        give_up(held, progress_of(held, DeliveryState::failed), way.problem);
      else
        try_again(held, *way.lane, {SendResult::Outcome::retry, way.problem});
    }
  }

  /// Sees what is committed by now. Where the store cannot be read, the outbox comes back to it.
  template <class Function>
  bool read(Function function) {
    try {
      reader->refresh();
      function();
      reader->refresh();  // until the next look nothing is held: the store's log could not begin anew
      trouble.clear();
      return true;
    } catch (const std::exception& error) {
      if (trouble != error.what()) spdlog::error("outbox: {}", error.what());
      trouble = error.what();
      reader->refresh();
      wake_after(after_trouble);
      return false;
    }
  }

  void sleep_until(Instant at) {
    const auto wait = clock.real_time_until(at);
    if (wait) wake_after(std::min<std::chrono::steady_clock::duration>(*wait, longest_sleep));
  }

  void wake_after(std::chrono::steady_clock::duration wait) {
    next_look.expires_after(wait);
    next_look.async_wait(guarded([](State& self, const boost::system::error_code& error) {
      if (error) return;
      self.settle();
      self.look();
    }));
  }

  // Sending

  void mark(std::vector<DeliveryRecord> due) {
    std::vector<DeliveryProgress> marks;
    std::vector<DeliveryKey> keys;
    for (const DeliveryRecord& record : due) {
      marks.push_back(after_attempt(record, DeliveryState::under_way, record.reason));
      keys.push_back(record.key);
    }
    ledger.record(std::move(marks), guarded([keys = std::move(keys)](State& self) { self.marked(keys); }));
  }

  void marked(const std::vector<DeliveryKey>& keys) {
    for (const DeliveryKey& key : keys)
      in_hand.at(key).lane->ready.push_back(key);
    lanes.each([this](Lane& lane) {
      if (phase == Phase::stopping || lane.rests_until > clock.now())
        put_back(lane);
      else
        send(lane);
    });
  }

  void send(Lane& lane) {
    reader->refresh();  // what has been committed by now counts
    while (phase == Phase::running && !lane.ready.empty() && lane.under_way < lane.concurrency()) {
      const DeliveryKey key = lane.ready.front();
      lane.ready.pop_front();
      const std::optional<Outgoing> outgoing = ready_to_go(in_hand.at(key).record);
      if (!outgoing) continue;
      ++lane.under_way;
      caravan::send(lane, *outgoing,
                    guarded([key](State& self, SendResult result) { self.sent(key, std::move(result)); }));
    }
    reader->refresh();
  }

  /// Nothing where its receiver does not want it any more, where it cannot be rendered, and while the store cannot be
  /// read: what comes of it is then recorded.
  std::optional<Outgoing> ready_to_go(const DeliveryRecord& record) {
    try {
      std::variant<Outgoing, OutboxRenderer::Withheld> rendered = renderer.render(record);
      if (Outgoing* outgoing = std::get_if<Outgoing>(&rendered)) return std::move(*outgoing);
      withhold(record, std::move(std::get<OutboxRenderer::Withheld>(rendered).why));
    } catch (const StoreError& error) {
      // As if it had not been taken up.
      DeliveryProgress later = progress_of(record, DeliveryState::pending);
      later.next_attempt_at = clock.now() + std::chrono::duration_cast<std::chrono::milliseconds>(after_trouble);
      later.reason = error.what();
      results.push_back(std::move(later));
      record_soon();
    } catch (const std::exception& error) {
      give_up(record, after_attempt(record, DeliveryState::failed, {}), error.what());
    }
    return std::nullopt;
  }

  void sent(const DeliveryKey& key, SendResult result) {
    const auto& [record, lane_of_record] = in_hand.at(key);
    Lane& lane = *lane_of_record;
    --lane.under_way;
    if (result.outcome == SendResult::Outcome::retry) {
      if (result.rest && *result.rest > std::chrono::milliseconds::zero()) {
        lane.rests_until = std::max(lane.rests_until, clock.now() + *result.rest);
        put_back(lane);
      }
      try_again(record, lane, std::move(result));
    } else {
      DeliveryProgress ended = after_attempt(record, DeliveryState::delivered, {});
      ended.answer = std::move(result.answer);
      if (result.outcome == SendResult::Outcome::delivered)
        finish(std::move(ended));
      else
        give_up(record, std::move(ended), std::move(result.reason));
    }
    send(lane);
  }

  void try_again(const DeliveryRecord& record, const Lane& lane, SendResult result) {
    DeliveryProgress again = after_attempt(record, DeliveryState::pending, {});
    // What stop() has cut off is no failure of the delivery.
    if (again.attempts >= lane.retry.attempts && phase == Phase::running) {
      again.answer = std::move(result.answer);
      return give_up(record, std::move(again), std::move(result.reason));
    }
    again.reason = std::move(result.reason);
    const auto rest = result.rest.value_or(std::chrono::milliseconds::zero());
    again.next_attempt_at = clock.now() + retry_delay(lane.retry, record.key, again.attempts, rest);
    results.push_back(std::move(again));
    record_soon();
  }

  void give_up(const DeliveryRecord& record, DeliveryProgress progress, std::string reason) {
    if (settings.tells_log)
      spdlog::warn("outbox: {} is given up: {}", to_text(record.key, settings.installation), reason);
    progress.state = DeliveryState::failed;
    progress.reason = std::move(reason);
    finish(std::move(progress));
  }

  void withhold(const DeliveryRecord& record, std::string reason) {
    DeliveryProgress progress = progress_of(record, DeliveryState::suppressed);
    progress.reason = std::move(reason);
    finish(std::move(progress));
  }

  void finish(DeliveryProgress progress) {
    progress.ended_at = clock.now();
    results.push_back(std::move(progress));
    record_soon();
  }

  // Recording

  /// After the handlers that are ready now: what they bring goes along.
  void record_soon() {
    if (std::exchange(record_posted, true)) return;
    asio::post(io, guarded([](State& self) {
                 self.record_posted = false;
                 self.record_results();
               }));
  }

  void record_results() {
    if (recording || results.empty()) return;
    recording = true;
    std::vector<DeliveryProgress> group = std::exchange(results, {});
    std::vector<DeliveryKey> keys;
    for (const DeliveryProgress& progress : group)
      keys.push_back(progress.key);
    ledger.record(std::move(group), guarded([keys = std::move(keys)](State& self) {
                    self.recording = false;
                    for (const DeliveryKey& key : keys)
                      self.let_go(key);
                    self.record_results();
                    self.look();
                    self.stop_when_done();
                  }));
  }

  void let_go(const DeliveryKey& key) {
    const auto found = in_hand.find(key);
    --found->second.lane->in_hand;
    in_hand.erase(found);
  }

  // Stopping

  void stop(std::function<void()> done) {
    if (phase == Phase::stopped) return done();
    on_stopped.push_back(std::move(done));
    if (phase == Phase::stopping) return;
    phase = Phase::stopping;
    next_look.cancel();
    lanes.each([this](Lane& lane) { put_back(lane); });
    wait_patiently([](State& self) {
      self.lanes.close();
      self.wait_patiently([](State& impatient) { impatient.stopped(); });
    });
    stop_when_done();
  }

  /// What is marked but was never handed to the channel is pending again, as if it had not been taken up.
  void put_back(Lane& lane) {
    for (const DeliveryKey& key : std::exchange(lane.ready, {})) {
      const DeliveryRecord& record = in_hand.at(key).record;
      DeliveryProgress progress = progress_of(record, DeliveryState::pending);
      progress.next_attempt_at = record.next_attempt_at;
      progress.reason = record.reason;
      results.push_back(std::move(progress));
    }
    record_soon();
  }

  void wait_patiently(void (*then)(State&)) {
    end_of_patience.expires_after(settings.patience);
    end_of_patience.async_wait(guarded([then](State& self, const boost::system::error_code& error) {
      if (!error && self.phase == Phase::stopping) then(self);
    }));
  }

  void stop_when_done() {
    if (phase == Phase::stopping && in_hand.empty() && !recording) stopped();
  }

  void stopped() {
    phase = Phase::stopped;
    end_of_patience.cancel();
    for (const auto& done : std::exchange(on_stopped, {}))
      done();
  }

  bool idle() const { return phase == Phase::running && in_hand.empty() && !notified && trouble.empty(); }

  asio::io_context& io;
  Clock& clock;
  const std::unique_ptr<Reader> reader;
  DeliveryLedger& ledger;
  MessageBook& messages;
  const Settings settings;
  OutboxRenderer renderer;
  Lanes lanes;
  asio::steady_timer next_look;
  asio::steady_timer end_of_patience;

  Phase phase = Phase::made;
  std::atomic<bool> notified = false;     ///< a look is posted
  std::map<DeliveryKey, InHand> in_hand;  ///< until their results are committed
  std::vector<DeliveryProgress> results;  ///< not yet recorded
  bool record_posted = false;
  bool recording = false;  ///< a group of results is on its way to the disk
  std::string trouble;     ///< why the store could not be read last time
  std::function<void()> idle_listener;
  std::optional<Instant> next_attempt;  ///< as of the last look
  std::vector<std::function<void()>> on_stopped;
};

Outbox::Outbox(asio::io_context& io, Clock& clock, std::unique_ptr<Reader> reader, const NameBook& names,
               DeliveryLedger& ledger, MessageBook& messages, Channels& channels, Settings settings)
    : state_(std::make_shared<State>(io, clock, std::move(reader), names, ledger, messages, channels,
                                     std::move(settings))) {}

Outbox::~Outbox() {
  state_->phase = State::Phase::stopped;
  state_->next_look.cancel();
  state_->end_of_patience.cancel();
}

void Outbox::start() {
  asio::post(state_->io, state_->guarded([](State& state) {
    if (state.phase != State::Phase::made) return;
    state.phase = State::Phase::settling;
    state.settle();
  }));
}

void Outbox::notify() {
  if (state_->notified.exchange(true)) return;
  asio::post(state_->io, state_->guarded([](State& state) {
    state.notified = false;
    state.look();
  }));
}

void Outbox::on_idle(std::function<void()> listener) {
  state_->idle_listener = std::move(listener);
}

void Outbox::stop(std::function<void()> done) {
  asio::post(state_->io, state_->guarded([done = std::move(done)](State& state) { state.stop(done); }));
}

bool Outbox::idle() const {
  return state_->idle();
}

std::optional<Instant> Outbox::next_attempt() const {
  return state_->next_attempt;
}

}  // namespace caravan
