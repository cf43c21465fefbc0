// caravan serve: runs a workspace's journeys, in real time or in time lapse.

#include <iostream>

#include <boost/json/serialize.hpp>
#include <spdlog/spdlog.h>

#include "tools/caravan/data_place.hpp"
#include "tools/caravan/report/day_log.hpp"
#include "tools/caravan/report/hints.hpp"
#include "tools/caravan/serve_session.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Runs the journeys of a workspace: accounts enter, split, wait, join buying groups, mails go out, sales is told.\n"
    "The workspace is checked first, and published: accounts under way stay on the version they entered. SIGTERM and "
    "SIGINT end it within seconds, with everything that was taken on the disk; a second one ends it at once.";

constexpr const char* footer = R"(Time lapse
  --speed 1d/s lets a day pass in a second; 6h/s a quarter of one. Time goes on from where the database was left, or
  begins at --start, or now. Mails carry the time of the journey.

Examples
  caravan serve my-workspace                              until it is told to stop
  caravan serve my-workspace --speed 1d/s --until-idle    three weeks in as many seconds
  caravan serve my-workspace --log-format json --quiet    as a service

Keeping it running, backups and SMTP: `caravan help operations`.)";

struct Options {
  DataOptions data;
  std::string outbox;
  std::string speed;
  std::string start;
  bool until_idle = false;
  bool is_quiet = false;
  bool as_json = false;
};

/// `1d/s` as how many times faster than real time.
double speed_of(const std::string& text) {
  if (text.empty()) return 1.0;
  std::string problem;
  const std::optional<CalendarDuration> duration =
      text.ends_with("/s") ? parse_duration(std::string_view(text).substr(0, text.size() - 2), problem) : std::nullopt;
  const Instant epoch{};
  const double milliseconds = duration ? static_cast<double>((add(epoch, *duration, "UTC") - epoch).count()) : 0.0;
  if (milliseconds <= 0.0) {
    throw Failure(ExitCode::usage,
                  "--speed takes a duration a second, such as 1d/s or 90m/s; this is \"" + text + "\"");
  }
  return milliseconds / 1000.0;
}

std::unique_ptr<Clock> make_clock(const Options& options, double speed, std::optional<Instant> engine_time) {
  if (options.speed.empty()) {
    if (!options.start.empty()) throw Failure(ExitCode::usage, "--start goes with --speed: real time cannot be set");
    return make_real_clock(engine_time.value_or(Instant{}));
  }
  Instant start = engine_time.value_or(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  if (!options.start.empty()) {
    const std::optional<Instant> given = parse_instant(options.start);
    if (!given) throw Failure(ExitCode::usage, "--start takes a time such as 2026-01-05T09:00:00Z");
    if (engine_time && *given < *engine_time) {
      throw Failure(ExitCode::usage,
                    "the time of this database is " + short_time(*engine_time) +
                        " already, and time does not run backwards: leave --start out, or use a new database");
    }
    start = *given;
  }
  return make_time_lapse_clock(start, speed);
}

/// Where the mails go, in a few words.
std::string describe_channel(const Workspace& workspace, const std::filesystem::path& outbox) {
  if (!outbox.empty()) return "as files into " + outbox.lexically_normal().string();
  const auto& smtp = std::get<SmtpChannel>(workspace.configuration.email.transport);
  return "by SMTP to " + smtp.host + ":" + std::to_string(smtp.port);
}

std::string describe(const Publication& publication) {
  const std::string version = printable(publication.journey) + ": version " + std::to_string(publication.number);
  switch (publication.kind) {
    case Publication::Kind::first: return version + " published";
    case Publication::Kind::changed: return version + " published; accounts under way stay on theirs";
    case Publication::Kind::unchanged: return version + ", as before";
    case Publication::Kind::closed: return version + " closed: the workspace no longer has it";
  }
  return version;
}

/// Prints what happens, in the form that was asked for.
class Narrator {
 public:
  Narrator(const Options& options, double speed, Store& store, NameBook& names)
      : options_(options), stretch_(stretch_for(speed)), library_(store, names) {}

  void introduce(const std::vector<Publication>& publications, const Reader::Totals& totals, const std::string& channel,
                 const std::string& time) {
    for (const Publication& publication : publications) {
      if (!is_for_people()) {
        spdlog::info("{}", describe(publication));
      } else {
        std::cout << describe(publication) << "\n";
      }
    }
    if (!is_for_people()) return;
    std::cout << counted(totals.accounts, "account", "accounts") << ", " << counted(totals.people, "person", "people")
              << "; mails go " << channel << "; " << time << "\n\n"
              << std::flush;
  }

  void follow(ServeSession& session) {
    if (options_.is_quiet && !options_.as_json) return;
    log_.emplace(
        stretch_, [this](VersionId version, MessageIndex message) { return is_summary(version, message); },
        [this](const Happenings& happenings) { print(happenings); });
    session.on_batch([this](const BatchReport& report) { log_->add(report); });
  }

  void finish(const StoreFigures& figures, const std::vector<Hint>& hints) {
    if (log_) log_->flush();
    if (options_.as_json) {
      std::cout << boost::json::serialize(boost::json::object{{"status", as_json(figures)}}) << std::endl;
    } else if (is_for_people()) {
      std::cout << "\n"
                << as_text(figures, Terminal::output()) << hints_as_text(hints, Terminal::output()) << std::flush;
    }
  }

  bool is_for_people() const { return !options_.is_quiet && !options_.as_json; }

 private:
  void print(const Happenings& happenings) {
    if (options_.as_json) {
      std::cout << boost::json::serialize(as_json(happenings)) << std::endl;
    } else {
      std::cout << as_line(happenings, stretch_, Terminal::output()) << std::endl;
    }
  }

  bool is_summary(VersionId version, MessageIndex message) {
    const auto [found, is_new] = summaries_.try_emplace({version, message}, false);
    if (is_new) {
      try {
        found->second = library_.version(version)->journey.messages.at(static_cast<std::size_t>(message)).kind == MessageKind::sales_summary;
      } catch (const std::exception&) {
        // A version that no longer checks: its messages count as mails.
      }
    }
    return found->second;
  }

  const Options& options_;
  const std::chrono::milliseconds stretch_;
  JourneyLibrary library_;  ///< made after the journeys were published
  std::map<std::pair<VersionId, MessageIndex>, bool> summaries_;
  std::optional<DayLog> log_;
};

ExitCode serve(const Options& options) {
  const double speed = speed_of(options.speed);
  // Checked with made-up numbers first, so that a faulty workspace makes no database.
  ScratchNames scratch;
  const std::unique_ptr<Workspace> checked = look_at_workspace(options.data, scratch);
  print_diagnostics(*checked);
  if (checked->diagnostics.errors() > 0) return ExitCode::faults;

  const auto store = open_sqlite(database_file(options.data, *checked), OpenMode::write);
  const auto reader = store->reader();
  NameBook names(*reader);
  const std::unique_ptr<Clock> clock = make_clock(options, speed, reader->engine_time());
  const std::filesystem::path outbox =
      options.outbox.empty() ? outbox_of(*checked) : std::filesystem::path(options.outbox);
  const std::string time =
      options.speed.empty() ? "real time" : "from " + short_time(clock->now()) + " at " + options.speed;
  ServeSession session({*store, names, *clock, look_at_workspace(options.data, names), options.outbox},
                       options.until_idle ? Until::idle : Until::stopped);
  Narrator narrator(options, speed, *store, names);
  narrator.introduce(session.publications(), reader->totals(), describe_channel(*checked, outbox), time);
  narrator.follow(session);
  reader->refresh();  // holds no state of the store while the engine runs
  session.on_stopping([] { spdlog::info("stopping: what is under way is finished first"); });
  session.run();
  const StoreFigures figures = read_figures(*store, *reader, names);
  narrator.finish(figures, where_to_look_next(options.data, figures, *reader, outbox));
  return ExitCode::success;
}

}  // namespace

void add_serve(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("serve", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command->add_option("--outbox", options->outbox, "Writes mails and texts as files into this folder, whatever caravan.yaml says")
      ->type_name("DIR");
  command->add_option("--speed", options->speed, "Time lapse: how much time passes in a second, such as 1d/s")
      ->type_name("SPEED");
  command->add_option("--start", options->start, "When a time lapse begins, such as 2026-01-05T09:00:00Z")
      ->type_name("TIME");
  command->add_flag("--until-idle", options->until_idle, "Ends when no account waits for a time any more");
  command->add_flag("--quiet", options->is_quiet, "Prints no lines and no table; the log remains");
  command->add_flag("--json", options->as_json, "Lines and table as JSON, one object a line");
  command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace caravan::tools
