#include <fstream>

#include <unistd.h>

#include "journeys/scenario.hpp"
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

constexpr const char* whole_journey = R"(journey: ai-driven-seeds
title: AI Driven Seeds – from first touch to sales
for: account
enter:
  audience: growers
  evaluate: continuously
nodes:
  - id: welcome
    send_email: {template: welcome, to: 'person.role("ai-driven-seeds") != ""'}
  - id: settle
    wait: 3d
  - id: by-industry
    split:
      - path: technology
        when: account.industry == "technology" && account.employees >= 1000
        nodes:
          - id: tech-mail
            send_email: welcome
      - path: agriculture
        when: account.industry == "agriculture"
        next: field-trial
      - path: others
        nodes: []
  - id: find-influencers
    assign_to_buying_group: {solution_interest: ai-driven-seeds, role: influencer, who: 'person.title.contains("Agronom")'}
  - id: tell-sales
    notify_sales: {solution_interest: ai-driven-seeds, to: [account.owner_email, "emea-sales@example.com", sales@example.com]}
    next: end
  - id: field-trial
    send_email: welcome
    next: find-influencers
)";

TEST_CASE("a whole workspace is read into its definitions") {
  const Loaded loaded(with(basics(), "journeys/seeds.yaml", whole_journey));
  REQUIRE(loaded.faults() == Lines{});
  const Workspace& workspace = *loaded.workspace;
  CHECK(workspace.configuration.timezone == "Europe/Berlin");
  CHECK(std::get<FileChannel>(workspace.configuration.email.transport).folder == "out");
  CHECK(workspace.audiences.at("growers").when.program != nullptr);
  CHECK(workspace.emails.at("welcome").subject == "Welcome {{person.first_name}}");
  CHECK(workspace.emails.at("welcome").body == "<p>Hi</p>\n");
  const RoleTemplateDefinition& roles = workspace.role_templates.at("seed-buyers");
  REQUIRE(roles.roles.size() == 2);
  CHECK(roles.roles[0].weighting == Weighting::vital);
  CHECK(roles.roles[0].members_required == 2);
  CHECK(roles.roles[0].when->program != nullptr);
  CHECK_FALSE(roles.roles[1].when);

  const JourneyDefinition& journey = workspace.journeys.at("ai-driven-seeds");
  CHECK(journey.audience == "growers");
  REQUIRE(journey.nodes.size() == 6);
  CHECK(*journey.nodes[0].setting<std::string>("template") == "welcome");
  CHECK(journey.nodes[0].setting<Expression>("to")->program != nullptr);
  CHECK(journey.nodes[1].setting<CalendarDuration>("for")->days == std::chrono::days(3));
  const std::vector<PathDefinition>& paths = journey.nodes[2].paths;
  REQUIRE(paths.size() == 3);
  CHECK(paths[0].nodes.at(0).id == "tech-mail");
  CHECK(paths[1].next->id == "field-trial");
  CHECK_FALSE(paths[2].when);
  const Recipients& to = *journey.nodes[4].setting<Recipients>("to");
  REQUIRE(to.size() == 3);
  CHECK(to[0].expression->program != nullptr);
  CHECK(to[1].address == "emea-sales@example.com");
  CHECK(to[2].address == "sales@example.com");
  CHECK(journey.nodes[4].next->id == "end");
}

TEST_CASE("all faults of a workspace are found in one run, in the order of their places") {
  SourceTexts texts = basics();
  texts["audiences/growers.yaml"] = "audience: growers\nwhenn: true\n";
  texts["emails/empty.html"] = "---\nsubject: x\n---\n\n";
  texts["journeys/a.yaml"] =
      "journey: a\nenter: {audience: grower}\nnodes:\n  - id: x\n    send_mail: welcome\n  - id: y\n    wait: 3 days\n";
  texts["schema.yaml"] = "schema: {account: {industry: txt}, person: {title: text}}\n";
  CHECK(Loaded(texts).faults() ==
        Lines{
            "audiences/growers.yaml:2:1: error: unknown key `whenn`; did you mean \"when\"?",
            "emails/empty.html:1:1: error: the mail has no body",
            "journeys/a.yaml:2:19: error: there is no audience `grower`; did you mean \"growers\"?",
            "journeys/a.yaml:5:5: error: unknown node type `send_mail`; did you mean \"send_email\"?",
            "journeys/a.yaml:7:11: error: `3 days` is not a duration: \" days\" is no unit; units are mo, w, d, h, m "
            "and s; "
            "write for example `90s`, `15m`, `2h`, `3d`, `1w`, `1mo` or `1d12h`",
            "schema.yaml:1:30: error: unknown type `txt`; an attribute is `any`, `text`, `whole_number`, `number`, "
            "`flag`, "
            "`timestamp`, `duration`, `list` or `map`; did you mean \"text\"?",
        });
}

TEST_CASE("a fault of an expression is shown at its own column, however the expression is written") {
  SourceTexts texts = with(basics(), "schema.yaml", "schema: {account: {industry: text}, person: {title: text}}\n");
  texts["audiences/a.yaml"] = "audience: a\nwhen: account.industry == \"x\" && account.idnustry == \"y\"\n";
  texts["audiences/b.yaml"] = "audience: b\nwhen: >\n  account.industry == \"x\"\n  && account.idnustry == \"y\"\n";
  const Loaded loaded(texts);
  const std::vector<Diagnostic> faults = loaded.workspace->diagnostics.sorted();
  REQUIRE(faults.size() == 2);
  CHECK(render(faults[0], Colour::never) ==
        "audiences/a.yaml:2:42: error: Account has no field \"idnustry\"; did you mean \"industry\"?\n"
        "  when: account.industry == \"x\" && account.idnustry == \"y\"\n"
        "                                           ^~~~~~~~\n");
  CHECK(render(faults[1], Colour::never) ==
        "audiences/b.yaml:4:14: error: Account has no field \"idnustry\"; did you mean \"industry\"?\n"
        "    && account.idnustry == \"y\"\n"
        "               ^~~~~~~~\n");
}

TEST_CASE("two definitions of a name are one fault that says where the first is") {
  const std::string model = "engagement_model: m\nweights: {form.submitted: 40}\n";
  CHECK(faults_of("buying-groups/x.yaml", model + "---\n" + model) ==
        Lines{"buying-groups/x.yaml:4:19: error: there is already an engagement model `m`; the first is at "
              "buying-groups/x.yaml:1"});
  CHECK(faults_of("audiences/more.yaml", "audience: growers\nwhen: true\n") ==
        Lines{"audiences/more.yaml:1:11: error: there is already an audience `growers`; the first is at "
              "audiences/growers.yaml:1"});
}

TEST_CASE("a document must be of a known type, in its own folder") {
  CHECK(faults_of("journeys/x.yaml", "jorney: x\n") ==
        Lines{"journeys/x.yaml:1:1: error: unknown document type `jorney`; did you mean \"journey\"?"});
  CHECK(faults_of("journeys/x.yaml", "title: x\njourney: x\nnodes: [{id: a, end: }]\n") ==
        Lines{"journeys/x.yaml:2:1: error: `journey` must be the first key of its document"});
  CHECK(faults_of("journeys/x.yaml", "audience: x\nwhen: true\n") ==
        Lines{"journeys/x.yaml:1:1: error: `audience` does not belong here; its place is audiences/"});
  CHECK(faults_of("journeys/x.yaml", "- a\n") == Lines{"journeys/x.yaml:1:1: error: a document must be a mapping that "
                                                       "begins with what it is; for example `journey: welcome`"});
}

TEST_CASE("names are lower-case words joined by dashes") {
  CHECK(faults_of("audiences/x.yaml", "audience: Big Growers\nwhen: true\n") ==
        Lines{"audiences/x.yaml:1:11: error: the name of an audience must be lower-case words joined by dashes; write "
              "`big-growers`"});
  CHECK(faults_of("emails/Hello You.html", "---\nsubject: x\n---\nx\n") ==
        Lines{"emails/Hello You.html:1:1: error: the name of an e-mail's file must be lower-case words joined by "
              "dashes; write `hello-you`"});
}

/// A folder that is gone afterwards.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("caravan-workspace-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  Lines faults(const WorkspaceLimits& limits = {}) const {
    MadeUpNames names;
    return shown(load_workspace(path_, test_shapes(), names, limits)->diagnostics);
  }
  Lines scenario_faults(const WorkspaceLimits& limits = {}) const {
    MadeUpNames names;
    const auto workspace = load_workspace(path_, test_shapes(), names);
    return shown(load_scenarios(*workspace, {test_shapes(), names, limits}).diagnostics);
  }

 private:
  Lines shown(const Diagnostics& diagnostics) const {
    Lines lines;
    for (const Diagnostic& each : diagnostics.sorted()) {
      std::string line = render(each, Colour::never);
      line = line.substr(0, line.find('\n'));
      if (line.starts_with(path_.string() + "/")) line.erase(0, path_.string().size() + 1);
      lines.push_back(line);
    }
    return lines;
  }

  std::filesystem::path path_;
};

TEST_CASE("a folder is read like the same texts, and what is not read is said") {
  Folder folder;
  for (const auto& [path, text] : basics())
    folder.write(path, text);
  folder.write("README.md", "hello");
  folder.write("data/accounts.csv", "key\n");
  folder.write("journeys/.gitkeep", "");
  CHECK(folder.faults() == Lines{});
  folder.write("journeys/x.yml", "journey: x\n");
  folder.write("journey/x.yaml", "journey: x\n");
  folder.write("caravan.yml", "");
  CHECK(folder.faults() == Lines{
                               "caravan.yml:1:1: warning: this file is not read; did you mean \"caravan.yaml\"?",
                               "journey:1:1: warning: this folder is not read; did you mean \"journeys\"?",
                               "journeys/x.yml:1:1: warning: this file is not read; files in journeys end in .yaml",
                           });
}

TEST_CASE("a file beyond the limit is refused before it is read") {
  Folder folder;
  folder.write("caravan.yaml", "timezone: UTC\n");
  folder.write("journeys/big.yaml", "");
  std::filesystem::resize_file(folder.path() / "journeys/big.yaml", 100'000'000);
  CHECK(folder.faults() ==
        Lines{"journeys/big.yaml:1:1: error: the file has 100000000 bytes; at most 1048576 are read"});
}

TEST_CASE("scenarios of a folder are read with the folders in it, and what is not read is said") {
  Folder folder;
  folder.write("caravan.yaml", "timezone: UTC\n");
  CHECK(folder.scenario_faults() == Lines{});
  folder.write("journeys/j.yaml", "journey: j\nnodes: [{id: a, wait: 1d}]\n");
  const std::string scenario =
      "journey: j\ngiven: {accounts: [{key: acme}]}\nsteps:\n  - expect: {account: acme, at: nowhere}\n";
  folder.write("scenarios/a.yaml", "scenario: a\n" + scenario + "  - publish: {with: longer}\n");
  folder.write("scenarios/longer/journeys/j.yaml", "journey: j\nnodes: [{id: a, wait: 2d}]\n");
  folder.write("scenarios/longer/README.md", "why");
  folder.write("scenarios/team/b.yaml", "scenario: b\n" + scenario);
  CHECK(folder.faults() == Lines{});
  CHECK(folder.scenario_faults() == Lines{});
  folder.write("scenarios/team/c.yml", "");
  folder.write("scenarios/team/d.yaml", "scenario: a\n" + scenario);
  CHECK(folder.scenario_faults() ==
        Lines{"scenarios/team/c.yml:1:1: warning: this file is not read; files of scenarios end in .yaml, those that a "
              "step publishes also in .html or .txt",
              "scenarios/team/d.yaml:1:11: warning: there is already a scenario `a`; the first is at " +
                  (folder.path() / "scenarios/a.yaml").string() + ":1"});
  WorkspaceLimits few;
  few.files = 3;
  CHECK(folder.scenario_faults(few).back().ends_with("error: the workspace has more than 3 files"));
}

TEST_CASE("a folder of scenarios that holds itself ends") {
  Folder folder;
  folder.write("caravan.yaml", "timezone: UTC\n");
  folder.write("scenarios/README.md", "");
  std::filesystem::create_directory_symlink("..", folder.path() / "scenarios/self");
  const Lines faults = folder.scenario_faults();
  CHECK(std::any_of(faults.begin(), faults.end(), [](const std::string& fault) {
    return fault.ends_with("error: folders of scenarios are at most 8 deep");
  }));
}

TEST_CASE("a folder that is no workspace, or is not there, is an error") {
  const Folder folder;
  CHECK(folder.faults().at(0).ends_with(
      "error: this is no workspace: it has neither a caravan.yaml nor a folder journeys"));
  MadeUpNames names;
  const auto workspace = load_workspace(folder.path() / "missing", test_shapes(), names);
  CHECK(workspace->diagnostics.errors() == 1);
}

}  // namespace
}  // namespace caravan
