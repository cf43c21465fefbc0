#pragma once
// Ways out of the house: each takes messages of one kind, one by one, and says what became of each. Channels know
// nothing of journeys or of the store; the outbox drives them.

#include "storage/records.hpp"

namespace caravan {

struct ConfigurationDefinition;

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
  std::string unsubscribe_url = {};  ///< where a POST ends the receiver's mails; empty: nowhere
};

/// A text for a phone or a chat, ready to go.
struct ShortMessage {
  std::string key;   ///< the delivery's idempotency key
  std::string to;    ///< a phone number, a chat's name: what those understand who take it
  std::string text;  ///< UTF-8, never marked up
  Instant date{};
};

/// A call of a connection over HTTP, ready to go.
struct Call {
  std::string key;     ///< the delivery's idempotency key; goes along as `Idempotency-Key`
  std::string method;  ///< `POST`
  std::string path;    ///< behind the connection's URL; empty: the URL itself
  std::string body;    ///< JSON; not sent with GET
};

struct SendResult {
  enum class Outcome {
    delivered,  ///< the peer has taken it
    retry,      ///< not now: no connection, a 4xx answer of SMTP, a 5xx answer of HTTP
    refused,    ///< never: a 5xx answer of SMTP, a 4xx answer of HTTP, an address that is none
  };
  Outcome outcome = Outcome::delivered;
  std::string reason = {};  ///< the peer's words, for retry and refused; never a secret
  /// For retry: the peer asked to be left alone for so long.
  std::optional<std::chrono::milliseconds> rest = {};
  /// Of a call, when it was answered at all; of a mail that was refused, where the server knows no such receiver.
  std::optional<Answer> answer = {};
};

/// What all ways out have in common.
class Channel {
 public:
  virtual ~Channel() = default;
  /// How many may be under way at once.
  virtual std::size_t concurrency() const = 0;
  /// Ends what is under way as `retry`; nothing may be sent after it.
  virtual void close() = 0;
  /// Reads the channel's place, its secrets and its certificates anew, and gives what makes them count for what is sent
  /// from then on; empty where there is nothing to read. Throws std::runtime_error naming the setting that cannot work.
  virtual std::function<void()> renewal(const ConfigurationDefinition&) { return {}; }
};

template <class What>
class ChannelOf : public Channel {
 public:
  /// Begins to send; `done` is called exactly once, on the I/O thread, never from inside send().
  virtual void send(const What& what, std::function<void(SendResult)> done) = 0;
};

using MailChannel = ChannelOf<Mail>;
using ShortMessageChannel = ChannelOf<ShortMessage>;
using CallChannel = ChannelOf<Call>;

}  // namespace caravan
