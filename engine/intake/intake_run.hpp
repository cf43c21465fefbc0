#pragma once
// One text of many records on its way into the engine: a thread reads and posts, a bounded window ahead of the engine's
// answers, and the I/O thread is told what became of each line, in the order of the text.

#include <condition_variable>
#include <deque>
#include <stop_token>

#include "engine/engine.hpp"
#include "engine/intake/intake.hpp"

namespace caravan {

struct IntakeRules {
  bool stop_on_error = false;
  std::size_t window = 8'192;  ///< inputs; less than the engine's queue
};

/// What became of a line.
struct IntakeOutcome {
  enum class Kind {
    created,  ///< a new record, or an event that was not known
    updated,  ///< a record
    known,    ///< an event that its account had already
    refused,
  };
  std::size_t line = 0;
  Kind kind = Kind::created;
  std::string reason = {};  ///< of a refusal
};

/// How a text came to its end.
struct IntakeEnd {
  bool is_whole = false;   ///< read to its end
  std::string unreadable;  ///< why it could not be read at all, or not to its end; empty: it could
};

/// Made, run and destroyed on the I/O thread.
class IntakeRun {
 public:
  /// All outlive it. `settle` is called on the I/O thread.
  IntakeRun(boost::asio::io_context& io, Engine& engine, ByteSource& source, TextFormat format, IntakeSettings settings,
            IntakeRules rules, std::function<void(const IntakeOutcome&)> settle);
  /// Whoever may keep the source waiting ends that first.
  ~IntakeRun();

  /// `done` is called on the I/O thread once every line that was posted has its answer, not from inside of another
  /// call.
  void start(std::function<void(const IntakeEnd&)> done);
  /// Reads no further once the source lets it; what was posted is still answered.
  void interrupt();
  /// The same, and waits until nothing more is posted: for who ends the engine before this run is over. Whoever may
  /// keep the source waiting ends that first.
  void join();

 private:
  struct Pending {
    std::size_t line = 0;
    std::optional<std::string> refused = {};  ///< known before the engine saw it
    std::size_t answers = 1;                  ///< still to come: one an input of the line
    std::optional<InputResult> result = {};   ///< of the line, by what has come
  };
  void read(std::stop_token stop);
  void read_lines(InputReader& reader, const std::stop_token& stop);
  bool wait_for_room(const std::stop_token& stop);
  void post(IntakeLine line, const std::stop_token& stop);
  void refuse(IntakeProblem problem);
  void answered(const InputResult& result);
  static void take(const InputResult& result, Pending& pending);
  void settle_refused();
  void settle(const Pending& pending, const InputResult& result);
  void finish();

  boost::asio::io_context& io_;
  Engine& engine_;
  ByteSource& source_;
  const TextFormat format_;
  const IntakeSettings settings_;
  const IntakeRules rules_;
  const std::function<void(const IntakeOutcome&)> settle_;
  std::function<void(const IntakeEnd&)> done_;
  IntakeEnd end_;

  std::mutex mutex_;
  std::condition_variable_any room_;
  std::deque<Pending> pending_;  ///< in the order of the text
  std::size_t unanswered_ = 0;   ///< of pending_, all inputs together
  bool is_read_ = false;         ///< nothing more will be posted
  bool reached_end_ = false;
  bool is_finished_ = false;  ///< I/O thread only
  std::jthread reader_;       ///< last: it ends before what it uses
};

}  // namespace caravan
