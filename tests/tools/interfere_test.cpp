// Helping what is held: caravan retry, skip and remove, of one account, a node, or all of a journey.

#include "tests/tools/life_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace {

/// Fails as long as the account says so: no attribute holds what nests so deep.
constexpr const char* kPacks = R"(  - id: pack
    update_account: {deep: 'account.more ? dyn([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]) : dyn(1)'}
  - {id: last, wait: 1d}
)";

/// Two accounts are held at `pack`; `acme` would not fail again.
class Held : public LifeWorkspace {
 public:
  Held() : LifeWorkspace(kPacks) {
    import("key,more\nacme,true\nzeta,true\n");
    done({"publish"});
    done({"enter", "seeds", "acme"});
    done({"enter", "seeds", "zeta"});
    REQUIRE(figures().at("held") == 2);
    import("key,more\nacme,false\n");
  }
};

}  // namespace

TEST_CASE("what failed is told with its reason and when it tries again") {
  const Held workspace;
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("failed: ") &&
                                                              Contains("nest too deep for an attribute") &&
                                                              Contains("stands at pack and is held and tries again"));
  CHECK_THAT(workspace.done({"status"}), Contains("2 held") && Contains("held"));
}

TEST_CASE("retry makes all that is held try again, and tells what is held still") {
  const Held workspace;
  CHECK(workspace.done({"retry", "seeds"}) == "2 tried again in seeds; 1 held again\n");
  CHECK(workspace.standing("last") == 1);
  CHECK(workspace.figures().at("held") == 1);
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("by hand: made to try again"));
}

TEST_CASE("one account or one node is helped, and no other") {
  const Held workspace;
  CHECK(workspace.done({"retry", "seeds", "--account", "acme"}) == "1 tried again of acme in seeds\n");
  CHECK(workspace.standing("last") == 1);
  CHECK(workspace.done({"retry", "seeds", "--node", "last"}) == "nothing that failed is held at last in seeds\n");
  CHECK(workspace.done({"retry", "seeds", "--node", "pack"}) == "1 tried again at pack in seeds; 1 held again\n");
  const Outcome again = workspace.call({"retry", "seeds", "--account", "acme"});
  CHECK(again.exit_code == 1);
  CHECK_THAT(again.err, Contains("nothing of the account is held"));
  CHECK_THAT(workspace.call({"retry", "seeds", "--node", "pakc"}).err, Contains("has no node \"pakc\""));
  CHECK_THAT(workspace.call({"retry", "seeds", "--account", "nobody"}).err, Contains("there is no account \"nobody\""));
}

TEST_CASE("skip goes past the node that failed") {
  const Held workspace;
  CHECK(workspace.done({"skip", "seeds", "--account", "acme"}) == "1 went past the node of acme in seeds\n");
  CHECK(workspace.standing("last") == 1);
  CHECK_THAT(workspace.done({"show", "account", "acme"}),
             Contains("pack  update_account  skipped by hand") && Contains("by hand: made to go past this node"));
}

TEST_CASE("remove takes accounts out, all of them only when that is said") {
  const Held workspace;
  const Outcome all = workspace.call({"remove", "seeds"});
  CHECK(all.exit_code == 2);
  CHECK_THAT(all.err, Contains("all 2 accounts under way in \"seeds\" would be taken out: say --yes"));
  CHECK(workspace.done({"remove", "seeds", "--account", "acme"}) == "1 taken out of acme in seeds\n");
  CHECK(workspace.figures().at("left") == 1);
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("left: taken out by hand"));
  CHECK(workspace.done({"remove", "seeds", "--yes"}) == "1 taken out in seeds\n");
  CHECK(workspace.figures().at("under_way") == 0);
  CHECK(workspace.done({"remove", "seeds", "--yes"}) == "nobody stands in seeds\n");
}

TEST_CASE("a pause holds back what is helped by hand") {
  const Held workspace;
  workspace.done({"pause", "seeds"});
  const Outcome paused = workspace.call({"retry", "seeds"});
  CHECK(paused.exit_code == 1);
  CHECK(paused.err == "caravan: the journey \"seeds\" is paused: resume it first\n");
}
