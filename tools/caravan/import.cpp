// caravan import: accounts, people and events from files of any size into the store.

#include <iostream>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <unistd.h>

#include "tools/caravan/data_place.hpp"
#include "tools/caravan/event_file.hpp"
#include "tools/caravan/import_run.hpp"
#include "tools/caravan/option_checks.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Takes accounts, people and events into the store, from CSV or JSON lines of any size.\n"
    "A key that is new makes a record; one that is known has its attributes merged. An event is kept for `activity`, "
    "once for each id. Lines that cannot be taken are reported as file:line: reason and do not stop the rest. Nothing "
    "is "
    "sent and no journey moves: `caravan serve` does that.";

constexpr const char* footer = R"(Examples
  caravan import -w my-workspace --accounts accounts.csv --people people.jsonl
  caravan import -d caravan.db --accounts companies.csv --key-column Symbol --text CIK
  caravan import -w my-workspace --events last-year.jsonl
  zcat people.jsonl.gz | caravan import -d caravan.db --people - --format jsonl

How columns become attributes, which values become numbers, and what an event needs: `caravan help import`.
Exit code 1 when lines were refused, or when it was interrupted.)";

struct Options {
  DataOptions data;
  std::string accounts;
  std::string people;
  std::string events;
  std::string format;
  std::string key_column = "key";
  std::string person_key_column = "key";
  std::string account_column = "account";
  std::vector<std::string> renames;
  std::vector<std::string> text_columns;
  std::string delimiter = ",";
  ImportRules rules;
  bool as_json = false;
};

struct FileResult {
  RecordKind kind = RecordKind::account;
  std::string file;
  ImportTally tally;
};

char delimiter_of(const std::string& written) {
  if (written == "tab" || written == "\\t") return '\t';
  if (written.size() == 1 && written != "\"" && written != "\n") return written[0];
  throw Failure(ExitCode::usage, "--delimiter takes one character, or tab");
}

IntakeSettings intake_of(const Options& options, RecordKind kind, const SchemaDefinition* schema) {
  IntakeSettings intake = intake_for(kind, schema);
  intake.key = kind == RecordKind::account ? options.key_column : options.person_key_column;
  intake.account = options.account_column;
  intake.text_columns = options.text_columns;
  intake.delimiter = delimiter_of(options.delimiter);
  for (const std::string& rename : options.renames) {
    const std::size_t equals = rename.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == rename.size()) {
      throw Failure(ExitCode::usage,
                    "--rename takes FROM=TO, such as --rename \"Staff=employees\"; this is \"" + rename + "\"");
    }
    intake.renames[rename.substr(0, equals)] = rename.substr(equals + 1);
  }
  return intake;
}

/// The files of one import, one after the other, until the last is read, the store fails or somebody interrupts.
class Session {
 public:
  Session(Store& store, NameBook& names, Clock& clock, std::vector<ImportFile> files, const ImportRules& rules)
      : engine_(io_, store, names, clock, nullptr, nullptr, {.mode = BatchRunner::Mode::data}),
        signals_(io_, SIGINT, SIGTERM),
        files_(std::move(files)),
        rules_(rules) {}

  void run() {
    wait_for_signal();
    engine_.start([this](const std::string& reason) {
      failure_ = reason;
      if (run_) run_->interrupt();
      io_.stop();
    });
    boost::asio::post(io_, [this] { next_file(); });
    io_.run();
    keep_tally();
    run_.reset();
    if (failure_) throw StoreError(*failure_);
  }

  const std::vector<FileResult>& results() const { return results_; }
  bool was_interrupted() const { return was_interrupted_; }

 private:
  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      if (was_interrupted_) ::_exit(static_cast<int>(ExitCode::faults));
      was_interrupted_ = true;
      if (run_) run_->interrupt();
      wait_for_signal();
    });
  }

  void next_file() {
    keep_tally();
    const bool is_over = next_ == files_.size() || was_interrupted_ ||
                         (rules_.stop_on_error && !results_.empty() && results_.back().tally.refused > 0);
    run_.reset();
    if (is_over) {
      engine_.stop([this] { io_.stop(); });
      return;
    }
    try {
      run_.emplace(io_, engine_, files_[next_], rules_);
    } catch (...) {
      io_.stop();
      throw;
    }
    ++next_;
    run_->start([this] { next_file(); });
  }

  void keep_tally() {
    if (!run_ || results_.size() == next_) return;
    const ImportFile& file = files_[next_ - 1];
    results_.push_back({file.intake.kind, file.file, run_->tally()});
  }

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ = boost::asio::make_work_guard(io_);
  Engine engine_;
  boost::asio::signal_set signals_;
  const std::vector<ImportFile> files_;
  const ImportRules rules_;
  std::size_t next_ = 0;
  std::optional<ImportRun> run_;
  std::vector<FileResult> results_;
  std::optional<std::string> failure_;
  bool was_interrupted_ = false;
};

std::string summary(const FileResult& result) {
  const auto number = [](std::uint64_t value) { return with_separators(static_cast<std::int64_t>(value)); };
  const ImportTally& tally = result.tally;
  const std::string taken = result.kind == RecordKind::event
                                ? number(tally.created) + " new, " + number(tally.known) + " known already, "
                                : number(tally.created) + " created, " + number(tally.updated) + " updated, ";
  return name_of(result.kind) + ": " + taken + number(tally.refused) + " refused";
}

void print_as_text(const std::vector<FileResult>& results) {
  for (const FileResult& result : results) {
    if (!result.tally.unreadable.empty())
      std::cerr << result.file << ": " << printable(result.tally.unreadable) << "\n";
    if (!result.tally.is_whole && result.tally.unreadable.empty()) {
      std::cerr << result.file << ": stopped; everything up to line "
                << with_separators(static_cast<std::int64_t>(result.tally.last_line)) << " is in the store";
      if (result.tally.refused > 0) {
        const auto refused = static_cast<std::int64_t>(result.tally.refused);
        std::cerr << ", but for the " << (refused == 1 ? "line" : with_separators(refused) + " lines") << " refused";
      }
      std::cerr << "\n";
    }
    std::cout << summary(result) << "\n";
  }
}

void print_as_json(const std::vector<FileResult>& results, bool was_interrupted) {
  boost::json::object all;
  for (const FileResult& result : results) {
    const ImportTally& tally = result.tally;
    boost::json::object each{{"file", result.file},
                             {"created", tally.created},
                             {"refused", tally.refused},
                             {"last_line", tally.last_line},
                             {"whole", tally.is_whole}};
    if (result.kind == RecordKind::event) {
      each["known"] = tally.known;
    } else {
      each["updated"] = tally.updated;
    }
    if (!tally.unreadable.empty()) each["unreadable"] = tally.unreadable;
    all[name_of(result.kind)] = std::move(each);
  }
  all["interrupted"] = was_interrupted;
  std::cout << boost::json::serialize(all) << "\n";
}

/// The files that an import goes by: where the data is, and what the attributes are.
constexpr std::array<std::string_view, 2> files_of_an_import = {"caravan.yaml", "schema.yaml"};

ExitCode import(const Options& options) {
  const std::array named = {std::pair{RecordKind::account, &options.accounts},
                            std::pair{RecordKind::person, &options.people},
                            std::pair{RecordKind::event, &options.events}};
  if (std::all_of(named.begin(), named.end(), [](const auto& each) { return each.second->empty(); })) {
    throw Failure(ExitCode::usage, "nothing to import: name a file with --accounts, --people or --events");
  }
  if (std::count_if(named.begin(), named.end(), [](const auto& each) { return *each.second == "-"; }) > 1) {
    throw Failure(ExitCode::usage, "only one of --accounts, --people and --events can be standard input");
  }
  ScratchNames scratch;
  std::unique_ptr<Workspace> workspace;
  if (options.data.database.empty() || !options.data.workspace.empty())
    workspace = look_at_workspace(options.data, scratch);
  if (workspace && print_errors_in(*workspace, files_of_an_import)) return ExitCode::faults;
  const SchemaDefinition* schema = workspace && workspace->schema.written ? &workspace->schema : nullptr;
  std::vector<ImportFile> files;
  for (const auto& [kind, file] : named) {
    if (!file->empty()) files.push_back({*file, format_of(*file, options.format), intake_of(options, kind, schema)});
  }
  // Before the store is made: a name that was mistyped leaves nothing behind.
  for (const ImportFile& file : files)
    check_readable(file.file);

  const std::filesystem::path database =
      workspace ? database_file(options.data, *workspace) : std::filesystem::path(options.data.database);
  const auto store = open_sqlite(database, OpenMode::write);
  const auto reader = store->reader();
  NameBook names(*reader);
  const auto clock = make_real_clock(reader->engine_time().value_or(Instant{}));
  reader->refresh();  // holds no state of the store while the engine runs
  Session session(*store, names, *clock, std::move(files), options.rules);
  session.run();
  if (options.as_json) {
    print_as_json(session.results(), session.was_interrupted());
  } else {
    print_as_text(session.results());
  }
  const auto is_clean = [](const FileResult& result) { return result.tally.is_whole && result.tally.refused == 0; };
  return std::all_of(session.results().begin(), session.results().end(), is_clean) && !session.was_interrupted()
             ? ExitCode::success
             : ExitCode::faults;
}

}  // namespace

void add_import(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("import", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::no);
  command->add_option("--accounts", options->accounts, "Accounts; - for standard input")->type_name("FILE");
  command->add_option("--people", options->people, "People, after the accounts; - for standard input")
      ->type_name("FILE");
  command->add_option("--events", options->events, "Events, after the people; - for standard input")->type_name("FILE");
  command->add_option("--format", options->format, "csv or jsonl, where the file's name does not say it")
      ->check(one_of({"csv", "jsonl"}))
      ->type_name("FORMAT");
  command
      ->add_option("--key-column", options->key_column,
                   "Of accounts: the column (or JSON member) with their key (default: key)")
      ->type_name("NAME");
  command
      ->add_option("--person-key-column", options->person_key_column,
                   "Of people: the one with their key (default: key)")
      ->type_name("NAME");
  command
      ->add_option("--account-column", options->account_column,
                   "Of people: the one with their account's key (default: account)")
      ->type_name("NAME");
  command->add_option("--rename", options->renames, "Takes column FROM as attribute TO; may be repeated")
      ->type_name("FROM=TO");
  command
      ->add_option("--text", options->text_columns, "Takes a column as text, whatever it looks like; may be repeated")
      ->type_name("NAME");
  command
      ->add_option("--delimiter", options->delimiter,
                   "What stands between CSV fields: one character, or tab (default: ,)")
      ->type_name("CHAR");
  command->add_flag("--stop-on-error", options->rules.stop_on_error,
                    "Stops at the first line that is refused; what stands before it is in the store");
  command
      ->add_option("--show-refused", options->rules.shown_refusals,
                   "How many refused lines of a file are shown (default: 20)")
      ->type_name("N");
  command->add_flag("--json", options->as_json, "The summary as one JSON object");
  command->callback([options, &exit_code] { exit_code = import(*options); });
}

}  // namespace caravan::tools
