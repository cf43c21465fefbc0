// caravan show: one account or person, with everything that happened to it.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "tools/caravan/data_place.hpp"
#include "tools/caravan/report/story_text.hpp"

namespace caravan::tools {
namespace {

constexpr const char* account_description =
    "Shows an account: its attributes, people, buying groups with their members and history, audiences, lists and "
    "events, and the timeline of each of "
    "its journeys with every node it visited, the path it took, the ways of its people, the messages and what became "
    "of them, what failed, and where it stands now.";

constexpr const char* person_description =
    "Shows a person: the accounts, the roles in them and in their buying groups, engagement, attributes, lists and "
    "events, and what journeys did with this person alone.";

constexpr const char* footer = R"(Examples
  caravan show account ACME -w my-workspace
  caravan show account ACME --database caravan.db --json | jq .timeline
  caravan show person acme-vp -w my-workspace)";

struct Options {
  DataOptions data;
  std::string key;
  bool as_json = false;
};

/// The names around a key that nobody has: accounts are looked through from the first.
std::string nearest_account(Reader& reader, const std::string& key) {
  constexpr std::size_t looked_at = 10'000;
  std::vector<AccountRecord> accounts;
  reader.accounts_from(AccountId{1}, looked_at, accounts);
  std::vector<std::string> keys;
  for (const AccountRecord& account : accounts)
    keys.push_back(account.key);
  return did_you_mean(key, keys);
}

[[noreturn]] void fail_unknown(const std::string& what, const std::string& key, const std::string& hint) {
  throw Failure(ExitCode::faults, "there is no " + what + " \"" + key + "\"" + (hint.empty() ? "" : "; " + hint));
}

ExitCode show_account(const Options& options) {
  const auto store = open_for_reading(database_file(options.data));
  const auto reader = store->reader();
  NameBook names(*reader);
  JourneyLibrary library(*store, names);
  const std::optional<AccountStory> story = tell_story(library, *reader, names, options.key);
  if (!story) fail_unknown("account", options.key, nearest_account(*reader, options.key));
  if (options.as_json) {
    std::cout << boost::json::serialize(as_json(*story, names)) << "\n";
  } else {
    std::cout << as_text(*story, names, Terminal::output());
  }
  return ExitCode::success;
}

ExitCode show_person(const Options& options) {
  const auto store = open_for_reading(database_file(options.data));
  const auto reader = store->reader();
  NameBook names(*reader);
  JourneyLibrary library(*store, names);
  const std::optional<PersonStory> story = tell_person_story(library, *reader, names, options.key);
  if (!story) fail_unknown("person", options.key, {});
  if (options.as_json) {
    std::cout << boost::json::serialize(as_json(*story, names)) << "\n";
  } else {
    std::cout << as_text(*story, names, Terminal::output());
  }
  return ExitCode::success;
}

void add_subject(CLI::App& show, const std::string& name, const char* description, ExitCode (*run)(const Options&),
                 ExitCode& exit_code) {
  CLI::App* command = show.add_subcommand(name, description);
  command->fallthrough();
  command->group("What to show");
  const auto options = std::make_shared<Options>();
  command->add_option("key", options->key, "Its key")->required()->type_name("KEY");
  add_data_options(*command, options->data, Positional::no);
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, run, &exit_code] { exit_code = run(*options); });
}

}  // namespace

void add_show(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("show", "Shows one account or person and everything that happened to it.");
  command->footer(footer);
  command->require_subcommand(1);
  add_subject(*command, "account", account_description, show_account, exit_code);
  add_subject(*command, "person", person_description, show_person, exit_code);
}

}  // namespace caravan::tools
