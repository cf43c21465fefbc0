// All calls of a connection share one libcurl multi on the I/O thread: closing an HTTP connection waits for nobody, so
// they need no thread of their own.

#include "engine/channels/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "engine/channels/curl_multi.hpp"
#include "engine/channels/http_transfer.hpp"

namespace caravan {
namespace {

namespace asio = boost::asio;

std::chrono::sys_seconds machine_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// A call on its way, with the settings that it began with.
struct CallErrand {
  CallErrand(std::shared_ptr<const ConnectionSettings> with, const Call& call, std::chrono::sys_seconds now)
      : settings(std::move(with)), transfer(*settings, call, now) {}

  std::shared_ptr<const ConnectionSettings> settings;
  HttpTransfer transfer;
};

class Connection final : public CallChannel {
 public:
  Connection(asio::io_context& io, const ConnectionDefinition& definition, MachineTime time)
      : io_(io),
        settings_(std::make_shared<const ConnectionSettings>(read_settings(definition))),
        time_(time ? std::move(time) : machine_time),
        connections_(static_cast<std::size_t>(std::max<std::int64_t>(1, definition.connections))),
        multi_(io, connections_) {}

  ~Connection() override { close(); }

  void send(const Call& call, std::function<void(SendResult)> done) override {
    if (closed_) return answer(done, {SendResult::Outcome::retry, settings_->name + ": the connection is closed"});
    const auto errand = std::make_shared<CallErrand>(settings_, call, time_());
    multi_.start(errand->transfer.handle(), [this, errand, done = std::move(done)](CURLcode code) {
      answer(done, errand->transfer.result(code, time_()));
    });
  }

  std::size_t concurrency() const override { return connections_; }

  /// A connection that is not in the file any more stays as it was: what was promised to it goes on.
  std::function<void()> renewal(const ConfigurationDefinition& configuration) override {
    const auto found = configuration.connections.find(settings_->name);
    if (found == configuration.connections.end()) return {};
    return [this, settings = std::make_shared<const ConnectionSettings>(read_settings(found->second))] {
      settings_ = settings;
    };
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    multi_.close();
  }

 private:
  void answer(const std::function<void(SendResult)>& done, SendResult result) {
    asio::post(io_, [done, result = std::move(result)]() mutable { done(std::move(result)); });
  }

  asio::io_context& io_;
  std::shared_ptr<const ConnectionSettings> settings_;
  const MachineTime time_;
  const std::size_t connections_;
  bool closed_ = false;
  CurlMulti multi_;
};

}  // namespace

std::unique_ptr<CallChannel> make_connection(asio::io_context& io, const ConnectionDefinition& definition,
                                             MachineTime time) {
  initialise_curl();
  return std::make_unique<Connection>(io, definition, std::move(time));
}

}  // namespace caravan
