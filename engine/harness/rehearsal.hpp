#pragma once
// A rehearsal: the engine's own batches and turns over a store in memory and a time that is moved by hand, on one
// thread. Channels are the outbox's own lanes with ends that keep what they are given, and fail when they are told to.
// Scenarios, explorations, what-if and tests of journeys stand on it.

#include "engine/input.hpp"
#include "engine/journey_library.hpp"
#include "engine/messages.hpp"
#include "journeys/workspace.hpp"

namespace caravan {

/// A message that left the house.
struct SentMessage {
  Instant at{};
  DeliveryRecord delivery;  ///< as it was promised
  MessageKind kind{};
  std::string name;  ///< the template's, the connection's, or `sales summary`
  Outgoing content;
};

/// How messages fare from here on. The newest rule that fits a message counts; where none does, it is delivered.
struct ChannelRule {
  enum class State { up, down, refuses } state = State::up;
  std::string channel = {};  ///< email, sms, chat, or the name of a connection
  std::string to = {};       ///< only messages to this address; empty: all
  std::string message = {};  ///< only this template; empty: all
  std::string reason = {};   ///< what the other side says
  Answer answer{200, ""};    ///< of a connection that is up
};

class Rehearsal {
 public:
  /// Publishes the workspace, which has no errors and was loaded with `names`, at `at`. `given` is what the store holds
  /// when it begins, as if it had been imported: nothing comes of it by itself, and all of it is there before anybody
  /// is let into a journey. Groups may be changed by it, but no journey is live yet. `names` outlive the rehearsal.
  Rehearsal(std::shared_ptr<const Workspace> workspace, NameBook& names, Instant at, std::vector<Input> given = {});
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  /// What became of each of what was given.
  const std::vector<InputResult>& given() const;

  /// What happens now, with all that comes of it at this instant: turns, deliveries, what those bring.
  InputResult post(Input input);
  /// The same for inputs that belong together: no audience is looked at before all of them have been.
  std::vector<InputResult> post_all(std::vector<Input> inputs);

  /// Time passes, and whatever is due on the way happens at its own time. Nothing for a time that is past.
  void advance_to(Instant at);
  /// Time passes until nobody waits for it any more (audiences may be gone through again and again), at most to
  /// `latest`.
  void run_out(Instant latest);

  void set_channel(ChannelRule rule);

  Instant now() const;
  /// The next time at which something is due.
  std::optional<Instant> next_moment();
  const std::vector<SentMessage>& sent() const;

  /// What has come of it.
  Reader& reader();
  NameBook& names();
  JourneyLibrary& library();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caravan
