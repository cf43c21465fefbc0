#include "tools/caravan/service_manager.hpp"

#include <ctime>

#include <systemd/sd-daemon.h>

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

/// The manager's advice is half of its time; a third leaves room for a batch that takes long.
constexpr int kSignsInTime = 3;
constexpr std::chrono::seconds kBetweenStatuses(5);

/// Nobody may be there to hear it, which is no reason to stop.
void tell(const std::string& words) {
  ::sd_notify(0, words.c_str());
}

std::optional<std::chrono::microseconds> watchdog_time() {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

/// Newer managers take a reload as done only when they know when it began.
std::string monotonic_time() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(std::uint64_t{1'000'000} * static_cast<std::uint64_t>(now.tv_sec) +
                        static_cast<std::uint64_t>(now.tv_nsec) / 1'000);
}

}  // namespace

ServiceManager::ServiceManager(boost::asio::io_context& io, AskForLife ask_for_life)
    : ask_for_life_(std::move(ask_for_life)), watchdog_(io), status_(io) {
  if (const auto time = watchdog_time()) between_signs_ = *time / kSignsInTime;
}

void ServiceManager::start() {
  ask_for_life_([this] {
    if (is_stopping_) return;
    ready();
    watch();
  });
}

void ServiceManager::watch() {
  if (!between_signs_) return;
  tell("WATCHDOG=1");
  watchdog_.expires_after(*between_signs_);
  watchdog_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || is_stopping_) return;
    if (is_waiting_) return watch();
    ask_for_life_([this] {
      if (!is_stopping_) watch();
    });
  });
}

void ServiceManager::waiting(bool is_waiting) {
  is_waiting_ = is_waiting;
  if (is_stopping_ || !is_waiting) return;
  tell("STATUS=Waiting until what is to be written can be");
  watch();
}

void ServiceManager::reloading() {
  tell("RELOADING=1\nMONOTONIC_USEC=" + monotonic_time() + "\nSTATUS=Reading the settings again");
}

void ServiceManager::ready() {
  is_ready_ = true;
  tell("READY=1\nSTATUS=Running journeys");
}

void ServiceManager::stopping() {
  is_stopping_ = true;
  tell("STOPPING=1\nSTATUS=Finishing what is under way");
  watchdog_.cancel();
  status_.cancel();
}

void ServiceManager::look(const BatchReport& report) {
  turns_ += report.turns;
  engine_time_ = short_time(report.now);
  if (is_stopping_ || std::exchange(is_status_on_its_way_, true)) return;
  status_.expires_after(kBetweenStatuses);
  status_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    is_status_on_its_way_ = false;
    tell_status();
  });
}

void ServiceManager::tell_status() {
  tell("STATUS=Running journeys: " + with_separators(static_cast<std::int64_t>(turns_)) +
       " turns since the start, the engine's time is " + engine_time_);
}

}  // namespace caravan::tools
