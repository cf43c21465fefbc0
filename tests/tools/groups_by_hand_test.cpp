// caravan groups assign, remove, release, stage, status and score, and how an account's story tells of them.

#include "tests/tools/group_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

/// All growers have their groups.
class Live : public GroupWorkspace {
 public:
  Live() { live(); }
  /// One that is refused: what it says.
  std::string refused(std::vector<std::string> words) const {
    words.insert(words.begin(), "groups");
    const Outcome outcome = call(std::move(words));
    CHECK(outcome.exit_code == 1);
    return outcome.err;
  }
  /// The member of acme's group for seeds; null when there never was one.
  json::value member(const std::string& person) const {
    const json::value account = asked({"show", "account", "acme"});
    for (const json::value& each : account.at("buying_groups").at(0).at("members").as_array()) {
      if (each.at("person") == person.c_str()) return each;
    }
    return nullptr;
  }
};

}  // namespace

TEST_CASE("a person is assigned by hand, with a role and a reason, and conditions do not change that") {
  const Live workspace;
  CHECK(workspace.by_hand({"assign", "acme", "seeds", "cem", "--role", "decision_maker", "--reason", "signs"}) ==
        "cem is decision_maker in seeds of acme; the group is 100 % complete\n");
  workspace.take("people", "key,account,title\ncem,acme,Agronomist\n");
  workspace.serve();
  const json::value cem = workspace.member("cem");
  CHECK(cem.at("role") == "decision_maker");
  CHECK(cem.at("source") == "by hand");
  CHECK(cem.at("reason") == "signs");
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("by hand: signs") && Contains("by role conditions"));
}

TEST_CASE("without a role it is the first whose condition holds") {
  const Live workspace;
  workspace.by_hand({"remove", "acme", "seeds", "ben"});
  CHECK_THAT(workspace.by_hand({"assign", "acme", "seeds", "ben"}), Contains("ben is influencer in seeds of acme"));
  CHECK_THAT(workspace.refused({"assign", "acme", "seeds", "cem"}), Contains("no role of seeds fits cem"));
}

TEST_CASE("assigning makes the group where there is none") {
  const Live workspace;
  const json::value made =
      json::parse(workspace.by_hand({"assign", "tech", "soil", "tim", "--role", "decision_maker", "--json"}));
  CHECK(made.at("account") == "tech");
  CHECK(made.at("person") == "tim");
  CHECK(made.at("role") == "decision_maker");
  CHECK(made.at("completeness") == 25);
  CHECK(workspace.accounts({"--interest", "soil"}) == "tech");
}

TEST_CASE("who is taken out stays out and is remembered, until that is released") {
  const Live workspace;
  CHECK(workspace.by_hand({"remove", "acme", "seeds", "ada", "--reason", "has left"}) ==
        "ada is taken out of seeds of acme and stays out; the group is 50 % complete and misses decision_maker\n");
  workspace.take("people", "key,account,title\nada,acme,Chief Executive\n");
  workspace.serve();
  const json::value ada = workspace.member("ada");
  CHECK(ada.at("removed") == true);
  CHECK(ada.at("reason") == "has left");
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("taken out by hand: has left"));
  CHECK_THAT(workspace.by_hand({"release", "acme", "seeds", "ada"}),
             Contains("ada is left to the conditions of seeds of acme: decision_maker now"));
  CHECK(workspace.member("ada").at("source") == "by role conditions");
  CHECK_THAT(workspace.refused({"release", "acme", "seeds", "ada"}), Contains("nothing was decided by hand"));
}

TEST_CASE("stage and status are set by hand, as the model allows, and kept in the history") {
  const Live workspace;
  CHECK(workspace.by_hand({"stage", "acme", "seeds", "Engaged", "--reason", "asked for an offer"}) ==
        "seeds of acme is at the stage Engaged; the group is 75 % complete and misses decision_maker\n");
  CHECK_THAT(workspace.by_hand({"status", "acme", "seeds", "in talks"}),
             Contains("the status of seeds of acme is in talks"));
  CHECK_THAT(workspace.refused({"stage", "acme", "seeds", "Identified"}), Contains("Identified"));
  CHECK(workspace.refused({"stage", "acme", "seeds", "Wn"}) ==
        "caravan: the solution interest \"seeds\" has no stage \"Wn\"; did you mean \"Won\"?\n");
  CHECK_THAT(workspace.refused({"stage", "acme", "soil", "Won"}), Contains("has no stages"));
  const json::value group = workspace.asked({"show", "account", "acme"}).at("buying_groups").at(0);
  CHECK(group.at("stage") == "Engaged");
  CHECK(group.at("status") == "in talks");
  REQUIRE(group.at("history").as_array().size() == 3);
  CHECK(group.at("history").at(0).at("after") == "Identified");
  CHECK(group.at("history").at(1).at("before") == "Identified");
  CHECK(group.at("history").at(1).at("after") == "Engaged");
  CHECK(group.at("history").at(1).at("reason") == "asked for an offer");
  CHECK(group.at("history").at(2).at("what") == "status");
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("stage Engaged since") &&
                                                              Contains("75 % complete, misses decision_maker") &&
                                                              Contains("by hand: asked for an offer"));
}

TEST_CASE("what is not there is told, with what was meant") {
  const Live workspace;
  CHECK(workspace.refused({"assign", "acme", "seed", "ada"}) ==
        "caravan: no published solution interest is called \"seed\"; did you mean \"seeds\"?\n");
  CHECK(workspace.refused({"assign", "acme", "seeds", "ada", "--role", "usr"}) ==
        "caravan: the solution interest \"seeds\" has no role \"usr\"; did you mean \"user\"?\n");
  CHECK_THAT(workspace.refused({"assign", "acme", "seeds", "zoe"}), Contains("acme") && Contains("zoe"));
  CHECK_THAT(workspace.refused({"remove", "nobody", "seeds", "zoe"}), Contains("nobody"));
  CHECK_THAT(workspace.refused({"status", "tech", "seeds", "x"}), Contains("no buying group"));
  CHECK(workspace.call({"groups", "status", "acme", "seeds", ""}).exit_code == 2);
}

TEST_CASE("engagement is scored when it is asked for, and what it comes from is shown") {
  const Live workspace;
  CHECK(workspace.groups({"--account", "acme"}).at(0).at("raw_engagement") == 0);
  workspace.take("events", "type,person\npage.viewed,ada\npage.viewed,ada\nform.submitted,ben\n");
  const json::value scored = json::parse(workspace.by_hand({"score", "--json"}));
  CHECK(scored.at("groups") == 3);
  CHECK(scored.at("people") == 2);
  // Two roles in use, of 100 and 80: 2 * 100/180 + 1 * 80/180.
  const json::value acme = workspace.groups({"--account", "acme"}).at(0);
  CHECK(acme.at("raw_engagement").as_double() == Approx(280.0 / 180.0));
  CHECK(acme.at("engagement") == 100);
  CHECK_THAT(workspace.by_hand({"score"}), Contains("3 groups are scored, by what 2 people have done up to "));
  const json::value ada = workspace.asked({"show", "person", "ada"});
  CHECK(ada.at("engagement").at("raw_engagement") == 2);
  CHECK(ada.at("engagement").at("counts").at("page.viewed") == 2);
  CHECK_THAT(workspace.done({"show", "person", "ada"}),
             Contains("engagement 100 of 100, raw score 2.00: 2 page.viewed"));
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("engagement 100 of 100, raw score 1.56"));
}

TEST_CASE("without a model nothing is scored, and that is said") {
  const GroupWorkspace workspace;
  workspace.folder.write("buying-groups/seeds.yaml",
                         "role_template: buyers\nroles:\n  - role: user\n---\n"
                         "solution_interest: soil\ntitle: Soil\nrole_template: buyers\n");
  workspace.live();
  const Outcome outcome = workspace.call({"groups", "score"});
  CHECK(outcome.exit_code == 1);
  CHECK_THAT(outcome.err, Contains("no active engagement_model"));
}
