// caravan explore as a person runs it: what it finds is written down and holds, what is there is left alone.

#include <fstream>
#include <sstream>

#include <boost/json/parse.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

constexpr const char* kJourney =
    "journey: seeds\n"
    "enter: {audience: growers}\n"
    "nodes:\n"
    "  - id: size\n"
    "    split:\n"
    "      - {path: large, when: account.employees >= 1000, nodes: [{id: welcome-large, send_email: welcome}]}\n"
    "      - {path: giant, when: account.employees >= 5000, nodes: []}\n"
    "      - {path: others, nodes: []}\n"
    "  - id: hear\n"
    "    listen: {event: form.submitted, where: event.form == \"demo\", timeout: 3d}\n";

void write_workspace(const Folder& folder) {
  folder.write("audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
  folder.write("emails/welcome.html", "---\nsubject: Welcome\n---\n<p>Welcome</p>\n");
  folder.write("journeys/seeds.yaml", kJourney);
}

Outcome explore(const Folder& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"explore", "seeds", "-w", folder.path().string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("explore writes scenarios that test runs, and says what nobody can reach") {
  const Folder folder;
  write_workspace(folder);
  const Outcome found = explore(folder);
  CHECK(found.err == "");
  REQUIRE(found.exit_code == 0);
  CHECK_THAT(found.out, Contains("seeds: scenarios take 0 of "));
  CHECK_THAT(found.out, Contains("Found, written to " + (folder / "scenarios/explored-seeds.yaml").string()));
  CHECK_THAT(found.out, Contains("Nobody can reach"));
  CHECK_THAT(found.out, Contains("journeys/seeds.yaml:7:") &&
                            Contains("size/giant: every account that fits it takes the path \"large\" before"));
  CHECK_THAT(found.out, !Contains("Not found"));

  const Outcome checked = run({"check", folder.path().string()});
  CHECK(checked.exit_code == 0);
  const Outcome tested = run({"test", folder.path().string(), "--json"});
  CHECK(tested.exit_code == 0);
  CHECK_THAT(text_of(folder / "scenarios/explored-seeds.yaml"), Contains("takes size/large"));

  const Outcome again = explore(folder, {"--write", (folder / "scenarios/more.yaml").string()});
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.out, !Contains("Found"));
  CHECK_FALSE(std::filesystem::exists(folder / "scenarios/more.yaml"));
}

TEST_CASE("explore leaves a file that is there as it is, until it is told to write it anew") {
  const Folder folder;
  write_workspace(folder);
  const std::string mine =
      "scenario: mine\njourney: seeds\nat: 2026-01-05T09:00:00Z\n"
      "given: {accounts: [{key: acme, industry: mining}]}\nsteps: [{expect: {account: acme, at: nowhere}}]\n";
  const auto file = folder.write("scenarios/explored-seeds.yaml", mine);
  const Outcome refused = explore(folder);
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, Contains("the file is there already") && Contains("--force"));
  CHECK(text_of(file) == mine);
  CHECK(explore(folder, {"--dry-run"}).exit_code == 0);
  CHECK(text_of(file) == mine);

  CHECK(explore(folder, {"--force"}).exit_code == 0);
  CHECK_THAT(text_of(file), !Contains("mine") && Contains("takes size/large"));
  const std::string first = text_of(file);
  CHECK(explore(folder, {"--force"}).exit_code == 0);
  CHECK(text_of(file) == first);
}

TEST_CASE("explore as JSON names what was found, what cannot be and what was not found") {
  const Folder folder;
  write_workspace(folder);
  const Outcome outcome = explore(folder, {"--dry-run", "--json", "--budget", "1"});
  REQUIRE(outcome.exit_code == 0);
  const json::object object = json::parse(outcome.out).as_object();
  CHECK(object.at("journey") == "seeds");
  CHECK(object.at("tried") == 1);
  CHECK_FALSE(object.contains("file"));
  REQUIRE(object.at("found").as_array().size() == 1);
  const json::object& found = object.at("found").as_array()[0].as_object();
  CHECK_FALSE(found.at("scenario").as_string().empty());
  CHECK_FALSE(found.at("reaches").as_array().empty());
  const json::object& unreachable = object.at("unreachable").as_array()[0].as_object();
  CHECK(unreachable.at("node") == "size");
  CHECK(unreachable.at("path") == "giant");
  CHECK(unreachable.at("line") == 7);
  CHECK_FALSE(unreachable.at("why").as_string().empty());
  CHECK_FALSE(object.at("not_found").as_array().empty());
}

TEST_CASE("explore says which journey was meant, and what is wrong with a workspace") {
  const Folder folder;
  write_workspace(folder);
  const Outcome unknown = run({"explore", "seds", "-w", folder.path().string()});
  CHECK(unknown.exit_code != 0);
  CHECK_THAT(unknown.err, Contains("seeds"));
  folder.write("journeys/broken.yaml", "journey: broken\nnodes: [{id: a, wiat: 3d}]\n");
  const Outcome broken = explore(folder);
  CHECK(broken.exit_code == 1);
  CHECK_THAT(broken.err, Contains("wiat"));
  CHECK_FALSE(std::filesystem::exists(folder / "scenarios"));
}

TEST_CASE("what is found in the sample of the README holds") {
  const std::string sample = CARAVAN_SOURCE_DIR "/samples/ai-driven-seeds";
  const Folder folder;
  const std::string file = (folder / "found.yaml").string();
  const Outcome found = run({"explore", "ai-driven-seeds", "-w", sample, "--budget", "300", "--write", file});
  CHECK(found.err == "");
  CHECK(found.exit_code == 0);
}
