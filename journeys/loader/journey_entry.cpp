#include "journeys/loader/journey_entry.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> evaluations = {"continuously", "once"};
constexpr std::array<std::string_view, 2> counted_from = {"entry", "exit"};

std::string_view zone_of(const Loading& loading, const JourneyDefinition& journey) {
  return journey.timezone.empty() ? loading.workspace.configuration.timezone : journey.timezone;
}

/// `{cron: "0 6 * * MON-FRI", timezone: Europe/Berlin}`
void read_schedule(const yaml::Entry& entry, JourneyDefinition& journey, Diagnostics& diagnostics) {
  journey.evaluate = Evaluate::scheduled;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* cron = fields.require("cron", "a schedule", entry.key_place)) {
    const std::optional<std::string> text = read_text(*cron, diagnostics);
    std::string problem;
    journey.schedule_text = text.value_or("");
    if (text) journey.schedule = parse_cron(*text, problem);
    if (text && !journey.schedule) {
      diagnostics.error(cron->value.place, in_ticks(*text) + " is no schedule: " + problem,
                        "for example `0 6 * * MON-FRI`, at 06:00 from Monday to Friday");
    }
  }
  if (const yaml::Entry* zone = fields.find("timezone"))
    journey.schedule_timezone = read_time_zone(*zone, diagnostics).value_or("");
  fields.finish();
}

void read_audience_entry(Loading& loading, Fields& fields, JourneyDefinition& journey) {
  Diagnostics& diagnostics = loading.diagnostics;
  const yaml::Entry* audience = fields.find("audience");
  if (audience != nullptr) {
    journey.audience = read_reference(loading, *audience, DocumentType::audience, "audience").value_or("");
  }
  const yaml::Entry* evaluate = fields.find("evaluate");
  if (evaluate == nullptr) return;
  if (evaluate->value.is(yaml::Kind::mapping)) {
    read_schedule(*evaluate, journey, diagnostics);
  } else if (read_choice(*evaluate, evaluations, diagnostics) == "once") {
    journey.evaluate = Evaluate::once;
  }
  if (audience == nullptr) {
    diagnostics.error(evaluate->key_place, "`evaluate` says when an audience lets in, and there is no `audience`");
  }
}

void read_event_entry(Loading& loading, Fields& fields, JourneyDefinition& journey) {
  const yaml::Entry* where = fields.find("where");
  if (const yaml::Entry* event = fields.find("event")) {
    journey.event = EventEntry{event->value.place, read_event_type(loading, *event).value_or(""), std::nullopt};
  } else if (where != nullptr) {
    loading.diagnostics.error(where->key_place, "`where` is about an event, and there is no `event`");
  }
  if (where == nullptr) return;
  const std::string type = journey.event ? journey.event->type : "";
  std::optional<Expression> condition =
      read_expression(loading, *where, {Scope::event, Within::workspace, cel::Type::boolean(), type});
  if (journey.event) journey.event->where = std::move(condition);
}

void read_limit(const yaml::Entry& entry, ReEntry& again, Diagnostics& diagnostics) {
  again.limit = read_whole_number(entry, 1, 1'000'000, diagnostics);
  if (again.limit != 1) return;
  diagnostics.error(entry.value.place, "with a `limit` of 1 nobody enters again",
                    "the limit counts all entries; make it 2 or more, or take `re_enter` out");
}

/// Whether those who have ended can come in again at all.
void check_re_entry(const yaml::Entry& entry, const ReEntry& again, std::string_view zone,
                    const JourneyDefinition& journey, Diagnostics& diagnostics) {
  const bool lets_in_once = !journey.audience.empty() && journey.evaluate == Evaluate::once && !journey.event;
  if (lets_in_once) {
    diagnostics.error(entry.key_place, "an audience that is evaluated `once` lets nobody in again",
                      "evaluate it `continuously` or on a schedule, or take `re_enter` out");
  }
  const bool is_closed_before =
      journey.from && journey.to && *journey.from < *journey.to && add(*journey.from, again.after, zone) >= *journey.to;
  if (is_closed_before) {
    diagnostics.error(entry.key_place, "when " + to_text(again.after) + " are over, nobody enters any more",
                      "the journey lets in only between `from` and `to`");
  }
}

}  // namespace

void read_entry(Loading& loading, const yaml::Entry& entry, JourneyDefinition& journey) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  read_audience_entry(loading, fields, journey);
  read_event_entry(loading, fields, journey);
  const std::string_view zone = zone_of(loading, journey);
  if (const yaml::Entry* from = fields.find("from")) journey.from = read_instant(*from, zone, diagnostics);
  if (const yaml::Entry* to = fields.find("to")) journey.to = read_instant(*to, zone, diagnostics);
  if (journey.from && journey.to && *journey.to <= *journey.from) {
    diagnostics.error(fields.find("to")->value.place, "`to` is not after `from`, so that nobody enters",
                      "`from` is " + to_text(*journey.from) + ", and `to` is " + to_text(*journey.to));
  }
  fields.finish();
}

void read_re_entry(Loading& loading, const yaml::Entry& entry, JourneyDefinition& journey) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (!is_mapping(entry, diagnostics)) return;
  ReEntry again;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* after = fields.find("after"))
    again.after = read_duration(*after, diagnostics).value_or(again.after);
  if (const yaml::Entry* from = fields.find("counted_from")) {
    if (read_choice(*from, counted_from, diagnostics) == "entry") again.counted_from = ReEntry::From::entry;
    if (fields.find("after") == nullptr) {
      diagnostics.error(from->key_place, "`counted_from` says from when `after` is counted, and there is no `after`");
    }
  }
  if (const yaml::Entry* limit = fields.find("limit")) read_limit(*limit, again, diagnostics);
  fields.finish();
  check_re_entry(entry, again, zone_of(loading, journey), journey, diagnostics);
  journey.re_enter = again;
}

}  // namespace caravan::loader
