#include "engine/live_plan.hpp"

namespace caravan {

LivePlan::LivePlan(std::vector<LiveJourney> current, std::span<const std::shared_ptr<const RunnableJourney>> under_way,
                   std::shared_ptr<const Definitions> definitions, NameBook& names)
    : journeys_(std::move(current)), definitions_(std::move(definitions)) {
  std::int64_t newest = -1;
  for (const LiveJourney& live : journeys_) {
    if (!live.definition().audience.empty()) add_audience(live.definition().audience, names);
    if (live.journey->record.snapshot > newest) {
      newest = live.journey->record.snapshot;
      limits_ = live.journey->workspace->configuration.limits;
    }
    want_events_of(*live.journey, names);
    if (const std::optional<EventEntry>& entry = live.definition().event) heard_.insert(names.id_of(entry->type));
  }
  if (definitions_ && definitions_->record.snapshot >= newest) limits_ = definitions_->workspace->configuration.limits;
  for (const auto& journey : under_way)
    want_events_of(*journey, names);
  if (definitions_) want_definitions(names);
  for (const AudiencePlan& audience : audiences_)
    want(audience.reads, names);
}

std::span<const InterestPlan> LivePlan::interests() const {
  return definitions_ ? std::span<const InterestPlan>(definitions_->interests) : std::span<const InterestPlan>();
}

bool LivePlan::groups_read_time() const {
  return std::any_of(interests().begin(), interests().end(), [&](const InterestPlan& plan) {
    const AudiencePlan* drawn_from = plan.audience == NameId{} ? nullptr : audience(plan.audience);
    return drawn_from && (drawn_from->reads.time || plan.conditions_read.time);
  });
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

void LivePlan::add_audience(const std::string& text, NameBook& names) {
  const NameId name = names.id_of(text);
  if (audience(name)) return;
  const RunnableJourney* newest = nullptr;
  for (const LiveJourney& live : journeys_) {
    if (live.definition().audience != text) continue;
    if (!newest || newest->record.snapshot < live.journey->record.snapshot) newest = live.journey.get();
  }
  const bool is_defined = definitions_ && definitions_->workspace->audiences.contains(text);
  if (!is_defined && !newest) return;
  const std::shared_ptr<const Workspace>& workspace = is_defined ? definitions_->workspace : newest->workspace;
  const std::shared_ptr<const cel::Program>& when = workspace->audiences.at(text).when.program;
  audiences_.push_back({name, workspace, when, dependencies_of(*when, *workspace->vocabulary),
                        newest ? newest->record.id : VersionId{}});
}

void LivePlan::want_definitions(NameBook& names) {
  for (const InterestPlan& plan : definitions_->interests) {
    if (plan.audience == NameId{}) continue;
    add_audience(std::string(names.text_of(plan.audience)), names);
    want(plan.conditions_read, names);
  }
  if (!definitions_->engagement) return;
  for (const auto& [type, weight] : definitions_->engagement->weights)
    read_.insert(type);
}

void LivePlan::want(const Dependencies& reads, NameBook& names) {
  for (const std::string& type : reads.activity_types)
    read_.insert(names.id_of(type));
  reads_all_ = reads_all_ || reads.any_activity;
  reads_engagement_ = reads_engagement_ || reads.engagement;
}

void LivePlan::want_events_of(const RunnableJourney& journey, NameBook& names) {
  for (const NameId type : journey.journey.hears)
    heard_.insert(type);
  hears_all_ = hears_all_ || journey.exit_reads.event || journey.goal_reads.event;
  for (const std::string& type : journey.activity_read)
    read_.insert(names.id_of(type));
  reads_all_ = reads_all_ || journey.reads_any_activity;
  reads_engagement_ = reads_engagement_ || journey.exit_reads.engagement || journey.goal_reads.engagement;
}

}  // namespace caravan
