#include "tests/engine/harness/random_life.hpp"

#include "engine/kept_consent.hpp"

namespace caravan::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGroups = R"yaml(role_template: seed-buyers
roles:
  - role: decision_maker
    weighting: vital
    when: person.title.startsWith("Chief")
  - role: influencer
    weighting: important
    when: person.title.contains("Agronom")
    members_required: 2
  - role: user
    required: false
---
solution_interest: seeds
role_template: seed-buyers
audience: growers
stage_model: pipeline
engagement_model: default
---
stage_model: pipeline
stages:
  - {stage: Identified, entry: true, to: [Engaged, Lost]}
  - {stage: Engaged, to: [Won, Lost]}
  - {stage: Won, outcome: success}
  - {stage: Lost, outcome: failure, to: [Engaged]}
---
engagement_model: default
window: 5d
daily_cap: 3
weights: {form.submitted: 40, page.viewed: 20, email.sent: 5}
)yaml";

/// With what an edition says otherwise in the place of $SETTLE, $LIMIT and $MORE.
constexpr std::string_view kJourney = R"yaml(journey: seeds
enter: {audience: growers}
re_enter: {after: 4d, counted_from: exit, limit: 3}
exit_when: account.status == "customer"
goal: group("seeds").completeness >= 50
nodes:
  - id: welcome
    send_email: {template: welcome, to: 'person.title != ""'}
  - id: settle
    wait: $SETTLE
  - id: variants
    variant_split:
      assign: quota
      paths:
        - path: a
          percent: 60
          nodes:
            - id: enrich
              webhook: {connection: crm, body: {name: account.key, size: account.employees}, answer: enrichment, wait: true, on_error: {nodes: [{id: no-answer, interesting_moment: {type: web, description: '"no answer"'}}]}}
        - path: b
          percent: 40
          nodes:
            - id: tell-crm
              webhook: {connection: crm, body: {name: account.key}}
  - id: by-size
    split:
      - path: large
        when: account.employees >= $LIMIT
        nodes:
          - id: alone
            split_people:
              - path: chiefs
                when: person.title.startsWith("Chief")
                nodes:
                  - id: ask
                    wait: {for: 1d, must_end_on: {days: [mon, tue, wed, thu], time: "09:00", timezone: Europe/Berlin}}
                  - id: chief-mail
                    send_email: story
              - path: asked
                when: person.engagement > 10.0
                nodes:
                  - id: hear
                    listen: {any_of: [{event: form.submitted, where: event.form == "demo"}], timeout: 3d, on_timeout: {next: end}}
      - path: small
        nodes:
          - id: fits
            change_score: {score: fit, by: 'double(account.employees) / 7.0'}
  - id: join
    assign_to_buying_group: {solution_interest: seeds, role: user, who: 'person.key.endsWith("3")'}
  - id: hot
    add_to_list: hot
$MORE
  - id: hand-raise
    listen:
      any_of:
        - {event: form.submitted, at_least: 2}
        - {event: buying_group.completeness_changed, where: event.new > 40.0}
        - {event: email.bounced}
      timeout: 6d
      on_timeout: {next: farewell}
  - id: engaged
    update_buying_group: {solution_interest: seeds, stage: Engaged, status: asking}
  - id: tell-sales
    notify_sales: {solution_interest: seeds, to: [account.owner_email, sales@seeds.example]}
  - id: hand-over
    enter_journey: side
  - id: stop
    end:
  - id: farewell
    send_email: {template: farewell, to: 'person.title != "Intern"'}
  - id: cool
    remove_from_list: hot
)yaml";

constexpr std::string_view kSide = R"yaml(journey: side
re_enter: {after: 1h}
nodes:
  - id: seen
    update_account: {seen: now, times: 'journey.entry', status: 'account.employees > 900 && journey.entry > 1 ? "customer" : "known"'}
  - id: count
    wait: 30h
  - id: out
    activate: ads
)yaml";

constexpr std::string_view kPeople = R"yaml(journey: care
for: person
enter: {event: page.viewed, where: event.page == "pricing"}
re_enter: {after: 2d}
email_deduplication: true
nodes:
  - id: text
    send_message: hello
  - id: rest
    wait: 20h
  - id: mail
    send_email: story
  - id: seen
    update_person: {seen: '"yes"'}
)yaml";

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what))
    text.replace(at, what.size(), with);
  return text;
}

std::string mail(const std::string& subject) {
  return "---\nsubject: " + subject +
         "\n---\n<p>Dear {{person.first_name}} of {{account.key}}: {{account.status}}</p>\n";
}

}  // namespace

RandomLife::RandomLife(unsigned seed, Size size)
    : size_(size),
      random_(seed),
      server_([this](const HttpRequest& request) { return answer(request); }),
      world_(std::make_unique<World>(texts(), EngineSettings{.turns_per_batch = size.turns_per_batch})) {
  world_->open_channels();
}

/// The connection's other side: mostly well, at times out of order, and never twice the same way.
HttpReply RandomLife::answer(const HttpRequest&) {
  const std::size_t number = ++requests_;
  if (number % 13 == 0) return {.manner = HttpReply::Manner::drop};
  if (number % 7 == 0) return {.status = 503};
  if (number % 11 == 0) return {.status = 404, .body = "\"no such company\""};
  return {.body = "{\"score\": " + std::to_string(number % 100) + "}"};
}

SourceTexts RandomLife::texts() const {
  constexpr std::array settles = {"2d", "1d", "30h"};
  constexpr std::array limits = {"500", "300"};
  std::string more;
  if (edition_ % 2 == 1) more = "  - id: added\n    interesting_moment: {type: milestone, description: account.key}\n";
  std::string journey(kJourney);
  journey = replaced(std::move(journey), "$SETTLE", settles[edition_ % settles.size()]);
  journey = replaced(std::move(journey), "$LIMIT", limits[edition_ % limits.size()]);
  journey = replaced(std::move(journey), "$MORE\n", more);
  return {{"caravan.yaml",
           "timezone: Europe/Berlin\ntimezone_attribute: zone\nlists: {hot: {of: accounts}}\ndestinations: {ads: {of: "
           "accounts}}\nchannels:\n"
           "  email: {type: file, from: Mira <mira@seeds.example>, in_doubt: hold}\n"
           "  chat: {type: connection, connection: crm, address: chat}\n"
           "connections:\n  crm:\n    url: " +
               server_.url() + "/hooks\n    allow_private: true\n    retry: {attempts: 3, first: 1h, longest: 5h}\n"},
          {"audiences/growers.yaml",
           "audience: growers\nwhen: account.industry == \"agriculture\" && account.activity(\"page.left\", "
           "duration(\"48h\")).size() == 0\n"},
          {"buying-groups/seeds.yaml", std::string(kGroups)},
          {"emails/welcome.html", mail("Welcome {{person.first_name}}")},
          {"emails/story.html", mail("A story, edition " + std::to_string(edition_ / 2))},
          {"emails/farewell.html", mail("Farewell")},
          {"messages/hello.txt", "Hello {{person.first_name}}\n"},
          {"journeys/seeds.yaml", std::move(journey)},
          {"journeys/side.yaml", std::string(kSide)},
          {"journeys/care.yaml", std::string(kPeople)}};
}

std::string RandomLife::person() {
  return "person-" + std::to_string(any(3 * size_.accounts));
}

AttributeMap RandomLife::account_attributes() {
  constexpr std::array industries = {"agriculture", "agriculture", "retail"};
  constexpr std::array zones = {"America/New_York", "Asia/Tokyo", "nowhere"};
  AttributeMap attributes = {{"industry", text(industries[any(industries.size())])},
                             {"employees", number(static_cast<std::int64_t>(any(1'000)))},
                             {"owner_email", text("owner-" + std::to_string(any(5)) + "@seeds.example")}};
  if (in(4)) attributes.push_back({"zone", text(zones[any(zones.size())])});
  if (in(9)) attributes.push_back({"status", text(in(3) ? "customer" : "open")});
  if (in(9)) attributes.push_back({"made-up-" + std::to_string(any(40)), number(1)});
  return attributes;
}

AttributeMap RandomLife::person_attributes() {
  constexpr std::array titles = {"Chief Executive", "Agronomist", "Intern", ""};
  const std::string name = "p" + std::to_string(any(1'000));
  AttributeMap attributes = {{"title", text(titles[any(titles.size())])},
                             {"first_name", text(name)},
                             {"email", text(in(20) ? "no address" : name.substr(0, 3) + "@customer.example")},
                             {"chat", text("@" + name)}};
  return attributes;
}

std::vector<Input> RandomLife::beginning() {
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < size_.accounts; ++i)
    inputs.push_back(UpsertAccount{"account-" + std::to_string(i), account_attributes()});
  for (std::size_t i = 0; i < 2 * size_.accounts; ++i)
    inputs.push_back(UpsertPerson{"person-" + std::to_string(i), in(20) ? std::string() : account(),
                                  person_attributes(), in(3) ? std::optional<std::string>("buyer") : std::nullopt});
  return inputs;
}

Input RandomLife::by_hand() {
  using Member = ChangeMember::Command;
  constexpr std::array commands = {Member::assign, Member::remove, Member::release};
  constexpr std::array stages = {"Engaged", "Won", "Lost", ""};
  constexpr std::array helps = {Interfere::Command::retry, Interfere::Command::skip, Interfere::Command::remove};
  constexpr std::array lives = {ChangeJourney::Command::pause, ChangeJourney::Command::resume,
                                ChangeJourney::Command::resume};
  switch (any(7)) {
    case 0:
    case 1:
      return ChangeMember{commands[any(commands.size())], account(), "seeds", person(), in(2) ? "user" : "", "because"};
    case 2: return ChangeGroup{account(), "seeds", stages[any(stages.size())], in(2) ? "talking" : "", "heard so"};
    case 3: return Interfere{helps[any(helps.size())], in(2) ? "seeds" : "side", "", in(3) ? "" : account()};
    case 4: return ChangeJourney{lives[any(lives.size())], in(2) ? "seeds" : "side"};
    case 5: return EnterJourney{"side", account(), ""};
    default: return ScoreEngagement{};
  }
}

/// Somebody says which mails they want, or cannot be reached.
Input RandomLife::of_mails() {
  constexpr std::array types = {"email.unsubscribed", "email.resubscribed", "email.complained", "email.bounced"};
  if (in(6)) return RemovePerson{person()};
  if (in(9)) return SuppressAddress{hash_of_address("p" + std::to_string(any(100)) + "@customer.example"), !in(3)};
  TellEvent event{types[any(types.size())], "", person(), "", {}, {}};
  if (event.type == "email.bounced")
    event.properties = {{"permanent", {in(2)}}};
  else if (in(2))
    event.properties = {{"topic", text("news")}};
  if (in(3)) event.at = world_->now() - std::chrono::hours(any(100));
  return event;
}

Input RandomLife::something() {
  switch (any(13)) {
    case 0:
    case 1: return UpsertAccount{in(9) ? "late-" + std::to_string(any(99)) : account(), account_attributes()};
    case 2: return UpsertPerson{person(), in(3) ? account() : "", person_attributes(), {}};
    case 3: return RelatePerson{person(), account(), in(2) ? "advisor" : "", !in(3)};
    case 4: return in(4) ? Input(RemovePerson{person()}) : Input(EnterJourney{"seeds", account(), ""});
    case 5: return by_hand();
    case 6: {
      TellEvent event{"page.viewed", "", person(), "", {}, {{"page", text(in(2) ? "pricing" : "home")}}};
      if (in(3)) event.at = world_->now() - std::chrono::hours(any(100));
      return event;
    }
    case 7: return TellEvent{"page.left", account(), "", "id-" + std::to_string(any(30)), {}, {}};
    case 8: return of_mails();
    default:
      return TellEvent{"form.submitted",
                       "",
                       person(),
                       in(2) ? "form-" + std::to_string(any(50)) : "",
                       {},
                       {{"form", text(in(2) ? "demo" : "news")}}};
  }
}

void RandomLife::edit() {
  ++edition_;
  if (in(3)) {
    log_ += "restarted with another edition\n";
    world_->restart_with(texts());
    return;
  }
  const bool moves = in(2);
  const std::string refused = world_->publish(texts(), moves ? Publish::UnderWay::move : Publish::UnderWay::stay,
                                              in(2) ? "leave" : "hand-raise");
  log_ += std::string("published ") + (moves ? "and moved " : "") + refused + "\n";
}

void RandomLife::die() {
  std::vector<Input> inputs;
  for (std::size_t i = any(2 * size_.turns_per_batch % 50); i > 0; --i)
    inputs.push_back(something());
  const std::size_t batches = 1 + any(4);
  log_ += "died after " + std::to_string(batches) + " batches\n";
  world_->drop_after(batches, std::move(inputs));
  if (in(2)) world_->advance_clock(std::chrono::hours(any(50)));
  world_->run();
}

void RandomLife::step() {
  const std::chrono::milliseconds passes = in(3) ? 0ms : std::chrono::minutes(any(60 * 30));
  log_ += "passed " + std::to_string(passes.count()) + " ms\n";
  if (in(4)) {
    world_->advance_clock(passes);
  } else {
    world_->advance(passes);
  }
  std::vector<Input> inputs;
  for (std::size_t i = any(1 + size_.accounts / 4); i > 0; --i)
    inputs.push_back(something());
  if (in(3)) {
    world_->post_all(std::move(inputs));
  } else {
    for (Input& input : inputs)
      world_->post(std::move(input));
  }
  switch (any(9)) {
    case 0: return edit();
    case 1:
    case 2: return die();
    case 3: return world_->restart();
    case 4: world_->stop_with({.turns_per_batch = in(2) ? size_.turns_per_batch : 3}); return world_->run();
    default: return;
  }
}

void RandomLife::live() {
  std::vector<Input> inputs = beginning();
  constexpr std::size_t kTogether = 10'000;
  for (std::size_t i = 0; i < inputs.size(); i += kTogether) {
    const auto from = inputs.begin() + static_cast<std::ptrdiff_t>(i);
    const auto to = inputs.begin() + static_cast<std::ptrdiff_t>(std::min(i + kTogether, inputs.size()));
    world_->post_all({std::make_move_iterator(from), std::make_move_iterator(to)});
  }
  for (std::size_t i = 0; i < size_.steps; ++i) {
    step();
    if (on_step_) on_step_();
  }
  world_->post(ChangeJourney{ChangeJourney::Command::resume, "seeds"});
  world_->advance(24h * 3);
  if (in(2)) world_->post(ChangeJourney{ChangeJourney::Command::abort, "side"});
  world_->run_out(24h * 20);
}

}  // namespace caravan::test
