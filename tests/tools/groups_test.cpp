// caravan groups: listed, filtered and exported.

#include "tests/tools/group_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

TEST_CASE("every grower's group is listed with its stage, how complete it is, and what it misses") {
  const GroupWorkspace workspace;
  workspace.live();
  const std::string table = workspace.done({"groups"});
  CHECK_THAT(table, Contains("acme") && Contains("zeta") && !Contains("tech"));
  CHECK_THAT(table, Contains("Identified") && Contains("75 %") && Contains("100 %"));
  const auto groups = workspace.groups();
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].at("account") == "acme");
  CHECK(groups[0].at("solution_interest") == "seeds");
  CHECK(groups[0].at("stage") == "Identified");
  CHECK(groups[0].at("completeness") == 75);  // one of two decision makers, and the influencer
  CHECK(groups[0].at("members") == 2);
  CHECK(groups[0].at("missing_roles").as_array() == boost::json::array{"decision_maker"});
  CHECK(groups[1].at("completeness") == 0);
  CHECK(groups[2].at("completeness") == 100);
  CHECK_THAT(workspace.done({"groups", "--wide"}), Contains("raw") && Contains("made at"));
}

TEST_CASE("the workspace may stand alone, before a part of the command too") {
  const GroupWorkspace workspace;
  workspace.live();
  CHECK(run({"groups", workspace.root()}).out == workspace.done({"groups"}));
  CHECK(run({"groups", workspace.root(), "export"}).out == workspace.done({"groups", "export"}));
  CHECK(run({"groups", "export", workspace.root()}).out == workspace.done({"groups", "export"}));
}

TEST_CASE("groups are filtered by all that is known of them") {
  const GroupWorkspace workspace;
  workspace.take("events", "type,person\npage.viewed,ada\npage.viewed,ada\npage.viewed,ada\n");
  workspace.live();
  workspace.by_hand({"stage", "zeta", "seeds", "Engaged"});
  workspace.by_hand({"status", "zeta", "seeds", "in talks"});
  CHECK(workspace.accounts({"--account", "zeta"}) == "zeta");
  CHECK(workspace.accounts({"--interest", "seeds"}) == "acme bolt zeta");
  CHECK(workspace.accounts({"--interest", "soil"}).empty());
  CHECK(workspace.accounts({"--stage", "Engaged"}) == "zeta");
  CHECK(workspace.accounts({"--status", "in talks"}) == "zeta");
  CHECK(workspace.accounts({"--missing", "decision_maker"}) == "acme bolt");
  CHECK(workspace.accounts({"--missing", "influencer"}) == "bolt");
  CHECK(workspace.accounts({"--completeness", "75..100"}) == "acme zeta");
  CHECK(workspace.accounts({"--completeness", "..75"}) == "acme bolt");
  CHECK(workspace.accounts({"--completeness", "76.."}) == "zeta");
  CHECK(workspace.accounts({"--engagement", "1.."}) == "acme");
  CHECK(workspace.accounts({"--engagement", "0"}) == "bolt zeta");
  CHECK(workspace.accounts({"--missing", "decision_maker", "--completeness", "1.."}) == "acme");
  CHECK(workspace.accounts({"--limit", "2"}) == "acme bolt");
  CHECK_THAT(workspace.done({"groups", "--limit", "2"}), Contains("and more: --limit N"));
  CHECK(workspace.done({"groups", "--status", "nobody's"}) == "no buying groups\n");
}

TEST_CASE("a name that is not published is answered with the nearest one") {
  const GroupWorkspace workspace;
  workspace.live();
  const auto refused = [&](const std::string& option, const std::string& value) {
    const Outcome outcome = workspace.call({"groups", option, value});
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK(refused("--interest", "seed") ==
        "caravan: no published solution interest is called \"seed\"; did you mean \"seeds\"?\n");
  CHECK(refused("--stage", "Engagd") ==
        "caravan: no published solution interest has a stage \"Engagd\"; did you mean \"Engaged\"?\n");
  CHECK(refused("--missing", "influencr") ==
        "caravan: no published solution interest has a role \"influencr\"; did you mean \"influencer\"?\n");
  CHECK_THAT(refused("--missing", "user"), Contains("no group can miss the role \"user\""));
  CHECK(refused("--account", "acne") == "caravan: there is no account \"acne\"\n");
  const Outcome stage = workspace.call({"groups", "--interest", "soil", "--stage", "Engaged"});
  CHECK_THAT(stage.err, Contains("the solution interest \"soil\" has no stages"));
}

TEST_CASE("a range that is none is a mistake of the command line") {
  const GroupWorkspace workspace;
  for (const char* range : {"80..50", "..", "half", "50..200", "-1..5", "50..60..70", "1.5.."}) {
    CAPTURE(range);
    const Outcome outcome = workspace.call({"groups", std::string("--completeness=") + range});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, Contains("--completeness takes whole numbers from 0 to 100, such as 50..80"));
  }
  CHECK(workspace.call({"groups", "--engagement", "a"}).exit_code == 2);
}

TEST_CASE("before anything is published there are no groups, and nothing to ask for") {
  const GroupWorkspace workspace;
  CHECK(workspace.done({"groups"}) == "no buying groups\n");
  CHECK_THAT(workspace.call({"groups", "--interest", "seeds"}).err, Contains("give `caravan publish`"));
  const Outcome exported = workspace.call({"groups", "export"});
  CHECK(exported.exit_code == 1);
  CHECK(exported.out.empty());
}

TEST_CASE("an option that is for another part of the command is refused") {
  const GroupWorkspace workspace;
  workspace.live();
  const Outcome limit = workspace.call({"groups", "export", "--limit", "3"});
  CHECK(limit.exit_code == 2);
  CHECK_THAT(limit.err, Contains("--limit is not for `groups export`"));
  CHECK(workspace.call({"groups", "assign", "acme", "seeds", "cem", "--stage", "Engaged"}).exit_code == 2);
  CHECK(workspace.call({"groups", "--json", "score"}).exit_code == 2);
  CHECK(workspace.call({"groups", "assign", "acme", "seeds"}).exit_code == 2);
  CHECK(workspace.groups({"--account", "acme"}).at(0).at("members") == 2);
}

TEST_CASE("accounts whose groups miss a role are exported as a company list") {
  const GroupWorkspace workspace;
  workspace.live();
  const Outcome exported = workspace.call({"groups", "export"});
  CHECK(exported.exit_code == 0);
  CHECK(exported.out ==
        "companyname,companywebsite,companyemaildomain,industry,city,companycountry\n"
        "\"Acme, \"\"Seeds\"\"\",https://WWW.Acme.example/about?x=1,acme.example,agriculture,Graz,AT\n");
  CHECK(exported.err == "1 account is left out: neither `name` nor `website` is known\n");
}

TEST_CASE("an export has each account once, and takes the filters of the list") {
  const GroupWorkspace workspace;
  workspace.live();
  workspace.by_hand({"assign", "acme", "soil", "cem", "--role", "user"});
  workspace.by_hand({"remove", "zeta", "seeds", "zac"});
  const std::string all = workspace.done({"groups", "export"});
  CHECK(std::count(all.begin(), all.end(), '\n') == 3);
  CHECK_THAT(all, Contains("\n=Zeta,,,agriculture,,\n"));
  CHECK_THAT(workspace.done({"groups", "export", "--interest", "soil"}), Contains("Acme") && !Contains("Zeta"));
  CHECK_THAT(workspace.done({"groups", "export", "--completeness", "1..", "--interest", "seeds"}),
             Contains("Acme") && Contains("Zeta"));
  const std::string none = workspace.done({"groups", "export", "--interest", "soil", "--account", "zeta"});
  CHECK(std::count(none.begin(), none.end(), '\n') == 1);
}

TEST_CASE("a list goes on behind its first page, and a table says that there is more") {
  const GroupWorkspace workspace;
  std::string accounts = "key,name,industry\n";
  for (int account = 0; account < 2'100; ++account)
    accounts += "a" + std::to_string(account) + ",A" + std::to_string(account) + ",agriculture\n";
  workspace.take("accounts", accounts);
  workspace.live();
  CHECK(workspace.groups().size() == 2'103);
  const std::string table = workspace.done({"groups"});
  CHECK(std::count(table.begin(), table.end(), '\n') == 1'003);
  CHECK_THAT(table, Contains("and more: --limit N"));
  const std::string exported = workspace.done({"groups", "export"});
  CHECK(std::count(exported.begin(), exported.end(), '\n') == 2'102);
}

TEST_CASE("groups can be looked at beside a running engine") {
  const GroupWorkspace workspace;
  workspace.done({"publish"});
  Running serve({"serve", workspace.root(), "--speed", "1m/s"});
  REQUIRE(serve.wait_for("version 1"));
  const Outcome listed = workspace.call({"groups", "--interest", "seeds"});
  CHECK(listed.exit_code == 0);
  const Outcome refused = workspace.call({"groups", "score"});
  CHECK(refused.exit_code == 3);
  CHECK_THAT(refused.err, Contains("in use by process") && Contains("nothing was changed"));
}
