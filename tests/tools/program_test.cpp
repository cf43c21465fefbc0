// The program as a person meets it: help, mistakes on the command line, and what it says then.

#include <regex>

#include "tests/support/catch.hpp"
#include "tests/tools/program_output.hpp"

using namespace caravan::tests;
using Catch::Contains;
using Catch::StartsWith;

TEST_CASE("help tells what there is, for whom, and how it ends") {
  const Outcome help = run({"--help"});
  CHECK(help.exit_code == 0);
  for (const char* part : {"For authors of journeys", "To run them", "check", "serve", "Examples", "Exit codes",
                           "NO_COLOR", "--log-format"}) {
    CHECK_THAT(help.out, Contains(part));
  }
  CHECK(run({}).out == help.out);
  CHECK_THAT(run({"--version"}).out, StartsWith("caravan 0."));
}

TEST_CASE("every command has help of its own, with its usage") {
  for (const std::string command :
       {"check",    "test",    "explore", "graph",     "eval",    "schema",       "import", "publish", "serve",
        "generate", "pause",   "resume",  "close",     "abort",   "enter",        "retry",  "skip",    "remove",
        "status",   "show",    "groups",  "audiences", "lists",   "destinations", "bench",  "replay",  "doctor",
        "backup",   "restore", "migrate", "snapshot",  "compact", "help"}) {
    CAPTURE(command);
    const Outcome help = run({command, "--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK_THAT(help.out, Contains("Usage\n  caravan " + command));
  }
  CHECK_THAT(run({"show", "account", "--help"}).out, Contains("caravan show account KEY"));
}

TEST_CASE("the list of commands says whole sentences") {
  std::string list = run({"--help"}).out;
  // As it reads when lines are not broken.
  list = std::regex_replace(list, std::regex("\\s+"), " ");
  CHECK_THAT(list,
             Contains("check Reads a workspace and reports everything that is wrong with it, in one run; where it has "
                      "no errors, its scenarios as well test "));
  CHECK_THAT(list, Contains("writes them down as scenarios: scenarios/explored-JOURNEY.yaml of the workspace graph "));
  CHECK_THAT(list,
             Contains("with it, an editor completes keys, shows what they mean and marks mistakes while you type "));
}

TEST_CASE("examples and exit codes of the whole program stand in its own help alone") {
  CHECK_THAT(run({"--help"}).out, Contains("NO_COLOR"));
  for (const std::string command : {"eval", "help", "check", "suppress"}) {
    CAPTURE(command);
    CHECK_THAT(run({command, "--help"}).out, !Contains("NO_COLOR"));
  }
  CHECK_THAT(run({"eval", "--help"}).out, Contains("Examples\n  caravan eval '2 + 2'"));
}

TEST_CASE("a reader that stops reading is no fault, and a full disk is one") {
  const Folder folder;
  folder.write("caravan.yaml", "data: {database: a.db}\n");
  folder.write("journeys/quiet.yaml", "journey: quiet\nnodes:\n  - {id: settle, wait: 1d}\n");
  const std::string root = folder.path().string();
  const auto accounts = folder.write("accounts.csv", "key\nacme\n").string();
  REQUIRE(run({"import", "-w", root, "--accounts", accounts}).exit_code == 0);
  REQUIRE(run({"publish", root}).exit_code == 0);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"check", root},
                                             {"generate", "accounts", "--count", "20000"},
                                             {"groups", root},
                                             {"audiences", "-w", root},
                                             {"show", "account", "acme", "-w", root},
                                             {"status", root}}) {
    CAPTURE(words);
    const Outcome unread = run_unread(words);
    CHECK(unread.exit_code == 0);
    CHECK(unread.err.empty());
    const Outcome full = run_into("/dev/full", words);
    CHECK(full.exit_code == 3);
    CHECK_THAT(full.err, StartsWith("caravan: standard output cannot be written"));
  }
}

TEST_CASE("what is wrong on the command line is said with what to write instead") {
  const auto told = [](const std::vector<std::string>& words) {
    const Outcome outcome = run(words);
    CHECK(outcome.exit_code == 2);
    return outcome.err.substr(0, outcome.err.find('\n'));
  };
  CHECK(told({"groups", "--limit", "0"}) == "caravan: --limit is a whole number of at least 1; this is \"0\"");
  CHECK(told({"audiences", "--limit", "many"}) == "caravan: --limit is a whole number of at least 1; this is \"many\"");
  CHECK(told({"test", "--min", "101"}) == "caravan: --min is a number from 0 to 100; this is \"101\"");
  CHECK(told({"graph", "x", "--format", "svg"}) == "caravan: --format is mermaid or dot; this is \"svg\"");
  CHECK(told({"--log-level", "loud", "check"}) ==
        "caravan: --log-level is trace, debug, info, warn, error or off; this is \"loud\"");
  CHECK(told({"show"}) == "caravan: `caravan show` is not whole: account, person or address stands after it");
  CHECK(told({"show", "acme"}) == "caravan: after `caravan show` stands account, person or address, not \"acme\"");
  CHECK(told({"show", "acount", "acme"}) ==
        "caravan: after `caravan show` stands account, person or address, not "
        "\"acount\"; did you mean \"account\"?");
  CHECK(told({"show", "account"}) == "caravan: KEY is missing; the call is `caravan show account KEY`");
  CHECK(told({"generate", "people"}) ==
        "caravan: --accounts FILE is missing; the call is `caravan generate people --accounts FILE`");
  CHECK(told({"groups", "--limit"}) == "caravan: --limit takes a value: --limit N");
  CHECK(told({"groups", "--limit", "1", "--limit", "2"}) == "caravan: --limit stands there 2 times; once is enough");
  CHECK(told({"explore", "x", "--seed", "soon"}) == "caravan: --seed takes a number; this is \"soon\"");
  CHECK(told({"test", "--tap", "--json"}) == "caravan: --tap and --json do not go together: leave one out");
}

TEST_CASE("the manual's pages can be read") {
  const Outcome topics = run({"help"});
  CHECK(topics.exit_code == 0);
  for (const std::string topic :
       {"workspace", "journeys", "buying-groups", "groups", "life", "expressions", "events", "channels", "testing",
        "scenarios", "exploring", "import", "operations", "library", "replay", "what-if", "bench", "exit-codes"}) {
    CAPTURE(topic);
    CHECK_THAT(topics.out, Contains(topic));
    CHECK(run({"help", topic}).out.size() > 500);
  }
  CHECK_THAT(run({"help", "journeys"}).out, Contains("assign_to_buying_group") && Contains("short for its `for`"));
  const Outcome unknown = run({"help", "jorneys"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err == "caravan: there is no help on \"jorneys\"; did you mean \"journeys\"?\n");
}

TEST_CASE("what is mistyped is answered with what was meant") {
  const Outcome command = run({"stauts"});
  CHECK(command.exit_code == 2);
  CHECK(command.err == "caravan: there is no command \"stauts\"; did you mean \"status\"?\n");
  const Outcome option = run({"serve", "--untli-idle"});
  CHECK(option.exit_code == 2);
  CHECK_THAT(option.err, StartsWith("caravan: there is no option --untli-idle; did you mean \"--until-idle\"?\n"));
}

TEST_CASE("a database that is not there is the machine's no, with the way to one") {
  const Folder folder;
  const Outcome status = run({"status", "--database", (folder / "none.db").string()});
  CHECK(status.exit_code == 3);
  CHECK_THAT(status.err, StartsWith("caravan: there is no database ") && Contains("caravan import"));
}

TEST_CASE("what is made up can be imported") {
  const Folder folder;
  const auto accounts =
      folder.write("accounts.csv", run({"generate", "accounts", "--count", "20", "--format", "csv"}).out);
  const auto people = folder.write("people.jsonl", run({"generate", "people", "--accounts", accounts.string()}).out);
  const Outcome import =
      run({"import", "-d", (folder / "a.db").string(), "--accounts", accounts.string(), "--people", people.string()});
  CHECK(import.exit_code == 0);
  CHECK_THAT(import.out, StartsWith("accounts: 20 created, 0 updated, 0 refused\npeople: "));
}

TEST_CASE("people who are made up may belong to several accounts, in either format") {
  const Folder folder;
  const auto accounts = folder.write("accounts.jsonl", run({"generate", "accounts", "--count", "10"}).out);
  for (const std::string format : {"jsonl", "csv"}) {
    CAPTURE(format);
    const std::string made =
        run({"generate", "people", "--accounts", accounts.string(), "--related", "50", "--format", format}).out;
    CHECK_THAT(made, Contains("advisor"));
    const auto people = folder.write("people." + format, made);
    const Outcome import = run({"import", "-d", (folder / (format + ".db")).string(), "--accounts", accounts.string(),
                                "--people", people.string()});
    CHECK(import.exit_code == 0);
    CHECK_THAT(import.out, Contains(" 0 refused\npeople: ") && Contains(", 0 refused\n"));
  }
}
