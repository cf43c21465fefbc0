// Engagement models: what counts as engagement, how much, and for how long.
//
//     engagement_model: default
//     window: 30d
//     daily_cap: 20
//     weights: {form.submitted: 40, email.opened: 30}
#include "journeys/events.hpp"
#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

constexpr std::int64_t longest_window = 366;

/// A window of whole calendar days, as their number.
std::optional<std::int64_t> read_window(const yaml::Entry& entry, Diagnostics& diagnostics) {
  const std::optional<CalendarDuration> window = read_duration(entry, diagnostics);
  if (!window) return std::nullopt;
  const std::int64_t days = window->days.count();
  const bool is_whole_days = window->months.count() == 0 && window->exact.count() == 0;
  if (is_whole_days && days <= longest_window) return days;
  diagnostics.error(entry.value.place,
                    is_whole_days ? "a window is at most " + std::to_string(longest_window) + " days"
                                  : "a window is whole days or weeks, and " + in_ticks(entry.value.text) + " is not",
                    "write for example `30d` or `4w`");
  return std::nullopt;
}

/// A type of event that can be counted: one that is kept.
bool check_counted_type(Loading& loading, const yaml::Entry& weight) {
  if (!check_event_type(loading, weight.key, weight.key_place)) return false;
  if (is_kept(weight.key)) return true;
  loading.diagnostics.error(weight.key_place,
                            "events of the type " + in_ticks(weight.key) + " are not kept, so that none can be counted",
                            "`caravan help events` says which are kept");
  return false;
}

void read_weights(Loading& loading, const yaml::Entry& entry, EngagementModelDefinition& model) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (!is_mapping(entry, diagnostics)) return;
  if (entry.value.entries.empty()) {
    diagnostics.error(entry.key_place, "an engagement model needs at least one weight",
                      "write for example `form.submitted: 40`");
  }
  for (const yaml::Entry& each : entry.value.entries) {
    const bool is_counted = check_counted_type(loading, each);
    const std::optional<std::int64_t> weight = read_whole_number(each, 1, 100, diagnostics);
    if (is_counted && weight) model.weights.emplace_back(each.key, *weight);
  }
}

/// A model, and what it says of itself.
struct Written {
  EngagementModelDefinition definition;
  std::optional<bool> active;  ///< nothing: it does not say
  Place active_place;
};

Written read_engagement_model(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  Written written{{.name = document.name, .place = document.name_place, .weights = {}}, std::nullopt, {}};
  EngagementModelDefinition& model = written.definition;
  Fields fields(document.root, diagnostics);
  fields.find("engagement_model");
  if (const yaml::Entry* active = fields.find("active")) {
    written.active = read_flag(*active, diagnostics);
    written.active_place = active->key_place;
  }
  if (const yaml::Entry* window = fields.find("window"))
    model.window_days = read_window(*window, diagnostics).value_or(model.window_days);
  fields.take_number("daily_cap", 1, 1'000, model.daily_cap);
  if (const yaml::Entry* weights = fields.require("weights", "an engagement model", document.name_place))
    read_weights(loading, *weights, model);
  fields.finish();
  return written;
}

std::string shown(const Place& place) {
  return place.file->path + ":" + std::to_string(position_of(place).line);
}

/// The one model that is active; null when there is none.
const Written* find_active(const std::vector<Written>& models, Diagnostics& diagnostics) {
  if (models.size() == 1) return models.front().active.value_or(true) ? &models.front() : nullptr;
  const Written* active = nullptr;
  for (const Written& model : models) {
    if (!model.active.value_or(false)) continue;
    if (active == nullptr) {
      active = &model;
      continue;
    }
    diagnostics.error(model.active_place,
                      "one engagement model is active, and " + in_ticks(active->definition.name) + " is it already",
                      "its `active: true` is at " + shown(active->active_place));
  }
  if (active == nullptr && !models.empty()) {
    diagnostics.error(models[1].definition.place, "of several engagement models one must say `active: true`",
                      "the first is at " + shown(models[0].definition.place));
    active = &models.front();  // so that what needs one is not reported as well
  }
  return active;
}

}  // namespace

bool read_engagement_models(Loading& loading) {
  std::vector<Written> models;
  for (const Document& document : loading.documents) {
    if (document.type == DocumentType::engagement_model) models.push_back(read_engagement_model(loading, document));
  }
  const Written* active = find_active(models, loading.diagnostics);
  for (const Written& model : models) {
    EngagementModelDefinition definition = model.definition;
    definition.active = &model == active;
    if (!definition.name.empty()) loading.workspace.engagement_models.emplace(definition.name, std::move(definition));
  }
  return active != nullptr;
}

}  // namespace caravan::loader
