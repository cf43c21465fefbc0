#pragma once
// What `caravan serve` tells the service manager (systemd) that started it: that it is ready, what it is doing, that it
// reloads or stops, and that it is alive. Where nobody asks to be told (there is no NOTIFY_SOCKET), all of it does
// nothing.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/scheduler.hpp"

namespace caravan::tools {

class ServiceManager {
 public:
  /// Asks for a sign of life, which calls what it is given on the I/O thread, as Engine::sign_of_life() does.
  using AskForLife = std::function<void(std::function<void()>)>;

  /// All on the thread of `io`, which outlives it.
  ServiceManager(boost::asio::io_context& io, AskForLife ask_for_life);

  /// The engine is about to run: is ready with its first sign of life. From then on, where the manager has a watchdog,
  /// it is told that this is alive a few times within the watchdog's time, each time a sign of life has come: when the
  /// I/O thread or the thread that runs turns hangs, no more is told, and the manager ends this process.
  void start();
  /// The engine waits for its store, or does not any more. While it does, the thread that runs turns may stand still,
  /// and the I/O thread's signs are enough: ending the process would not give the disk more room.
  void waiting(bool is_waiting);
  /// A change of settings begins; ready() says that it is over.
  void reloading();
  void ready();
  /// It was told so, at the start.
  bool is_ready() const { return is_ready_; }
  void stopping();

  /// What was committed: told as the status, not more often than anybody reads it.
  void look(const BatchReport& report);

 private:
  void watch();
  void tell_status();

  AskForLife ask_for_life_;
  boost::asio::steady_timer watchdog_;
  boost::asio::steady_timer status_;
  std::optional<std::chrono::microseconds> between_signs_;  ///< nothing: there is no watchdog
  std::uint64_t turns_ = 0;
  std::string engine_time_;
  bool is_status_on_its_way_ = false;
  bool is_waiting_ = false;
  bool is_stopping_ = false;
  bool is_ready_ = false;
};

}  // namespace caravan::tools
