#pragma once
// libcurl's transfers on an Asio io_context, by its multi-socket interface: libcurl says which sockets and which time
// it waits for, Asio waits, and no thread blocks. Channels that speak to the outside by libcurl stand on it.

#include <curl/curl.h>

namespace boost::asio {
class io_context;
}

namespace caravan {

/// Once for the whole process; throws std::runtime_error when libcurl cannot be used. Channels call it when they are
/// made.
void initialise_curl();

/// Runs any number of transfers. To be used on the thread of its io_context alone, except for its making.
class CurlMulti {
 public:
  /// At most `connections` at once; as many are kept open for the next transfers.
  CurlMulti(boost::asio::io_context& io, std::size_t connections);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  /// Begins a transfer. `easy` stays the caller's and lives until `done` is called, exactly once, from the io_context
  /// and never from inside start().
  void start(CURL* easy, std::function<void(CURLcode)> done);
  /// Ends every transfer with CURLE_ABORTED_BY_CALLBACK, from inside close(), and closes all connections.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan
