// caravan pause, resume, close and abort: where a journey stands in its life.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/publication_plan.hpp"
#include "engine/report/state_words.hpp"
#include "tools/caravan/engine_command.hpp"

namespace caravan::tools {
namespace {

using Command = ChangeJourney::Command;

struct Verb {
  Command command;
  const char* name;
  const char* description;
  const char* done;  ///< of the accounts under way, behind their number
};

constexpr std::array verbs = {
    Verb{Command::pause, "pause",
         "Pauses a journey: nobody enters, and nobody goes on.\n"
         "Accounts under way stay where they stand. Whose time or event comes meanwhile goes on when the journey is "
         "resumed; whoever comes into its audience meanwhile enters then. What was promised is still delivered.",
         "under way, who stay where they stand"},
    Verb{Command::resume, "resume",
         "Resumes a journey that is paused: whose time or event came meanwhile goes on, and whoever came into its "
         "audience meanwhile enters.",
         "under way, who go on"},
    Verb{
        Command::close, "close",
        "Closes a journey to new entries. Accounts under way go on to their end; when the last is through, the journey "
        "has finished. Publishing it by name opens it again.",
        "under way, who go on to their end"},
    Verb{Command::abort, "abort",
         "Aborts a journey: nobody enters, every account under way leaves at once, and what was promised and not "
         "delivered yet is not sent.",
         "who were under way and have left"},
};

struct Options {
  CommandOptions command;
  std::string journey;
  bool is_sure = false;
};

/// Accounts under way, over all versions of the journey.
std::int64_t under_way_in(Reader& reader, const std::string& journey) {
  const auto counters = reader.counters();
  std::int64_t number = 0;
  for (const VersionRecord& version : reader.versions()) {
    if (version.journey == journey) number += under_way(counters, version.id);
  }
  return number;
}

JourneyState state_of(Reader& reader, const std::string& journey) {
  for (const JourneyRecord& record : reader.journeys()) {
    if (record.name == journey) return record.state;
  }
  return JourneyState::live;
}

ExitCode change(const Verb& verb, const Options& options) {
  CommandStore store(database_file(options.command.data), options.command, CommandStore::Make::no);
  expect_journey(store.reader(), options.journey);
  const std::int64_t under_way = under_way_in(store.reader(), options.journey);
  if (verb.command == Command::abort && under_way > 0 && !options.is_sure) {
    throw Failure(ExitCode::usage, counted(under_way, "account is", "accounts are") + " under way in \"" +
                                       options.journey + "\" and would leave at once: say --yes if that is meant");
  }
  expect_taken(store.ask(ChangeJourney{verb.command, options.journey}));
  const std::string_view state = word_for(state_of(store.reader(), options.journey));
  if (options.command.as_json) {
    std::cout << boost::json::serialize(
                     boost::json::object{{"journey", options.journey}, {"state", state}, {"under_way", under_way}})
              << "\n";
  } else {
    std::cout << printable(options.journey) << " is " << Terminal::output().paint(Style::strong, state) << ": "
              << counted(under_way, "account", "accounts") << " " << verb.done << "\n";
  }
  return ExitCode::success;
}

}  // namespace

void add_journey_commands(CLI::App& app, ExitCode& exit_code) {
  for (const Verb& verb : verbs) {
    CLI::App* command = app.add_subcommand(verb.name, verb.description);
    command->footer(std::string("Example\n  caravan ") + verb.name + " welcome -w my-workspace\n\n" +
                    "A journey's life: `caravan help life`.");
    const auto options = std::make_shared<Options>();
    command->add_option("journey", options->journey, "Its name")->required()->type_name("JOURNEY");
    add_command_options(*command, options->command, Positional::no);
    if (verb.command == Command::abort) {
      command->add_flag("--yes", options->is_sure, "Aborts it though accounts are under way");
    }
    command->callback([&verb, options, &exit_code] { exit_code = change(verb, *options); });
  }
}

}  // namespace caravan::tools
