#pragma once
// A thread that reads the store for routes, one request after the other, so that the I/O thread never waits for a page
// of a list. What waits for it is bounded.

#include <memory>

#include "engine/api/route.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan::api {

class ReadingThread {
 public:
  struct Parts {
    boost::asio::io_context& io;
    Store& store;
    NameBook& names;
    JourneyLibrary& library;
    std::function<Instant()> now;
    std::size_t most_waiting = 256;
  };
  explicit ReadingThread(Parts parts);
  /// Ends what it reads; the requests that wait are answered that the daemon stops.
  ~ReadingThread();

  /// On the I/O thread, where `respond` is called as well. Throws Refused where as many wait as may.
  void read(const Read& handle, Request request, Respond respond);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan::api
