// caravan enter: lets an account or a person into a journey by hand.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "tools/caravan/engine_command.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Lets an account, or in a journey for people a person, into a journey, whatever its audience says. The journey's "
    "own rules hold: nobody is in it twice at a time, and nobody enters again before its `re_enter` lets them. It runs "
    "up to where it first stops; mails that it promises on the way go out when the engine runs.";

constexpr const char* footer = R"(Examples
  caravan enter welcome ACME -w my-workspace
  caravan enter onboarding --person acme-vp -w my-workspace)";

struct Options {
  CommandOptions command;
  std::string journey;
  std::string account;
  std::string person;
};

ExitCode enter(const Options& options) {
  if (options.account.empty() == options.person.empty()) {
    throw Failure(ExitCode::usage, "who enters? Name an account, or a person with --person");
  }
  CommandStore store(database_file(options.command.data), options.command, CommandStore::Make::no);
  expect_journey(store.reader(), options.journey);
  const std::string& who = options.account.empty() ? options.person : options.account;
  const InputResult result = store.ask(EnterJourney{options.journey, options.account, options.person});
  if (!result.refused.empty()) {
    throw Failure(ExitCode::faults, who + " does not enter " + options.journey + ": " + result.refused);
  }
  if (options.command.as_json) {
    std::cout << boost::json::serialize(boost::json::object{{"journey", options.journey},
                                                            {options.account.empty() ? "person" : "account", who}})
              << "\n";
  } else {
    std::cout << printable(who) << " has entered " << printable(options.journey) << "\n";
  }
  return ExitCode::success;
}

}  // namespace

void add_enter(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("enter", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  command->add_option("journey", options->journey, "Its name")->required()->type_name("JOURNEY");
  command->add_option("account", options->account, "The account's key")->type_name("ACCOUNT");
  command->add_option("--person", options->person, "A person's key instead")->type_name("KEY");
  add_command_options(*command, options->command, Positional::no);
  command->callback([options, &exit_code] { exit_code = enter(*options); });
}

}  // namespace caravan::tools
