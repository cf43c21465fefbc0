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
  const char* done;     ///< behind a number
  const char* nothing;  ///< where there is nothing to do it to
};

constexpr std::array verbs = {
    Verb{
        Command::retry, "retry",
        "Makes what failed in a journey and is held try its node again at once: of one account, at one node, or all of "
        "it.\n"
        "Without it a node that failed is tried again by itself, later each time.",
        "tried again", "nothing that failed is held"},
    Verb{
        Command::skip, "skip",
        "Takes what failed in a journey and is held past the node that failed, as if it had been done: of one account, "
        "at one node, or all of it. A split is left by no path, behind it.",
        "went past the node", "nothing that failed is held"},
    Verb{Command::remove, "remove",
         "Takes accounts out of a journey, wherever they stand or from one node; they have then left it. In a people "
         "split, --node takes out the people who stand there.",
         "taken out", "nobody stands"},
};

struct Options {
  CommandOptions command;
  std::string journey;
  std::string node;
  std::string account;
  bool is_sure = false;
};

/// Counts the tokens that a command is about.
class Counter {
 public:
  Counter(CommandStore& store, const Options& options)
      : reader_(store.reader()), library_(store.store(), store.names()), options_(options) {
    if (!options.account.empty()) {
      const std::optional<AccountRecord> account = reader_.account(options.account);
      account_ = account ? account->id : AccountId{-1};
    }
  }

  std::int64_t of(Command command) {
    if (command == Command::remove && !account_) return standing();
    std::vector<TokenRecord> tokens;
    if (account_) {
      reader_.tokens_of(account_, tokens);
      return std::count_if(tokens.begin(), tokens.end(),
                           [&](const TokenRecord& token) { return is_meant(command, token); });
    }
    return held(command);
  }

 private:
  static constexpr std::size_t page = 10'000;

  bool is_meant(Command command, const TokenRecord& token) {
    if (is_final(token.state)) return false;
    if (command == Command::remove && token.parent && options_.node.empty()) return false;
    const bool has_failed = token.state == TokenState::held && token.resume == Resume::visit;
    if (command != Command::remove && !has_failed) return false;
    const auto version = library_.version(token.version);
    if (version->record.journey != options_.journey) return false;
    return options_.node.empty() || (token.node != kNoNode && version->journey.node(token.node).id == options_.node);
  }

  /// By the counters: all that stands there, however much that is.
  std::int64_t standing() {
    const auto counters = reader_.counters();
    std::int64_t number = 0;
    for (const VersionRecord& version : library_.versions_of(options_.journey)) {
      if (options_.node.empty()) {
        number += under_way(counters, version.id);
        continue;
      }
      const auto runnable = library_.version(version.id);
      const NodeIndex node = runnable->journey.find(options_.node);
      if (node == kNoNode) continue;
      const NodeCounts counts = node_counts(counters, version.id, runnable->journey.nodes.size());
      number += counts.standing[static_cast<std::size_t>(node)];
    }
    return number;
  }

  std::int64_t held(Command command) {
    std::int64_t number = 0;
    std::vector<TokenRecord> tokens;
    TokenId next{1};
    do {
      tokens.clear();
      reader_.held_tokens(next, page, tokens);
      for (const TokenRecord& token : tokens)
        number += is_meant(command, token);
      if (!tokens.empty()) next = TokenId{tokens.back().id.value + 1};
    } while (tokens.size() == page);
    return number;
  }

  Reader& reader_;
  JourneyLibrary library_;
  const Options& options_;
  AccountId account_;
};

/// `in welcome`, `at ask in welcome`, `of ACME in welcome`
std::string place_of(const Options& options) {
  std::string place;
  if (!options.account.empty()) place += "of " + printable(options.account) + " ";
  if (!options.node.empty()) place += "at " + printable(options.node) + " ";
  return place + "in " + printable(options.journey);
}

void expect_sure(const Verb& verb, const Options& options, std::int64_t number) {
  const bool is_whole = options.node.empty() && options.account.empty();
  if (verb.command != Command::remove || !is_whole || options.is_sure || number == 0) return;
  throw Failure(ExitCode::usage, "all " + counted(number, "account", "accounts") + " under way in \"" +
                                     options.journey +
                                     "\" would be taken out: say --yes if that is meant, or name a --node or an "
                                     "--account");
}

ExitCode interfere(const Verb& verb, const Options& options) {
  CommandStore store(database_file(options.command.data), options.command, CommandStore::Make::no);
  expect_journey(store.reader(), options.journey);
  const std::int64_t before = Counter(store, options).of(verb.command);
  expect_sure(verb, options, before);
  expect_taken(store.ask(Interfere{verb.command, options.journey, options.node, options.account}));
  const std::int64_t after = Counter(store, options).of(verb.command);
  if (options.command.as_json) {
    std::cout << boost::json::serialize(
                     boost::json::object{{"journey", options.journey}, {"before", before}, {"after", after}})
              << "\n";
  } else if (before == 0) {
    std::cout << verb.nothing << " " << place_of(options) << "\n";
  } else {
    std::cout << with_separators(before) << " " << verb.done << " " << place_of(options);
    if (after > 0)
      std::cout << "; " << with_separators(after)
                << (verb.command == Command::remove ? " are there now" : " held again");
    std::cout << "\n";
  }
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
