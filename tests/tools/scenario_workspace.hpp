#pragma once
// A small workspace with scenarios, for tests of `caravan test`: a journey with one split, one wait and one listen.

#include <boost/json/parse.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

namespace caravan::tests {

class ScenarioWorkspace {
 public:
  ScenarioWorkspace() {
    folder.write("caravan.yaml", "timezone: UTC\n");
    folder.write("audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
    folder.write("emails/welcome.html", "---\nsubject: Welcome\n---\n<p>Hello</p>\n");
    journey();
    scenarios(holding());
  }

  void journey(const std::string& settle = "3d") const {
    folder.write("journeys/seeds.yaml",
                 "journey: seeds\nenter: {audience: growers}\nnodes:\n"
                 R"(- id: by-size
  split:
    - path: big
      when: account.employees >= 1000
      nodes:
        - id: hello
          send_email: welcome
    - path: others
      nodes: []
- id: settle
  wait: )" + settle + R"(
- id: ask
  listen: {event: form.submitted, timeout: 2d}
)");
  }
  void scenarios(const std::string& text, const std::string& file = "growers.yaml") const {
    folder.write("scenarios/" + file, text);
  }
  /// Two scenarios that hold: a small grower waits, and one that is heard.
  static std::string holding() { return waiting("settle") + "---\n" + heard(); }
  /// Its expectation stands at line 7, and the key `at` in column 29.
  static std::string waiting(const std::string& node) {
    return R"(scenario: a small grower waits
journey: seeds
at: 2026-01-05T09:00:00Z
given:
  accounts: [{key: acme, industry: agriculture, employees: 12}]
steps:
  - expect: {account: acme, at: )" +
           node + R"(}
)";
  }
  static std::string heard() {
    return R"(scenario: a form ends it
journey: seeds
at: 2026-01-05T09:00:00Z
given:
  accounts: [{key: acme, industry: agriculture, employees: 12}]
  people: [{key: vp, account: acme, email: vp@acme.example}]
steps:
  - advance: 3d
  - event: {type: form.submitted, person: vp}
  - expect: {account: acme, state: completed}
)";
  }

  std::string root() const { return folder.path().string(); }
  std::string file(const std::string& name) const { return (folder / name).string(); }
  Outcome test(std::vector<std::string> words = {}) const {
    words.insert(words.begin(), {"test", root()});
    return run(words);
  }
  boost::json::value asked(std::vector<std::string> words = {}) const {
    words.emplace_back("--json");
    return boost::json::parse(test(std::move(words)).out);
  }

  Folder folder;
};

}  // namespace caravan::tests
