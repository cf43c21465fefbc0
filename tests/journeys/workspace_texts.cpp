#include "tests/journeys/workspace_texts.hpp"

namespace caravan {
namespace {

const NodeShape split_shape{
    .type = "split",
    .summary = "",
    .short_form = "paths",
    .keys = {{.name = "paths", .kind = KeyKind::paths, .required = true, .summary = ""}},
    .continues = Continues::by_paths,
    .paths = PathShape{.minimum = 1, .maximum = 25, .scope = Scope::account},
    .example = "",
};
const NodeShape wait_shape{
    .type = "wait",
    .summary = "",
    .short_form = "for",
    .keys = {{.name = "for", .kind = KeyKind::duration, .required = true, .summary = ""}},
    .stops = Stops::always,
    .example = "",
};
const NodeShape send_email_shape{
    .type = "send_email",
    .summary = "",
    .short_form = "template",
    .keys = {{.name = "template", .kind = KeyKind::email_template, .required = true, .summary = ""},
             {.name = "to", .kind = KeyKind::condition, .summary = "", .scope = Scope::person},
             {.name = "with", .kind = KeyKind::values, .summary = "", .scope = Scope::person}},
    .example = "",
};
const NodeShape assign_shape{
    .type = "assign_to_buying_group",
    .summary = "",
    .short_form = "solution_interest",
    .keys = {{.name = "solution_interest", .kind = KeyKind::solution_interest, .required = true, .summary = ""},
             {.name = "role", .kind = KeyKind::role, .summary = ""},
             {.name = "who", .kind = KeyKind::condition, .summary = "", .scope = Scope::person}},
    .example = "",
};
const NodeShape notify_shape{
    .type = "notify_sales",
    .summary = "",
    .short_form = "solution_interest",
    .keys = {{.name = "solution_interest", .kind = KeyKind::solution_interest, .required = true, .summary = ""},
             {.name = "to", .kind = KeyKind::recipients, .summary = ""}},
    .example = "",
};
const NodeShape end_shape{
    .type = "end", .summary = "", .short_form = "", .keys = {}, .continues = Continues::nowhere, .example = ""};
const NodeShape every_shape{
    .type = "every",
    .summary = "",
    .short_form = "",
    .keys = {{.name = "text", .kind = KeyKind::text, .required = true, .summary = ""},
             {.name = "number", .kind = KeyKind::whole_number, .summary = "", .minimum = 1, .maximum = 99},
             {.name = "flag", .kind = KeyKind::flag, .summary = ""},
             {.name = "choice", .kind = KeyKind::choice, .summary = "", .choices = {"red", "green", "blue"}},
             {.name = "value", .kind = KeyKind::value, .summary = ""}},
    .example = "",
};

constexpr std::string_view journey_head = "journey: j\nenter: {audience: growers}\nnodes:\n";

std::vector<std::string> first_lines(const Workspace& workspace) {
  std::vector<std::string> lines;
  for (const Diagnostic& each : workspace.diagnostics.sorted()) {
    const std::string text = render(each, Colour::never);
    lines.push_back(text.substr(0, text.find('\n')));
  }
  return lines;
}

}  // namespace

NodeShapes test_shapes() {
  static const std::array<const NodeShape*, 7> shapes = {&split_shape,  &wait_shape, &send_email_shape, &assign_shape,
                                                         &notify_shape, &end_shape,  &every_shape};
  return shapes;
}

Loaded::Loaded(SourceTexts texts, const WorkspaceLimits& limits)
    : workspace(load_workspace(std::move(texts), "", test_shapes(), names, limits)) {}

std::vector<std::string> Loaded::faults() const {
  return first_lines(*workspace);
}

SourceTexts basics() {
  return {
      {"caravan.yaml", "timezone: Europe/Berlin\nchannels:\n  email: {type: file, folder: out}\n"},
      {"audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n"},
      {"buying-groups/seeds.yaml",
       "role_template: seed-buyers\nroles:\n  - role: decision_maker\n    weighting: vital\n"
       "    when: person.title.matches(\"(?i)^chief\")\n    members_required: 2\n  - role: influencer\n"
       "---\nsolution_interest: ai-driven-seeds\ntitle: AI Driven Seeds\nrole_template: seed-buyers\n"},
      {"emails/welcome.html",
       "---\nsubject: Welcome {{person.first_name}}\nfrom: Seeds <seeds@example.com>\n---\n<p>Hi</p>\n"},
      {"emails/farewell.html", "---\nsubject: Bye\n---\n<p>Bye</p>\n"},
  };
}

SourceTexts with(SourceTexts texts, const std::string& path, std::string text) {
  texts.insert_or_assign(path, std::move(text));
  return texts;
}

std::vector<std::string> faults_of(const std::string& path, std::string text) {
  return Loaded(with(basics(), path, std::move(text))).faults();
}

std::vector<std::string> faults_of_nodes(std::string_view nodes) {
  std::vector<std::string> lines = faults_of("journeys/j.yaml", std::string(journey_head) + std::string(nodes));
  constexpr std::string_view file = "journeys/j.yaml:";
  for (std::string& line : lines) {
    if (line.starts_with(file)) line.erase(0, file.size());
  }
  return lines;
}

}  // namespace caravan
