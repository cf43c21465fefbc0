// Imports of good and bad files: what is taken, what is refused, in which words, and how it ends.

#include <csignal>
#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <sys/stat.h>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

TEST_CASE("accounts come before people, and a second import changes nothing") {
  const Folder folder;
  const std::string database = (folder / "a.db").string();
  const std::string accounts =
      folder.write("accounts.csv", "key,name,Head count\nacme,Acme,4200\nzeta,\"Zeta, Inc.\",7\n").string();
  const std::string people =
      folder
          .write("people.jsonl",
                 "{\"key\":\"ada\",\"account\":\"acme\",\"first_name\":\"Ada\",\"skills\":[\"soil\"]}\n")
          .string();
  const std::vector<std::string> import = {"import", "-d", database, "--accounts", accounts, "--people", people};
  const Outcome first = run(import);
  CHECK(first.exit_code == 0);
  CHECK(first.out == "accounts: 2 created, 0 updated, 0 refused\npeople: 1 created, 0 updated, 0 refused\n");
  CHECK(run(import).out == "accounts: 0 created, 2 updated, 0 refused\npeople: 0 created, 1 updated, 0 refused\n");

  const json::value shown = json::parse(run({"show", "account", "acme", "-d", database, "--json"}).out);
  CHECK(shown.at("attributes").at("head_count") == 4200);
  CHECK(shown.at("people").at(0).at("attributes").at("skills").at(0) == "soil");
}

TEST_CASE("bad lines are told by number and reason, and do not stop the rest") {
  const Folder folder;
  const std::string accounts = folder.write("a.csv", "key,name\na,Ant\nb\n,Bee\nc,Cat\n").string();
  const std::string people = folder.write("p.csv", "key,account\np1,a\np2,nobody\n").string();
  const Outcome import = run({"import", "-d", (folder / "a.db").string(), "--accounts", accounts, "--people", people});
  CHECK(import.exit_code == 1);
  CHECK(import.out == "accounts: 2 created, 0 updated, 2 refused\npeople: 1 created, 0 updated, 1 refused\n");
  CHECK_THAT(import.err, Contains(accounts + ":3: 1 field, where the header has 2\n"));
  CHECK_THAT(import.err, Contains(accounts + ":4: the key is empty\n"));
  CHECK_THAT(import.err, Contains(people + ":3: there is no account \"nobody\""));
}

TEST_CASE("with --stop-on-error the first bad line ends it, and what stands before it is kept") {
  const Folder folder;
  const std::string accounts = folder.write("a.csv", "key,name\na,Ant\nb\nc,Cat\n").string();
  const Outcome import =
      run({"import", "-d", (folder / "a.db").string(), "--accounts", accounts, "--stop-on-error", "--json"});
  CHECK(import.exit_code == 1);
  const json::value summary = json::parse(import.out);
  CHECK(summary.at("accounts").at("created") == 1);
  CHECK(summary.at("accounts").at("refused") == 1);
  CHECK(summary.at("accounts").at("last_line") == 3);
  CHECK(summary.at("accounts").at("whole") == false);
  const Outcome told = run({"import", "-d", (folder / "b.db").string(), "--accounts", accounts, "--stop-on-error"});
  CHECK_THAT(told.err,
             Contains(accounts + ": stopped; everything up to line 3 is in the store, but for the line refused\n"));
}

TEST_CASE("the events of an account are shown in the order in which they happened, whenever they came") {
  const Folder folder;
  const std::string database = (folder / "a.db").string();
  const std::string accounts = folder.write("a.csv", "key\nacme\n").string();
  const std::string events = folder
                                 .write("e.csv",
                                        "type,account,at\nsecond.thing,acme,2026-01-06\nthird.thing,acme,2026-01-07\n"
                                        "first.thing,acme,2026-01-05\n")
                                 .string();
  REQUIRE(run({"import", "-d", database, "--accounts", accounts, "--events", events}).exit_code == 0);
  const std::string shown = run({"show", "account", "acme", "-d", database}).out;
  REQUIRE(shown.find("first.thing") != std::string::npos);
  CHECK(shown.find("first.thing") < shown.find("second.thing"));
  CHECK(shown.find("second.thing") < shown.find("third.thing"));
}

TEST_CASE("only the first refused lines are shown, the others are counted") {
  const Folder folder;
  std::string text = "key,name\n";
  for (int i = 0; i < 50; ++i)
    text += "lonely\n";
  const std::string accounts = folder.write("a.csv", text).string();
  const Outcome import =
      run({"import", "-d", (folder / "a.db").string(), "--accounts", accounts, "--show-refused", "3"});
  CHECK(std::count(import.err.begin(), import.err.end(), '\n') == 4);
  CHECK_THAT(import.err, Contains("and 47 more lines refused"));
}

TEST_CASE("standard input is a file like any other") {
  const Folder folder;
  const std::string database = (folder / "a.db").string();
  const Outcome import =
      run({"import", "-d", database, "--accounts", "-", "--format", "jsonl"}, "{\"key\":\"a\"}\n{\"key\":\"b\"}\n");
  CHECK(import.exit_code == 0);
  CHECK(import.out == "accounts: 2 created, 0 updated, 0 refused\n");
  CHECK(run({"import", "-d", database, "--accounts", "-"}).exit_code == 2);  // of which format?
}

TEST_CASE("a file that cannot be meant leaves no database behind") {
  const Folder folder;
  const std::string database = (folder / "a.db").string();
  CHECK(run({"import", "-d", database, "--accounts", (folder / "none.csv").string()}).exit_code == 3);
  CHECK(run({"import", "-d", database}).exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(database));
  const std::string accounts = folder.write("a.csv", "Symbol,Name\nA,B\n").string();
  const Outcome import = run({"import", "-d", database, "--accounts", accounts});
  CHECK(import.exit_code == 1);
  CHECK_THAT(import.err, Contains("no column \"key\" among: Symbol, Name; name it with --key-column"));
}

TEST_CASE("the workspace's schema decides the types") {
  const Folder folder;
  folder.write("caravan.yaml", "data: {database: here.db}\n");
  folder.write("schema.yaml", "schema:\n  account:\n    zip: text\n    employees: whole_number\n");
  const std::string accounts = folder.write("a.csv", "key,zip,employees\na,10115,5\nb,20095,many\n").string();
  const Outcome import = run({"import", "-w", folder.path().string(), "--accounts", accounts});
  CHECK(import.exit_code == 1);
  CHECK_THAT(import.err, Contains(":3: column \"employees\": \"many\" is not a whole number"));
  const json::value shown = json::parse(run({"show", "account", "a", "-w", folder.path().string(), "--json"}).out);
  CHECK(shown.at("attributes").at("zip") == "10115");
}

TEST_CASE("an import that is interrupted says up to where everything is in the store") {
  const Folder folder;
  const std::string database = (folder / "a.db").string();
  const std::string pipe = (folder / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  Running import({"import", "-d", database, "--accounts", pipe, "--format", "jsonl", "--json"});
  // Opening a pipe waits for its reader, who by then waits for signals too.
  std::ofstream writer(pipe);
  for (int i = 0; i < 10; ++i)
    writer << "{\"key\":\"a" << i << "\"}\n";
  writer.flush();
  import.signal(SIGINT);
  const Outcome outcome = import.wait();
  CHECK(outcome.exit_code == 1);
  const json::value summary = json::parse(outcome.out);
  CHECK(summary.at("interrupted") == true);
  CHECK(summary.at("accounts").at("whole") == false);
  CHECK(summary.at("accounts").at("created") == summary.at("accounts").at("last_line"));
  const json::value status = json::parse(run({"status", "-d", database, "--json"}).out);
  CHECK(status.at("accounts") == summary.at("accounts").at("created"));
}
