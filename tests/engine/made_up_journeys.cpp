#include "tests/engine/made_up_journeys.hpp"

#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {
namespace {

using namespace std::chrono_literals;

constexpr std::array kWaits = {
    "wait: 1d",
    "wait: 36h",
    "wait: {for: 1d12h, timezone: America/New_York}",
    "wait: {until: 2026-01-07T12:00:00Z}",
    "wait: {until: 'account.?renewal.orValue(now)'}",
    "wait: {until: 'journey.entered_at + duration(\"50h\")'}",
    "wait: {must_end_on: {days: [mon, thu], time: \"09:00\"}}",
    "wait: {for: 12h, must_end_on: {time: \"08:30\", timezone: Europe/Berlin}}",
};

constexpr std::array kActions = {
    "send_email: story",
    "send_email: {template: welcome, to: person.lead}",
    "send_email: {template: farewell, with: {offer: 'string(people.size())'}}",
    "update_account: {rounds: 'account.?rounds.orValue(0) + 1'}",
    "update_account: {status: '\"customer\"'}",
    "update_person: {seen: 'person.?seen.orValue(0) + 1'}",
    "change_score: {score: interest, by: 10}",
    "change_score: {score: interest, by: 'people.size()', who: person.lead}",
    "assign_to_buying_group: ai-driven-seeds",
    "assign_to_buying_group: {solution_interest: ai-driven-seeds, role: user, who: person.lead}",
    "remove_from_buying_group: {solution_interest: ai-driven-seeds, who: person.title != 'VP'}",
    "notify_sales: ai-driven-seeds",
    "interesting_moment: {type: web, description: Came by}",
    "enter_journey: side",
    "leave_journey: side",
};

constexpr std::array kHeard = {
    "form.submitted",
    "{event: page.viewed, where: event.page == 'prices'}",
    "{event: page.viewed, at_least: 2}",
    "{event: account.changed, where: event.attribute == 'employees'}",
    "{event: score.changed, where: event.new >= 10}",
    "interesting_moment",
    "{event: buying_group.completeness_changed, where: event.new > event.old}",
    "audience.left",
    "person.changed",
};

constexpr std::array kTimeouts = {"1d", "{for: 30h, must_end_on: {time: \"09:00\"}}", "{until: 2026-01-08T09:00:00Z}"};

constexpr std::array kOfAccounts = {"account.employees >= 100",
                                    "account.?status.orValue('') == 'customer'",
                                    "people.size() > 1",
                                    "has_group('ai-driven-seeds')",
                                    "account.?interest.orValue(0) > 10",
                                    "account.activity('page.viewed', '2d').size() > 0",
                                    "account.unknown"};
constexpr std::array kOfPeople = {"person.lead", "person.title == 'VP'", "person.?seen.orValue(0) > 0",
                                  "person.role('ai-driven-seeds') == ''",
                                  "person.activity('form.submitted', '3d').size() > 0"};

/// Writes the nodes of a journey.
class Author {
 public:
  Author(Choices& choices, bool for_person) : choices_(choices), for_person_(for_person) {}

  std::string nodes() { return list(0, for_person_, 1 + choices_.of(6)); }

 private:
  std::string list(std::size_t depth, bool inside, std::size_t count) {
    std::string nodes;
    goes_on_ = true;
    for (std::size_t i = 0; i < count && made_ < 24 && goes_on_; ++i)
      nodes += node(depth, inside);
    return nodes;
  }

  std::string node(std::size_t depth, bool inside) {
    const std::string head = "- id: n" + std::to_string(++made_) + "\n";
    switch (choices_.of(depth < 2 ? 12 : 8)) {
      case 0:
      case 1:
      case 2: return head + "  " + choices_.one_of(kActions) + "\n";
      case 3:
      case 4: return head + "  " + choices_.one_of(kWaits) + "\n";
      case 5:
      case 6:
      case 7: return head + listen(depth, inside);
      case 8: return head + "  split:\n" + conditions(depth, inside, false);
      case 9:
      case 10: return head + "  split_people:\n" + conditions(depth, true, !inside);
      default: return head + variants(depth, inside);
    }
  }

  std::string listen(std::size_t depth, bool inside) {
    std::string text = "  listen:\n    any_of: [" + std::string(choices_.one_of(kHeard));
    if (choices_.of(2) == 1) text += ", " + std::string(choices_.one_of(kHeard));
    text += "]\n";
    if (choices_.of(3) == 1) text += "    by: same_person\n";
    const std::size_t kind = choices_.of(6);
    if (kind == 0) return text;  // for ever
    text += "    timeout: " + std::string(choices_.one_of(kTimeouts)) + "\n";
    if (kind == 2) text += "    on_timeout: {next: end}\n";
    if (kind == 3) text += "    on_timeout: {nodes: []}\n";
    if (kind > 3) {
      const std::string nodes = list(depth + 1, inside, 1 + choices_.of(2));
      text += nodes.empty() ? "    on_timeout: {nodes: []}\n" : "    on_timeout:\n      nodes:\n" + indented(nodes, 8);
    }
    goes_on_ = true;
    return text;
  }

  /// The paths of a split, or of a people split. `always` says that the token goes on whatever the paths do.
  std::string conditions(std::size_t depth, bool inside, bool always) {
    const std::size_t paths = 1 + choices_.of(3);
    std::string text;
    bool goes_on = always;
    for (std::size_t i = 0; i < paths; ++i) {
      text += "    - path: p" + std::to_string(i) + "\n";
      const bool is_open = i + 1 == paths && choices_.of(2) == 0;
      if (!is_open) {
        const bool of_person = inside && (always || choices_.of(3) != 0);
        text +=
            "      when: " + std::string(of_person ? choices_.one_of(kOfPeople) : choices_.one_of(kOfAccounts)) + "\n";
      }
      text += path(depth, inside, 6);
      goes_on = goes_on || goes_on_;
    }
    goes_on_ = goes_on;
    return text;
  }

  std::string variants(std::size_t depth, bool inside) {
    constexpr std::array quarters = {std::array{50, 50, 0}, std::array{20, 80, 0}, std::array{33, 33, 34}};
    const std::array<int, 3>& percents = choices_.one_of(quarters);
    std::string text = "  variant_split:\n";
    const bool by_people = choices_.of(2) == 1;
    if (by_people) text += "    by: people\n";
    if (choices_.of(2) == 1) text += "    assign: quota\n";
    text += "    paths:\n";
    bool goes_on = by_people && !inside;
    for (std::size_t i = 0; i < percents.size(); ++i) {
      if (percents[i] == 0) continue;
      text += "      - path: p" + std::to_string(i) + "\n        percent: " + std::to_string(percents[i]) + "\n" +
              path(depth, inside || by_people, 8);
      goes_on = goes_on || goes_on_;
    }
    goes_on_ = goes_on;
    return text;
  }

  /// Where a path leads, with so many blanks.
  std::string path(std::size_t depth, bool inside, std::size_t blanks) {
    const std::string margin(blanks, ' ');
    switch (choices_.of(5)) {
      case 0: goes_on_ = true; return margin + "nodes: []\n";
      case 1: goes_on_ = false; return margin + "next: end\n";
      default: {
        const std::string nodes = list(depth + 1, inside, 1 + choices_.of(3));
        return margin + (nodes.empty() ? "nodes: []\n" : "nodes:\n" + indented(nodes, blanks + 2));
      }
    }
  }

  Choices& choices_;
  bool for_person_;
  std::size_t made_ = 0;
  bool goes_on_ = true;  ///< whether something can follow what was written last
};

std::string head_of(Choices& choices, bool& for_person) {
  constexpr std::array entries = {"enter: {audience: big}\n", "enter: {event: demo.asked}\n",
                                  "enter: {audience: big, event: demo.asked, where: \"event.kind != 'web'\"}\n"};
  constexpr std::array again = {"", "re_enter: {after: 1d, limit: 3}\n",
                                "re_enter: {after: 2d, counted_from: entry, limit: 2}\n", "re_enter: {limit: 4}\n"};
  constexpr std::array exits = {"", "exit_when: account.?status.orValue('') == 'customer'\n",
                                "exit_when: event.type == 'contract.signed'\n",
                                "exit_when: has_group('ai-driven-seeds') && people.size() > 2\n",
                                "exit_when: event.type == 'score.changed' && event.new > 25\n"};
  constexpr std::array goals = {"", "goal: account.?interest.orValue(0) >= 10\n",
                                "goal: event.type == 'form.submitted'\ngoal_exits: true\n",
                                "goal: event.type == 'interesting_moment'\n"};
  const std::size_t entry = choices.of(entries.size());
  std::string head = entries[entry];
  for_person = choices.of(3) == 1;
  if (for_person) head += "for: person\n";
  head += choices.one_of(again);
  head += choices.one_of(exits);
  head += choices.one_of(goals);
  if (entry != 1 && choices.of(3) == 1) head += "leave_with_audience: true\n";
  if (choices.of(2) == 1) head += "email_deduplication: true\n";
  return head;
}

}  // namespace

SourceTexts made_up_workspace(std::vector<std::uint8_t> numbers) {
  Choices choices(std::move(numbers));
  bool for_person = false;
  const std::string head = head_of(choices, for_person);
  const std::string nodes = Author(choices, for_person).nodes();
  SourceTexts texts = workspace_with("journey: seeds\n" + head + "nodes:\n" + indented(nodes, 2));
  texts["audiences/big.yaml"] = "audience: big\nwhen: account.?employees.orValue(0) >= 50\n";
  texts["journeys/side.yaml"] =
      "journey: side\nre_enter: {}\nnodes:\n  - {id: s1, wait: 12h}\n  - {id: s2, change_score: {score: interest, by: "
      "3}}\n  - {id: s3, listen: {event: interesting_moment, timeout: 2d}}\n";
  return texts;
}

std::vector<Input> made_up_beginning(std::vector<std::uint8_t> numbers) {
  constexpr std::array titles = {"VP", "Agronomist", "Clerk"};
  Choices choices(std::move(numbers));
  std::vector<Input> inputs;
  for (int i = 0; i < 4; ++i) {
    AttributeMap attributes = {{"industry", text(choices.of(2) == 0 ? "technology" : "mining")}};
    const std::size_t employees = choices.of(4);
    if (employees != 3) attributes.emplace_back("employees", number(static_cast<std::int64_t>((3 - employees) * 40)));
    if (choices.of(2) == 0) attributes.emplace_back("owner_email", text("owner@example.com"));
    if (choices.of(3) == 1) attributes.emplace_back("renewal", AttributeInput{kMonday + 40h});
    inputs.push_back(UpsertAccount{"account-" + std::to_string(i), std::move(attributes)});
  }
  for (std::size_t i = 0; i < 8; ++i) {
    const std::string key = "person-" + std::to_string(i);
    AttributeMap attributes = {{"title", text(choices.one_of(titles))}, {"lead", AttributeInput{choices.of(2) == 0}}};
    // Some share an address.
    if (choices.of(4) != 3) attributes.emplace_back("email", text("p" + std::to_string(i % 5) + "@example.com"));
    inputs.push_back(UpsertPerson{key, i < 6 ? "account-" + std::to_string(choices.of(3)) : "", std::move(attributes)});
  }
  return inputs;
}

std::vector<MadeUpStep> made_up_history(std::vector<std::uint8_t> numbers, Instant begin, std::size_t most) {
  constexpr std::array<std::chrono::milliseconds, 6> spans = {0ms, 1h, 24h, 12h, 36h, 72h};
  Choices choices(std::move(numbers));
  const auto account = [&] { return "account-" + std::to_string(choices.of(4)); };
  const auto person = [&] { return "person-" + std::to_string(choices.of(9)); };
  Instant now = begin;
  const auto event = [&](std::string type, std::string of_account, std::string of_person,
                         AttributeMap properties = {}) {
    TellEvent told{std::move(type), std::move(of_account), std::move(of_person), {}, {}, std::move(properties)};
    const std::size_t id = choices.of(8);
    if (id > 5) told.id = "event-" + std::to_string(id);
    const std::size_t when = choices.of(6);
    if (when == 4) told.at = now - 13h;
    if (when == 5) told.at = now + 13h;
    return told;
  };
  const auto input = [&]() -> Input {
    switch (choices.of(14)) {
      case 0: return event("form.submitted", {}, person());
      case 1: return UpsertAccount{account(), {{"employees", number(choices.of(2) == 0 ? 120 : 10)}}};
      case 2: return event("demo.asked", {}, person(), {{"kind", text(choices.of(3) == 0 ? "web" : "call")}});
      case 3: return event("demo.asked", account(), {}, {{"kind", text("call")}});
      case 4: return event("page.viewed", account(), {}, {{"page", text(choices.of(2) == 0 ? "prices" : "news")}});
      case 5: return event("page.viewed", {}, person(), {{"page", text("prices")}});
      case 6: return RemovePerson{person()};
      case 7: return UpsertPerson{person(), account(), {{"lead", AttributeInput{true}}, {"title", text("VP")}}};
      case 8: return UpsertPerson{person(), "", {{"lead", AttributeInput{choices.of(2) == 0}}}};
      case 9: return UpsertAccount{account(), {{"status", text(choices.of(3) == 0 ? "customer" : "lead")}}};
      case 10: return event("contract.signed", account(), {});
      case 11: return EnterJourney{"seeds", account(), {}};
      case 12: return EnterJourney{"seeds", {}, person()};
      default: return event("interesting_moment", account(), {}, {{"description", text("Called")}});
    }
  };
  std::vector<MadeUpStep> steps;
  while (steps.size() < most && !choices.is_over()) {
    MadeUpStep step;
    step.passes = choices.one_of(spans);
    step.unseen = choices.of(3) == 1;
    now += step.passes;
    for (std::size_t inputs = 1 + choices.of(3); inputs > 0; --inputs)
      step.inputs.push_back(input());
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace caravan::test
