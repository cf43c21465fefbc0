#pragma once
// A workspace to be published, changed and published again, by the program alone. Nobody enters its journey `seeds` but
// by hand, so that a test says who stands where without letting time pass.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

namespace caravan::tests {

class LifeWorkspace {
 public:
  /// `nodes` are the journey's, indented by two blanks.
  explicit LifeWorkspace(const std::string& nodes) {
    folder.write("caravan.yaml",
                 "channels: {email: {type: file, from: Mira <mira@seeds.example>}}\n"
                 "lists: {vips: {of: accounts}}\ndestinations: {ads: {of: people, title: Advertisements}}\n");
    folder.write("audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n");
    folder.write("emails/welcome.html", "---\nsubject: Welcome {{person.first_name}}\n---\n<p>Hello</p>\n");
    journey(nodes);
    import("key,industry\nacme,agriculture\nzeta,agriculture\ntech,technology\n");
    const std::string people =
        folder
            .write("people.csv",
                   "key,account,first_name,title,email\nada,acme,Ada,Chief,ada@acme.example\n"
                   "ben,acme,Ben,Agronomist,ben@acme.example\nzoe,zeta,Zoe,Chief,zoe@zeta.example\n")
            .string();
    REQUIRE(run({"import", "-w", root(), "--people", people}).exit_code == 0);
  }

  std::string root() const { return folder.path().string(); }
  bool has_database() const { return std::filesystem::exists(folder / "caravan.db"); }

  /// Writes the journey `seeds`; `head` is what stands above its nodes.
  void journey(const std::string& nodes, const std::string& head = {}) const {
    folder.write("journeys/seeds.yaml", "journey: seeds\n" + head + "nodes:\n" + nodes);
  }
  void import(const std::string& accounts) const {
    const std::string file = folder.write("accounts.csv", accounts).string();
    REQUIRE(run({"import", "-w", root(), "--accounts", file}).exit_code == 0);
  }

  /// A command with this workspace behind its own words.
  Outcome call(std::vector<std::string> words) const {
    words.insert(words.end(), {"-w", root()});
    return run(words);
  }
  /// One that must be done; gives what it printed.
  std::string done(std::vector<std::string> words) const {
    const Outcome outcome = call(std::move(words));
    CAPTURE(outcome.out, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return outcome.out;
  }
  /// The same as JSON.
  boost::json::value asked(std::vector<std::string> words) const {
    words.emplace_back("--json");
    return boost::json::parse(done(std::move(words)));
  }
  /// Time passes until nothing waits for it; from then on the store has a time of its own.
  std::string serve() const { return done({"serve", "--speed", "max", "--until-idle"}); }

  /// Of a version of the journey, as `caravan status` has it.
  boost::json::object figures(std::uint32_t version = 1) const {
    const boost::json::value status = asked({"status"});
    for (const boost::json::value& journey : status.at("journeys").as_array()) {
      if (journey.at("journey") == "seeds" && journey.at("version") == version) return journey.as_object();
    }
    FAIL("seeds has no version " << version);
    return {};
  }
  std::int64_t standing(const std::string& node, std::uint32_t version = 1) const {
    const boost::json::object all = figures(version);
    for (const boost::json::value& line : all.at("map").as_array()) {
      if (line.as_object().contains("node") && line.at("node") == node.c_str()) return line.at("standing").as_int64();
    }
    FAIL("there is no node " << node);
    return 0;
  }

  Folder folder;
};

}  // namespace caravan::tests
