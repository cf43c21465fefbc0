#include "tests/kill/long_way.hpp"

#include <fstream>

namespace caravan::test {
namespace {

constexpr std::string_view kJourney = R"(journey: long-way
enter: {audience: everyone}
nodes:
  - id: welcome
    send_email: {template: welcome, to: person.lead}
  - id: settle
    wait: 1h
  - id: by-industry
    split:
      - path: technology
        when: account.industry == "technology"
        nodes:
          - id: tech-wait
            wait: 2h
          - id: tech-join
            assign_to_buying_group: {solution_interest: seeds, role: decision_maker}
          - id: by-size
            split:
              - path: enterprise
                when: account.employees >= 1000
                nodes:
                  - id: enterprise-wait
                    wait: 3h
                  - id: tell-sales
                    notify_sales: {solution_interest: seeds, to: [sales@example.com]}
              - path: others
                nodes: []
      - path: agriculture
        when: account.industry == "agriculture"
        next: field-trial
      - path: others
        nodes: []
  - id: first
    wait: 1h
  - id: second
    wait: 90m
  - id: join
    assign_to_buying_group: {solution_interest: seeds, role: user, who: 'person.role("seeds") == ""'}
  - id: third
    wait: 2h
  - id: fourth
    wait: 1h
  - id: fifth
    wait: 1h
  - {id: sixth, wait: 30m}
  - {id: rest-1, wait: 1h}
  - {id: rest-2, wait: 20m}
  - {id: rest-3, wait: 1h}
  - {id: rest-4, wait: 40m}
  - {id: rest-5, wait: 1h}
  - {id: rest-6, wait: 1h}
  - {id: rest-7, wait: 10m}
  - {id: rest-8, wait: 1h}
  - id: farewell
    send_email: {template: farewell, to: person.lead}
  - id: seventh
    wait: 1h
  - id: done
    end:
  - id: field-trial
    send_email: field-trial
    next: first
)";

constexpr std::string_view kGroups = R"(role_template: buyers
roles:
  - role: decision_maker
  - role: user
    required: false
---
solution_interest: seeds
title: Seeds
role_template: buyers
)";

void write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::string mail(const std::string& subject) {
  return "---\nsubject: " + subject + "\n---\n<p>Dear {{person.first_name}} of {{account.key}}.</p>\n";
}

}  // namespace

LongWayAccount long_way_account(std::size_t number) {
  constexpr std::array industries = {"technology", "agriculture", "retail"};
  const std::string text = std::to_string(number);
  return {"account-" + text, "person-" + text, industries[number % industries.size()], number % 2 == 0 ? 200 : 5'000,
          number % 4 == 0};
}

void write_long_way(const std::filesystem::path& folder, std::size_t accounts) {
  write(folder / "caravan.yaml", "timezone: UTC\n");
  write(folder / "audiences/everyone.yaml", "audience: everyone\nwhen: account.employees > 0\n");
  write(folder / "buying-groups/seeds.yaml", kGroups);
  write(folder / "emails/welcome.html", mail("Welcome"));
  write(folder / "emails/field-trial.html", mail("A field trial"));
  write(folder / "emails/farewell.html", mail("Farewell"));
  write(folder / "journeys/long-way.yaml", kJourney);
  std::ofstream account_lines(folder / "accounts.jsonl");
  std::ofstream people_lines(folder / "people.jsonl");
  for (std::size_t number = 1; number <= accounts; ++number) {
    const LongWayAccount account = long_way_account(number);
    account_lines << R"({"key": ")" << account.key << R"(", "industry": ")" << account.industry << R"(", "employees": )"
                  << account.employees << "}\n";
    people_lines << R"({"key": ")" << account.person_key << R"(", "account": ")" << account.key
                 << R"(", "first_name": "Ada", "email": ")" << account.person_key << R"(@customer.example", "lead": )"
                 << (account.is_lead ? "true" : "false") << "}\n";
  }
}

ExpectedVisits expected_visits(const LongWayAccount& account) {
  ExpectedVisits visits = {"welcome", "settle", "by-industry/others"};
  if (account.industry == "technology") {
    visits.back() = "by-industry/technology";
    visits.insert(visits.end(), {"tech-wait", "tech-join"});
    if (account.employees >= 1'000) {
      visits.insert(visits.end(), {"by-size/enterprise", "enterprise-wait", "tell-sales"});
    } else {
      visits.emplace_back("by-size/others");
    }
  } else if (account.industry == "agriculture") {
    visits.back() = "by-industry/agriculture";
    visits.emplace_back("field-trial");
  }
  visits.insert(visits.end(),
                {"first", "second", "join", "third", "fourth", "fifth", "sixth", "rest-1", "rest-2", "rest-3", "rest-4",
                 "rest-5", "rest-6", "rest-7", "rest-8", "farewell", "seventh", "done"});
  return visits;
}

std::vector<ExpectedDelivery> expected_deliveries(const LongWayAccount& account) {
  std::vector<ExpectedDelivery> deliveries;
  const ExpectedVisits visits = expected_visits(account);
  for (std::uint32_t visit = 0; visit < visits.size(); ++visit) {
    const std::string& node = visits[visit];
    if ((node == "welcome" || node == "farewell") && account.is_lead) deliveries.push_back({visit, false, node});
    if (node == "field-trial") deliveries.push_back({visit, false, node});
    if (node == "tell-sales") deliveries.push_back({visit, true, ""});
  }
  return deliveries;
}

}  // namespace caravan::test
