#pragma once
// The one door out: takes pending deliveries from the store, marks them under way, renders them, hands them to their
// channel, and reports what came of each. Nothing is sent before the mark is on the disk, so that after a crash what
// may have been sent is known as in doubt. Whether a person still wants a mail is asked when it is handed over, however
// long it has waited. Each channel is driven on its own: one that is slow or down keeps its deliveries waiting in the
// store, and nobody else's.

#include "engine/channels/channels.hpp"
#include "engine/clock.hpp"
#include "engine/messages.hpp"
#include "engine/name_book.hpp"
#include "storage/store.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

/// Where the outbox leaves what came of deliveries: the scheduler's door.
class DeliveryLedger {
 public:
  virtual ~DeliveryLedger() = default;
  /// `committed` is called on the I/O thread once the progress is on the disk; not at all when the engine stops first.
  virtual void record(std::vector<DeliveryProgress> progress, std::function<void()> committed) = 0;
};

/// Finds the message of a delivery.
class MessageBook {
 public:
  virtual ~MessageBook() = default;
  /// Null when that version is not known.
  virtual std::shared_ptr<const Message> message(VersionId version, MessageIndex index) = 0;
  /// The name of the version's journey; empty when that version is not known.
  virtual std::string journey_of(VersionId version) const = 0;
  /// Whether the version's journey was aborted: what it has promised is given up.
  virtual bool is_aborted(VersionId version) = 0;
};

/// When to try again after attempt number `attempt` (from 1): doubled each time, and a quarter more or less by a hash
/// of the key, so that what failed together does not come back together. Never less than `first` less a quarter, nor
/// than `rest`, which the other side has asked for and of which there is up to a quarter more.
std::chrono::milliseconds retry_delay(const RetryDefinition& retry, const DeliveryKey& key, std::uint16_t attempt,
                                      std::chrono::milliseconds rest = {});

class Outbox {
 public:
  struct Settings {
    RetryDefinition retry = {};     ///< of mails and files; a connection has its own
    std::string installation = {};  ///< Store::installation(), part of every key
    /// How long stop() waits for what is under way before it closes the channels, and then again for what is recorded.
    std::chrono::milliseconds patience = std::chrono::seconds(5);
    bool tells_log = true;  ///< what is given up is said in the log as well
  };
  /// `names` are those of the store that `reader` reads.
  Outbox(boost::asio::io_context& io, Clock& clock, std::unique_ptr<Reader> reader, const NameBook& names,
         DeliveryLedger& ledger, MessageBook& messages, Channels& channels, Settings settings);
  /// On the I/O thread, or when that has ended. What is not recorded by then is in doubt at the next start.
  ~Outbox();

  /// Settles what was under way when the last process died, then begins to deliver.
  void start();
  /// There may be new deliveries in the store. From any thread; cheap.
  void notify();
  /// Before start(): told on the I/O thread each time idle() becomes true.
  void on_idle(std::function<void()> listener);
  /// Takes no more up; `done` is called on the I/O thread once nothing is under way and all is recorded, or when that
  /// takes longer than twice Settings::patience.
  void stop(std::function<void()> done);
  /// Nothing is under way and nothing was due at the last look, which no notify() has followed. From the I/O thread.
  bool idle() const;
  /// When what failed, or what waits for its channel, is tried again; nothing when nothing waits. From the I/O thread.
  std::optional<Instant> next_attempt() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// The text of a delivery's key: letters, digits, dots and dashes, the same for ever.
std::string to_text(const DeliveryKey& key, std::string_view installation);

}  // namespace caravan
