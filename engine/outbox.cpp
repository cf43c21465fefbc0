// The outbox is one loop on the I/O thread: look for what is due, mark it, send it, record what came of it, look again.
// At most `most_in_hand` deliveries are inside of the loop; everything else is rows. Marks and results are recorded as
// many at once as there are, and while one group of results is being committed the next one gathers.

#include "engine/outbox.hpp"

#include <atomic>
#include <deque>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include "engine/channels/mime.hpp"

namespace caravan {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_in_hand = 512;
constexpr std::size_t few_in_hand = most_in_hand / 2;    ///< only then is it worth to look for more
constexpr auto longest_sleep = std::chrono::minutes(1);  ///< the machine's clock may be set meanwhile
constexpr auto after_trouble = std::chrono::seconds(1);

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 30U) * 0xBF58476D1CE4E5B9U;
  value = (value ^ value >> 27U) * 0x94D049BB133111EBU;
  return value ^ value >> 31U;
}

/// A delivery as it was read, in another state: the rest is for the caller to set.
DeliveryProgress progress_of(const DeliveryRecord& record, DeliveryState state) {
  DeliveryProgress progress;
  progress.key = record.key;
  progress.version = record.version;
  progress.message = record.message;
  progress.state = state;
  progress.attempts = record.attempts;
  return progress;
}

/// The same after one more attempt.
DeliveryProgress after_attempt(const DeliveryRecord& record, DeliveryState state, std::string reason) {
  DeliveryProgress progress = progress_of(record, state);
  progress.attempts = static_cast<std::uint16_t>(record.attempts + 1);
  progress.reason = std::move(reason);
  return progress;
}

}  // namespace

std::chrono::milliseconds retry_delay(const RetryPolicy& policy, const DeliveryKey& key, std::uint16_t attempt) {
  std::int64_t delay = policy.first.count();
  for (int i = 1; i < attempt && delay < policy.longest.count(); ++i)
    delay *= 2;
  delay = std::min(delay, policy.longest.count());
  std::uint64_t hash = mixed(static_cast<std::uint64_t>(key.token.value));
  hash = mixed(hash + key.visit);
  hash = mixed(hash + static_cast<std::uint64_t>(key.recipient.value));
  hash = mixed(hash + attempt);
  const double share = static_cast<double>(hash >> 11U) * 0x1p-53;
  return std::chrono::milliseconds(std::llround(static_cast<double>(delay) * (0.75 + 0.5 * share)));
}

std::string to_text(const DeliveryKey& key, std::string_view installation) {
  constexpr std::size_t longest_installation = 60;  // the numbers behind it are never cut off
  const std::int64_t recipient = key.recipient.value;
  return safe_key(std::string(installation.substr(0, longest_installation)) + "-" + std::to_string(key.token.value) +
                  "-" + std::to_string(key.visit) +
                  (recipient < 0 ? "-a" + std::to_string(-recipient) : "-p" + std::to_string(recipient)));
}

struct Outbox::State : std::enable_shared_from_this<Outbox::State> {
  enum class Phase { made, settling, running, stopping, stopped };

  State(asio::io_context& context, Clock& the_clock, std::unique_ptr<Reader> the_reader, DeliveryLedger& the_ledger,
        MessageBook& the_messages, Channel& the_channel, Settings the_settings)
      : io(context),
        clock(the_clock),
        reader(std::move(the_reader)),
        ledger(the_ledger),
        messages(the_messages),
        channel(the_channel),
        settings(std::move(the_settings)),
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
    std::vector<DeliveryRecord> found;
    if (!read([&] { reader->deliveries_in(DeliveryState::under_way, most_in_hand, found); })) return;
    if (found.empty()) {
      phase = Phase::running;
      return look();
    }
    const Instant now = clock.now();
    std::vector<DeliveryProgress> progress;
    for (const DeliveryRecord& record : found)
      progress.push_back(settled(record, now));
    recording = true;
    ledger.record(std::move(progress), guarded([](State& self) {
                    self.recording = false;
                    self.settle();
                    self.stop_when_done();
                  }));
  }

  DeliveryProgress settled(const DeliveryRecord& record, Instant now) const {
    const bool held = settings.in_doubt == InDoubt::hold;
    DeliveryProgress progress = progress_of(record, held ? DeliveryState::in_doubt : DeliveryState::pending);
    if (!held) progress.next_attempt_at = now;
    progress.reason = "it was under way when the process ended, and may have been sent";
    return progress;
  }

  void look() {
    if (phase != Phase::running || in_hand.size() > few_in_hand) return;
    const Instant now = clock.now();
    std::vector<DeliveryRecord> due;
    std::optional<Instant> next;
    const bool was_read = read([&] {
      reader->pending_deliveries(now, most_in_hand, due);
      if (due.size() < most_in_hand) next = reader->next_attempt();
    });
    if (!was_read) return;
    // What is in hand still reads as pending until its mark is committed.
    std::erase_if(due, [&](const DeliveryRecord& record) { return in_hand.contains(record.key); });
    if (due.size() > most_in_hand - in_hand.size()) due.resize(most_in_hand - in_hand.size());
    if (!due.empty()) mark(std::move(due));
    if (next && *next > now) sleep_until(*next);
    if (idle() && idle_listener) idle_listener();
  }

  /// Sees what is committed by now. Where the store cannot be read, the outbox comes back to it.
  template <class Function>
  bool read(Function function) {
    try {
      reader->refresh();
      function();
      trouble.clear();
      return true;
    } catch (const std::exception& error) {
      if (trouble != error.what()) spdlog::error("outbox: {}", error.what());
      trouble = error.what();
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
    for (DeliveryRecord& record : due) {
      marks.push_back(after_attempt(record, DeliveryState::under_way, record.reason));
      keys.push_back(record.key);
      in_hand.emplace(record.key, std::move(record));
    }
    ledger.record(std::move(marks), guarded([keys = std::move(keys)](State& self) { self.marked(keys); }));
  }

  void marked(const std::vector<DeliveryKey>& keys) {
    ready.insert(ready.end(), keys.begin(), keys.end());
    if (phase == Phase::stopping)
      put_back();
    else
      send();
  }

  void send() {
    while (phase == Phase::running && !ready.empty() && under_way < channel.concurrency()) {
      const DeliveryKey key = ready.front();
      ready.pop_front();
      const DeliveryRecord& record = in_hand.at(key);
      const std::optional<Mail> mail = rendered(record);
      if (!mail) continue;
      ++under_way;
      channel.send(*mail, guarded([key](State& self, SendResult result) { self.sent(key, std::move(result)); }));
    }
  }

  /// Nothing where it cannot be rendered, which is final: the same values give the same again.
  std::optional<Mail> rendered(const DeliveryRecord& record) {
    try {
      return mail_of(record);
    } catch (const std::exception& error) {
      give_up(record, error.what());
      return std::nullopt;
    }
  }

  Mail mail_of(const DeliveryRecord& record) {
    const auto message = messages.message(record.version, record.message);
    if (!message) {
      throw std::runtime_error("version " + std::to_string(record.version.value) + " of its journey has no message " +
                               std::to_string(static_cast<unsigned>(record.message)));
    }
    Mail mail = message->render(Attributes::from_bytes(record.values));
    mail.key = to_text(record.key, settings.installation);
    mail.to = record.address;
    mail.date = record.created_at;
    return mail;
  }

  void sent(const DeliveryKey& key, SendResult result) {
    --under_way;
    const DeliveryRecord& record = in_hand.at(key);
    const auto attempt = static_cast<std::uint16_t>(record.attempts + 1);
    switch (result.outcome) {
      case SendResult::Outcome::delivered: finish(record, DeliveryState::delivered, {}); break;
      case SendResult::Outcome::refused: give_up(record, std::move(result.reason)); break;
      case SendResult::Outcome::retry:
        // What stop() has cut off is no failure of the delivery.
        if (attempt >= settings.retry.attempts && phase == Phase::running) {
          give_up(record, std::move(result.reason));
        } else {
          DeliveryProgress again = after_attempt(record, DeliveryState::pending, std::move(result.reason));
          again.next_attempt_at = clock.now() + retry_delay(settings.retry, key, attempt);
          results.push_back(std::move(again));
        }
    }
    record_soon();
    send();
  }

  void give_up(const DeliveryRecord& record, std::string reason) {
    spdlog::warn("outbox: {} is given up: {}", to_text(record.key, settings.installation), reason);
    finish(record, DeliveryState::failed, std::move(reason));
    record_soon();
  }

  void finish(const DeliveryRecord& record, DeliveryState state, std::string reason) {
    DeliveryProgress progress = after_attempt(record, state, std::move(reason));
    progress.ended_at = clock.now();
    results.push_back(std::move(progress));
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
                      self.in_hand.erase(key);
                    self.record_results();
                    self.look();
                    self.stop_when_done();
                  }));
  }

  // Stopping

  void stop(std::function<void()> done) {
    if (phase == Phase::stopped) return done();
    on_stopped.push_back(std::move(done));
    if (phase == Phase::stopping) return;
    phase = Phase::stopping;
    next_look.cancel();
    put_back();
    wait_patiently([](State& self) {
      self.channel.close();
      self.wait_patiently([](State& impatient) { impatient.stopped(); });
    });
    stop_when_done();
  }

  /// What is marked but was never handed to the channel is pending again, as if it had not been taken up.
  void put_back() {
    for (const DeliveryKey& key : std::exchange(ready, {})) {
      const DeliveryRecord& record = in_hand.at(key);
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
  Channel& channel;
  const Settings settings;
  asio::steady_timer next_look;
  asio::steady_timer end_of_patience;

  Phase phase = Phase::made;
  std::atomic<bool> notified = false;             ///< a look is posted
  std::map<DeliveryKey, DeliveryRecord> in_hand;  ///< as they were read, until their results are committed
  std::deque<DeliveryKey> ready;                  ///< marked, and not yet handed to the channel
  std::size_t under_way = 0;                      ///< handed to the channel
  std::vector<DeliveryProgress> results;          ///< not yet recorded
  bool record_posted = false;
  bool recording = false;  ///< a group of results is on its way to the disk
  std::string trouble;     ///< why the store could not be read last time
  std::function<void()> idle_listener;
  std::vector<std::function<void()>> on_stopped;
};

Outbox::Outbox(asio::io_context& io, Clock& clock, std::unique_ptr<Reader> reader, DeliveryLedger& ledger,
               MessageBook& messages, Channel& channel, Settings settings)
    : state_(std::make_shared<State>(io, clock, std::move(reader), ledger, messages, channel, std::move(settings))) {}

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

}  // namespace caravan
