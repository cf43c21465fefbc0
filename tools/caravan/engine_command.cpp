#include "tools/caravan/engine_command.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "tools/caravan/terminal/progress.hpp"

namespace caravan::tools {
namespace {

using namespace std::chrono_literals;

/// A store that was left longer ago may be one of a time lapse.
constexpr std::chrono::milliseconds longest_rest = 24h;

/// It was left just now: whose time it is needs no question.
bool is_recent(Instant store_time, Instant now) {
  return store_time <= now && now - store_time <= longest_rest;
}

std::unique_ptr<Store> open_for_commands(const std::filesystem::path& database, CommandStore::Make make) {
  std::error_code ignored;
  // Tells how data gets there.
  if (make == CommandStore::Make::no && !std::filesystem::exists(database, ignored)) open_for_reading(database);
  try {
    return open_sqlite(database, OpenMode::write);
  } catch (const StoreInUse& error) {
    throw Failure(ExitCode::environment,
                  std::string(error.what()) + ", give this command again, and start it anew; nothing was changed");
  }
}

/// How far what was asked is: accounts, or rows of a round of engagement, whose number is known.
class CommandProgress {
 public:
  void update(const BatchReport& report) {
    turns_ += report.turns;
    if (!report.round) return accounts_.update(turns_, turns_);
    const auto total = static_cast<std::uint64_t>(report.round->total);
    if (!round_) accounts_.clear();
    if (!round_) round_.emplace("engagement", total);
    const auto done = std::min(static_cast<std::uint64_t>(report.round->done), total);
    round_->update(done, done);
  }

 private:
  Progress accounts_{"accounts", std::nullopt};
  std::optional<Progress> round_;
  std::uint64_t turns_ = 0;
};

}  // namespace

void add_command_options(CLI::App& command, CommandOptions& options, Positional positional) {
  add_data_options(command, options.data, positional);
  add_moment_options(command, options);
}

void add_moment_options(CLI::App& command, CommandOptions& options) {
  command
      .add_option("--at", options.at,
                  "Whose time it is: now, the machine's, or store, the one at which a time lapse was left")
      ->check(CLI::IsMember({"now", "store"}))
      ->type_name("TIME");
  command.add_flag("--json", options.as_json, "What came of it as one JSON object");
}

Instant command_time(std::optional<Instant> store_time, Instant now, const std::string& at) {
  if (!store_time) return now;
  if (at == "store") return *store_time;
  if (at == "now") return std::max(now, *store_time);
  if (is_recent(*store_time, now)) return now;
  throw Failure(ExitCode::usage, "the time of this store is " + short_time(*store_time) + " and the machine's is " +
                                     short_time(now) +
                                     ": say when this happens, with --at now, or with --at store where it is run in "
                                     "time lapse");
}

Instant present_of(std::optional<Instant> store_time, Instant now) {
  return !store_time || is_recent(*store_time, now) ? now : *store_time;
}

Instant machine_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

CommandStore::CommandStore(const std::filesystem::path& database, const CommandOptions& options, Make make)
    : store_(open_for_commands(database, make)),
      reader_(store_->reader()),
      names_(*reader_),
      clock_(command_time(reader_->engine_time(), machine_time(), options.at)) {
  reader_->refresh();
}

Reader& CommandStore::reader() {
  reader_->refresh();
  return *reader_;
}

InputResult CommandStore::ask(Input input) {
  std::vector<Input> one;
  one.push_back(std::move(input));
  return ask_all(std::move(one)).front();
}

std::vector<InputResult> CommandStore::ask_all(std::vector<Input> inputs) {
  constexpr std::size_t posted_at_once = 4'096;
  std::vector<InputResult> results;
  if (inputs.empty()) return results;
  reader_->refresh();  // holds no state of the store while the engine writes
  boost::asio::io_context io;
  const auto work = boost::asio::make_work_guard(io);
  EngineSettings settings;
  settings.mode = BatchRunner::Mode::commands;
  settings.publish = false;
  Engine engine(io, *store_, names_, clock_, nullptr, nullptr, settings);
  std::optional<std::string> failure;
  CommandProgress progress;
  engine.on_batch([&](const BatchReport& report) { progress.update(report); });
  std::size_t posted = 0;
  std::function<void()> post_some = [&] {
    const std::size_t first = posted;
    posted = std::min(inputs.size(), first + posted_at_once);
    std::vector<Input> some(std::make_move_iterator(inputs.begin() + static_cast<std::ptrdiff_t>(first)),
                            std::make_move_iterator(inputs.begin() + static_cast<std::ptrdiff_t>(posted)));
    engine.post_all(std::move(some), [&](const InputResult& answer) {
      results.push_back(answer);
      if (results.size() == posted && posted < inputs.size()) post_some();
    });
  };
  post_some();
  bool is_stopping = false;
  engine.on_idle([&](std::optional<Instant>) {
    if (results.size() == inputs.size() && !std::exchange(is_stopping, true)) engine.stop([&] { io.stop(); });
  });
  engine.start([&](const std::string& reason) {
    failure = reason;
    io.stop();
  });
  io.run();
  if (failure) throw StoreError(*failure);
  return results;
}

void expect_journey(Reader& reader, const std::string& journey) {
  std::vector<std::string> names;
  for (const JourneyRecord& record : reader.journeys())
    names.push_back(record.name);
  if (std::find(names.begin(), names.end(), journey) != names.end()) return;
  const std::string meant = did_you_mean(journey, names);
  throw Failure(ExitCode::faults, "no journey \"" + journey + "\" is published" + (meant.empty() ? "" : "; " + meant));
}

void expect_taken(const InputResult& result) {
  if (!result.refused.empty()) throw Failure(ExitCode::faults, result.refused);
}

}  // namespace caravan::tools
