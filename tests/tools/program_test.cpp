// The program as a person meets it: help, mistakes on the command line, and what it says then.

#include "tests/tools/program.hpp"

#include "tests/support/catch.hpp"

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
