#pragma once
// A workspace whose growers have buying groups, filled by their roles' conditions, and one solution interest whose
// groups are made by hand; run by the program alone, in virtual time.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

namespace caravan::tests {

class GroupWorkspace {
 public:
  GroupWorkspace() {
    folder.write("caravan.yaml", "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n");
    folder.write("audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
    folder.write("journeys/quiet.yaml", "journey: quiet\nnodes:\n  - {id: settle, wait: 1d}\n");
    folder.write("buying-groups/seeds.yaml", definitions);
    take("accounts",
         "key,name,industry,website,city,country\n"
         "acme,\"Acme, \"\"Seeds\"\"\",agriculture,https://WWW.Acme.example/about?x=1,Graz,AT\n"
         "bolt,,agriculture,,Bonn,DE\n"
         "zeta,=Zeta,agriculture,,,\n"
         "tech,Tech,technology,https://tech.example,,\n");
    take("people",
         "key,account,title\nada,acme,Chief Grower\nben,acme,Agronomist\ncem,acme,Clerk\n"
         "zoe,zeta,Chief Officer\nzac,zeta,Chief Seller\nzia,zeta,Agronomist\ntim,tech,Chief Engineer\n");
  }

  std::string root() const { return folder.path().string(); }

  /// Imports a CSV file of `accounts`, `people` or `events`.
  Outcome take(const std::string& kind, const std::string& text) const {
    const std::string file = folder.write(kind + ".csv", text).string();
    const Outcome outcome = run({"import", "-w", root(), "--" + kind, file});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return outcome;
  }

  /// Publishes it and lets the engine do what is to be done, without time going by.
  void live() const {
    done({"publish"});
    serve();
  }
  void serve() const { done({"serve", "--speed", "max", "--until-idle"}); }

  Outcome call(std::vector<std::string> words) const {
    words.insert(words.end(), {"-w", root()});
    return run(words);
  }
  std::string done(std::vector<std::string> words) const {
    const Outcome outcome = call(std::move(words));
    CAPTURE(outcome.out, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return outcome.out;
  }
  boost::json::value asked(std::vector<std::string> words) const {
    words.emplace_back("--json");
    return boost::json::parse(done(std::move(words)));
  }
  /// A part of `groups` that changes something.
  std::string by_hand(std::vector<std::string> words) const {
    words.insert(words.begin(), "groups");
    return done(std::move(words));
  }
  /// The groups that `words` leave, by their lines.
  std::vector<boost::json::value> groups(std::vector<std::string> words = {}) const {
    words.insert(words.begin(), "groups");
    words.emplace_back("--json");
    const std::string text = done(std::move(words));
    std::vector<boost::json::value> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      lines.push_back(boost::json::parse(text.substr(at, end - at)));
      at = end + 1;
    }
    return lines;
  }
  /// Their accounts, one after the other: `acme zeta`.
  std::string accounts(std::vector<std::string> words) const {
    std::string all;
    for (const boost::json::value& group : groups(std::move(words)))
      all += (all.empty() ? "" : " ") + std::string(group.at("account").as_string());
    return all;
  }

  Folder folder;

 private:
  static constexpr const char* definitions = R"(role_template: buyers
roles:
  - role: decision_maker
    weighting: vital
    when: person.title.startsWith("Chief")
    members_required: 2
  - role: influencer
    weighting: important
    when: person.title.contains("Agronom")
  - role: user
    required: false
---
stage_model: pipeline
stages:
  - {stage: Identified, entry: true, to: [Engaged, Lost]}
  - {stage: Engaged, to: [Won, Lost]}
  - {stage: Won, outcome: success}
  - {stage: Lost, outcome: failure, to: [Engaged]}
---
solution_interest: seeds
title: Seeds
role_template: buyers
audience: growers
stage_model: pipeline
---
solution_interest: soil
title: Soil
role_template: buyers
---
engagement_model: plain
weights: {page.viewed: 1, form.submitted: 1}
)";
};

}  // namespace caravan::tests
