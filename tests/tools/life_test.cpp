// A journey's life by the program alone: paused and resumed, closed and finished, aborted, entered by hand.

#include <csignal>

#include "tests/tools/life_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

constexpr const char* kWaits = "  - {id: settle, wait: 3d}\n  - {id: mail, send_email: welcome}\n";

std::string state_of(const LifeWorkspace& workspace) {
  return std::string(workspace.figures().at("state").as_string());
}

}  // namespace

TEST_CASE("whose time comes while the journey is paused is held, and goes on when it is resumed") {
  const LifeWorkspace workspace(kWaits);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  CHECK(workspace.done({"pause", "seeds"}) == "seeds is paused: 1 account under way, who stay where they stand\n");
  CHECK_THAT(workspace.serve(), Contains("seeds: version 1, paused\n"));
  CHECK(workspace.figures().at("held") == 1);
  CHECK(workspace.standing("settle") == 1);
  CHECK_THAT(workspace.done({"show", "account", "acme"}),
             Contains("stands at settle and is held: its time came while the journey was paused"));
  CHECK_THAT(workspace.call({"enter", "seeds", "zeta", "--at", "store"}).err, Contains("the journey is paused"));
  workspace.done({"resume", "seeds", "--at", "store"});
  workspace.serve();
  CHECK(workspace.figures().at("held") == 0);
  CHECK(workspace.figures().at("completed") == 1);
}

TEST_CASE("whoever comes into the audience of a paused journey enters when it is resumed") {
  const LifeWorkspace workspace(kWaits);
  workspace.journey(kWaits, "enter: {audience: growers}\n");
  workspace.done({"publish"});
  workspace.serve();
  CHECK(workspace.figures().at("entered") == 2);
  workspace.done({"pause", "seeds", "--at", "store"});
  workspace.import("key,industry\ntech,agriculture\n");
  workspace.serve();
  CHECK(workspace.figures().at("entered") == 2);
  workspace.done({"resume", "seeds", "--at", "store"});
  workspace.serve();
  CHECK(workspace.figures().at("entered") == 3);
}

TEST_CASE("a closed journey lets nobody in, and has finished when the last account is through") {
  const LifeWorkspace workspace(kWaits);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  CHECK(workspace.done({"close", "seeds"}) == "seeds is closed: 1 account under way, who go on to their end\n");
  CHECK(workspace.call({"enter", "seeds", "zeta"}).exit_code == 1);
  CHECK(state_of(workspace) == "closed");
  workspace.serve();
  CHECK(state_of(workspace) == "finished");
  CHECK(workspace.figures().at("completed") == 1);
  const Outcome again = workspace.call({"close", "seeds", "--at", "store"});
  CHECK(again.exit_code == 1);
  CHECK(again.err == "caravan: the journey \"seeds\" is finished\n");
}

TEST_CASE("an abort asks to be meant, then everybody leaves and nothing that was promised is sent") {
  const LifeWorkspace workspace("  - {id: mail, send_email: welcome}\n  - {id: settle, wait: 3d}\n");
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  const Outcome asked = workspace.call({"abort", "seeds"});
  CHECK(asked.exit_code == 2);
  CHECK(asked.err ==
        "caravan: 1 account is under way in \"seeds\" and would leave at once: say --yes if that is meant\n");
  CHECK(state_of(workspace) == "live");
  const json::value done = workspace.asked({"abort", "seeds", "--yes"});
  CHECK(done.at("state") == "aborted");
  CHECK(done.at("under_way") == 1);
  CHECK(workspace.figures().at("left") == 1);
  CHECK_THAT(workspace.done({"show", "account", "acme"}), Contains("left: the journey was aborted"));
  workspace.serve();
  CHECK(workspace.figures().at("messages").at(0).at("delivered") == 0);
  CHECK(workspace.figures().at("messages").at(0).at("undelivered") == 2);
}

TEST_CASE("an abort of a journey in which nobody is under way needs no second word") {
  const LifeWorkspace workspace(kWaits);
  workspace.done({"publish"});
  workspace.done({"abort", "seeds"});
  CHECK(state_of(workspace) == "aborted");
}

TEST_CASE("whoever enters by hand goes up to the first stop, and only once") {
  const LifeWorkspace workspace("  - {id: vip, add_to_list: vips}\n  - {id: settle, wait: 3d}\n");
  workspace.done({"publish"});
  CHECK(workspace.done({"enter", "seeds", "acme"}) == "acme has entered seeds\n");
  CHECK(workspace.standing("settle") == 1);
  const Outcome twice = workspace.call({"enter", "seeds", "acme"});
  CHECK(twice.exit_code == 1);
  CHECK(twice.err == "caravan: acme does not enter seeds: is in the journey already\n");
  CHECK(workspace.call({"enter", "seeds", "nobody"}).exit_code == 1);
  CHECK(workspace.call({"enter", "seeds"}).exit_code == 2);
  CHECK(workspace.call({"enter", "sedes", "acme"}).err ==
        "caravan: no journey \"sedes\" is published; did you mean \"seeds\"?\n");
}

TEST_CASE("a person enters a journey for people") {
  const LifeWorkspace workspace(kWaits);
  workspace.journey(kWaits, "for: person\n");
  workspace.done({"publish"});
  CHECK(workspace.call({"enter", "seeds", "acme"}).exit_code == 1);
  workspace.done({"enter", "seeds", "--person", "ada"});
  workspace.serve();
  CHECK_THAT(workspace.done({"show", "person", "ada"}),
             Contains("Timeline of seeds (version 1), ada") && Contains("✉ welcome to ada@acme.example, delivered"));
  CHECK(workspace.asked({"show", "person", "ben"}).at("timeline").as_array().empty());
}

TEST_CASE("while an engine runs on the store every command says so and changes nothing") {
  const LifeWorkspace workspace(kWaits);
  workspace.done({"publish"});
  Running serve({"serve", workspace.root(), "--speed", "1m/s"});
  REQUIRE(serve.wait_for("version 1"));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"publish"}, {"pause", "seeds"}, {"enter", "seeds", "acme"}, {"retry", "seeds"}}) {
    const Outcome refused = workspace.call(words);
    CHECK(refused.exit_code == 3);
    CHECK_THAT(refused.err,
               Contains("in use by process") && Contains("stop it first") && Contains("nothing was changed"));
  }
  CHECK_THAT(workspace.call({"publish"}).err, Contains("without a stop it publishes over its API"));
  CHECK(workspace.call({"publish", "--dry-run"}).exit_code == 0);
  CHECK(state_of(workspace) == "live");
  serve.signal(SIGTERM);
  CHECK(serve.wait().exit_code == 0);
}

TEST_CASE("where the store's time is not the machine's, a command asks whose time is meant") {
  const LifeWorkspace workspace(kWaits);
  workspace.done({"publish"});
  workspace.done({"enter", "seeds", "acme"});
  workspace.serve();  // three days go by in no time
  const Outcome asked = workspace.call({"pause", "seeds"});
  CHECK(asked.exit_code == 2);
  CHECK_THAT(asked.err, Contains("--at now") && Contains("--at store"));
  CHECK(state_of(workspace) == "live");
  workspace.done({"pause", "seeds", "--at", "store"});
  CHECK(state_of(workspace) == "paused");
  const std::string since(workspace.figures().at("state_since").as_string());
  const std::string engine_time(workspace.asked({"status"}).at("engine_time").as_string());
  CHECK(since == engine_time);
}

TEST_CASE("a command on a store that is not there says how one comes about") {
  const Folder folder;
  const Outcome paused = run({"pause", "seeds", "-w", folder.path().string()});
  CHECK(paused.exit_code == 3);
  CHECK_THAT(paused.err, Contains("there is no database"));
  CHECK_FALSE(std::filesystem::exists(folder / "caravan.db"));
}
