#pragma once
// One client's connection: requests one after the other, each read within its limits and answered. Used by the server
// alone; the templates' bodies are in connection.cpp, for both kinds of stream.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "engine/api/server.hpp"

namespace caravan::api {

/// What all connections share; on the I/O thread.
struct Lobby {
  ServerSettings settings;
  Host& host;
  std::size_t feeds = 0;  ///< under way
  bool is_stopping = false;
};

/// A connection as the server sees it, to end it.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Ends it at once where it waits for a request or feeds somebody; else when its answer is written.
  virtual void leave() = 0;
  /// Ends it at once.
  virtual void cut_off() = 0;
  virtual boost::asio::awaitable<void> run() = 0;
};

/// `tls` null: plain HTTP. The lobby outlives it.
std::shared_ptr<Connection> make_connection(Lobby& lobby, boost::asio::ip::tcp::socket socket, std::string peer,
                                            std::shared_ptr<boost::asio::ssl::context> tls);

}  // namespace caravan::api
