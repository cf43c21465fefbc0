#pragma once
// The HTTP server under the API: sockets, TLS, HTTP/1.1 and their limits. What a request means others say: an
// Admission before its body is read, and the route's handler behind it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "engine/api/route.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan::api {

/// A request line and its headers.
struct Head {
  std::string method;  ///< as it came: `GET`
  std::string target;
  Fields headers;  ///< names in lower case
  std::string peer;
};

/// A request whose body may come now. `route` outlives the server.
struct Admitted {
  const Route* route = nullptr;
  Request request;
};

/// One that is refused, and what was known of it by then.
struct Declined {
  Response answer;  ///< which has the request's id
  const Route* route = nullptr;
  std::string caller;
  std::string peer;
  std::string request_id;
};

/// A request that was answered.
struct Served {
  const Route* route = nullptr;  ///< null: none was found
  std::string method;
  std::string caller;
  std::string peer;
  std::string request_id;
  unsigned status = 200;
  std::chrono::microseconds duration{};
  std::uint64_t bytes_in = 0;   ///< of the body
  std::uint64_t bytes_out = 0;  ///< the same
};

struct ServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any that is free
  std::filesystem::path tls_certificate = {};
  std::filesystem::path tls_key = {};
  std::size_t connections = 2'000;
  std::size_t header_bytes = 16'384;
  std::size_t body_bytes = std::size_t{1} << 20U;  ///< of a request that is not an upload
  std::size_t feeds = 64;                          ///< at once
  std::chrono::milliseconds header_patience = std::chrono::seconds(10);
  std::chrono::milliseconds body_patience = std::chrono::seconds(20);   ///< without a byte
  std::chrono::milliseconds write_patience = std::chrono::seconds(20);  ///< the same
  std::chrono::milliseconds idle_patience = std::chrono::seconds(60);   ///< between two requests
};

/// What the server asks of who knows the routes; everything is called on the I/O thread.
class Host {
 public:
  virtual ~Host() = default;
  /// Before the body: a route, or the answer that refuses.
  virtual std::variant<Admitted, Declined> admit(Head head) = 0;
  /// Runs a Read where reading may take its time.
  virtual void read(const Read& handle, Request request, Respond respond) = 0;
  virtual void served(const Served& served) = 0;
  /// Whether who asked may still be answered: asked now and then while a feed goes on.
  virtual bool may_go_on(const Request& request) = 0;
};

class Server {
 public:
  /// Binds and listens at once: throws std::runtime_error with what to do. `host` outlives it.
  Server(boost::asio::io_context& io, ServerSettings settings, Host& host);
  ~Server();

  void start();
  std::uint16_t port() const;
  std::size_t connections() const;
  /// Takes the settings on for connections that come, the certificate and its key read anew; its address stays. Throws
  /// std::runtime_error; then all is as before.
  void renew(ServerSettings settings);
  /// Takes no more connections; requests in hand are answered, feeds are ended. `done` is called when none is left, or
  /// after `patience`.
  void stop(std::chrono::milliseconds patience, std::function<void()> done);
  /// Whoever waits for the end is not told any more: what they hold may hold this server.
  void forget();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan::api
