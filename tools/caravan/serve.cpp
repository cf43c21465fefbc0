// caravan serve: runs a workspace's journeys, in real time or in time lapse.

#include <iostream>

#include <boost/json/serialize.hpp>
#include <spdlog/spdlog.h>

#include "engine/report/publication_report.hpp"
#include "engine/report/state_words.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/report/day_log.hpp"
#include "tools/caravan/report/figures_text.hpp"
#include "tools/caravan/report/hints.hpp"
#include "tools/caravan/serve_session.hpp"
#include "tools/caravan/store_upkeep.hpp"
#include "tools/caravan/terminal/progress.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Runs the journeys that were published: accounts enter, split, wait, join buying groups, mails go out, sales is "
    "told.\n"
    "What the files say now counts when it is published: by `caravan publish`, or at the start with --publish. The "
    "channels are those of caravan.yaml as it is. SIGTERM and SIGINT end it within seconds, with everything that was "
    "taken on the disk; a second one ends it at once.";

constexpr const char* footer = R"(Time lapse
  --speed 1d/s lets a day pass in a second; 6h/s a quarter of one. Time goes on from where the database was left, or
  begins at --start, or now. Mails carry the time of the journey. With --speed max time jumps to what is due next as
  soon as nothing is left to do: months in seconds, and the same every time.

Events
  --events tells events of a file while journeys run, each when the journey's time comes to its `at`: a trial, or a
  year played again. Those that are past are told at once. The format is that of `caravan import --events`.

Examples
  caravan serve my-workspace                              what was published, until it is told to stop
  caravan serve my-workspace --publish --speed 1d/s --until-idle
                                                          three weeks in as many seconds
  caravan serve my-workspace --log-format json --quiet    as a service

Keeping it running, backups and SMTP: `caravan help operations`.)";

struct Options {
  DataOptions data;
  std::string outbox;
  std::string speed;
  std::string start;
  std::string events;
  bool publishes = false;
  bool until_idle = false;
  bool is_quiet = false;
  bool as_json = false;
};

/// `1d/s` as how many times faster than real time; infinity for `max`.
double speed_of(const std::string& text) {
  if (text.empty()) return 1.0;
  if (text == "max") return std::numeric_limits<double>::infinity();
  std::string problem;
  const std::optional<CalendarDuration> duration =
      text.ends_with("/s") ? parse_duration(std::string_view(text).substr(0, text.size() - 2), problem) : std::nullopt;
  const Instant epoch{};
  const double milliseconds = duration ? static_cast<double>((add(epoch, *duration, "UTC") - epoch).count()) : 0.0;
  if (milliseconds <= 0.0) {
    throw Failure(ExitCode::usage,
                  "--speed takes a duration a second, such as 1d/s or 90m/s, or max; this is \"" + text + "\"");
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
  if (std::isinf(speed)) return std::make_unique<VirtualClock>(start);
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

/// The journeys that run, a line each, without those that are over.
std::vector<std::string> describe_journeys(const JourneyLibrary& library) {
  std::vector<std::string> lines;
  for (const JourneyRecord& journey : library.journeys()) {
    if (journey.state == JourneyState::finished || journey.state == JourneyState::aborted) continue;
    std::string line =
        printable(journey.name) + ": version " + std::to_string(library.versions_of(journey.name).back().number);
    if (journey.state != JourneyState::live) line += ", " + std::string(word_for(journey.state));
    lines.push_back(std::move(line));
  }
  return lines;
}

/// What is to be said where the files are not what was published; empty where they are.
std::string describe_difference(const DataOptions& options, std::shared_ptr<const Workspace> files, Store& store,
                                Reader& reader, NameBook& names) {
  const std::string place = options.workspace.empty() ? "" : " " + shell_word(options.workspace);
  if (files->diagnostics.errors() > 0) {
    return "the files have " + counted(static_cast<std::int64_t>(files->diagnostics.errors()), "error", "errors") +
           ", and what was published is run: `" + program_name() + " check" + place + "` shows them";
  }
  Publish publish;
  publish.workspace = std::move(files);
  const auto changes = static_cast<std::int64_t>(look_at_publication(store, reader, names, publish).changes());
  if (changes == 0) return {};
  return counted(changes, "journey differs", "journeys differ") + " from what is published: `" + program_name() +
         " publish" + place + " --dry-run` shows how";
}

/// Prints what happens, in the form that was asked for.
class Narrator {
 public:
  Narrator(const Options& options, double speed, Store& store, NameBook& names)
      : options_(options), stretch_(stretch_for(speed)), library_(store, names) {}

  void introduce(const std::vector<Publication>& publications, const std::string& difference,
                 const Reader::Totals& totals, const std::string& channel, const std::string& time) {
    if (publications.empty()) {
      for (const std::string& line : describe_journeys(library_))
        say(line);
    }
    for (const Publication& publication : publications)
      say(describe(publication));
    if (!difference.empty()) say(difference);
    if (!is_for_people()) return;
    std::cout << counted(totals.accounts, "account", "accounts") << ", " << counted(totals.people, "person", "people")
              << "; mails go " << channel << "; " << time << "\n\n"
              << std::flush;
  }

  void tell_address(const std::string& address) const {
    if (options_.as_json) {
      std::cout << boost::json::serialize(boost::json::object{{"api", address}}) << std::endl;
    } else {
      say("The API listens on " + address);
      std::cout << std::flush;
    }
  }

  void follow(ServeSession& session) {
    if (options_.is_quiet && !options_.as_json) return;
    log_.emplace(
        stretch_, [this](VersionId version, MessageIndex message) { return kind_of(version, message); },
        [this](const Happenings& happenings) { print(happenings); });
    session.on_batch([this](const BatchReport& report) {
      show_sweep(report.sweep);
      log_->add(report);
    });
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

  /// What became of the events of a file.
  void tell(const FeedTally& events, const std::string& file) {
    if (options_.as_json) {
      const boost::json::object tally{{"told", events.told}, {"known", events.known}, {"refused", events.refused}};
      std::cout << boost::json::serialize(boost::json::object{{"events", tally}}) << std::endl;
    } else if (is_for_people()) {
      const auto number = [](std::uint64_t value) { return with_separators(static_cast<std::int64_t>(value)); };
      std::cout << printable(file) << ": " << number(events.told) << " events told, " << number(events.known)
                << " known already, " << number(events.refused) << " refused\n";
    }
  }

  bool is_for_people() const { return !options_.is_quiet && !options_.as_json; }

 private:
  void say(const std::string& line) const {
    if (is_for_people()) {
      std::cout << line << "\n";
    } else {
      spdlog::info("{}", line);
    }
  }

  /// Audiences of many accounts take a while: on a terminal a bar says how far they are.
  void show_sweep(const std::optional<SweepProgress>& sweep) {
    if (!sweep) return sweep_bar_.reset();
    if (!sweep_bar_) sweep_bar_.emplace("audiences", static_cast<std::uint64_t>(sweep->total));
    sweep_bar_->update(static_cast<std::uint64_t>(sweep->done), static_cast<std::uint64_t>(sweep->done));
  }

  void print(const Happenings& happenings) {
    if (sweep_bar_) sweep_bar_->clear();
    if (options_.as_json) {
      std::cout << boost::json::serialize(as_json(happenings)) << std::endl;
    } else {
      std::cout << as_line(happenings, stretch_, Terminal::output()) << std::endl;
    }
  }

  MessageKind kind_of(VersionId version, MessageIndex message) {
    const auto [found, is_new] = kinds_.try_emplace({version, message}, MessageKind::email);
    if (is_new) {
      try {
        found->second = library_.version(version)->journey.messages.at(static_cast<std::size_t>(message)).kind;
      } catch (const std::exception&) {
        // A version that no longer checks: its messages count as mails.
      }
    }
    return found->second;
  }

  const Options& options_;
  const std::chrono::milliseconds stretch_;
  JourneyLibrary library_;  ///< made after the journeys were published
  std::map<std::pair<VersionId, MessageIndex>, MessageKind> kinds_;
  std::optional<DayLog> log_;
  std::optional<Progress> sweep_bar_;
};

/// Prints what is wrong with the files, as far as they are run now: whether nothing can be.
bool are_unfit(const Workspace& files, const Options& options) {
  if (options.publishes) {
    print_diagnostics(files);
    return files.diagnostics.errors() > 0;
  }
  constexpr std::array<std::string_view, 1> always = {"caravan.yaml"};
  return print_errors_in(files, always);
}

/// Throws Failure where there is nothing to run.
void expect_something_published(const Options& options, const std::filesystem::path& database) {
  if (options.publishes) return;
  std::error_code ignored;
  if (std::filesystem::exists(database, ignored) && !open_for_reading(database)->reader()->journeys().empty()) return;
  const std::string place = options.data.workspace.empty() ? "" : " " + shell_word(options.data.workspace);
  throw Failure(ExitCode::faults, "no journey is published in " + database.string() + " yet: `" + program_name() +
                                      " publish" + place + "` does it, or start this with --publish");
}

ExitCode serve(const Options& options) {
  const double speed = speed_of(options.speed);
  if (std::isinf(speed) && !options.until_idle)
    throw Failure(ExitCode::usage, "--speed max goes with --until-idle: there would be no end to it");
  // Checked with made-up numbers first, so that a faulty workspace makes no database.
  ScratchNames scratch;
  const std::shared_ptr<const Workspace> files = look_at_workspace(options.data, scratch);
  if (are_unfit(*files, options)) return ExitCode::faults;
  const std::filesystem::path database = database_file(options.data, *files);
  see_to_store(database);
  expect_something_published(options, database);

  std::vector<FileEvent> events;
  if (!options.events.empty()) {
    check_readable(options.events);
    events = read_events(options.events, format_of(options.events, ""), intake_for(RecordKind::event, &files->schema));
  }

  const auto store = open_sqlite(database, OpenMode::write);
  const auto reader = store->reader();
  NameBook names(*reader);
  const std::unique_ptr<Clock> clock = make_clock(options, speed, reader->engine_time());
  const std::filesystem::path outbox =
      options.outbox.empty() ? outbox_of(*files) : std::filesystem::path(options.outbox);
  const std::string time = options.speed.empty() ? "real time"
                           : std::isinf(speed) ? "from " + short_time(clock->now()) + " from one due moment to the next"
                                               : "from " + short_time(clock->now()) + " at " + options.speed;
  const std::string difference =
      options.publishes ? "" : describe_difference(options.data, files, *store, *reader, names);
  ServeSession session(
      {*store, database, names, *clock, look_at_workspace(options.data, names), options.outbox, options.publishes,
       options.events, std::move(events), dynamic_cast<VirtualClock*>(clock.get()), files, CARAVAN_VERSION},
      options.until_idle ? Until::idle : Until::stopped);
  Narrator narrator(options, speed, *store, names);
  narrator.introduce(session.publications(), difference, reader->totals(), describe_channel(*files, outbox), time);
  if (const std::string address = session.address(); !address.empty()) narrator.tell_address(address);
  narrator.follow(session);
  reader->refresh();  // holds no state of the store while the engine runs
  session.on_reload([&options]() -> std::shared_ptr<const Workspace> {
    ScratchNames names;
    std::shared_ptr<const Workspace> read = look_at_workspace(options.data, names);
    constexpr std::array<std::string_view, 2> needed = {"caravan.yaml", "schema.yaml"};
    return print_errors_in(*read, needed) ? nullptr : read;
  });
  session.on_stopping([] { spdlog::info("stopping: what is under way is finished first"); });
  session.run();
  JourneyLibrary library(*store, names);
  const StoreFigures figures = read_figures(library, *reader);
  narrator.finish(figures, where_to_look_next(options.data, figures, *reader, outbox));
  if (!options.events.empty()) narrator.tell(session.events(), options.events);
  return session.events().refused == 0 ? ExitCode::success : ExitCode::faults;
}

}  // namespace

void add_serve(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("serve", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command
      ->add_option("--outbox", options->outbox,
                   "Writes mails and texts as files into this folder, whatever caravan.yaml says")
      ->type_name("DIR");
  command->add_option("--speed", options->speed, "Time lapse: how much time passes in a second, such as 1d/s, or max")
      ->type_name("SPEED");
  command->add_option("--start", options->start, "When a time lapse begins, such as 2026-01-05T09:00:00Z")
      ->type_name("TIME");
  command->add_flag("--publish", options->publishes,
                    "Publishes the workspace's journeys first, as far as they have changed");
  command
      ->add_option("--events", options->events,
                   "Tells the events of this file, CSV or JSON lines by its name, each in its time")
      ->type_name("FILE");
  command->add_flag("--until-idle", options->until_idle,
                    "Ends when no account waits for a time any more, no delivery is to be tried again, and all "
                    "events are told");
  command->add_flag("--quiet", options->is_quiet, "Prints no lines and no table; the log remains");
  command->add_flag("--json", options->as_json, "Lines and table as JSON, one object a line");
  command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace caravan::tools
