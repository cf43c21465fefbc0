#include "tools/bench/soak_world.hpp"

#include "tools/bench/accounts.hpp"

namespace caravan::bench {
namespace {

constexpr std::size_t kDaysOfArrival = 28;
/// Of a hundred accounts that have come, to so many something happens on a day.
constexpr std::size_t kPercentADay = 2;
constexpr std::size_t kPeople = 2;

constexpr std::string_view kGroups = R"(role_template: buyers
roles:
  - role: decision_maker
    when: person.title.startsWith("Chief")
  - role: influencer
    required: false
---
solution_interest: soaked
title: What is soaked
role_template: buyers
audience: technical
---
engagement_model: soaked
window: 30d
daily_cap: 20
weights: {form.submitted: 40, page.viewed: 20}
)";

constexpr std::string_view kAudiences = R"(audience: everyone
when: account.employees > 0
---
audience: technical
when: account.industry == "technology"
---
audience: quiet
when: account.activity("page.viewed", "60d").size() == 0
)";

constexpr std::string_view kAnswers = R"(journey: answers
enter:
  event: form.submitted
re_enter: {after: 7d}
nodes:
  - id: by-title
    split_people:
      - path: deciders
        when: person.title.startsWith("Chief")
        nodes:
          - {id: call, send_email: story}
          - {id: days, wait: 3d}
      - path: others
        nodes:
          - {id: read, send_email: story}
  - id: tell-sales
    notify_sales: {solution_interest: soaked, to: [account.owner_email]}
)";

constexpr std::string_view kWakeUp = R"(journey: wake-up
enter:
  audience: quiet
  evaluate: {cron: "0 6 * * MON"}
re_enter: {after: 90d}
nodes:
  - {id: knock, send_email: story}
  - id: hear
    listen: {event: page.viewed, timeout: 21d, on_timeout: {next: end}}
  - {id: thanks, send_email: story}
)";

/// A wait that an edit lengthens, and one that every second edition has.
std::string nurture(std::size_t edition) {
  const std::string extra = edition % 2 == 0 ? "" : "  - {id: a-closer-look, wait: 5d}\n";
  return "journey: " + std::string(kSoakEdited) +
         "\n"
         "enter: {audience: everyone}\n"
         "re_enter: {after: 45d}\n"
         "nodes:\n"
         "  - {id: welcome, send_email: story}\n"
         "  - {id: settle, wait: " +
         std::to_string(7 + edition % 3) +
         "d}\n"
         "  - id: hand-raise\n"
         "    listen:\n"
         "      event: form.submitted\n"
         "      timeout: 21d\n"
         "      on_timeout: {next: rest}\n"
         "  - {id: join, assign_to_buying_group: {solution_interest: soaked, role: influencer}}\n"
         "  - {id: rest, wait: 14d}\n" +
         extra + "  - {id: farewell, send_email: story}\n";
}

}  // namespace

SourceTexts soak_workspace(std::size_t edition) {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/soaked.yaml", std::string(kAudiences)},
          {"buying-groups/soaked.yaml", std::string(kGroups)},
          {"emails/story.html", "---\nsubject: A story\n---\n<p>Dear {{person.first_name}}.</p>\n"},
          {"journeys/answers.yaml", std::string(kAnswers)},
          {"journeys/nurture.yaml", nurture(edition)},
          {"journeys/wake-up.yaml", std::string(kWakeUp)}};
}

std::uint64_t SoakWorld::drawn(std::size_t day, std::size_t number, std::uint64_t purpose, std::uint64_t range) const {
  std::uint64_t mixed = seed_ + day * 0x9e3779b97f4a7c15ULL + number * 0xd1b54a32d192ed03ULL + purpose;
  for (const std::uint64_t factor : {0xbf58476d1ce4e5b9ULL, 0x94d049bb133111ebULL})
    mixed = (mixed ^ mixed >> 30U) * factor;
  return (mixed ^ mixed >> 31U) % range;
}

std::vector<std::vector<Input>> SoakWorld::inputs_of(std::size_t day) const {
  std::vector<std::vector<Input>> inputs;
  const std::size_t before = accounts_ * std::min(day, kDaysOfArrival) / kDaysOfArrival;
  const std::size_t here = accounts_ * std::min(day + 1, kDaysOfArrival) / kDaysOfArrival;
  for (std::size_t number = before + 1; number <= here; ++number) {
    const ReferenceAccount account = reference_account(number);
    inputs.push_back({UpsertAccount{
        account.key,
        {{"industry", {account.industry}}, {"employees", {account.employees}}, {"owner_email", {account.owner}}}}});
    for (std::size_t place = 0; place < kPeople; ++place) {
      const std::string key = account.person_key + "-" + std::to_string(place + 1);
      inputs.back().push_back(UpsertPerson{key,
                                           account.key,
                                           {{"first_name", {account.first_name}},
                                            {"title", {std::string(kTitles[place])}},
                                            {"email", {key + "@customer.example"}}}});
    }
  }
  const std::size_t events = (here * kPercentADay + 99) / 100;
  for (std::size_t number = 0; number < events; ++number) {
    TellEvent event;
    event.type = drawn(day, number, 1, 4) == 0 ? "form.submitted" : "page.viewed";
    event.person = "person-" + std::to_string(drawn(day, number, 2, here) + 1) + "-" +
                   std::to_string(drawn(day, number, 3, kPeople) + 1);
    event.id = "day-" + std::to_string(day) + "-" + std::to_string(number);
    inputs.push_back({std::move(event)});
  }
  return inputs;
}

}  // namespace caravan::bench
