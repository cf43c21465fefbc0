// caravan generate: accounts and people made up from a seed, to try journeys on.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/intake/intake.hpp"
#include "tools/caravan/failure.hpp"
#include "tools/caravan/generator.hpp"
#include "tools/caravan/option_checks.hpp"

namespace caravan::tools {
namespace {

constexpr const char* footer = R"(Examples
  caravan generate accounts --count 500 --format csv > accounts.csv
  caravan generate people --accounts accounts.csv --per-account 6 > people.jsonl
  caravan generate people --accounts companies.csv --key-column Symbol --seed 7 > people.jsonl

The same seed makes the same people on every machine. All addresses are below .example, which belongs to nobody.)";

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t count = 100;
  std::uint64_t per_account = 6;
  std::uint64_t related = 0;  ///< in a hundred people
  std::string accounts;
  std::string key_column = "key";
  std::string format = "jsonl";
};

/// Prints records in the form that was asked for.
class RecordPrinter {
 public:
  explicit RecordPrinter(bool as_csv) : as_csv_(as_csv) {}
  void print(const boost::json::object& record) {
    if (!as_csv_) {
      std::cout << boost::json::serialize(record) << "\n";
      return;
    }
    if (std::exchange(is_first_, false)) std::cout << csv_header(record);
    std::cout << csv_line(record);
  }

 private:
  bool as_csv_;
  bool is_first_ = true;
};

ExitCode generate_accounts(const Options& options) {
  RecordPrinter printer(options.format == "csv");
  for (std::uint64_t number = 1; number <= options.count && std::cout; ++number) {
    printer.print(made_up_account(options.seed, number));
  }
  return ExitCode::success;
}

/// Adds the accounts that a person belongs to beside their own: that of `other`, or none. A file of CSV has the column
/// in every line.
void relate(boost::json::object& person, const Options& options, const std::string& other) {
  const bool is_related =
      !other.empty() && is_advisor(options.seed, std::string_view(person.at("key").as_string()), options.related);
  if (options.format == "csv") {
    person["accounts"] = is_related ? other + ":advisor" : "";
  } else if (is_related) {
    person["accounts"] = boost::json::array{boost::json::object{{"account", other}, {"role", "advisor"}}};
  }
}

ExitCode generate_people(const Options& options) {
  FileSource source(options.accounts);
  IntakeSettings settings;
  settings.key = options.key_column;
  const bool is_json = options.accounts.ends_with(".jsonl") || options.accounts.ends_with(".ndjson");
  const auto reader = is_json ? read_json_lines(source, settings) : read_csv(source, settings);
  RecordPrinter printer(options.format == "csv");
  bool is_whole = true;
  std::string before;  // the account before: it is in the store when people are imported
  while (const auto step = reader->next()) {
    if (const auto* problem = std::get_if<IntakeProblem>(&*step)) {
      std::cerr << options.accounts << ":" << problem->line << ": " << problem->reason << "\n";
      is_whole = false;
      continue;
    }
    const auto& account = std::get<UpsertAccount>(std::get<IntakeLine>(*step).input);
    for (boost::json::object& person : made_up_people(options.seed, account.key, options.per_account)) {
      if (options.related > 0) relate(person, options, before);
      printer.print(person);
    }
    before = account.key;
    if (!std::cout) break;
  }
  return is_whole ? ExitCode::success : ExitCode::faults;
}

CLI::App* add_subject(CLI::App& generate, const std::string& name, const std::string& description,
                      const std::shared_ptr<Options>& options) {
  CLI::App* command = generate.add_subcommand(name, description);
  command->fallthrough();
  command->group("What to make");
  command->add_option("--seed", options->seed, "Another seed makes others (default: 1)")
      ->check(at_least(0))
      ->type_name("N");
  command->add_option("--format", options->format, "jsonl (default) or csv")
      ->check(one_of({"csv", "jsonl"}))
      ->type_name("FORMAT");
  return command;
}

}  // namespace

void add_generate(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("generate", "Makes up accounts and people from a seed, to try journeys on.");
  command->footer(footer);
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* accounts =
      add_subject(*command, "accounts", "Makes up accounts: growers and their neighbours, large and small.", options);
  accounts->add_option("--count", options->count, "How many (default: 100)")->check(at_least(0))->type_name("N");
  accounts->callback([options, &exit_code] { exit_code = generate_accounts(*options); });
  CLI::App* people = add_subject(
      *command, "people", "Makes up people for the accounts of a file: who decides, who knows the fields, and others.",
      options);
  people->add_option("--accounts", options->accounts, "The accounts: CSV, or JSON lines by its name")
      ->required()
      ->type_name("FILE");
  people->add_option("--key-column", options->key_column, "The column with their key (default: key)")
      ->type_name("NAME");
  people->add_option("--per-account", options->per_account, "How many on average (default: 6)")
      ->check(whole_between(1, 1000))
      ->type_name("N");
  people
      ->add_option("--related", options->related,
                   "How many in a hundred are advisors of another account as well (default: 0)")
      ->check(whole_between(0, 100))
      ->type_name("N");
  people->callback([options, &exit_code] { exit_code = generate_people(*options); });
}

}  // namespace caravan::tools
