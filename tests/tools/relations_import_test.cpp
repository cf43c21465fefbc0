// People who belong to several accounts: imported, and shown from either side.

#include "tests/tools/group_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

Outcome import_people(const GroupWorkspace& workspace, const std::string& name, const std::string& text) {
  return workspace.call({"import", "--people", workspace.folder.write(name, text).string()});
}

}  // namespace

TEST_CASE("a person is something in the primary account, and belongs to others beside it") {
  const GroupWorkspace workspace;
  const Outcome import = import_people(
      workspace, "more.jsonl",
      R"({"key":"mia","account":"acme","title":"Agronomist","account_role":"employee","accounts":[{"account":"zeta","role":"advisor"},"tech"]})"
      "\n");
  CHECK(import.out == "people: 1 created, 0 updated, 0 refused\n");
  const json::value mia = workspace.asked({"show", "person", "mia"});
  CHECK(mia.at("account") == "acme");
  REQUIRE(mia.at("accounts").as_array().size() == 3);
  CHECK(mia.at("accounts").at(0).at("role") == "employee");
  CHECK(mia.at("accounts").at(1).at("account") == "zeta");
  CHECK(mia.at("accounts").at(1).at("role") == "advisor");
  CHECK(mia.at("accounts").at(2).at("account") == "tech");
  CHECK(mia.at("attributes").as_object().size() == 1);
  CHECK_THAT(workspace.done({"show", "person", "mia"}),
             Contains("employee at acme") && Contains("advisor at zeta") && Contains("belongs to tech"));
  CHECK_THAT(workspace.done({"show", "account", "zeta"}), Contains("mia") && Contains("advisor") && Contains("acme"));
}

TEST_CASE("a relation puts a person into the other account's buying group") {
  const GroupWorkspace workspace;
  import_people(workspace, "more.csv", "key,account,title,accounts\nmia,tech,Chief Advisor,acme:advisor; bolt\n");
  workspace.live();
  const json::value mia = workspace.asked({"show", "person", "mia"});
  CHECK(mia.at("accounts").at(1).at("account") == "acme");
  CHECK(mia.at("accounts").at(1).at("buying_groups").at(0).at("role") == "decision_maker");
  CHECK_THAT(workspace.done({"show", "person", "mia"}), Contains("decision_maker in seeds of acme"));
  CHECK(workspace.groups({"--account", "acme"}).at(0).at("completeness") == 100);
  CHECK(import_people(workspace, "less.jsonl", R"({"key":"mia","accounts":[{"account":"bolt","related":false}]})")
            .exit_code == 0);
  CHECK(workspace.asked({"show", "person", "mia"}).at("accounts").as_array().size() == 2);
}

TEST_CASE("a line whose other account is not there is refused by its number, and its person is kept") {
  const GroupWorkspace workspace;
  const Outcome import = import_people(workspace, "more.csv",
                                       "key,account,accounts\nmia,acme,nobody:advisor;zeta\nleo,nowhere,zeta\n"
                                       "kim,acme,:advisor\nlou,acme,\n");
  CHECK(import.exit_code == 1);
  CHECK(import.out == "people: 1 created, 0 updated, 3 refused\n");
  CHECK_THAT(import.err,
             Contains("more.csv:2: taken, but not into all of its `accounts`: there is no account \"nobody\"") &&
                 Contains("more.csv:3: there is no account \"nowhere\"") &&
                 Contains("more.csv:4: `accounts`: the key is empty"));
  CHECK(workspace.asked({"show", "person", "mia"}).at("accounts").as_array().size() == 2);
  CHECK(workspace.call({"show", "person", "leo"}).exit_code == 1);
}

TEST_CASE("a whole file of people with many accounts is taken in bounded steps") {
  const GroupWorkspace workspace;
  std::string accounts = "key,industry\n";
  for (int account = 0; account < 40; ++account)
    accounts += "a" + std::to_string(account) + ",retail\n";
  workspace.take("accounts", accounts);
  std::string others;
  for (int account = 0; account < 40; ++account)
    others += "a" + std::to_string(account) + ":advisor;";
  std::string people = "key,account,accounts\n";
  for (int person = 0; person < 500; ++person)
    people += "p" + std::to_string(person) + ",acme," + others + "\n";
  CHECK(import_people(workspace, "many.csv", people).out == "people: 500 created, 0 updated, 0 refused\n");
  CHECK(workspace.asked({"show", "person", "p499"}).at("accounts").as_array().size() == 41);
}
