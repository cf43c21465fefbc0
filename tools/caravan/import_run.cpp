#include "tools/caravan/import_run.hpp"

#include <iostream>

#include <boost/asio/post.hpp>

namespace caravan::tools {

std::string name_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::account: return "accounts";
    case RecordKind::person: return "people";
    case RecordKind::event: return "events";
  }
  return {};
}

ImportRun::ImportRun(boost::asio::io_context& io, Engine& engine, const ImportFile& file, const ImportRules& rules)
    : io_(io),
      engine_(engine),
      file_(file),
      rules_(rules),
      source_(file.file),
      progress_(name_of(file.intake.kind), source_.length()) {}

ImportRun::~ImportRun() {
  interrupt();
}

void ImportRun::start(std::function<void()> done) {
  done_ = std::move(done);
  reader_ = std::jthread([this](std::stop_token stop) { read(std::move(stop)); });
}

void ImportRun::interrupt() {
  reader_.request_stop();
  source_.interrupt();
}

void ImportRun::read(std::stop_token stop) {
  std::string unreadable;
  try {
    const auto reader =
        file_.format == FileFormat::csv ? read_csv(source_, file_.intake) : read_json_lines(source_, file_.intake);
    read_lines(*reader, stop);
  } catch (const std::exception& error) {
    unreadable = error.what();
  }
  boost::asio::post(io_, [this, unreadable = std::move(unreadable), stop] {
    {
      const std::lock_guard lock(mutex_);
      is_read_ = true;
    }
    if (!stop.stop_requested()) tally_.unreadable = unreadable;
    tally_.is_whole = reached_end_ && !stop.stop_requested();
    settle_refused();
  });
}

void ImportRun::read_lines(InputReader& reader, const std::stop_token& stop) {
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
bool ImportRun::wait_for_room(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, stop, [this] { return unanswered_ < rules_.window; });
  return !stop.stop_requested();
}

void ImportRun::post(IntakeLine line, const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    pending_.push_back({.line = line.line, .answers = 1 + line.relations.size()});
    unanswered_ += pending_.back().answers;
  }
  std::vector<Input> inputs;
  inputs.push_back(std::move(line.input));
  std::move(line.relations.begin(), line.relations.end(), std::back_inserter(inputs));
  // The window is smaller than the engine's queue: it refuses only when it has stopped.
  if (engine_.post_all(std::move(inputs), [this](const InputResult& result) { answered(result); })) return;
  {
    const std::lock_guard lock(mutex_);
    unanswered_ -= pending_.back().answers;
    pending_.pop_back();
  }
  if (!stop.stop_requested()) throw std::runtime_error("the engine takes no more");
}

/// The first refusal is the line's; what its record was refused for is said before what its relations were.
void ImportRun::take(const InputResult& result, Pending& pending) {
  if (!pending.result) {
    pending.result = result;
  } else if (pending.result->refused.empty() && !result.refused.empty()) {
    pending.result->refused = "taken, but not into all of its `accounts`: " + result.refused;
  }
}

void ImportRun::refuse(IntakeProblem problem) {
  {
    const std::lock_guard lock(mutex_);
    pending_.push_back({.line = problem.line, .refused = std::move(problem.reason)});
    ++unanswered_;
  }
  boost::asio::post(io_, [this] { settle_refused(); });
}

void ImportRun::answered(const InputResult& result) {
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
void ImportRun::settle_refused() {
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
    settle(pending, {*pending.refused, false, false});
  }
  finish();
}

void ImportRun::settle(const Pending& pending, const InputResult& result) {
  tally_.last_line = pending.line;
  if (!result.refused.empty()) {
    ++tally_.refused;
    if (tally_.refused <= rules_.shown_refusals) {
      progress_.clear();
      std::cerr << file_.file << ":" << pending.line << ": " << printable(result.refused) << "\n";
    }
    if (rules_.stop_on_error) reader_.request_stop();
  } else if (result.duplicate) {
    ++tally_.known;
  } else {
    const bool is_new = result.created || file_.intake.kind == RecordKind::event;
    ++(is_new ? tally_.created : tally_.updated);
  }
  progress_.update(source_.bytes_read(), tally_.created + tally_.updated + tally_.known + tally_.refused);
}

void ImportRun::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (!is_read_ || !pending_.empty()) return;
  }
  if (std::exchange(is_finished_, true)) return;
  progress_.clear();
  if (tally_.refused > rules_.shown_refusals) {
    std::cerr << file_.file << ": and "
              << with_separators(static_cast<std::int64_t>(tally_.refused - rules_.shown_refusals))
              << " more lines refused\n";
  }
  // Not from inside of the answer that led here: `done` may end this run.
  boost::asio::post(io_, done_);
}

}  // namespace caravan::tools
