#include "journeys/graph.hpp"
#include "journeys/loader/journey_entry.hpp"
#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> subjects = {"account", "person"};

/// `exit_when` and `goal`, which are asked whenever something happens.
std::optional<Expression> read_condition(Loading& loading, Fields& fields, std::string_view key) {
  const yaml::Entry* entry = fields.find(key);
  if (entry == nullptr) return std::nullopt;
  return read_expression(loading, *entry, {Scope::event, Within::journey, cel::Type::boolean(), {}});
}

/// How an account leaves before its last node.
void read_exits(Loading& loading, Fields& fields, JourneyDefinition& journey) {
  Diagnostics& diagnostics = loading.diagnostics;
  journey.exit_when = read_condition(loading, fields, "exit_when");
  journey.goal = read_condition(loading, fields, "goal");
  fields.take_flag("goal_exits", journey.goal_exits);
  if (journey.goal_exits && fields.find("goal") == nullptr) {
    diagnostics.error(fields.find("goal_exits")->key_place, "`goal_exits` needs a `goal`");
  }
  fields.take_flag("leave_with_audience", journey.leave_with_audience);
  if (journey.leave_with_audience && journey.audience.empty()) {
    diagnostics.error(fields.find("leave_with_audience")->key_place,
                      "`leave_with_audience` needs an audience that is left", "add `enter: {audience: ...}`");
  }
}

void read_nodes(Loading& loading, Fields& fields, JourneyDefinition& journey) {
  const yaml::Entry* nodes = fields.require("nodes", "a journey", journey.place);
  if (nodes == nullptr) return;
  const bool is_empty = nodes->value.is(yaml::Kind::sequence) && nodes->value.items.empty();
  if (is_empty) loading.diagnostics.error(nodes->key_place, "a journey needs at least one node");
  journey.nodes = NodeReader(loading, journey).read_nodes(*nodes);
}

}  // namespace

void read_journey(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  JourneyDefinition journey;
  journey.name = document.name;
  journey.title = document.name;
  journey.place = document.name_place;
  Fields fields(document.root, diagnostics);
  fields.find("journey");
  fields.take_text("title", journey.title);
  if (const yaml::Entry* subject = fields.find("for")) {
    if (read_choice(*subject, subjects, diagnostics) == "person") journey.subject = JourneySubject::person;
  }
  if (const yaml::Entry* zone = fields.find("timezone"))
    journey.timezone = read_time_zone(*zone, diagnostics).value_or("");
  if (const yaml::Entry* enter = fields.find("enter")) read_entry(loading, *enter, journey);
  if (const yaml::Entry* again = fields.find("re_enter")) read_re_entry(loading, *again, journey);
  fields.take_flag("email_deduplication", journey.email_deduplication);
  read_exits(loading, fields, journey);
  read_nodes(loading, fields, journey);
  fields.finish();
  check_graph(journey, diagnostics);
  if (!journey.name.empty()) loading.workspace.journeys.emplace(document.name, std::move(journey));
}

}  // namespace caravan::loader
