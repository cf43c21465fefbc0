#include "engine/live_plan.hpp"

namespace caravan {

LivePlan::LivePlan(std::vector<LiveJourney> current, std::span<const std::shared_ptr<const RunnableJourney>> under_way,
                   NameBook& names)
    : journeys_(std::move(current)) {
  std::int64_t newest = -1;
  for (const LiveJourney& live : journeys_) {
    add_audience(live, names);
    if (live.journey->record.snapshot > newest) {
      newest = live.journey->record.snapshot;
      limits_ = live.journey->workspace->configuration.limits;
    }
    want_events_of(*live.journey, names);
    if (const std::optional<EventEntry>& entry = live.definition().event) heard_.insert(names.id_of(entry->type));
  }
  for (const auto& journey : under_way)
    want_events_of(*journey, names);
}

const LiveJourney* LivePlan::find(std::string_view journey) const {
  const auto found = std::find_if(journeys_.begin(), journeys_.end(),
                                  [&](const LiveJourney& each) { return each.journey->journey.name == journey; });
  return found == journeys_.end() ? nullptr : &*found;
}

const AudiencePlan* LivePlan::audience(NameId name) const {
  const auto found =
      std::find_if(audiences_.begin(), audiences_.end(), [&](const AudiencePlan& each) { return each.name == name; });
  return found == audiences_.end() ? nullptr : &*found;
}

void LivePlan::add_audience(const LiveJourney& live, NameBook& names) {
  const std::string& text = live.definition().audience;
  if (text.empty()) return;
  const NameId name = names.id_of(text);
  const auto known =
      std::find_if(audiences_.begin(), audiences_.end(), [&](const AudiencePlan& each) { return each.name == name; });
  const bool is_older = known != audiences_.end() && known->home->record.snapshot >= live.journey->record.snapshot;
  if (is_older) return;
  const Workspace& workspace = *live.journey->workspace;
  const std::shared_ptr<const cel::Program>& when = workspace.audiences.at(text).when.program;
  AudiencePlan plan{name, live.journey, when, dependencies_of(*when, *workspace.vocabulary)};
  if (known == audiences_.end()) {
    audiences_.push_back(std::move(plan));
  } else {
    *known = std::move(plan);
  }
}

void LivePlan::want_events_of(const RunnableJourney& journey, NameBook& names) {
  for (const NameId type : journey.journey.hears)
    heard_.insert(type);
  hears_all_ = hears_all_ || journey.exit_reads.event || journey.goal_reads.event;
  for (const std::string& type : journey.activity_read)
    read_.insert(names.id_of(type));
  reads_all_ = reads_all_ || journey.reads_any_activity;
}

}  // namespace caravan
