// Damaged and random workspaces and scenarios: whatever an author hands in, loading ends, and says something or accepts
// it.
#include <random>

#include "tests/journeys/scenario_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

constexpr const char* journey_text =
    "journey: j\ntitle: A 'title'\nenter: {audience: growers, evaluate: {cron: '0 6 * * MON'}, event: form.submitted, "
    "where: event.form == 'x', from: 2026-01-01}\nre_enter: {after: 1d, limit: 3}\ngoal: event.type == 'x'\nnodes:\n  "
    "- id: a\n    split:\n      - path: x\n"
    "        when: >\n          account.industry == \"x\"\n          && people.exists(p, p.title == 'y')\n        "
    "nodes:\n"
    "          - {id: b, send_email: welcome}\n      - path: y\n        next: c\n  - id: w\n    wait: 1d12h\n    next: "
    "a\n"
    "  - id: c\n    notify_sales: {solution_interest: ai-driven-seeds, to: [account.owner, \"x@example.com\"]}\n"
    "  - id: l\n    listen:\n      any_of: [form.submitted, {event: page.viewed, where: event.url == 'x', at_least: "
    "2}]\n"
    "      timeout: {for: 2d, must_end_on: {days: [mon, fri], time: \"09:00\", timezone: UTC}}\n"
    "      on_timeout: {nodes: [{id: late, wait: {until: 2026-03-01}}]}\n"
    "  - id: p\n    split_people:\n      - path: x\n        when: person.title == 'y'\n        nodes:\n"
    "          - {id: own, wait: 1d}\n          - {id: round, send_email: welcome, next: own}\n      - {path: y, next: "
    "end}\n"
    "  - id: v\n    variant_split: {by: people, paths: [{path: x, percent: 30, nodes: []}, {path: y, percent: 70, "
    "next: "
    "end}]}\n"
    "  - id: u\n    update_account: {tier: '\"gold\"'}\n";

constexpr const char* configuration_text =
    "timezone: Europe/Berlin\nchannels:\n  email: {type: file, folder: out}\n"
    "  sms: {type: connection, connection: crm, address: phone}\n"
    "connections:\n  crm: {url: 'https://crm.example.com/hooks', headers: {X-A: b}, secret_env: S, timeout: 5s, retry: "
    "{first: 1s}}\nlists: {newsletter: {of: people}}\nlimits: {paths_per_split: 5}\nretries: {attempts: 3}\n";

constexpr const char* scenario_text =
    "scenario: s\njourney: seeds\nat: ${at}\nrows:\n  - {row: one, at: 2026-01-05T09:00:00Z, node: settle, d: 3}\n"
    "  - {at: 2026-01-06, node: raise, d: 4}\ngiven:\n  accounts:\n    - {key: acme, industry: technology, employees: "
    "7}\n"
    "  people: [{key: vp, account: acme, account_role: owner, title: 'VP'}]\n"
    "  groups: [{account: acme, solution_interest: ai-driven-seeds, members: {vp: influencer}, stage: Engaged}]\n"
    "  events: [{type: form.submitted, person: vp, form: demo, at: 2026-01-01T00:00:00Z}]\nsteps:\n"
    "  - advance: ${d}d\n  - channel: {name: crm, state: up, answer: {a: [1, 2.5, true, null]}}\n"
    "  - publish:\n      texts:\n        emails/welcome.html: |\n          ---\n          subject: x\n          ---\n"
    "          <p>x</p>\n  - enter: {account: acme}\n  - expect: {refused: already}\n  - expect:\n      account: acme\n"
    "      at: ${node}\n      path: [hello, by-industry/technology]\n      sent: [welcome, {template: farewell, says: "
    "x}]\n"
    "      group: {solution_interest: ai-driven-seeds, members: {vp: influencer}}\n      lists: {key-accounts: false}\n"
    "      attributes: {employees: 7}\n      holds: >\n        account.employees == 7\n        && people.size() == 1\n";

constexpr std::array<std::string_view, 24> fragments = {
    "- ",    "  ",  "\n", ": ", "[", "]",  "{",      "}",         "\"",       "'",       "|\n",      ">\n",
    "---\n", "# x", "&a", "*a", "!", "\t", "nodes:", "next: end", "split:\n", "id: a\n", "\xC3\xA4", "\xFF"};

std::string damaged(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t limit) {
    return static_cast<std::size_t>(random()) % std::max<std::size_t>(limit, 1);
  };
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0: text.erase(at, below(12)); break;
      case 1: text.insert(at, fragments[below(fragments.size())]); break;
      case 2: text.insert(at, text.substr(below(text.size()), below(40))); break;
      default:
        if (!text.empty()) text[at] = static_cast<char>(below(256));
    }
  }
  return text;
}

void check_places(const Diagnostics& diagnostics) {
  for (const Diagnostic& each : diagnostics.sorted()) {
    if (each.place.file == nullptr) continue;
    REQUIRE(each.place.offset <= each.place.file->text.size());
    REQUIRE_FALSE(each.message.empty());
    REQUIRE(render(each, Colour::never).size() < 4000);
  }
}

void check_loads(SourceTexts texts) {
  check_places(Loaded(std::move(texts)).workspace->diagnostics);
}

TEST_CASE("a workspace damaged at random loads or says why not") {
  SourceTexts sound = with(with(basics(), "journeys/j.yaml", journey_text), "caravan.yaml", configuration_text);
  sound["schema.yaml"] =
      "schema: {account: {industry: text, owner: text, tier: text}, person: {title: text, phone: text}, event: "
      "{form.submitted: {form: text}, page.viewed: {url: text}}}\n";
  REQUIRE(Loaded(sound).faults() == Lines{});
  for (unsigned seed = 0; seed < 1500; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    SourceTexts texts = sound;
    auto hit = std::next(texts.begin(), static_cast<std::ptrdiff_t>(random() % texts.size()));
    if (random() % 2 == 0) hit = texts.find("journeys/j.yaml");
    hit->second = damaged(hit->second, random);
    check_loads(std::move(texts));
  }
}

TEST_CASE("a scenario damaged at random loads or says why not") {
  MadeUpNames names;
  const std::unique_ptr<Workspace> workspace = load_workspace(scenario_workspace(), "", test_shapes(), names);
  const auto load = [&](std::string text) {
    return load_scenarios(*workspace, {{"scenarios/s.yaml", std::move(text)}}, {test_shapes(), names});
  };
  REQUIRE(load(scenario_text).diagnostics.sorted().empty());
  for (unsigned seed = 0; seed < 1500; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::string text = damaged(scenario_text, random);
    CAPTURE(text);
    check_places(load(text).diagnostics);
  }
}

TEST_CASE("random texts load or say why not") {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::string text = random() % 2 == 0 ? "journey: j\nnodes:\n" : "";
    for (std::size_t parts = random() % 60; parts > 0; --parts)
      text += fragments[random() % fragments.size()];
    check_loads(with(basics(), "journeys/j.yaml", std::move(text)));
  }
}

}  // namespace
}  // namespace caravan
