// Who is in audiences, lists and destinations, and an account's story beyond its nodes.

#include "tests/tools/life_workspace.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace json = boost::json;

namespace {

constexpr const char* kNodes = R"(  - {id: vip, add_to_list: vips}
  - {id: advertise, activate: ads}
  - {id: settle, wait: 1d}
  - {id: enough, deactivate: {destination: ads, who: person.title == "Chief"}}
  - id: each
    split_people:
      - path: chiefs
        when: person.title == "Chief"
        nodes:
          - {id: welcome, send_email: welcome}
          - {id: think, wait: 2d}
      - {path: others, nodes: []}
  - id: again
    split:
      - {path: mailed, when: 'account.activity("email.sent", duration("720h")).size() > 0', nodes: []}
      - {path: others, next: end}
  - {id: last, listen: {event: form.submitted, timeout: 5d}}
)";

/// All growers are through.
class Through : public LifeWorkspace {
 public:
  Through() : LifeWorkspace(kNodes) {
    journey(kNodes, "enter: {audience: growers}\n");
    done({"publish"});
    serve();
  }
};

std::vector<json::value> lines_of(const std::string& text) {
  std::vector<json::value> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  return lines;
}

}  // namespace

TEST_CASE("audiences, lists and destinations are counted, and their members told") {
  const Through workspace;
  CHECK_THAT(workspace.done({"audiences"}), Contains("growers") && Contains("accounts        2\n"));
  CHECK_THAT(workspace.done({"audiences", "growers"}), Contains("acme") && Contains("zeta") && !Contains("tech"));
  const json::value lists = workspace.asked({"lists"});
  CHECK(lists.at("lists").at(0).at("name") == "vips");
  CHECK(lists.at("lists").at(0).at("members") == 2);
  CHECK_THAT(workspace.done({"destinations"}), Contains("Advertisements") && Contains("people        1\n"));
  const std::vector<json::value> ads = lines_of(workspace.done({"destinations", "ads", "--json"}));
  REQUIRE(ads.size() == 1);
  CHECK(ads[0].at("person") == "ben");
  const Outcome unknown = workspace.call({"lists", "vip"});
  CHECK(unknown.exit_code == 1);
  CHECK(unknown.err == "caravan: no published journey knows the list \"vip\"; did you mean \"vips\"?\n");
}

TEST_CASE("a change feed goes on behind the number that was read last") {
  const Through workspace;
  const std::vector<json::value> all = lines_of(workspace.done({"destinations", "ads", "--changes", "--json"}));
  REQUIRE(all.size() == 5);
  std::int64_t in = 0;
  for (const json::value& change : all)
    in += change.at("change") == "in" ? 1 : -1;
  CHECK(in == 1);
  const std::string third = std::to_string(all[2].at("number").as_int64());
  const std::vector<json::value> rest =
      lines_of(workspace.done({"destinations", "ads", "--changes", "--after", third, "--json"}));
  CHECK(rest == std::vector<json::value>(all.begin() + 3, all.end()));
  CHECK(lines_of(workspace.done({"destinations", "ads", "--changes", "--limit", "2", "--json"})).size() == 2);
  CHECK_THAT(workspace.done({"destinations", "ads", "--changes", "--limit", "2"}), Contains("and more: --limit N"));
  CHECK(workspace.done({"destinations", "ads", "--changes", "--after", "1000"}) == "no changes\n");
  CHECK(workspace.call({"destinations", "--changes"}).exit_code == 2);
  CHECK(workspace.call({"lists", "vips", "--after", "3"}).exit_code == 2);
}

TEST_CASE("before anything is published nobody is in anything") {
  const LifeWorkspace workspace(kNodes);
  CHECK(workspace.done({"lists"}) == "no published journey has a list\n");
  CHECK(workspace.done({"audiences"}) == "no published journey has an audience\n");
}

TEST_CASE("an account's story tells the ways of its people, what it is in, and its events") {
  const Through workspace;
  const std::string story = workspace.done({"show", "account", "acme"});
  for (const char* part :
       {"audience     growers", "list         vips", "destination  ads      ben", "email.sent", "    ada goes alone\n",
        "      think  wait  waits until ", "    ben goes alone\n", "each  split_people  → others", "is through",
        "each  split_people  waits for its people until ", "last  listen  listens until ", "last  listen  timed out"}) {
    CHECK_THAT(story, Contains(part));
  }
  const json::value whole = workspace.asked({"show", "account", "acme"});
  CHECK(whole.at("memberships").as_array().size() == 3);
  CHECK(whole.at("events").at(0).at("type") == "email.sent");
  CHECK(whole.at("events").at(0).at("person") == "ada");
  CHECK(whole.at("events").at(0).at("properties").at("template") == "welcome");
  const json::value person = workspace.asked({"show", "person", "ada"});
  CHECK(person.at("timeline").at(0).at("kind") == "alone");
  CHECK(person.at("timeline").at(1).at("path") == "chiefs");
  CHECK(person.at("events").as_array().size() == 1);
}
