#include "engine/intake/intake_run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace caravan {
namespace {

/// How long whoever finds the engine's queue full waits before they ask again.
constexpr std::chrono::milliseconds kPatience{20};

}  // namespace

IntakeRun::IntakeRun(boost::asio::io_context& io, Engine& engine, ByteSource& source, TextFormat format,
                     IntakeSettings settings, IntakeRules rules, std::function<void(const IntakeOutcome&)> settle)
    : io_(io),
      engine_(engine),
      source_(source),
      format_(format),
      settings_(std::move(settings)),
      rules_(rules),
      settle_(std::move(settle)) {}

IntakeRun::~IntakeRun() {
  interrupt();
}

void IntakeRun::start(std::function<void(const IntakeEnd&)> done) {
  // The end is told on this thread, later.
  reader_ = std::jthread([this](std::stop_token stop) { read(std::move(stop)); });
  done_ = std::move(done);
}

void IntakeRun::interrupt() {
  reader_.request_stop();
}

void IntakeRun::join() {
  interrupt();
  if (reader_.joinable()) reader_.join();
}

void IntakeRun::read(std::stop_token stop) {
  std::string unreadable;
  try {
    const auto reader = format_ == TextFormat::csv ? read_csv(source_, settings_) : read_json_lines(source_, settings_);
    read_lines(*reader, stop);
  } catch (const std::exception& error) {
    unreadable = error.what();
  }
  boost::asio::post(io_, [this, unreadable = std::move(unreadable), stop] {
    {
      const std::lock_guard lock(mutex_);
      is_read_ = true;
    }
    if (!stop.stop_requested()) end_.unreadable = unreadable;
    end_.is_whole = reached_end_ && !stop.stop_requested();
    settle_refused();
  });
}

void IntakeRun::read_lines(InputReader& reader, const std::stop_token& stop) {
  while (wait_for_room(stop)) {
    auto step = reader.next();
    if (!step) {
      reached_end_ = true;
      return;
    }
    // A pipe that was interrupted may have ended in the middle of a line.
    if (stop.stop_requested()) return;
    if (auto* problem = std::get_if<IntakeProblem>(&*step)) {
      refuse(std::move(*problem));
      if (rules_.stop_on_error) return;
    } else {
      post(std::move(std::get<IntakeLine>(*step)), stop);
    }
  }
}

/// False when it is time to stop.
bool IntakeRun::wait_for_room(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, stop, [this] { return unanswered_ < rules_.window; });
  return !stop.stop_requested();
}

void IntakeRun::post(IntakeLine line, const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    pending_.push_back({.line = line.line, .answers = 1 + line.relations.size()});
    unanswered_ += pending_.back().answers;
  }
  std::vector<Input> inputs;
  inputs.push_back(std::move(line.input));
  std::move(line.relations.begin(), line.relations.end(), std::back_inserter(inputs));
  const InputAnswer answer = [this](const InputResult& result) { answered(result); };
  // Others may have filled the queue, or the engine takes no more; then whoever stops it stops this as well.
  while (!engine_.post_all(inputs, answer)) {
    std::unique_lock lock(mutex_);
    room_.wait_for(lock, stop, kPatience, [] { return false; });
    if (!stop.stop_requested()) continue;
    unanswered_ -= pending_.back().answers;
    pending_.pop_back();
    return;
  }
}

/// The first refusal is the line's; what its record was refused for is said before what its relations were.
void IntakeRun::take(const InputResult& result, Pending& pending) {
  if (!pending.result) {
    pending.result = result;
  } else if (pending.result->refused.empty() && !result.refused.empty()) {
    pending.result->refused = "taken, but not into all of its `accounts`: " + result.refused;
  }
}

void IntakeRun::refuse(IntakeProblem problem) {
  {
    const std::lock_guard lock(mutex_);
    pending_.push_back({.line = problem.line, .refused = std::move(problem.reason)});
    ++unanswered_;
  }
  boost::asio::post(io_, [this] { settle_refused(); });
}

void IntakeRun::answered(const InputResult& result) {
  settle_refused();
  Pending pending;
  {
    const std::lock_guard lock(mutex_);
    Pending& front = pending_.front();
    take(result, front);
    --unanswered_;
    if (--front.answers > 0) return;
    pending = std::move(front);
    pending_.pop_front();
  }
  room_.notify_one();
  settle(pending, *pending.result);
  settle_refused();
}

/// Settles the lines at the front that the engine never saw; what stands behind an unanswered line waits for it.
void IntakeRun::settle_refused() {
  while (true) {
    Pending pending;
    {
      const std::lock_guard lock(mutex_);
      if (pending_.empty() || !pending_.front().refused) break;
      pending = std::move(pending_.front());
      pending_.pop_front();
      --unanswered_;
    }
    room_.notify_one();
    InputResult refused;
    refused.refused = *pending.refused;
    settle(pending, refused);
  }
  finish();
}

void IntakeRun::settle(const Pending& pending, const InputResult& result) {
  IntakeOutcome outcome{pending.line, IntakeOutcome::Kind::created};
  if (!result.refused.empty()) {
    outcome.kind = IntakeOutcome::Kind::refused;
    outcome.reason = result.refused;
    if (rules_.stop_on_error) reader_.request_stop();
  } else if (result.duplicate) {
    outcome.kind = IntakeOutcome::Kind::known;
  } else if (!result.created && settings_.kind != RecordKind::event) {
    outcome.kind = IntakeOutcome::Kind::updated;
  }
  settle_(outcome);
}

void IntakeRun::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (!is_read_ || !pending_.empty()) return;
  }
  if (std::exchange(is_finished_, true)) return;
  // What `done` holds may hold this run.
  boost::asio::post(io_, [done = std::exchange(done_, nullptr), end = end_] { done(end); });
}

}  // namespace caravan
