#include "engine/engagement.hpp"

namespace caravan {
namespace {

constexpr std::chrono::hours kDay{24};

using LocalDay = std::chrono::local_days;

LocalDay day_at(Instant at, std::string_view timezone) {
  return std::chrono::floor<std::chrono::days>(local_time_at(at, timezone));
}

Instant midnight_of(LocalDay day, std::string_view timezone) {
  return instant_at(LocalTime(day), timezone, LeftOut::at_change);
}

std::string fingerprint_of(const EngagementModelDefinition& model, const std::string& timezone) {
  std::map<std::string, std::int64_t> weights(model.weights.begin(), model.weights.end());
  std::string text = std::to_string(model.window_days) + " days, at most " + std::to_string(model.daily_cap) +
                     " a day, " + timezone + ":";
  for (const auto& [type, weight] : weights)
    text += " " + type + " " + std::to_string(weight);
  return text;
}

/// The sum over the roles in use of their members' values, weighted by the role's share of the weights in use.
double weighted_by_role(const GroupRecord& group, const InterestPlan& plan,
                        const std::function<double(PersonId)>& value_of) {
  double sum = 0;
  double weights = 0;
  for (const RolePlan& role : plan.roles) {
    double of_role = 0;
    bool is_in_use = false;
    for (const MemberRecord& member : group.members) {
      if (member.removed || member.role != role.role) continue;
      is_in_use = true;
      of_role += value_of(member.person);
    }
    if (!is_in_use) continue;
    sum += of_role * role.weight;
    weights += role.weight;
  }
  return weights == 0 ? 0 : sum / weights;
}

}  // namespace

double EngagementPlan::weight(NameId type) const {
  const auto found = std::lower_bound(weights.begin(), weights.end(), type,
                                      [](const auto& each, NameId wanted) { return each.first < wanted; });
  return found == weights.end() || found->first != type ? 0 : found->second;
}

std::optional<EngagementPlan> engagement_plan(const Workspace& workspace, AttributeNames& names) {
  const EngagementModelDefinition* model = workspace.engagement_model();
  if (!model) return std::nullopt;
  EngagementPlan plan;
  plan.window_days = model->window_days;
  plan.daily_cap = model->daily_cap;
  plan.timezone = workspace.configuration.timezone;
  plan.fingerprint = fingerprint_of(*model, plan.timezone);
  for (const auto& [type, weight] : model->weights)
    plan.weights.emplace_back(NameId{names.number_of(type)}, static_cast<double>(weight));
  std::sort(plan.weights.begin(), plan.weights.end());
  return plan;
}

Instant midnight_after(Instant at, std::string_view timezone) {
  return midnight_of(day_at(at, timezone) + std::chrono::days(1), timezone);
}

EngagementWindow::EngagementWindow(Instant now, std::int64_t days, std::string_view timezone)
    : now_(now), days_(static_cast<std::size_t>(days)) {
  assert(days > 0);
  const LocalDay first = day_at(now, timezone) - std::chrono::days(days - 1);
  midnights_.reserve(2 * days_);
  for (std::int64_t day = 0; day < 2 * days; ++day)
    midnights_.push_back(midnight_of(first + std::chrono::days(day), timezone));
}

std::optional<std::size_t> EngagementWindow::day_of(Instant at) const {
  if (at < begin() || at > now_) return std::nullopt;
  // Days on which clocks change are an hour shorter or longer: this is off by one near midnight at most, or where a
  // zone has left out a whole day.
  auto day = std::min(static_cast<std::size_t>((at - begin()) / kDay), days_ - 1);
  while (at < midnights_[day])
    --day;
  while (day + 1 < days_ && at >= midnights_[day + 1])
    ++day;
  return day;
}

CountedActivity count_activity(std::vector<ActivityPoint>& points, const EngagementPlan& plan,
                               const EngagementWindow& window) {
  std::erase_if(points,
                [&](const ActivityPoint& point) { return point.at < window.begin() || plan.weight(point.type) == 0; });
  std::sort(points.begin(), points.end(), [](const ActivityPoint& left, const ActivityPoint& right) {
    return std::tie(left.person, left.type, left.at) < std::tie(right.person, right.type, right.at);
  });
  CountedActivity counted;
  std::optional<std::size_t> counted_day;  // of the type that is being counted
  std::int64_t that_day = 0;
  for (const ActivityPoint& point : points) {
    const std::optional<std::size_t> day = window.day_of(point.at);
    const Instant out_of_date_at = day ? window.leaves_at(*day) : point.at;
    counted.count_again_at = std::min(counted.count_again_at.value_or(out_of_date_at), out_of_date_at);
    if (!day) continue;
    if (counted.people.empty() || counted.people.back().first != point.person)
      counted.people.push_back({point.person, {}});
    std::vector<ActivityCount>& counts = counted.people.back().second;
    const bool is_first_of_type = counts.empty() || counts.back().type != point.type;
    if (is_first_of_type) counts.push_back({point.type, 0});
    if (is_first_of_type || day != counted_day) that_day = 0;
    counted_day = day;
    if (++that_day <= plan.daily_cap) ++counts.back().count;
  }
  return counted;
}

double raw_engagement(std::span<const ActivityCount> counts, const EngagementPlan& plan) {
  double sum = 0;
  for (const ActivityCount& each : counts)
    sum += static_cast<double>(each.count) * plan.weight(each.type);
  return sum;
}

double raw_engagement(const GroupRecord& group, const InterestPlan& plan,
                      const std::function<double(PersonId)>& raw_of) {
  return weighted_by_role(group, plan, raw_of);
}

void Scale::add(double value) {
  least_ = std::min(least_, value);
  greatest_ = std::max(greatest_, value);
}

double Scale::score(double value) const {
  if (greatest_ < least_) return 0;
  if (greatest_ == least_) return greatest_ == 0 ? 0 : 100;
  return 100 * ((std::clamp(value, least_, greatest_) - least_) / (greatest_ - least_));
}

void NormalizedWeights::add(NameId type, const EngagementPlan& plan) {
  const double weight = plan.weight(type);
  if (weight == 0) return;
  least_ = std::min(least_, weight);
  greatest_ = std::max(greatest_, weight);
}

double NormalizedWeights::unscaled(std::span<const ActivityCount> counts, const EngagementPlan& plan) const {
  double sum = 0;
  for (const ActivityCount& each : counts) {
    const double weight = plan.weight(each.type);
    if (weight == 0) continue;
    assert(weight >= least_ && weight <= greatest_);
    const double normalized = greatest_ == least_ ? 1 : (weight - least_) / (greatest_ - least_);
    sum += static_cast<double>(each.count) * normalized;
  }
  return std::sqrt(sum);
}

double unscaled_engagement(const GroupRecord& group, const InterestPlan& plan,
                           const std::function<double(PersonId)>& score_of) {
  return std::sqrt(weighted_by_role(group, plan, score_of));
}

}  // namespace caravan
