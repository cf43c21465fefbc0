// Role templates and solution interests: what they name, what their conditions may read, and the page for authors.
#include <fstream>

#include "journeys/expressions.hpp"
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

const std::string models =
    "engagement_model: default\nactive: true\nweights: {form.submitted: 40}\n---\n"
    "engagement_model: trial\nweights: {form.submitted: 40}\n";

/// The faults of an interest with these keys, from line 3, where there are two models of engagement.
Lines faults_of_interest(const std::string& keys, const std::string& engagement_models = models) {
  return Loaded(with(with(basics(), "buying-groups/models.yaml", engagement_models), "buying-groups/x.yaml",
                     "solution_interest: x\nrole_template: seed-buyers\n" + keys))
      .faults();
}

/// The faults of a role with this condition, in quotes at line 3, column 11.
Lines faults_of_condition(const std::string& condition) {
  return Loaded(with(with(basics(), "buying-groups/models.yaml", models), "buying-groups/x.yaml",
                     "role_template: x\nroles:\n  - when: '" + condition + "'\n    role: buyer\n"))
      .faults();
}

TEST_CASE("an interest has a group for every account of its audience, or groups that others make") {
  const Loaded loaded(with(basics(), "buying-groups/x.yaml",
                           "solution_interest: x\nrole_template: seed-buyers\naudience: growers\n---\n"
                           "solution_interest: y\nrole_template: seed-buyers\n"));
  REQUIRE(loaded.faults() == Lines{});
  CHECK(loaded.workspace->solution_interests.at("x").audience == "growers");
  CHECK(loaded.workspace->solution_interests.at("y").audience.empty());
  CHECK(loaded.workspace->solution_interests.at("y").stage_model.empty());
}

TEST_CASE("the audience of an interest must be there") {
  CHECK(faults_of_interest("audience: grower\n") ==
        Lines{"buying-groups/x.yaml:3:11: error: there is no audience `grower`; did you mean \"growers\"?"});
  CHECK(faults_of_interest("audience: [growers]\n") ==
        Lines{"buying-groups/x.yaml:3:11: error: `audience` must be text, not a list"});
  CHECK(faults_of_interest("audience:\n") == Lines{"buying-groups/x.yaml:3:1: error: `audience` has no value"});
}

TEST_CASE("an interest that names an engagement model names the active one") {
  CHECK(faults_of_interest("engagement_model: default\n") == Lines{});
  CHECK(faults_of_interest("engagement_model: trial\n") ==
        Lines{"buying-groups/x.yaml:3:19: error: the engagement model `trial` is not active, `default` is; all scores "
              "of a workspace are by one model, so that they can be compared"});
  CHECK(faults_of_interest("engagement_model: defalt\n") ==
        Lines{"buying-groups/x.yaml:3:19: error: there is no engagement model `defalt`; did you mean \"default\"?"});
  CHECK(
      faults_of_interest("engagement_model: m\n",
                         "engagement_model: m\nactive: false\nweights: {form.submitted: 40}\n") ==
      Lines{"buying-groups/x.yaml:3:19: error: the engagement model `m` is not active; take its `active: false` out"});
}

TEST_CASE("a role's condition reads the person, the account, activity and engagement") {
  CHECK(faults_of_condition("person.account_role == \"buyer\" && account.industry == \"agriculture\"") == Lines{});
  CHECK(faults_of_condition("person.engagement > 50.0 || person.activity(\"form.submitted\", \"30d\").size() > 0") ==
        Lines{});
  CHECK(faults_of_condition("people.exists(p, p.role == \"x\")") == Lines{});
}

TEST_CASE("a role's condition cannot ask for buying groups, however deep inside") {
  const auto fault = [](const std::string& function) {
    return Lines{"buying-groups/x.yaml:3:11: error: the condition of the role `buyer` asks for a buying group with `" +
                 function +
                 "()`, and groups are filled from such conditions; it may read what is known of the person "
                 "and the account otherwise"};
  };
  CHECK(faults_of_condition("group(\"ai-driven-seeds\").members > 1") == fault("group"));
  CHECK(faults_of_condition("has_group(\"ai-driven-seeds\")") == fault("has_group"));
  CHECK(faults_of_condition("person.role(\"ai-driven-seeds\") == \"\"") == fault("role"));
  CHECK(faults_of_condition("people.exists(p, p.was_removed(\"ai-driven-seeds\"))") == fault("was_removed"));
  CHECK(faults_of_condition("group(\"ai-driven-seeds\").count(\"influencer\") > 1") == fault("group"));
  CHECK(faults_of_condition("false && has_group(\"ai-driven-seeds\")") == fault("has_group"));
}

TEST_CASE("what journeys share are the conditions of audiences and of roles") {
  const Loaded loaded(basics());
  std::vector<std::string> texts;
  each_shared_expression(*loaded.workspace, [&](const Expression& each) { texts.push_back(each.text); });
  CHECK(texts == Lines{"account.industry == \"agriculture\"", "person.title.matches(\"(?i)^chief\")"});
}

/// The YAML of the page for authors, its journeys apart from the rest.
struct PageTexts {
  std::string groups;
  std::string journeys;
};

PageTexts texts_of_page() {
  std::ifstream file(std::string(CARAVAN_SOURCE_DIR) + "/tools/caravan/help/buying-groups.md");
  PageTexts texts;
  std::string block;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "```" && inside) {
      (block.starts_with("journey:") ? texts.journeys : texts.groups) += "---\n" + block;
      block.clear();
    } else if (inside) {
      block += line + "\n";
    }
    inside = line == "```yaml" || (inside && line != "```");
  }
  return texts;
}

TEST_CASE("the documents on the page for authors are one workspace without faults") {
  const PageTexts page = texts_of_page();
  SourceTexts texts = basics();
  texts["buying-groups/seeds.yaml"] = page.groups;
  texts["journeys/page.yaml"] = page.journeys;
  const Loaded loaded(texts);
  REQUIRE(loaded.faults() == Lines{});
  const Workspace& workspace = *loaded.workspace;
  CHECK(workspace.role_templates.at("seed-buyers").roles.size() == 3);
  CHECK(workspace.solution_interests.at("seeds").audience == "growers");
  CHECK(workspace.stage_models.at("pipeline").stages.size() == 4);
  CHECK(workspace.engagement_model()->weights.size() == 4);
  CHECK(workspace.journeys.size() == 1);
}

}  // namespace
}  // namespace caravan
