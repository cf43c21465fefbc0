#include "tests/journeys/scenario_texts.hpp"

namespace caravan {
namespace {

constexpr std::string_view head =
    "scenario: s\n"
    "journey: seeds\n"
    "given:\n"
    "  accounts: [{key: acme}, {key: zeta}]\n"
    "  people: [{key: vp, account: acme}, {key: ann, account: acme, accounts: [zeta]}, {key: zoe, account: zeta}]\n"
    "steps:\n";
constexpr std::size_t head_lines = 6;
constexpr std::string_view last = "- expect: {account: acme, at: nowhere}\n";

/// `8:3: error: ...` as if the text began `lines` lines later.
std::string moved_up(const std::string& fault, std::size_t lines) {
  const std::size_t colon = fault.find(':');
  if (colon == std::string::npos || fault.find_first_not_of("0123456789") != colon) return fault;
  const std::size_t line = std::stoul(fault);
  return line <= lines ? "head:" + fault : std::to_string(line - lines) + fault.substr(colon);
}

}  // namespace

SourceTexts scenario_workspace() {
  SourceTexts texts = basics();
  texts["caravan.yaml"] =
      "timezone: Europe/Berlin\n"
      "channels: {sms: {type: file, address: phone}}\n"
      "connections: {crm: {url: 'https://crm.example.com/hooks'}}\n"
      "lists: {newsletter: {of: people}, key-accounts: {of: accounts}}\n"
      "destinations: {ad-audience: {of: accounts}}\n";
  texts["schema.yaml"] =
      "schema:\n"
      "  account: {industry: text, employees: whole_number, revenue: number, customer: flag, since: timestamp, "
      "term: duration, tags: list, address: map}\n"
      "  person: {title: text, phone: text, first_name: text}\n"
      "  event: {form.submitted: {form: text}, webinar.attended: {minutes: whole_number}}\n";
  texts["buying-groups/engagement.yaml"] = "engagement_model: default\nweights: {form.submitted: 40}\n";
  texts["journeys/seeds.yaml"] =
      "journey: seeds\n"
      "enter: {audience: growers}\n"
      "nodes:\n"
      "  - id: hello\n"
      "    send_email: welcome\n"
      "  - id: settle\n"
      "    wait: 3d\n"
      "  - id: by-industry\n"
      "    split:\n"
      "      - {path: technology, when: account.industry == \"technology\", nodes: [{id: tech, send_email: welcome}]}\n"
      "      - {path: others, nodes: []}\n"
      "  - id: raise\n"
      "    listen: {event: form.submitted, timeout: 14d, on_timeout: {next: end}}\n";
  texts["journeys/training.yaml"] = "journey: training\nfor: person\nnodes:\n  - id: study\n    wait: 1d\n";
  return texts;
}

LoadedScenarios::LoadedScenarios(const SourceTexts& scenarios, SourceTexts of)
    : workspace(load_workspace(std::move(of), "", test_shapes(), names)) {
  if (workspace->diagnostics.errors() > 0) throw std::logic_error("the workspace of scenarios has faults");
  SourceTexts texts;
  for (const auto& [path, text] : scenarios)
    texts["scenarios/" + path] = text;
  set = load_scenarios(*workspace, std::move(texts), {test_shapes(), names});
}

std::vector<std::string> LoadedScenarios::faults() const {
  constexpr std::string_view file = "scenarios/s.yaml:";
  std::vector<std::string> lines;
  for (const Diagnostic& each : set.diagnostics.sorted()) {
    const std::string text = render(each, Colour::never);
    std::string line = text.substr(0, text.find('\n'));
    if (line.starts_with(file)) line.erase(0, file.size());
    lines.push_back(std::move(line));
  }
  return lines;
}

SourceTexts alone(std::string text) {
  return {{"s.yaml", std::move(text)}};
}

std::vector<std::string> scenario_faults(std::string text) {
  return LoadedScenarios(alone(std::move(text))).faults();
}

std::vector<std::string> step_faults(std::string_view steps) {
  std::vector<std::string> faults = scenario_faults(std::string(head) + std::string(steps) + std::string(last));
  for (std::string& fault : faults)
    fault = moved_up(fault, head_lines);
  return faults;
}

std::vector<std::string> expect_faults(std::string_view keys) {
  return step_faults("- expect: {" + std::string(keys) + "}\n");
}

}  // namespace caravan
