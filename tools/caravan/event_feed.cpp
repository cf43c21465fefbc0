#include "tools/caravan/event_feed.hpp"

#include <iostream>

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

/// More than the engine can take in one batch, less than its queue holds.
constexpr std::size_t most_under_way = 8'192;
constexpr std::uint64_t most_shown_refusals = 20;
/// A timer never runs longer: the machine's clock may be set in between.
constexpr std::chrono::steady_clock::duration longest_nap = std::chrono::minutes(1);

}  // namespace

EventFeed::EventFeed(boost::asio::io_context& io, Engine& engine, Clock& clock, std::string file,
                     std::vector<FileEvent> events)
    : engine_(engine), clock_(clock), file_(std::move(file)), events_(std::move(events)), timer_(io) {}

void EventFeed::start() {
  tell_due();
}

std::optional<Instant> EventFeed::next_due() const {
  if (under_way_ > 0 || next_ == events_.size()) return std::nullopt;
  return events_[next_].event.at;
}

void EventFeed::stop() {
  is_stopped_ = true;
  timer_.cancel();
}

void EventFeed::tell_due() {
  const Instant now = clock_.now();
  while (!is_stopped_ && next_ < events_.size() && under_way_ < most_under_way) {
    const std::optional<Instant>& at = events_[next_].event.at;
    if (at && *at > now) return wait_for_next();
    const std::size_t index = next_++;
    ++under_way_;
    const bool is_taken = engine_.post(std::move(events_[index].event),
                                       [this, index](const InputResult& result) { answered(index, result); });
    // There is always room in the engine's queue for as many: it refuses only when it has stopped.
    if (!is_taken) return stop();
  }
}

void EventFeed::answered(std::size_t index, const InputResult& result) {
  --under_way_;
  if (!result.refused.empty()) {
    if (++tally_.refused <= most_shown_refusals && !is_stopped_)
      std::cerr << file_ << ":" << events_[index].line << ": " << printable(result.refused) << "\n";
  } else {
    ++(result.duplicate ? tally_.known : tally_.told);
  }
  tell_due();
}

void EventFeed::wait_for_next() {
  const auto real = clock_.real_time_until(*events_[next_].event.at);
  if (!real) return;
  timer_.expires_after(std::min(*real, longest_nap));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) tell_due();
  });
}

}  // namespace caravan::tools
