// `caravan schema`: its schemas against a validator that knows nothing of Caravan, and against what the loader takes.
#include <cstdio>
#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sys/wait.h>

#include "journeys/editor_schema.hpp"
#include "journeys/scenario.hpp"
#include "journeys/vocabulary.hpp"
#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"
#include "tools/caravan/data_place.hpp"

namespace caravan::tests {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int exit_code = -1;
  std::string out;
};

/// Runs a command of the shell; what it says on standard error is dropped.
Ran shell(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start " + command);
  Ran ran;
  std::array<char, 4096> buffer{};
  for (std::size_t read = 0; (read = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    ran.out.append(buffer.data(), read);
  const int status = ::pclose(pipe);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

/// The first python3 with what the validator needs: the one on the path may be another than the distribution's.
const std::string& python() {
  static const std::string found = [] {
    for (const std::string candidate : {"python3", "/usr/bin/python3"}) {
      if (shell(candidate + " -c 'import jsonschema, yaml; jsonschema.Draft202012Validator'").exit_code == 0)
        return candidate;
    }
    return std::string();
  }();
  return found;
}

#define NEEDS_VALIDATOR()                                                                                    \
  if (python().empty()) {                                                                                    \
    WARN("skipped: python3 with jsonschema and yaml (Debian: python3-jsonschema, python3-yaml) is missing"); \
    return;                                                                                                  \
  }

/// What the program prints, as files.
class Schemas {
 public:
  Schemas() {
    const Outcome outcome = run({"schema", "--all", folder_.path().string()});
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  }
  fs::path path_of(std::string_view type) const { return folder_ / (std::string(type) + ".schema.json"); }
  boost::json::value read(std::string_view type) const {
    std::ifstream file(path_of(type));
    return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  /// The validator's lines on files; empty when it has nothing to say.
  std::string verdict(std::string_view type, const std::vector<fs::path>& files) const {
    std::string command =
        python() + " '" CARAVAN_SOURCE_DIR "/tests/support/validate_documents.py' '" + path_of(type).string() + "'";
    for (const fs::path& file : files)
      command += " '" + file.string() + "'";
    const Ran ran = shell(command);
    if (ran.exit_code == 0 && ran.out.empty()) return {};
    if (ran.exit_code == 1 && !ran.out.empty()) return ran.out;
    throw std::runtime_error("the validator failed on " + std::string(type) + ": " + ran.out);
  }

 private:
  Folder folder_;
};

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// A workspace in which every key of every document is written once, node types apart.
const SourceTexts& every_key() {
  static const SourceTexts texts = {
      {"caravan.yaml", R"(data: {database: caravan.db}
timezone: Europe/Berlin
timezone_attribute: time_zone
channels:
  email:
    type: smtp
    host: mail.example.com
    port: 587
    security: starttls
    user: caravan
    password_env: MAIL_PASSWORD
    ca_file: ca.pem
    from: Caravan <caravan@example.com>
    connections: 4
    in_doubt: hold
  sms: {type: connection, connection: texts, address: phone, in_doubt: retry}
  chat: {type: file, folder: outbox, address: phone}
connections:
  texts:
    url: https://texts.example.com/send
    headers: {X-Source: caravan}
    secret_env: TEXTS_SECRET
    token_file: /run/secrets/texts
    timeout: 10s
    retry: {attempts: 12, first: 1m, longest: 4h}
    connections: 8
    allow_private: false
    ca_file: ca.pem
  crm: {url: "https://crm.example.com", secret_file: /run/secrets/crm, token_env: CRM_TOKEN}
lists:
  invited: {of: people, title: Invited}
destinations:
  ads: {of: accounts}
retries: {attempts: 24, first: 5m, longest: 6h}
limits:
  paths_per_split: 25
  paths_per_variant_split: 20
  nodes_per_journey: 500
  people_per_account: 10000
  activity_per_account: 10000
  event_bytes: 32768
journal: {keep: always}
history: {keep: 400d, journeys: {every-key: 30d}, archive: false}
api:
  listen: 127.0.0.1:8080
  tokens: required
  tls: {certificate: api.pem, key: api.key}
  trusted_proxies: [127.0.0.1]
  connections: 2000
  body_bytes: 1048576
  requests_per_second: 50
links:
  url: https://go.example.com
  key_env: LINK_KEY             # or key_file: links.key
  opens: true
  clicks: true
  origins: [https://www.example.com]
topics:
  events: {title: Invitations to events, description: A few times a year}
)"},
      {"schema.yaml", R"(schema:
  account:
    industry: text
    time_zone: text
    anything: any
    employees: {type: whole_number, summary: People on the payroll}
    revenue: number
    is_customer: flag
    since: timestamp
    term: duration
    tags: list
    address: map
  person:
    phone: text
  event:
    form.submitted: {form: text, pages: {type: number}}
    webinar.joined:
)"},
      {"audiences/growers.yaml", "audience: growers\ntitle: Growers\nwhen: account.industry == \"agriculture\"\n"},
      {"buying-groups/seeds.yaml", R"(role_template: seed-buyers
roles:
  - {role: decision_maker, weighting: vital, when: 'person.phone != ""', members_required: 2, required: true}
---
solution_interest: seeds
title: Seeds
role_template: seed-buyers
audience: growers
stage_model: pipeline
engagement_model: default
---
engagement_model: default
active: true
window: 4w2d
daily_cap: 20
weights: {form.submitted: 40, webinar.joined: 100}
---
stage_model: pipeline
stages:
  - {stage: Identified, entry: true, to: [Won, Lost]}
  - {stage: Won, outcome: success}
  - {stage: Lost, outcome: failure, to: Identified}
)"},
      {"emails/welcome.html", R"(---
subject: Welcome
from: Ada <ada@example.com>
reply_to: bob@example.com
preheader: Good to have you
operational: true
---
<p>Hello</p>
)"},
      {"emails/invitation.html", R"(---
subject: Come and see
topic: events
---
<p>Hello</p>
)"},
      {"scenarios/every-key.yaml", R"(scenario: every key
journey: every-key
at: 2026-01-05T09:00:00Z
rows:
  - {row: one, stage: Won, days: 3, more: {key: zeta}, who: {phone: ''}, flag: true, says: [Hello]}
  - {stage: Identified, days: 4, more: {key: zeta, industry: food}, who: {phone: x}, flag: false, says: []}
given:
  accounts:
    - {key: acme, industry: agriculture, employees: 7}
    - ${more}
  people:
    - {key: vp, account: acme, account_role: owner, accounts: [zeta], phone: "1"}
    - {key: ann, account: zeta, account_role: null, accounts: [{account: acme, role: advisor}]}
  groups:
    - {account: acme, solution_interest: seeds, members: {vp: decision_maker, ann: }, removed: [], stage: "${stage}", status: hot}
    - {account: zeta, solution_interest: seeds, members: [ann], removed: vp}
  events:
    - {type: form.submitted, person: vp, account: acme, id: e1, at: 2026-01-01, form: demo, properties: {pages: 2}}
steps:
  - advance: ${days}d
  - advance: {to: end}
  - advance: {to: 2026-05-01T09:00:00+02:00}
  - event: {type: webinar.joined, account: acme}
  - account: {key: acme, tags: [a, 1], address: {city: x}}
  - person: {key: vp, phone: null}
  - enter: {account: acme, journey: every-key}
  - expect: {refused: already}
  - enter: {account: acme}
  - expect: {refused: already}
  - group: {account: acme, solution_interest: seeds, stage: Won}
  - score_engagement:
  - channel: {name: email, state: refuses, reason: no such user, to: vp@acme.example, template: welcome}
  - channel: {name: crm, state: up, status: 200, answer: {id: 7}}
  - bounce: {to: vp@acme.example, template: welcome, reason: full}
  - publish:
      with: changed
      texts: {emails/goodbye.html: null}
      move: true
      gone: leave
  - pause:
  - resume: every-key
  - close: every-key
  - abort: every-key
  - retry: {node: settle, account: acme, journey: every-key}
  - skip: {node: settle}
  - remove: {account: acme}
  - remove_person: ann
  - expect:
      - account: acme
        journey: every-key
        at: settle
        state: waiting
        why: until
        until: 2026-05-01T09:00:00Z
        entries: 1
        path: [settle, by-industry/technology]
        sent: [welcome, {template: welcome, to: x, subject: y, says: "${says}", says_not: no}, {connection: crm}]
        notified: []
        events: form.submitted
        group: {solution_interest: seeds, exists: true, completeness: 50, engagement: 0, stage: "", status: hot,
          members: {vp: decision_maker}, missing_roles: decision_maker}
        destinations: {ads: "${flag}"}
        audiences: growers
        attributes: {industry: agriculture}
        holds: [account.employees == 7]
      - {person: vp, account: acme, lists: [invited], attributes: "${who}"}
)"},
      {"scenarios/changed/emails/welcome.html", "---\nsubject: Changed\n---\n<p>Hello</p>\n"},
      {"emails/goodbye.html", "---\nsubject: Goodbye\n---\n<p>Goodbye</p>\n"},
      {"journeys/every-key.yaml", R"(journey: every-key
title: Every key
for: account
enter:
  audience: growers
  evaluate: {cron: "0 6 * * MON-FRI", timezone: Europe/Berlin}
  event: form.submitted
  where: event.form == "demo"
  from: 2026-01-01
  to: 2030-01-01T00:00:00+01:00
re_enter: {after: 30d, counted_from: entry, limit: 3}
email_deduplication: true
exit_when: account.is_customer
goal: group("seeds").completeness >= 80
goal_exits: true
leave_with_audience: true
timezone: Europe/Berlin
nodes:
  - id: settle
    wait: {for: 1d12h, must_end_on: {days: [mon, fri], time: "09:00", timezone: Asia/Kolkata}, timezone: Europe/Berlin}
  - id: hand-raise
    listen:
      any_of:
        - {event: form.submitted, where: event.form == "demo", at_least: 2}
        - webinar.joined
      timeout: {until: 2029-12-01}
      on_timeout: {next: end}
  - id: variants
    variant_split:
      - {path: one, percent: 40, next: end}
      - {path: other, percent: 60, nodes: []}
  - id: by-industry
    split:
      - path: technology
        when: account.industry == "technology"
        nodes:
          - id: hello
            send_email: welcome
      - {path: others, next: end}
)"},
  };
  return texts;
}

std::vector<std::string> faults_of(const SourceTexts& texts) {
  tools::ScratchNames names;
  const std::unique_ptr<Workspace> workspace = load_workspace(texts, "", node_shapes(), names);
  std::vector<std::string> faults;
  for (const Diagnostic& each : workspace->diagnostics.sorted())
    faults.push_back(render(each, Colour::never));
  if (!faults.empty()) return faults;
  const ScenarioSet scenarios = load_scenarios(*workspace, texts, {.shapes = node_shapes(), .names = names});
  for (const Diagnostic& each : scenarios.diagnostics.sorted())
    faults.push_back(render(each, Colour::never));
  return faults;
}

/// The type whose schema a file is held to.
std::string_view type_of(const std::string& path) {
  if (path == "caravan.yaml") return "configuration";
  if (path == "schema.yaml") return "schema";
  if (path.find("emails/") != std::string::npos) return "email";
  return path.starts_with("scenarios/") ? "scenario" : "any";
}

/// Every name of a property in a schema, node types' own apart.
void collect_keys(const boost::json::value& json, std::set<std::string>& keys) {
  if (json.is_array()) {
    for (const auto& element : json.get_array())
      collect_keys(element, keys);
  } else if (json.is_object()) {
    for (const auto& [name, member] : json.get_object()) {
      if (name == "node" || name.starts_with("node.")) continue;
      if (name != "properties") {
        collect_keys(member, keys);
        continue;
      }
      // A property may itself be called `properties`.
      for (const auto& [property, schema] : member.as_object()) {
        keys.insert(property);
        collect_keys(schema, keys);
      }
    }
  }
}

TEST_CASE("every sample fits the schemas, as an independent validator reads them") {
  NEEDS_VALIDATOR();
  const Schemas schemas;
  for (const fs::directory_entry& sample : fs::directory_iterator(CARAVAN_SOURCE_DIR "/samples")) {
    const fs::path folder = sample.path();
    if (!fs::exists(folder / "caravan.yaml")) continue;
    INFO(folder);
    CHECK(schemas.verdict("configuration", {folder / "caravan.yaml"}).empty());
    if (fs::exists(folder / "schema.yaml")) CHECK(schemas.verdict("schema", {folder / "schema.yaml"}).empty());
    const std::vector<fs::path> journeys = files_in(folder / "journeys", ".yaml");
    CHECK(schemas.verdict("journey", journeys).empty());
    CHECK(schemas.verdict("any", journeys).empty());
    CHECK(schemas.verdict("audience", files_in(folder / "audiences", ".yaml")).empty());
    CHECK(schemas.verdict("any", files_in(folder / "buying-groups", ".yaml")).empty());
    CHECK(schemas.verdict("email", files_in(folder / "emails", ".html")).empty());
    CHECK(schemas.verdict("scenario", files_in(folder / "scenarios", ".yaml")).empty());
  }
}

TEST_CASE("the example of every node type fits the schema") {
  NEEDS_VALIDATOR();
  const Schemas schemas;
  const Folder folder;
  std::vector<fs::path> files;
  for (const NodeShape* shape : node_shapes()) {
    std::string node;
    std::istringstream lines{std::string(shape->example)};
    for (std::string line; std::getline(lines, line);)
      node += (node.empty() ? "  - " : "    ") + line + "\n";
    files.push_back(folder.write(std::string(shape->type) + ".yaml", "journey: example\nnodes:\n" + node));
  }
  CHECK(schemas.verdict("journey", files) == "");
}

TEST_CASE("a workspace with every key is taken by the loader, and fits the schemas") {
  NEEDS_VALIDATOR();
  CHECK(faults_of(every_key()) == std::vector<std::string>{});
  const Schemas schemas;
  const Folder folder;
  for (const auto& [path, text] : every_key())
    CHECK(schemas.verdict(type_of(path), {folder.write(path, text)}) == "");
}

TEST_CASE("that workspace has every key of the schemas") {
  const Schemas schemas;
  std::set<std::string> keys;
  for (const EditorSchemaType& type : editor_schema_types())
    collect_keys(schemas.read(type.name), keys);
  CHECK(keys.size() > 80);
  std::string all;
  for (const auto& [path, text] : every_key())
    all += text;
  for (const std::string& key : keys) {
    INFO(key);
    // The password and a smtp channel's folder would be too much at once.
    if (key == "password_file") continue;
    CHECK(all.find(key + ":") != std::string::npos);
  }
}

struct Faulty {
  std::string path;   ///< of the file in the workspace
  std::string text;   ///< instead of what the file has
  std::string place;  ///< that the validator names
};

std::vector<Faulty> faulty_documents() {
  const auto node = [](const std::string& text) { return "journey: j\nnodes:\n  - id: a\n    " + text + "\n"; };
  const std::string journey = "journeys/j.yaml";
  const std::string group = "buying-groups/g.yaml";
  const auto step = [](const std::string& text) { return "scenario: s\nsteps:\n  - " + text + "\n"; };
  const std::string scenario = "scenarios/s.yaml";
  return {
      {journey, "journey: j\n", ""},
      {journey, "journey: j\nnodes: []\n", "nodes"},
      {journey, "journey: My journey\nnodes:\n  - {id: a, wait: 1d}\n", "journey"},
      {journey, "journey: j\nentre: {audience: growers}\nnodes:\n  - {id: a, wait: 1d}\n", ""},
      {journey, "journey: j\nfor: company\nnodes:\n  - {id: a, wait: 1d}\n", "for"},
      {journey, "journey: j\nenter: {audience: growers, evaluate: hourly}\nnodes:\n  - {id: a, wait: 1d}\n",
       "enter/evaluate"},
      {journey, "journey: j\nenter: {audience: growers, from: tomorrow}\nnodes:\n  - {id: a, wait: 1d}\n",
       "enter/from"},
      {journey, "journey: j\nre_enter: {limit: many}\nnodes:\n  - {id: a, wait: 1d}\n", "re_enter/limit"},
      {journey, "journey: j\nnodes:\n  - wait: 1d\n", "nodes/0"},
      {journey, "journey: j\nnodes:\n  - {id: end, wait: 1d}\n", "nodes/0/id"},
      {journey, node("wiat: 1d"), "nodes/0"},
      {journey, node("wait: 1d\n    send_email: welcome"), "nodes/0"},
      {journey, node("wait: 3 days"), "nodes/0/wait"},
      {journey, node("wait: 0s"), "nodes/0/wait"},
      {journey, node("wait: {for: 1d, untill: 2026-01-01}"), "nodes/0/wait"},
      {journey, node("wait: {must_end_on: {days: [monday]}}"), "nodes/0/wait"},
      {journey, node("wait: {must_end_on: {time: \"9:00\"}}"), "nodes/0/wait"},
      {journey, node("end:\n    next: a"), "nodes/0"},
      {journey, node("send_email: {to: 'true'}"), "nodes/0/send_email"},
      {journey, node("listen: {any_of: []}"), "nodes/0/listen"},
      {journey, node("listen: {any_of: [{where: 'true'}]}"), "nodes/0/listen"},
      {journey, node("listen: {event: form.submitted, on_timeout: {nodes: [], next: end}, timeout: 1d}"),
       "nodes/0/listen"},
      {journey, node("split:\n      - {path: a}"), "nodes/0/split"},
      {journey, node("variant_split:\n      - {path: a, percent: 100, nodes: []}"), "nodes/0/variant_split"},
      {journey, node("variant_split:\n      - {path: a, percent: 50, nodes: []}\n      - {path: b, nodes: []}"),
       "nodes/0/variant_split"},
      {"audiences/a.yaml", "audience: a\n", ""},
      {"audiences/a.yaml", "audiense: a\nwhen: 'true'\n", ""},
      {group, "role_template: t\nroles:\n  - {role: Decision Maker}\n", "roles/0/role"},
      {group, "role_template: t\nroles:\n  - {role: buyer, weighting: heavy}\n", "roles/0/weighting"},
      {group, "role_template: t\nroles:\n  - {role: buyer, members_required: 0}\n", "roles/0/members_required"},
      {group, "solution_interest: i\n", ""},
      {group, "engagement_model: m\n", ""},
      {group, "engagement_model: m\nweights: {}\n", "weights"},
      {group, "engagement_model: m\nweights: {form.submitted: 101}\n", "weights/form.submitted"},
      {group, "engagement_model: m\nweights: {form submitted: 40}\n", "weights"},
      {group, "engagement_model: m\nweights: {form.submitted: 40}\nwindow: 1mo\n", "window"},
      {group, "engagement_model: m\nweights: {form.submitted: 40}\ndaily_cap: 0\n", "daily_cap"},
      {group, "engagement_model: m\nweights: {form.submitted: 40}\nactive: yes\n", "active"},
      {group, "stage_model: m\nstages:\n  - {stage: A, entry: yes}\n", "stages/0/entry"},
      {group, "stage_model: m\nstages:\n  - {stage: A, entry: true, outcome: won}\n", "stages/0/outcome"},
      {"schema.yaml", "schema: {account: {industry: string}}\n", "schema/account/industry"},
      {"schema.yaml", "schema: {account: {key: text}}\n", "schema/account"},
      {"schema.yaml", "schema: {person: {engagement: number}}\n", "schema/person"},
      {"schema.yaml", "schema: {event: {form.submitted: {type: text}}}\n", "schema/event/form.submitted"},
      {"schema.yaml", "schema: {accounts: {industry: text}}\n", "schema"},
      {"caravan.yaml", "channels: {email: {folder: out}}\n", "channels/email"},
      {"caravan.yaml", "channels: {email: {type: file, host: mail.example.com}}\n", "channels/email"},
      {"caravan.yaml", "channels: {email: {type: smtp}}\n", "channels/email"},
      {"caravan.yaml", "channels: {email: {type: smtp, host: m, port: 99999}}\n", "channels/email/port"},
      {"caravan.yaml", "connections: {crm: {url: ftp://crm.example.com}}\n", "connections/crm/url"},
      {"caravan.yaml", "connections: {crm: {url: \"https://crm.example.com\", timeout: 1d}}\n",
       "connections/crm/timeout"},
      {"caravan.yaml", "lists: {invited: {of: everybody}}\n", "lists/invited/of"},
      {"caravan.yaml", "limits: {event_bytes: 10}\n", "limits/event_bytes"},
      {"caravan.yaml", "journal: {keep: for ever}\n", "journal/keep"},
      {"caravan.yaml", "history: {journeys: {welcome: for ever}}\n", "history/journeys/welcome"},
      {scenario, "scenario: s\n", ""},
      {scenario, "scenario: s\nsteps: {}\n", "steps"},
      {scenario, "scenario: s\njourny: j\nsteps: []\n", ""},
      {scenario, "scenario: s\nat: 2026-01-05T09:00:00\nsteps: []\n", "at"},
      {scenario, "scenario: s\ngiven: {accounts: [{industry: food}]}\nsteps: []\n", "given/accounts/0"},
      {scenario, "scenario: s\ngiven: {people: [{key: vp, accounts: [{role: x}]}]}\nsteps: []\n", "given/people/0"},
      {scenario, "scenario: s\ngiven: {groups: [{account: acme}]}\nsteps: []\n", "given/groups/0"},
      {scenario, "scenario: s\ngiven: {events: [{person: vp}]}\nsteps: []\n", "given/events/0"},
      {scenario, "scenario: s\nrows: []\nsteps: []\n", "rows"},
      {scenario, step("advnce: 3d"), "steps/0"},
      {scenario, step("advance: 3 days"), "steps/0/advance"},
      {scenario, step("advance: 3d\n    pause:"), "steps/0"},
      {scenario, step("score_engagement: now"), "steps/0/score_engagement"},
      {scenario, step("channel: {name: email, state: donw}"), "steps/0/channel/state"},
      {scenario, step("enter: {}"), "steps/0/enter"},
      {scenario, step("publish: {move: true}"), "steps/0/publish"},
      {scenario, step("expect: []"), "steps/0/expect"},
      {scenario, step("expect: {account: acme, state: complete}"), "steps/0/expect"},
      {scenario, step("expect: {account: acme, sent: [{to: x}]}"), "steps/0/expect"},
      {"emails/m.html", "---\nfrom: Ada <ada@example.com>\n---\n<p>Hi</p>\n", ""},
  };
}

/// Whether a line of the validator is about this place or one below: versions of it differ in where they see that a key
/// may not be there.
bool names_place(const std::string& verdict, const std::string& place) {
  for (std::size_t at = verdict.find(place); at != std::string::npos; at = verdict.find(place, at + 1)) {
    const std::size_t end = at + place.size();
    if ((at == 0 || verdict[at - 1] == '\n') && (verdict[end] == ':' || verdict[end] == '/')) return true;
  }
  return false;
}

TEST_CASE("what is wrong is refused by the schemas at its place, and by the loader") {
  NEEDS_VALIDATOR();
  const Schemas schemas;
  const Folder folder;
  // One validator a type: it takes longer to start than to read them all.
  std::map<std::string, std::vector<fs::path>> files;
  std::vector<std::pair<Faulty, fs::path>> documents;
  for (const Faulty& faulty : faulty_documents()) {
    const fs::path file = folder.write(std::to_string(documents.size()) + "/" + faulty.path, faulty.text);
    files[std::string(type_of(faulty.path))].push_back(file);
    documents.emplace_back(faulty, file);
  }
  std::map<std::string, std::string> verdicts;
  for (const auto& [type, of_type] : files)
    verdicts[type] = schemas.verdict(type, of_type);
  for (const auto& [faulty, file] : documents) {
    INFO(faulty.path << "\n" << faulty.text);
    const std::string& verdict = verdicts[std::string(type_of(faulty.path))];
    CAPTURE(verdict);
    CHECK(names_place(verdict, file.string() + ":" + faulty.place));
    CHECK_FALSE(faults_of({{faulty.path, faulty.text}}).empty());
  }
}

TEST_CASE("without a type the types are listed, with the line that editors want") {
  const Outcome outcome = run({"schema"});
  CHECK(outcome.exit_code == 0);
  for (const EditorSchemaType& type : editor_schema_types())
    CHECK(outcome.out.find("\n  " + std::string(type.name) + " ") != std::string::npos);
  CHECK(outcome.out.find("# yaml-language-server: $schema=") != std::string::npos);
}

TEST_CASE("one type is printed, all are written as files of the same text") {
  const Schemas schemas;
  for (const EditorSchemaType& type : editor_schema_types()) {
    const Outcome outcome = run({"schema", std::string(type.name)});
    CHECK(outcome.exit_code == 0);
    std::ifstream file(schemas.path_of(type.name));
    CHECK(outcome.out == std::string(std::istreambuf_iterator<char>(file), {}));
    CHECK(outcome.out.starts_with("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"));
  }
}

TEST_CASE("every node type and every one of its keys is in the schema of a journey, with its sentence") {
  const boost::json::value schema = Schemas().read("journey");
  const auto& definitions = schema.at("$defs").as_object();
  const auto& nodes = definitions.at("node").at("properties").as_object();
  CHECK(nodes.size() == node_shapes().size() + 2);  // `id` and `next`
  for (const NodeShape* shape : node_shapes()) {
    INFO(shape->type);
    CHECK(nodes.at(shape->type).at("description").as_string() == shape->summary);
    const std::string text = boost::json::serialize(definitions.at("node." + std::string(shape->type)));
    const bool is_all_names = std::any_of(shape->keys.begin(), shape->keys.end(), [&](const KeyShape& key) {
      return key.name == shape->short_form && key.kind == KeyKind::values;
    });
    for (const KeyShape& key : shape->keys)
      CHECK((is_all_names || text.find("\"" + std::string(key.name) + "\":{") != std::string::npos));
  }
}

TEST_CASE("a type that is not there, and a folder that cannot be made, are told") {
  const Outcome unknown = run({"schema", "journeys"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err == "caravan: there is no schema of \"journeys\"; did you mean \"journey\"?\n");
  const Folder folder;
  const fs::path file = folder.write("file", "");
  CHECK(run({"schema", "--all", (file / "below").string()}).exit_code == 3);
  CHECK(run({"schema", "journey", "--all", folder.path().string()}).exit_code == 2);
}

}  // namespace
}  // namespace caravan::tests
