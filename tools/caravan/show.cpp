// caravan show: one account or person, with everything that happened to it.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/kept_consent.hpp"
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

constexpr const char* address_description =
    "Says what is kept of an address, whoever had it: whether mails are kept from whoever comes by it, and since when. "
    "It is kept when somebody is removed who had unsubscribed, left topics or could not be reached, and by `caravan "
    "suppress`.";

constexpr const char* footer = R"(Examples
  caravan show account ACME -w my-workspace
  caravan show account ACME --database caravan.db --json | jq .timeline
  caravan show person acme-vp -w my-workspace
  caravan show address vp@acme.example -w my-workspace)";

struct Options {
  DataOptions data;
  std::string key;  ///< or the address
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

/// `has unsubscribed from all mails`
std::string words_for(const KeptConsentRecord& kept) {
  switch (kept.kind) {
    case ConsentKind::unsubscribed: return "has unsubscribed from all mails";
    case ConsentKind::left_topic: return "has left the topic " + printable(kept.topic);
    case ConsentKind::undeliverable: return "is none that mail servers know";
  }
  return {};
}

std::string_view name_of(ConsentKind kind) {
  switch (kind) {
    case ConsentKind::unsubscribed: return "unsubscribed";
    case ConsentKind::left_topic: return "left_topic";
    case ConsentKind::undeliverable: return "undeliverable";
  }
  return {};
}

ExitCode show_address(const Options& options) {
  const std::string hash = hash_of_address(options.key);
  if (hash.empty())
    throw Failure(ExitCode::usage, "\"" + options.key + "\" is no address; one is written as in ada@acme.example");
  const auto store = open_for_reading(database_file(options.data));
  std::vector<KeptConsentRecord> kept;
  store->reader()->kept_consent(hash, kept);
  if (options.as_json) {
    boost::json::array lines;
    for (const KeptConsentRecord& each : kept) {
      boost::json::object line{{"kind", name_of(each.kind)}, {"since", to_text(each.at)}};
      if (!each.topic.empty()) line["topic"] = each.topic;
      lines.push_back(std::move(line));
    }
    std::cout << boost::json::serialize(boost::json::object{{"address", options.key}, {"kept", std::move(lines)}})
              << "\n";
    return ExitCode::success;
  }
  for (const KeptConsentRecord& each : kept)
    std::cout << printable(options.key) << " " << words_for(each) << ", kept since " << short_time(each.at) << "\n";
  if (kept.empty()) std::cout << "nothing is kept of " << printable(options.key) << "\n";
  return ExitCode::success;
}

/// By what a subject is named.
struct Called {
  const char* name;
  const char* type;
  const char* summary;
};

void add_subject(CLI::App& show, const std::string& name, const char* description, const Called& called,
                 ExitCode (*run)(const Options&), ExitCode& exit_code) {
  CLI::App* command = show.add_subcommand(name, description);
  command->fallthrough();
  command->group("What to show");
  const auto options = std::make_shared<Options>();
  command->add_option(called.name, options->key, called.summary)->required()->type_name(called.type);
  add_data_options(*command, options->data, Positional::no);
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, run, &exit_code] { exit_code = run(*options); });
}

}  // namespace

void add_show(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand(
      "show", "Shows one account or person and everything that happened to it, or what is kept of an address.");
  command->footer(footer);
  command->require_subcommand(1);
  add_subject(*command, "account", account_description, {"key", "KEY", "Its key"}, show_account, exit_code);
  add_subject(*command, "person", person_description, {"key", "KEY", "Their key"}, show_person, exit_code);
  add_subject(*command, "address", address_description, {"address", "ADDRESS", "The address"}, show_address, exit_code);
}

}  // namespace caravan::tools
