// Whatever changes, in whatever order and batches: a buying group that was kept right step by step is what looking at
// everything anew makes of it, what was decided by hand stays, and completeness is within its bounds.

#include "tests/engine/engine_tests.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"

namespace caravan {
namespace {

using test::text;
using test::World;

constexpr std::string_view kGroups = R"yaml(role_template: seed-buyers
roles:
  - role: decision_maker
    when: person.title == "Chief" || (person.title == "Head" && account.country == "NL")
    members_required: 2
  - role: influencer
    when: person.title == "Head" || people.exists(p, p.title == "Agronomist" && p.key != person.key)
  - role: advisor
    when: person.account_role == "advisor" || person.activity("page.viewed", "3d").size() > 1
    required: false
  - role: champion
---
solution_interest: seeds-interest
role_template: seed-buyers
audience: growers
---
solution_interest: by-hand-alone
role_template: seed-buyers
)yaml";

SourceTexts workspace(const std::string& comment = {}) {
  SourceTexts texts = test::journey_with("enter: {audience: everyone}");
  texts["audiences/growers.yaml"] = "audience: growers\nwhen: account.country != \"\" && people.size() > 0\n";
  texts["buying-groups/seeds.yaml"] = std::string(kGroups) + comment;
  return texts;
}

const std::vector<std::string>& accounts() {
  static const std::vector<std::string> keys = {"acme", "beta"};
  return keys;
}

const std::vector<std::string>& people() {
  static const std::vector<std::string> keys = {"ada", "bob", "cyd", "dan"};
  return keys;
}

template <class Value>
Value one_of(const std::vector<Value>& values) {
  return *rc::gen::elementOf(values);
}

Input made_up_input() {
  const std::string account = one_of(accounts());
  const std::string person = one_of(people());
  const std::string title = one_of<std::string>({"Chief", "Head", "Agronomist", "Cook"});
  const std::string role = one_of<std::string>({"decision_maker", "champion", ""});
  const std::string interest = one_of<std::string>({"seeds-interest", "by-hand-alone"});
  using Command = ChangeMember::Command;
  switch (*rc::gen::inRange(0, 9)) {
    case 0: return UpsertAccount{account, {{"country", text(one_of<std::string>({"NL", "DE", ""}))}}};
    case 1:
    case 2: return UpsertPerson{person, account, {{"title", text(title)}}};
    case 3: return UpsertPerson{person, "", {{"title", text(title)}}};
    case 4: return RelatePerson{person, account, one_of<std::string>({"advisor", ""}), *rc::gen::inRange(0, 3) > 0};
    case 5: return RemovePerson{person};
    case 6:
      return TellEvent{.type = "page.viewed", .account = {}, .person = person, .id = {}, .at = {}, .properties = {}};
    case 7:
      return ChangeMember{one_of<Command>({Command::assign, Command::remove, Command::release}),
                          account,
                          interest,
                          person,
                          role,
                          "said so"};
    default: return UpsertPerson{person, account, {}, one_of<std::string>({"advisor", ""})};
  }
}

/// Everything about groups: who is in them as what, by whom, and who was taken out; not since when.
std::string portrait(World& world) {
  const NameBook names(world.reader());
  std::string lines;
  for (const std::string& account : accounts()) {
    for (const GroupRecord& group : world.group_records(account)) {
      lines += account + " " + std::string(names.text_of(group.interest)) + "\n";
      for (const MemberRecord& member : group.members) {
        lines += "  " + std::to_string(member.person.value) + (member.removed ? " not " : " ") +
                 std::string(names.text_of(member.role)) + " " + std::to_string(static_cast<int>(member.source)) + " " +
                 member.reason + "\n";
      }
    }
  }
  return lines;
}

/// Those that somebody has decided on by hand.
std::set<std::pair<std::int64_t, std::string>> by_hand(World& world) {
  const NameBook names(world.reader());
  std::set<std::pair<std::int64_t, std::string>> found;
  for (const std::string& account : accounts()) {
    for (const GroupRecord& group : world.group_records(account)) {
      for (const MemberRecord& member : group.members) {
        if (member.source == MembershipSource::hand)
          found.emplace(member.person.value,
                        account + std::string(names.text_of(member.role)) + (member.removed ? " out" : " in"));
      }
    }
  }
  return found;
}

TEST_CASE("a group that is kept right step by step is what looking at everything anew makes of it") {
  CHECK(test::holds_in(25, [] {
    World world(workspace());
    world.post_all({UpsertAccount{"acme", {{"country", text("NL")}}}, UpsertAccount{"beta", {}}});
    const int steps = *rc::gen::inRange(1, 12);
    for (int step = 0; step < steps; ++step) {
      std::vector<Input> inputs;
      for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
        inputs.push_back(made_up_input());
      world.post_all(std::move(inputs));
      world.run();
      if (*rc::gen::inRange(0, 6) == 0) world.restart();
      if (*rc::gen::inRange(0, 6) == 0) world.advance(std::chrono::hours(24));
    }
    // Time alone changes members at midnight.
    world.advance(std::chrono::hours(24));
    const std::string kept = portrait(world);
    RC_LOG(kept);
    RC_ASSERT(world.publish(workspace("# everything is looked at anew\n")).empty());
    RC_ASSERT(portrait(world) == kept);
  }));
}

TEST_CASE("what comes from conditions leaves alone what was decided by hand") {
  CHECK(test::holds_in(25, [] {
    World world(workspace());
    world.post_all({UpsertAccount{"acme", {{"country", text("NL")}}}, UpsertAccount{"beta", {{"country", text("DE")}}},
                    UpsertPerson{"ada", "acme", {{"title", text("Chief")}}},
                    UpsertPerson{"bob", "acme", {{"title", text("Cook")}}},
                    UpsertPerson{"cyd", "beta", {{"title", text("Head")}}}});
    world.run();
    using Command = ChangeMember::Command;
    world.post(ChangeMember{one_of<Command>({Command::assign, Command::remove}), "acme", "seeds-interest",
                            one_of<std::string>({"ada", "bob"}), "champion", "said so"});
    const auto decided = by_hand(world);
    RC_ASSERT(decided.size() == 1);
    for (int step = *rc::gen::inRange(1, 8); step > 0; --step) {
      world.post(UpsertPerson{one_of<std::string>({"ada", "bob"}),
                              "acme",
                              {{"title", text(one_of<std::string>({"Chief", "Head", "Agronomist", "Cook"}))}}});
      world.post(UpsertAccount{"acme", {{"country", text(one_of<std::string>({"NL", "DE", ""}))}}});
    }
    RC_ASSERT(by_hand(world) == decided);
  }));
}

TEST_CASE("completeness is between 0 and 100, and another member never lowers it") {
  CHECK(test::holds_in(300, [] {
    InterestPlan plan;
    for (std::uint32_t role = 1; role <= 4; ++role) {
      plan.roles.push_back({.role = NameId{role},
                            .name = std::to_string(role),
                            .members_required = *rc::gen::inRange(1, 5),
                            .required = *rc::gen::inRange(0, 3) > 0});
    }
    GroupRecord group;
    double before = completeness(group, plan);
    for (std::int64_t person = 1; person <= 12; ++person) {
      const auto role = static_cast<std::uint32_t>(*rc::gen::inRange(1, 6));
      assign_member(group, {PersonId{person}, NameId{role}, MembershipSource::journey, {}});
      const double after = completeness(group, plan);
      RC_ASSERT(after >= before && after <= 100.0);
      before = after;
    }
    const GroupRecord whole = group;
    for (const MemberRecord& member : whole.members) {
      RC_ASSERT(remove_member(group, member.person, MembershipSource::journey, {}).has_value());
      RC_ASSERT(completeness(group, plan) <= completeness(whole, plan));
      RC_ASSERT(assign_member(group, member));
      RC_ASSERT(group == whole);
    }
  }));
}

}  // namespace
}  // namespace caravan
