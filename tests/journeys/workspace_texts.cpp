#include "tests/journeys/workspace_texts.hpp"

namespace caravan {
namespace {

const NodeShape split_shape{
    .type = "split",
    .summary = "",
    .short_form = "paths",
    .keys = {{.name = "paths", .kind = KeyKind::paths, .required = true, .summary = ""}},
    .continues = Continues::by_paths,
    .paths = PathShape{},
    .example = "",
};
const NodeShape split_people_shape{
    .type = "split_people",
    .summary = "",
    .short_form = "paths",
    .keys = {{.name = "paths", .kind = KeyKind::paths, .required = true, .summary = ""}},
    .continues = Continues::by_paths,
    .paths = PathShape{.people = ForPeople::always},
    .example = "",
};
const NodeShape variant_split_shape{
    .type = "variant_split",
    .summary = "",
    .short_form = "paths",
    .keys = {{.name = "paths", .kind = KeyKind::paths, .required = true, .summary = ""},
             {.name = "by", .kind = KeyKind::choice, .summary = "", .choices = {"accounts", "people"}}},
    .continues = Continues::by_paths,
    .paths = PathShape{.minimum = 2, .choice = PathChoice::percent, .people = ForPeople::by_people},
    .example = "",
};
const NodeShape wait_shape{
    .type = "wait",
    .summary = "",
    .short_form = "for",
    .keys = {{.name = "for", .kind = KeyKind::duration, .summary = ""},
             {.name = "until", .kind = KeyKind::moment, .summary = ""},
             {.name = "must_end_on", .kind = KeyKind::weekly_time, .summary = ""},
             {.name = "timezone", .kind = KeyKind::time_zone, .summary = ""}},
    .stops = Stops::always,
    .example = "",
    .check =
        [](const NodeDefinition& node, Diagnostics& diagnostics) {
          if (node.settings.contains("for") && node.settings.contains("until"))
            diagnostics.error(node.place, "checked: two ends");
        },
};
const NodeShape listen_shape{
    .type = "listen",
    .summary = "",
    .short_form = "event",
    .keys = {{.name = "event", .kind = KeyKind::event_type, .summary = ""},
             {.name = "where", .kind = KeyKind::condition, .summary = "", .scope = Scope::event},
             {.name = "any_of", .kind = KeyKind::events, .summary = "", .scope = Scope::event},
             {.name = "timeout", .kind = KeyKind::wait, .summary = ""},
             {.name = "on_timeout", .kind = KeyKind::exit_path, .summary = ""},
             {.name = "on_error", .kind = KeyKind::exit_path, .summary = ""}},
    .stops = Stops::with_timeout,
    .example = "",
    .check =
        [](const NodeDefinition& node, Diagnostics& diagnostics) {
          if (!node.settings.contains("event") && !node.settings.contains("any_of"))
            diagnostics.error(node.place, "checked: no event");
        },
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
const NodeShape update_group_shape{
    .type = "update_buying_group",
    .summary = "",
    .short_form = "",
    .keys = {{.name = "solution_interest", .kind = KeyKind::solution_interest, .required = true, .summary = ""},
             {.name = "stage", .kind = KeyKind::stage, .summary = ""}},
    .example = "",
};
const NodeShape update_account_shape{
    .type = "update_account",
    .summary = "",
    .short_form = "set",
    .keys = {{.name = "set", .kind = KeyKind::values, .required = true, .summary = "", .names_attributes = true}},
    .example = "",
};
const NodeShape refer_shape{
    .type = "refer",
    .summary = "",
    .short_form = "",
    .keys = {{.name = "message", .kind = KeyKind::text_template, .summary = ""},
             {.name = "connection", .kind = KeyKind::connection, .summary = ""},
             {.name = "list", .kind = KeyKind::list, .summary = ""},
             {.name = "destination", .kind = KeyKind::destination, .summary = ""},
             {.name = "journey", .kind = KeyKind::journey, .summary = ""},
             {.name = "attribute", .kind = KeyKind::attribute, .summary = ""},
             {.name = "person_attribute", .kind = KeyKind::attribute, .summary = "", .scope = Scope::person}},
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
  static const std::array shapes = {&split_shape,          &split_people_shape, &variant_split_shape, &wait_shape,
                                    &listen_shape,         &send_email_shape,   &assign_shape,        &notify_shape,
                                    &update_account_shape, &update_group_shape, &refer_shape,         &end_shape,
                                    &every_shape};
  return shapes;
}

Loaded::Loaded(SourceTexts texts, const WorkspaceLimits& limits)
    : workspace(load_workspace(std::move(texts), "", test_shapes(), names, limits)) {}

std::vector<std::string> Loaded::faults() const {
  return first_lines(*workspace);
}

SourceTexts basics() {
  return {
      {"caravan.yaml",
       "timezone: Europe/Berlin\nchannels:\n  email: {type: file, folder: out}\n"
       "connections: {crm: {url: 'https://crm.example.com/hooks'}}\n"
       "lists: {newsletter: {of: people}}\ndestinations: {ad-audience: {of: accounts}}\n"},
      {"audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n"},
      {"buying-groups/seeds.yaml",
       "role_template: seed-buyers\nroles:\n  - role: decision_maker\n    weighting: vital\n"
       "    when: person.title.matches(\"(?i)^chief\")\n    members_required: 2\n  - role: influencer\n"
       "---\nsolution_interest: ai-driven-seeds\ntitle: AI Driven Seeds\nrole_template: seed-buyers\nstage_model: "
       "pipeline\n"
       "---\nstage_model: pipeline\nstages:\n  - {stage: Identified, entry: true, to: [Engaged, Lost]}\n"
       "  - {stage: Engaged, to: [Won, Lost]}\n  - {stage: Won, outcome: success}\n"
       "  - {stage: Lost, outcome: failure, to: [Engaged]}\n"},
      {"emails/welcome.html",
       "---\nsubject: Welcome {{person.first_name}}\nfrom: Seeds <seeds@example.com>\n---\n<p>Hi</p>\n"},
      {"emails/farewell.html", "---\nsubject: Bye\n---\n<p>Bye</p>\n"},
      {"messages/hello.txt", "Hello {{person.first_name}}\n"},
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
