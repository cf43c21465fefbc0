// caravan retry, skip and remove: help for tokens that are held, and a way out.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/publication_plan.hpp"
#include "tools/caravan/engine_command.hpp"

namespace caravan::tools {
namespace {

using Command = Interfere::Command;

struct Verb {
  Command command;
  const char* name;
  const char* description;
  const char* done;  ///< behind the number of tokens
};

constexpr std::array verbs = {
    Verb{Command::retry, "retry",
         "Makes what is held in a journey try its node again at once: of one account, at one node, or all of it.\n"
         "Without it a node that failed is tried again by itself, later each time.",
         "tried again"},
    Verb{Command::skip, "skip",
         "Takes what is held in a journey past the node that failed, as if it had been done: of one account, at one "
         "node, or all of it. A split is left by no path, behind it.",
         "went past the node"},
    Verb{Command::remove, "remove",
         "Takes accounts out of a journey, wherever they stand or from one node; they have then left it. In a people "
         "split, --node takes out the people who stand there.",
         "taken out"},
};

struct Options {
  CommandOptions command;
  std::string journey;
  std::string node;
  std::string account;
  bool is_sure = false;
};

/// How many tokens a command can be about: those that are held; for `remove`, all.
struct Numbers {
  std::int64_t standing = 0;
  std::int64_t held = 0;
};

Numbers numbers_of(Store& store, Reader& reader, NameBook& names, const std::string& journey, const std::string& node) {
  JourneyLibrary library(store, names);
  const auto counters = reader.counters();
  Numbers numbers;
  for (const VersionRecord& version : library.versions_of(journey)) {
    const auto runnable = library.version(version.id);
    const CompiledJourney& compiled = runnable->journey;
    const NodeCounts counts = node_counts(counters, version.id, compiled.nodes.size());
    for (std::size_t each = 0; each < compiled.nodes.size(); ++each) {
      if (!node.empty() && compiled.nodes[each].id != node) continue;
      numbers.standing += counts.standing[each];
      numbers.held += counts.held[each];
    }
  }
  return numbers;
}

/// `in welcome`, `at ask in welcome`, `of ACME in welcome`
std::string place_of(const Options& options) {
  std::string place;
  if (!options.account.empty()) place += "of " + printable(options.account) + " ";
  if (!options.node.empty()) place += "at " + printable(options.node) + " ";
  return place + "in " + printable(options.journey);
}

void expect_sure(const Verb& verb, const Options& options, const Numbers& before) {
  const bool is_whole = options.node.empty() && options.account.empty();
  if (verb.command != Command::remove || !is_whole || options.is_sure || before.standing == 0) return;
  throw Failure(ExitCode::usage, "everybody in \"" + options.journey + "\" would be taken out, " +
                                     with_separators(before.standing) +
                                     " now: say --yes if that is meant, or name a --node or an --account");
}

ExitCode interfere(const Verb& verb, const Options& options) {
  CommandStore store(database_file(options.command.data), options.command, CommandStore::Make::no);
  expect_journey(store.reader(), options.journey);
  const auto numbers = [&] {
    return numbers_of(store.store(), store.reader(), store.names(), options.journey, options.node);
  };
  const Numbers before = numbers();
  expect_sure(verb, options, before);
  expect_taken(store.ask(Interfere{verb.command, options.journey, options.node, options.account}));
  const Numbers after = numbers();
  const bool removes = verb.command == Command::remove;
  if (options.command.as_json) {
    std::cout << boost::json::serialize(boost::json::object{{"journey", options.journey},
                                                            {"standing_before", before.standing},
                                                            {"held_before", before.held},
                                                            {"standing", after.standing},
                                                            {"held", after.held}})
              << "\n";
    return ExitCode::success;
  }
  if (options.account.empty() && (removes ? before.standing : before.held) == 0) {
    std::cout << "nothing " << (removes ? "stands " : "is held ") << place_of(options) << "\n";
    return ExitCode::success;
  }
  std::cout << "what " << (removes ? "stood " : "was held ") << place_of(options) << " " << verb.done << "; "
            << with_separators(before.held) << " held before, " << with_separators(after.held) << " now\n";
  return ExitCode::success;
}

}  // namespace

void add_interfere(CLI::App& app, ExitCode& exit_code) {
  for (const Verb& verb : verbs) {
    CLI::App* command = app.add_subcommand(verb.name, verb.description);
    const std::string call = std::string("  caravan ") + verb.name + " welcome";
    command->footer("Examples\n" + call + " --account ACME -w my-workspace\n" + call +
                    " --node call-crm -w my-workspace" +
                    "\n\nWhat is held, and why: `caravan show account KEY`; faults: `caravan help life`.");
    const auto options = std::make_shared<Options>();
    command->add_option("journey", options->journey, "Its name")->required()->type_name("JOURNEY");
    command->add_option("--node", options->node, "Only what stands at this node")->type_name("ID");
    command->add_option("--account", options->account, "Only this account's")->type_name("KEY");
    if (verb.command == Command::remove) {
      command->add_flag("--yes", options->is_sure, "Takes everybody out, where no node and no account is named");
    }
    add_command_options(*command, options->command, Positional::no);
    command->callback([&verb, options, &exit_code] { exit_code = interfere(verb, *options); });
  }
}

}  // namespace caravan::tools
