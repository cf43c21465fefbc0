// Engagement as arithmetic: what counts, what it weighs, and what becomes of it as it ages.

#include "engine/engagement.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

constexpr NameId kOpened{1};
constexpr NameId kAttended{2};
constexpr NameId kOther{3};
constexpr NameId kDecisionMaker{11};
constexpr NameId kInfluencer{12};
constexpr NameId kUser{13};
constexpr PersonId kAda{1};
constexpr PersonId kBob{2};
constexpr PersonId kCleo{3};

Instant at(std::string_view text) {
  const std::optional<Instant> instant = parse_instant(text);
  REQUIRE(instant);
  return *instant;
}

/// Opening weighs 30, attending 60.
EngagementPlan two_types() {
  EngagementPlan plan;
  plan.weights = {{kOpened, 30}, {kAttended, 60}};
  return plan;
}

EngagementPlan unit_weights() {
  EngagementPlan plan;
  plan.weights = {{kOpened, 1}, {kAttended, 1}};
  return plan;
}

/// Vital, important and normal.
InterestPlan three_roles() {
  InterestPlan plan;
  for (const auto& [role, weight] : {std::pair{kDecisionMaker, 100}, {kInfluencer, 80}, {kUser, 60}}) {
    RolePlan& planned = plan.roles.emplace_back();
    planned.role = role;
    planned.weight = weight;
  }
  return plan;
}

GroupRecord group_of(const std::vector<std::pair<PersonId, NameId>>& members) {
  GroupRecord group;
  for (const auto& [person, role] : members) {
    MemberRecord& member = group.members.emplace_back();
    member.person = person;
    member.role = role;
  }
  return group;
}

std::vector<ActivityPoint> times(int count, PersonId person, NameId type, Instant at) {
  return std::vector<ActivityPoint>(static_cast<std::size_t>(count), {person, type, at});
}

std::vector<ActivityPoint> together(std::vector<std::vector<ActivityPoint>> parts) {
  std::vector<ActivityPoint> all;
  for (const auto& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// How often the person has done something of the type, as it counts at `now`.
std::int64_t counted(std::vector<ActivityPoint> points, PersonId person, NameId type, Instant now,
                     const EngagementPlan& plan = two_types()) {
  const CountedActivity activity = count_activity(points, plan, {now, plan.window_days, plan.timezone});
  for (const auto& [who, counts] : activity.people) {
    for (const ActivityCount& count : counts) {
      if (who == person && count.type == type) return count.count;
    }
  }
  return 0;
}

std::optional<Instant> counts_again_at(std::vector<ActivityPoint> points, Instant now,
                                       const EngagementPlan& plan = two_types()) {
  return count_activity(points, plan, {now, plan.window_days, plan.timezone}).count_again_at;
}

/// People's scores, each of whom has done so much.
std::vector<double> scores(const std::vector<std::vector<ActivityCount>>& people, const EngagementPlan& plan) {
  NormalizedWeights weights;
  for (const auto& counts : people) {
    for (const ActivityCount& count : counts)
      weights.add(count.type, plan);
  }
  Scale scale;
  for (const auto& counts : people)
    scale.add(weights.unscaled(counts, plan));
  std::vector<double> all;
  for (const auto& counts : people)
    all.push_back(scale.score(weights.unscaled(counts, plan)));
  return all;
}

}  // namespace

TEST_CASE("with unit weights, roles of 100, 80 and 60 with 52, 28 and 17 activities have a raw score of 35.25") {
  const Instant monday = at("2026-01-05T09:00:00Z");
  // Of what was done on one day, 20 of a kind count: of Ada's 12 + 20, of Bob's 20, of Cleo's 20 + 8.
  std::vector<ActivityPoint> points =
      together({times(12, kAda, kOpened, monday), times(30, kAda, kOpened, monday - 24h),
                times(25, kBob, kAttended, monday), times(28, kCleo, kOpened, monday - 48h),
                times(8, kCleo, kAttended, monday - 48h), times(17, PersonId{4}, kOpened, monday)});
  const EngagementPlan plan = unit_weights();
  const CountedActivity activity = count_activity(points, plan, {monday, 30, "UTC"});
  std::map<PersonId, double> raw;
  for (const auto& [person, counts] : activity.people)
    raw[person] = raw_engagement(counts, plan);
  CHECK(raw == std::map<PersonId, double>{{kAda, 32}, {kBob, 20}, {kCleo, 28}, {PersonId{4}, 17}});

  const GroupRecord group =
      group_of({{kAda, kDecisionMaker}, {kBob, kDecisionMaker}, {kCleo, kInfluencer}, {PersonId{4}, kUser}});
  const double score = raw_engagement(group, three_roles(), [&](PersonId person) { return raw.at(person); });
  CHECK(score == Approx(21.6667 + 9.3333 + 4.25).margin(0.0001));
  CHECK(score == Approx(35.25));
}

TEST_CASE("a person's raw score is the sum of their counts times the weights") {
  const std::vector<ActivityCount> counts{{kOpened, 3}, {kAttended, 2}, {kOther, 7}};
  CHECK(raw_engagement(counts, two_types()) == 3 * 30 + 2 * 60);
  CHECK(raw_engagement(std::vector<ActivityCount>{}, two_types()) == 0);
}

TEST_CASE("only roles in use share the weights, and who was removed is no member") {
  GroupRecord group = group_of({{kAda, kDecisionMaker}, {kBob, kUser}, {kCleo, kOther}});
  const auto ten = [](PersonId) { return 10.0; };
  CHECK(raw_engagement(group, three_roles(), ten) == 10);  // each has done 10: so has their mean
  const auto only_ada = [](PersonId person) { return person == kAda ? 16.0 : 0.0; };
  CHECK(raw_engagement(group, three_roles(), only_ada) == 16.0 * 100 / 160);
  CHECK(unscaled_engagement(group, three_roles(), only_ada) == std::sqrt(10.0));
  group.members[1].removed = true;
  CHECK(raw_engagement(group, three_roles(), only_ada) == 16);
  group.members[0].removed = true;
  CHECK(raw_engagement(group, three_roles(), ten) == 0);
  CHECK(unscaled_engagement(group, three_roles(), ten) == 0);
}

TEST_CASE("the same activity counts at most 20 times a day for a person, each type, person and day by itself") {
  const Instant monday = at("2026-01-05T09:00:00Z");
  const std::vector<ActivityPoint> points =
      together({times(21, kAda, kOpened, monday), times(19, kAda, kAttended, monday), times(3, kBob, kOpened, monday),
                times(40, kAda, kOpened, monday - 24h)});
  CHECK(counted(points, kAda, kOpened, monday) == 40);
  CHECK(counted(points, kAda, kAttended, monday) == 19);
  CHECK(counted(points, kBob, kOpened, monday) == 3);
  CHECK(counted(points, kBob, kAttended, monday) == 0);
}

TEST_CASE("what the model does not weigh does not count, and makes nobody due") {
  const Instant monday = at("2026-01-05T09:00:00Z");
  CHECK(counted(times(3, kAda, kOther, monday), kAda, kOther, monday) == 0);
  CHECK_FALSE(counts_again_at(times(3, kAda, kOther, monday), monday));
}

TEST_CASE("the window holds 30 calendar days, the present one included") {
  const Instant now = at("2026-01-30T12:00:00Z");
  CHECK(counted(times(1, kAda, kOpened, at("2026-01-01T00:00:00Z")), kAda, kOpened, now) == 1);
  CHECK(counted(times(1, kAda, kOpened, at("2025-12-31T23:59:59Z")), kAda, kOpened, now) == 0);
  CHECK(counted(times(1, kAda, kOpened, now), kAda, kOpened, now) == 1);
  CHECK(counted(times(1, kAda, kOpened, now + 1ms), kAda, kOpened, now) == 0);
}

TEST_CASE("activity counts up to the midnight at which its day leaves the window") {
  const std::vector<ActivityPoint> points = together(
      {times(1, kAda, kOpened, at("2026-01-01T18:00:00Z")), times(1, kBob, kAttended, at("2026-01-03T18:00:00Z"))});
  CHECK(counts_again_at(points, at("2026-01-05T09:00:00Z")) == at("2026-01-31T00:00:00Z"));
  CHECK(counted(points, kAda, kOpened, at("2026-01-30T23:59:59Z")) == 1);
  CHECK(counted(points, kAda, kOpened, at("2026-01-31T00:00:00Z")) == 0);
  CHECK(counts_again_at(points, at("2026-01-31T00:00:00Z")) == at("2026-02-02T00:00:00Z"));
  CHECK_FALSE(counts_again_at(points, at("2026-02-02T00:00:00Z")));
}

TEST_CASE("what comes after the window's end must be counted again when it does") {
  const Instant midnight = at("2026-01-06T00:00:00Z");
  const std::vector<ActivityPoint> points =
      together({times(1, kAda, kOpened, midnight - 1h), times(1, kAda, kOpened, midnight + 5min)});
  CHECK(counted(points, kAda, kOpened, midnight) == 1);
  CHECK(counts_again_at(points, midnight) == midnight + 5min);
}

TEST_CASE("days are those of the workspace's time zone, also when clocks change") {
  // In Berlin, 29 March 2026 has 23 hours and 25 October 25.
  const EngagementWindow spring(at("2026-03-30T10:00:00Z"), 3, "Europe/Berlin");
  CHECK(spring.begin() == at("2026-03-27T23:00:00Z"));
  CHECK(spring.day_of(at("2026-03-27T22:59:59Z")) == std::nullopt);
  CHECK(spring.day_of(at("2026-03-27T23:00:00Z")) == 0);
  CHECK(spring.day_of(at("2026-03-28T22:59:59Z")) == 0);
  CHECK(spring.day_of(at("2026-03-28T23:00:00Z")) == 1);
  CHECK(spring.day_of(at("2026-03-29T21:59:59Z")) == 1);
  CHECK(spring.day_of(at("2026-03-29T22:00:00Z")) == 2);
  CHECK(spring.day_of(at("2026-03-30T10:00:00Z")) == 2);
  CHECK(spring.day_of(at("2026-03-30T10:00:01Z")) == std::nullopt);
  CHECK(spring.leaves_at(0) == at("2026-03-30T22:00:00Z"));

  const EngagementWindow autumn(at("2026-10-26T10:00:00Z"), 3, "Europe/Berlin");
  CHECK(autumn.begin() == at("2026-10-23T22:00:00Z"));
  CHECK(autumn.day_of(at("2026-10-24T21:59:59Z")) == 0);
  CHECK(autumn.day_of(at("2026-10-24T22:00:00Z")) == 1);
  CHECK(autumn.day_of(at("2026-10-25T22:59:59Z")) == 1);
  CHECK(autumn.day_of(at("2026-10-25T23:00:00Z")) == 2);
  CHECK(autumn.leaves_at(2) == at("2026-10-28T23:00:00Z"));
}

TEST_CASE("a day that a time zone has left out is passed over") {
  // Samoa went from 29 to 31 December 2011 in one midnight.
  const EngagementWindow window(at("2012-01-01T00:00:00Z"), 5, "Pacific/Apia");  // 1 January, 14:00
  CHECK(window.day_of(at("2011-12-29T10:00:00Z")) == 1);                         // 29 December, 00:00
  CHECK(window.day_of(at("2011-12-30T09:59:59Z")) == 1);
  CHECK(window.day_of(at("2011-12-30T10:00:00Z")) == 3);  // 31 December, 00:00
  CHECK(window.day_of(at("2011-12-31T10:00:00Z")) == 4);
}

TEST_CASE("the cap is of a calendar day, not of 24 hours") {
  const EngagementPlan plan = [] {
    EngagementPlan berlin = two_types();
    berlin.timezone = "Europe/Berlin";
    return berlin;
  }();
  const std::vector<ActivityPoint> points = together(
      {times(20, kAda, kOpened, at("2026-01-05T22:59:00Z")), times(20, kAda, kOpened, at("2026-01-05T23:01:00Z"))});
  CHECK(counted(points, kAda, kOpened, at("2026-01-06T12:00:00Z"), plan) == 40);
  CHECK(counted(points, kAda, kOpened, at("2026-01-06T12:00:00Z")) == 20);  // of one day in UTC
}

TEST_CASE("the next midnight is that of the time zone, or the moment at which its clocks leave it out") {
  CHECK(midnight_after(at("2026-01-05T09:00:00Z"), "UTC") == at("2026-01-06T00:00:00Z"));
  CHECK(midnight_after(at("2026-01-06T00:00:00Z"), "UTC") == at("2026-01-07T00:00:00Z"));
  CHECK(midnight_after(at("2026-01-05T23:30:00Z"), "Europe/Berlin") == at("2026-01-06T23:00:00Z"));
  CHECK(midnight_after(at("2026-10-24T22:30:00Z"), "Europe/Berlin") == at("2026-10-25T23:00:00Z"));
  // Beirut's clocks go from 00:00 to 01:00 on 29 March 2026.
  CHECK(midnight_after(at("2026-03-28T12:00:00Z"), "Asia/Beirut") == at("2026-03-28T22:00:00Z"));
}

TEST_CASE("weights are min-max normalized over the types that occurred") {
  EngagementPlan plan = two_types();
  plan.weights.emplace_back(kOther, 90);
  NormalizedWeights weights;
  for (const NameId type : {kOpened, kAttended, kOther})
    weights.add(type, plan);
  CHECK(weights.unscaled(std::vector<ActivityCount>{{kOpened, 9}}, plan) == 0);
  CHECK(weights.unscaled(std::vector<ActivityCount>{{kAttended, 8}}, plan) == 2);
  CHECK(weights.unscaled(std::vector<ActivityCount>{{kOpened, 5}, {kAttended, 14}, {kOther, 2}}, plan) == 3);
}

TEST_CASE("one type of activity, or all of one weight, weighs 1") {
  NormalizedWeights one_type;
  one_type.add(kOpened, two_types());
  CHECK(one_type.unscaled(std::vector<ActivityCount>{{kOpened, 9}}, two_types()) == 3);
  NormalizedWeights one_weight;
  one_weight.add(kOpened, unit_weights());
  one_weight.add(kAttended, unit_weights());
  CHECK(one_weight.unscaled(std::vector<ActivityCount>{{kOpened, 9}, {kAttended, 7}}, unit_weights()) == 4);
}

TEST_CASE("scores are scaled to 0 to 100 over all people, those who have done nothing included") {
  CHECK(scores({{{kOpened, 1}}, {{kOpened, 4}}, {{kOpened, 9}}}, two_types()) == std::vector<double>{0, 50, 100});
  CHECK(scores({{}, {{kOpened, 1}}, {{kOpened, 4}}}, two_types()) == std::vector<double>{0, 50, 100});
}

TEST_CASE("where everybody has done the same, the score is 100; where nobody has done anything, it is 0") {
  CHECK(scores({{{kOpened, 3}}, {{kOpened, 3}}}, two_types()) == std::vector<double>{100, 100});
  CHECK(scores({{{kOpened, 3}}}, two_types()) == std::vector<double>{100});
  CHECK(scores({{}, {}, {}}, two_types()) == std::vector<double>{0, 0, 0});
  CHECK(Scale().score(0) == 0);
}

TEST_CASE("a scale gives nothing below 0 and nothing above 100") {
  Scale scale;
  scale.add(2);
  scale.add(6);
  CHECK(scale.score(1) == 0);
  CHECK(scale.score(3) == 25);
  CHECK(scale.score(7) == 100);
}

TEST_CASE("a plan is the active model of the workspace, and its fingerprint all that decides what counts") {
  class Names final : public AttributeNames {
   public:
    std::uint32_t number_of(std::string_view name) override {
      return known_.try_emplace(std::string(name), 100 - static_cast<std::uint32_t>(known_.size())).first->second;
    }

   private:
    std::map<std::string, std::uint32_t> known_;
  } names;
  Workspace workspace;
  CHECK_FALSE(engagement_plan(workspace, names));
  EngagementModelDefinition& model = workspace.engagement_models["default"];
  model.name = "default";
  model.weights = {{"email.opened", 30}, {"form.submitted", 40}};
  const std::optional<EngagementPlan> plan = engagement_plan(workspace, names);
  REQUIRE(plan);
  CHECK(plan->window_days == 30);
  CHECK(plan->daily_cap == 20);
  CHECK(plan->weight(NameId{names.number_of("email.opened")}) == 30);
  CHECK(plan->weight(NameId{names.number_of("form.submitted")}) == 40);
  CHECK(plan->weight(NameId{names.number_of("page.viewed")}) == 0);

  const auto fingerprint_with = [&](auto change) {
    Workspace changed;
    changed.engagement_models = workspace.engagement_models;
    change(changed, changed.engagement_models.at("default"));
    return engagement_plan(changed, names)->fingerprint;
  };
  CHECK(fingerprint_with([](Workspace&, EngagementModelDefinition& of) { std::swap(of.weights[0], of.weights[1]); }) ==
        plan->fingerprint);
  CHECK(fingerprint_with([](Workspace&, EngagementModelDefinition& of) { of.weights[0].second = 31; }) !=
        plan->fingerprint);
  CHECK(fingerprint_with([](Workspace&, EngagementModelDefinition& of) { of.weights.pop_back(); }) !=
        plan->fingerprint);
  CHECK(fingerprint_with([](Workspace&, EngagementModelDefinition& of) { of.window_days = 60; }) != plan->fingerprint);
  CHECK(fingerprint_with([](Workspace&, EngagementModelDefinition& of) { of.daily_cap = 10; }) != plan->fingerprint);
  CHECK(fingerprint_with([](Workspace& of, EngagementModelDefinition&) { of.configuration.timezone = "Asia/Tokyo"; }) !=
        plan->fingerprint);
}
