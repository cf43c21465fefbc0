#pragma once
// Life as it goes by: a line for each stretch of the engine's time in which something happened, added up from the
// batches committed in it. `caravan serve` prints it, on a terminal and into a pipe alike.

#include <boost/json/object.hpp>

#include "engine/engine.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

/// What happened in one stretch.
struct Happenings {
  Instant begin{};
  std::int64_t entered = 0;
  std::int64_t mails = 0;
  std::int64_t texts = 0;   ///< SMS and chat messages
  std::int64_t calls = 0;   ///< of connections
  std::int64_t joined = 0;  ///< people who joined buying groups
  std::int64_t summaries = 0;
  std::int64_t completed = 0;
  std::int64_t left = 0;
  std::int64_t failed = 0;
  std::int64_t reached_goal = 0;
  std::int64_t held = 0;  ///< tokens whose node failed, or that a pause holds up
  std::int64_t delivered = 0;
  std::int64_t undelivered = 0;
  /// Nothing but deliveries of what was promised before.
  bool is_quiet() const;
};

class DayLog {
 public:
  using Print = std::function<void(const Happenings&)>;
  /// `stretch` is a line's; `kind_of` tells what a version's messages are.
  DayLog(std::chrono::milliseconds stretch, std::function<MessageKind(VersionId, MessageIndex)> kind_of, Print print);

  void add(const BatchReport& report);
  /// Prints what has not been printed yet.
  void flush();

 private:
  void count(const CounterKey& key, std::int64_t number);
  std::int64_t& promised(MessageKind kind);

  const std::chrono::milliseconds stretch_;
  const std::function<MessageKind(VersionId, MessageIndex)> kind_of_;
  const Print print_;
  Happenings current_;
};

/// The stretch that a line stands for: the shortest of a minute, an hour and a day that takes half a second or more of
/// real time; a day when even that is over sooner.
std::chrono::milliseconds stretch_for(double speed);

/// `2026-01-08  41 entered · 38 mails · 12 joined buying groups`; the time of day where stretches are shorter than a
/// day.
std::string as_line(const Happenings& happenings, std::chrono::milliseconds stretch, const Terminal& terminal);
boost::json::object as_json(const Happenings& happenings);

}  // namespace caravan::tools
