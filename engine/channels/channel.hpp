#pragma once
// A way out of the house: takes mails one by one and says what became of each. Channels know nothing of journeys or
// of the store; the outbox drives them.

#include "storage/records.hpp"

namespace caravan {

/// A mail ready to go. All texts are UTF-8; `html` and `text` are complete bodies. What is in a header can hold any
/// character: the encoder folds and encodes it, and a line break in it can never start another header.
struct Mail {
  std::string key;       ///< the delivery's idempotency key, also the left part of the Message-ID
  std::string from;      ///< `Name <address>` or an address
  std::string to;        ///< an address
  std::string reply_to;  ///< empty: none
  std::string subject;
  std::string html;
  std::string text;
  Instant date{};
};

struct SendResult {
  enum class Outcome {
    delivered,  ///< the peer has taken it
    retry,      ///< not now: no connection, a 4xx answer
    refused,    ///< never: a 5xx answer, an address that is none
  };
  Outcome outcome = Outcome::delivered;
  std::string reason;  ///< the peer's words, for retry and refused; never a secret
};

class Channel {
 public:
  virtual ~Channel() = default;
  /// Begins to send; `done` is called exactly once, on the I/O thread, never from inside send(). Up to concurrency()
  /// mails may be under way.
  virtual void send(const Mail& mail, std::function<void(SendResult)> done) = 0;
  virtual std::size_t concurrency() const = 0;
  /// Ends what is under way as `retry`; nothing may be sent after it.
  virtual void close() = 0;
};

}  // namespace caravan
