// Buying groups as arithmetic: the tables a reader can check by hand.

#include "engine/buying_groups.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;

namespace {

constexpr NameId kDecisionMaker{1};
constexpr NameId kInfluencer{2};
constexpr NameId kUser{3};

InterestPlan plan_of(std::vector<RolePlan> roles) {
  return {NameId{9}, "seeds", "Seeds", std::move(roles), {}};
}

GroupRecord group_of(std::initializer_list<std::pair<NameId, int>> members) {
  GroupRecord group;
  std::int64_t person = 0;
  for (const auto& [role, count] : members) {
    for (int i = 0; i < count; ++i)
      group.members.push_back({PersonId{++person}, role, MembershipSource::journey, {}});
  }
  return group;
}

struct Row {
  std::vector<RolePlan> roles;
  GroupRecord group;
  double completeness;
  std::vector<std::string_view> missing;
};

}  // namespace

TEST_CASE("a group's completeness is the mean over its required roles of members by members required") {
  const RolePlan three_makers{kDecisionMaker, "decision_maker", 3, true};
  const RolePlan one_maker{kDecisionMaker, "decision_maker", 1, true};
  const RolePlan two_influencers{kInfluencer, "influencer", 2, true};
  const RolePlan optional_user{kUser, "user", 5, false};
  const std::vector<Row> table = {
      {{three_makers}, group_of({}), 0.0, {"decision_maker"}},
      {{three_makers}, group_of({{kDecisionMaker, 1}}), 33.33, {"decision_maker"}},
      {{three_makers}, group_of({{kDecisionMaker, 2}}), 66.67, {"decision_maker"}},
      {{three_makers}, group_of({{kDecisionMaker, 3}}), 100.0, {}},
      {{three_makers}, group_of({{kDecisionMaker, 7}}), 100.0, {}},
      {{one_maker, two_influencers}, group_of({{kDecisionMaker, 1}, {kInfluencer, 1}}), 75.0, {"influencer"}},
      {{one_maker, two_influencers}, group_of({{kDecisionMaker, 9}}), 50.0, {"influencer"}},
      {{one_maker, two_influencers}, group_of({{kInfluencer, 2}}), 50.0, {"decision_maker"}},
      {{one_maker, two_influencers}, group_of({}), 0.0, {"decision_maker", "influencer"}},
      {{two_influencers, one_maker}, group_of({}), 0.0, {"influencer", "decision_maker"}},
      {{one_maker, optional_user}, group_of({{kDecisionMaker, 1}}), 100.0, {}},
      {{one_maker, optional_user}, group_of({{kUser, 5}}), 0.0, {"decision_maker"}},
      {{optional_user}, group_of({}), 100.0, {}},
      {{}, group_of({}), 100.0, {}},
  };
  for (const Row& row : table) {
    const InterestPlan plan = plan_of(row.roles);
    INFO("row " << (&row - table.data()));
    CHECK(completeness(row.group, plan) == Approx(row.completeness).margin(0.005));
    CHECK(missing_roles(row.group, plan) == row.missing);
  }
}

TEST_CASE("a role is complete by as many members as it requires, and not more so by further ones") {
  struct Line {
    std::int64_t required;
    std::array<std::int64_t, 7> shown;  ///< in percent, for 0 to 6 members
  };
  for (const Line& line : {Line{3, {0, 33, 67, 100, 100, 100, 100}}, Line{5, {0, 20, 40, 60, 80, 100, 100}}}) {
    const InterestPlan plan = plan_of({{kDecisionMaker, "decision_maker", line.required, true}});
    for (int members = 0; members <= 6; ++members) {
      INFO(members << " of " << line.required);
      CHECK(std::lround(completeness(group_of({{kDecisionMaker, members}}), plan)) ==
            line.shown.at(static_cast<std::size_t>(members)));
    }
  }
}

TEST_CASE("members are counted by their role") {
  const GroupRecord group = group_of({{kDecisionMaker, 2}, {kUser, 1}});
  CHECK(members_in(group, kDecisionMaker) == 2);
  CHECK(members_in(group, kUser) == 1);
  CHECK(members_in(group, kInfluencer) == 0);
}

TEST_CASE("members stand in the order of people, whoever joined first") {
  GroupRecord group;
  for (const std::int64_t person : {5, 1, 3}) {
    CHECK(assign_member(group, {PersonId{person}, kUser, MembershipSource::journey, {}}));
  }
  std::vector<std::int64_t> people;
  for (const MemberRecord& member : group.members)
    people.push_back(member.person.value);
  CHECK(people == std::vector<std::int64_t>{1, 3, 5});
}

TEST_CASE("a stronger source is not overruled by a weaker one, and an equal one is") {
  struct Change {
    MembershipSource before;
    MembershipSource now;
    bool is_changed;
  };
  using enum MembershipSource;
  for (const Change& change :
       {Change{conditions, conditions, true}, Change{conditions, journey, true}, Change{conditions, hand, true},
        Change{journey, conditions, false}, Change{journey, journey, true}, Change{journey, hand, true},
        Change{hand, conditions, false}, Change{hand, journey, false}, Change{hand, hand, true}}) {
    INFO(static_cast<int>(change.before) << " then " << static_cast<int>(change.now));
    GroupRecord group;
    REQUIRE(assign_member(group, {PersonId{1}, kUser, change.before, {}}));
    CHECK(assign_member(group, {PersonId{1}, kInfluencer, change.now, {}}) == change.is_changed);
    CHECK(group.members.at(0).role == (change.is_changed ? kInfluencer : kUser));
  }
}

TEST_CASE("the role that somebody has already is theirs by the stronger source, and since when it was") {
  GroupRecord group;
  const auto later = test::kMonday + std::chrono::hours(1);
  REQUIRE(assign_member(group, {PersonId{1}, kUser, MembershipSource::journey, test::kMonday}));
  CHECK_FALSE(assign_member(group, {PersonId{1}, kUser, MembershipSource::journey, later}));
  CHECK_FALSE(assign_member(group, {PersonId{1}, kUser, MembershipSource::conditions, later}));
  CHECK(assign_member(group, {PersonId{1}, kUser, MembershipSource::hand, later, false, "the owner says so"}));
  CHECK(group.members.at(0).since == test::kMonday);
  CHECK(group.members.at(0).source == MembershipSource::hand);
  CHECK(group.members.at(0).reason == "the owner says so");
}

TEST_CASE("the plans of a workspace name its interests and their roles in order of priority") {
  struct Names final : AttributeNames {
    std::uint32_t number_of(std::string_view name) override {
      return numbers.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers.size() + 1)).first->second;
    }
    std::map<std::string, std::uint32_t> numbers;
  } names;
  const auto workspace = load_workspace(test::seeds_workspace("- {id: a, wait: 1d}\n"), "", node_shapes(), names);
  const std::vector<InterestPlan> plans = interest_plans(*workspace, names);
  REQUIRE(plans.size() == 1);
  CHECK(plans[0].name == "ai-driven-seeds");
  CHECK(plans[0].title == "AI Driven Seeds");
  CHECK(plans[0].interest == NameId{names.numbers.at("ai-driven-seeds")});
  REQUIRE(plans[0].roles.size() == 3);
  CHECK(plans[0].roles[0].name == "decision_maker");
  CHECK(plans[0].roles[0].members_required == 3);
  CHECK(plans[0].roles[1].required);
  CHECK(plans[0].roles[2].name == "user");
  CHECK_FALSE(plans[0].roles[2].required);
}
