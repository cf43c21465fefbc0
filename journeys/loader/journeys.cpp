#include "journeys/graph.hpp"
#include "journeys/loader/node_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> evaluations = {"continuously", "once"};
constexpr std::array<std::string_view, 2> subjects = {"account", "person"};

void read_subject(const yaml::Entry& entry, Diagnostics& diagnostics) {
  if (read_choice(entry, subjects, diagnostics) == "person") {
    diagnostics.error(entry.value.place, "not supported yet: a journey for `person`");
  }
}

void read_entry(Loading& loading, const yaml::Entry& entry, JourneyDefinition& journey) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* audience = fields.find("audience")) {
    journey.audience = read_reference(loading, *audience, DocumentType::audience, "audience").value_or("");
  }
  if (const yaml::Entry* evaluate = fields.find("evaluate")) {
    if (evaluate->value.is(yaml::Kind::mapping)) {
      diagnostics.error(evaluate->key_place, "not supported yet: `evaluate` on a schedule");
    } else if (read_choice(*evaluate, evaluations, diagnostics) == "once") {
      journey.evaluate = Evaluate::once;
    }
  }
  fields.not_supported({"event", "where", "from", "to"});
  fields.finish();
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
  if (const yaml::Entry* title = fields.find("title"))
    journey.title = read_text(*title, diagnostics).value_or(journey.title);
  if (const yaml::Entry* subject = fields.find("for")) read_subject(*subject, diagnostics);
  if (const yaml::Entry* enter = fields.find("enter")) read_entry(loading, *enter, journey);
  if (const yaml::Entry* zone = fields.find("timezone"))
    journey.timezone = read_time_zone(*zone, diagnostics).value_or("");
  if (const yaml::Entry* nodes = fields.require("nodes", "a journey", document.name_place)) {
    const bool is_empty = nodes->value.is(yaml::Kind::sequence) && nodes->value.items.empty();
    if (is_empty) diagnostics.error(nodes->key_place, "a journey needs at least one node");
    journey.nodes = NodeReader(loading, journey).read_nodes(*nodes);
  }
  fields.not_supported({"re_enter", "email_deduplication", "exit_when", "goal", "goal_exits", "leave_with_audience"});
  fields.finish();
  check_graph(journey, diagnostics);
  if (!journey.name.empty()) loading.workspace.journeys.emplace(document.name, std::move(journey));
}

}  // namespace caravan::loader
