#pragma once
// The ways out as the outbox drives them: a lane for each channel, with its own queue and its own bound, so that one
// that is slow, full or down holds up no other. Texts that go over a connection share the lane of its calls.

#include "engine/outbox.hpp"

namespace caravan {

struct Lane {
  std::variant<std::monostate, MailChannel*, ShortMessageChannel*, CallChannel*> channel;  ///< none: leads nowhere
  RetryDefinition retry;

  std::size_t room = 0;           ///< for so many more, as the present look found it
  std::size_t in_hand = 0;        ///< taken up, and the result not yet committed
  std::deque<DeliveryKey> ready;  ///< marked, and not yet handed to the channel
  std::size_t under_way = 0;      ///< handed to the channel
  Instant rests_until{};          ///< the other side has asked to be left alone

  std::size_t concurrency() const;
};

/// Hands a message to the lane's channel, which takes its kind.
void send(const Lane& lane, const Outgoing& outgoing, std::function<void(SendResult)> done);

/// Where a delivery goes: along a lane, or nowhere, and why.
struct WayOut {
  Lane* lane;
  std::string problem = {};  ///< empty: there is none
  bool is_final = false;     ///< the problem will not go away
};

class Lanes {
 public:
  /// `channels` outlive the lanes. `retry` is of mails and files; a connection has its own.
  Lanes(Channels& channels, const RetryDefinition& retry);

  /// Where the deliveries of a message go.
  WayOut way_of(MessageBook& messages, VersionId version, MessageIndex index);
  /// What becomes of a message that may have been sent.
  InDoubt in_doubt(const Message& message) const;

  template <class Function>
  void each(Function function) {
    for (auto& [name, lane] : lanes_)
      function(lane);
    function(nowhere_);
  }
  void close();

 private:
  Channels& channels_;
  std::map<std::string, Lane, std::less<>> lanes_;
  Lane nowhere_;
};

}  // namespace caravan
