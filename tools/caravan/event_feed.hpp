#pragma once
// Events of a file told to a running engine, each when the engine's clock comes to its time: what happens outside while
// journeys run, in time lapse or in real time. `caravan serve --events` uses it.

#include <boost/asio/steady_timer.hpp>

#include "engine/engine.hpp"
#include "tools/caravan/event_file.hpp"

namespace caravan::tools {

struct FeedTally {
  std::uint64_t told = 0;
  std::uint64_t known = 0;    ///< ones that the account had already
  std::uint64_t refused = 0;  ///< each is shown on standard error, up to a number
};

/// Made, used and destroyed on the I/O thread; the engine, the clock and what `io` runs outlive it.
class EventFeed {
 public:
  /// `events` as read_events() gives them; `file` is what refusals are shown with.
  EventFeed(boost::asio::io_context& io, Engine& engine, Clock& clock, std::string file, std::vector<FileEvent> events);

  /// Tells what is past already, before the engine does anything else when it has not been started yet. From then on
  /// each event in its time.
  void start();
  /// The clock was moved by hand: tells what is due now.
  void tell_due();
  /// When the next event is due; nothing when there is none, or while one that was told has no answer yet.
  std::optional<Instant> next_due() const;
  /// Tells no more; what was told is still answered.
  void stop();
  /// Every event was told and answered.
  bool is_over() const { return next_ == events_.size() && under_way_ == 0; }
  const FeedTally& tally() const { return tally_; }

 private:
  void answered(std::size_t index, const InputResult& result);
  void wait_for_next();

  Engine& engine_;
  Clock& clock_;
  const std::string file_;
  std::vector<FileEvent> events_;
  boost::asio::steady_timer timer_;
  std::size_t next_ = 0;       ///< the first that was not told
  std::size_t under_way_ = 0;  ///< told and not answered
  bool is_stopped_ = false;
  FeedTally tally_;
};

}  // namespace caravan::tools
