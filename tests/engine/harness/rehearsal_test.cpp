// A rehearsal does what the engine does, at once and on one thread: whatever a test of the engine proves of a journey's
// life holds here, and what leaves the house is at hand.

#include "engine/harness/rehearsal.hpp"

#include "engine/report/journey_figures.hpp"
#include "tests/engine/made_up_journeys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"
#include "tests/support/stage.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::vector<Input> acme() {
  return {UpsertAccount{"acme", {{"name", text("Acme")}}},
          UpsertPerson{"acme-vp",
                       "acme",
                       {{"email", text("vp@acme.example")}, {"first_name", text("Ada")}, {"mobile", text("+49 1")}}}};
}

/// `2026-01-05T09:00:00Z welcome to vp@acme.example`
std::vector<std::string> sent(const Rehearsal& rehearsal) {
  std::vector<std::string> lines;
  for (const SentMessage& each : rehearsal.sent())
    lines.push_back(to_text(each.at) + " " + each.name + " to " + each.delivery.address);
  return lines;
}

/// Where the account's newest token stands: `waiting at settle`.
std::string standing(Rehearsal& rehearsal, const std::string& account = "acme") {
  std::vector<TokenRecord> tokens;
  rehearsal.reader().tokens_of(rehearsal.reader().account(account)->id, tokens);
  if (tokens.empty()) return "nowhere";
  const TokenRecord& last = tokens.back();
  return std::string(to_text(last.state)) + " at " +
         rehearsal.library().version(last.version)->journey.node(last.node).id;
}

/// Of the account's first token.
std::vector<DeliveryRecord> deliveries(Rehearsal& rehearsal) {
  std::vector<TokenRecord> tokens;
  rehearsal.reader().tokens_of(rehearsal.reader().account("acme")->id, tokens);
  std::vector<DeliveryRecord> found;
  rehearsal.reader().deliveries_of(tokens.front().id, found);
  return found;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a rehearsal sends mails at their virtual time, and keeps their words") {
  Stage stage(
      seeds_workspace("- id: welcome\n  send_email: welcome\n- id: settle\n  wait: 3d\n"
                      "- id: farewell\n  send_email: farewell\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  CHECK(rehearsal.next_moment() == std::nullopt);
  for (const InputResult& result : rehearsal.post_all(acme()))
    CHECK(result.refused == "");
  CHECK(standing(rehearsal) == "waiting at settle");
  CHECK(rehearsal.next_moment() == kMonday + 72h);
  rehearsal.advance_to(kMonday + 71h);
  CHECK(rehearsal.sent().size() == 1);
  rehearsal.advance_to(kMonday + 100h);
  CHECK(rehearsal.now() == kMonday + 100h);
  CHECK(sent(rehearsal) ==
        Lines{"2026-01-05T09:00:00Z welcome to vp@acme.example", "2026-01-08T09:00:00Z farewell to vp@acme.example"});
  const Mail& mail = std::get<Mail>(rehearsal.sent().front().content);
  CHECK(mail.subject == "Welcome");
  CHECK(mail.html.find("Dear Ada of Acme") != std::string::npos);
  CHECK(standing(rehearsal) == "completed at farewell");
  rehearsal.advance_to(kMonday);
  CHECK(rehearsal.now() == kMonday + 100h);
}

TEST_CASE("time runs out at the last moment that anybody waits for, and no later than it may") {
  Stage stage(seeds_workspace("- id: settle\n  wait: 3d\n- id: more\n  wait: 4d\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  rehearsal.post_all(acme());
  rehearsal.run_out(kMonday + 24h * 5);
  CHECK(rehearsal.now() == kMonday + 24h * 3);
  rehearsal.run_out(kMonday + 24h * 365);
  CHECK(rehearsal.now() == kMonday + 24h * 7);
  CHECK(standing(rehearsal) == "completed at more");
}

TEST_CASE("a channel that is down is tried again until it is up, and the rule made last counts") {
  Stage stage(seeds_workspace("- id: welcome\n  send_email: welcome\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  rehearsal.set_channel({.state = ChannelRule::State::down, .channel = "email", .reason = "421 come later"});
  rehearsal.post_all(acme());
  CHECK(rehearsal.sent().empty());
  REQUIRE(rehearsal.next_moment());
  CHECK(*rehearsal.next_moment() > kMonday);
  rehearsal.set_channel({.channel = "email"});
  rehearsal.run_out(kMonday + 24h);
  CHECK(rehearsal.sent().size() == 1);
  CHECK(rehearsal.sent().front().at == rehearsal.now());
}

TEST_CASE("a mail that is refused bounces, to that address and of that template only") {
  Stage stage(
      seeds_workspace("- id: welcome\n  send_email: welcome\n- id: story\n  send_email: story\n"
                      "- id: bounce\n  listen: {event: email.bounced, timeout: 1d}\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  rehearsal.set_channel({ChannelRule::State::refuses, "email", "somebody@else.example", "", "550", {}});
  rehearsal.set_channel({ChannelRule::State::refuses, "email", "vp@acme.example", "story", "550 no such user", {}});
  rehearsal.post_all(acme());
  CHECK(sent(rehearsal) == Lines{"2026-01-05T09:00:00Z welcome to vp@acme.example"});
  CHECK(standing(rehearsal) == "completed at bounce");
}

TEST_CASE("a mail that waits is not sent to somebody who has unsubscribed meanwhile, which is counted and told") {
  Stage stage(
      seeds_workspace("- id: welcome\n  send_email: welcome\n- id: bounce\n  listen: {event: email.bounced, timeout: "
                      "9d}\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  rehearsal.set_channel({.state = ChannelRule::State::down, .channel = "email", .reason = "421 come later"});
  rehearsal.post_all(acme());
  CHECK(rehearsal.post(TellEvent{"email.unsubscribed", {}, "acme-vp", {}, {}, {}}).refused == "");
  rehearsal.set_channel({.channel = "email"});
  rehearsal.advance_to(kMonday + 24h);
  CHECK(rehearsal.sent().empty());
  const std::vector<DeliveryRecord> all = deliveries(rehearsal);
  REQUIRE(all.size() == 1);
  CHECK(all.front().state == DeliveryState::suppressed);
  CHECK(all.front().reason == "it is for somebody who has unsubscribed");
  CHECK(standing(rehearsal) == "listening at bounce");
  const StoreFigures figures = read_figures(rehearsal.library(), rehearsal.reader());
  const MessageFigures& message = figures.journeys.front().messages.front();
  CHECK(message.promised == 1);
  CHECK(message.suppressed == 1);
  CHECK(message.undelivered == 0);
  CHECK(message.waiting() == 0);
}

TEST_CASE("an address that the mail server does not know is told as such, and no mail goes there any more") {
  Stage stage(seeds_workspace(
      "- id: welcome\n  send_email: welcome\n- id: bounce\n  listen: {event: email.bounced, where: "
      "'event.permanent && person.undeliverable == \"vp@acme.example\"', timeout: 1d, on_timeout: {next: "
      "end}}\n- id: story\n  send_email: story\n- id: stay\n  wait: 9d\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  const bool is_known = GENERATE(false, true);
  rehearsal.set_channel({ChannelRule::State::refuses,
                         "email",
                         "",
                         "welcome",
                         is_known ? "550 5.7.1 not from you" : "550 5.1.1 no such user",
                         {}});
  rehearsal.post_all(acme());
  rehearsal.advance_to(kMonday + 24h * 2);
  CHECK(rehearsal.sent().empty());
  CHECK(standing(rehearsal) == (is_known ? "completed at bounce" : "waiting at stay"));
  CHECK(deliveries(rehearsal).size() == 1);  // where it was heard, the story was not even promised
}

TEST_CASE("a connection answers what it is told to, and a text that goes over one is kept as a text") {
  SourceTexts texts = seeds_workspace(
      "- id: call\n  webhook: {connection: crm, body: {name: account.name}, answer: tier}\n"
      "- id: text\n  send_sms: hello\n- id: last\n  wait: 1d\n");
  texts["caravan.yaml"] =
      "timezone: UTC\nconnections:\n  crm: {url: 'https://crm.example/hooks'}\n"
      "channels:\n  sms: {type: connection, connection: crm, address: mobile}\n";
  texts["messages/hello.txt"] = "Hello {{person.first_name}}!\n";
  Stage stage(std::move(texts));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  rehearsal.set_channel({.channel = "crm", .answer = {200, "gold"}});
  rehearsal.post_all(acme());
  CHECK(sent(rehearsal) == Lines{"2026-01-05T09:00:00Z crm to crm", "2026-01-05T09:00:00Z hello to +49 1"});
  CHECK(std::get<Call>(rehearsal.sent()[0].content).body == R"({"name":"Acme"})");
  CHECK(std::get<ShortMessage>(rehearsal.sent()[1].content).text == "Hello Ada!");
  const std::optional<AccountRecord> account = rehearsal.reader().account("acme");
  CHECK(account->attributes.find(stage.names.id_of("tier"))->text() == "gold");
}

TEST_CASE("a connection that answers with an error is called again where that may help, else given up") {
  SourceTexts texts = seeds_workspace("- id: call\n  webhook: {connection: crm}\n- id: last\n  wait: 1d\n");
  texts["caravan.yaml"] =
      "timezone: UTC\nconnections:\n  crm: {url: 'https://crm.example', retry: {attempts: 2, first: 1m, longest: "
      "1h}}\n";
  Stage stage(std::move(texts));
  const auto reasons_after = [&](int status) {
    Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
    rehearsal.set_channel({.channel = "crm", .answer = {status, "so it is"}});
    rehearsal.post_all(acme());
    rehearsal.advance_to(kMonday + 2h);
    std::vector<TokenRecord> tokens;
    rehearsal.reader().tokens_of(rehearsal.reader().account("acme")->id, tokens);
    std::vector<DeliveryRecord> deliveries;
    rehearsal.reader().deliveries_of(tokens.front().id, deliveries);
    return std::to_string(deliveries.front().attempts) + " " + deliveries.front().reason;
  };
  CHECK(reasons_after(503) == "2 crm: answers 503: so it is");
  CHECK(reasons_after(404) == "1 crm: answers 404: so it is");
}

TEST_CASE("what the engine refuses in a rehearsal says why, and what goes with it is taken") {
  Stage stage(seeds_workspace("- id: settle\n  wait: 3d\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  const std::vector<InputResult> results =
      rehearsal.post_all({UpsertPerson{"nobody", "nowhere", {}, {}}, UpsertAccount{"acme", {}}});
  CHECK(results.at(0).refused.find("nowhere") != std::string::npos);
  CHECK(results.at(1).refused == "");
  CHECK(rehearsal.post(EnterJourney{"elsewhere", "acme", ""}).refused == "no journey \"elsewhere\" is published");
}

TEST_CASE("another version is published in a rehearsal, and accounts under way move to it") {
  Stage stage(seeds_workspace("- id: settle\n  wait: 3d\n"));
  Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
  rehearsal.post_all(acme());
  const auto changed = stage.load(seeds_workspace("- id: settle\n  wait: 3d\n- id: story\n  send_email: story\n"));
  CHECK(rehearsal.post(Publish{changed, {}, Publish::UnderWay::move, {}}).refused == "");
  rehearsal.run_out(kMonday + 24h * 30);
  CHECK(sent(rehearsal) == Lines{"2026-01-08T09:00:00Z story to vp@acme.example"});
}

TEST_CASE("in any history a rehearsal comes to what the engine comes to over its threads, its files and its database") {
  CHECK(holds_in(15, [](const std::vector<std::uint8_t>& journey, const std::vector<std::uint8_t>& beginning,
                        const std::vector<std::uint8_t>& history) {
    const SourceTexts texts = made_up_workspace(journey);
    RC_LOG() << texts.at("journeys/seeds.yaml");
    RC_PRE(faults_of(texts).empty());
    World world(texts);
    world.open_channels();
    world.run();
    Stage stage(texts);
    Rehearsal rehearsal(stage.workspace, stage.names, kMonday);
    const auto post = [&](const std::vector<Input>& inputs) {
      const std::vector<InputResult> there = world.post_all(inputs);
      const std::vector<InputResult> here = rehearsal.post_all(inputs);
      RC_ASSERT(here.size() == there.size());
      for (std::size_t i = 0; i < here.size(); ++i)
        RC_ASSERT(here[i].refused == there[i].refused);
    };
    const auto compare = [&] {
      NameBook names(world.reader());
      JourneyLibrary library(world.store(), names);
      RC_ASSERT(outcome_of(rehearsal.reader(), rehearsal.library(), rehearsal.names()) ==
                outcome_of(world.reader(), library, names));
    };
    post(made_up_beginning(beginning));
    compare();
    for (const MadeUpStep& step : made_up_history(history, kMonday, 5)) {
      world.advance(step.passes);
      rehearsal.advance_to(rehearsal.now() + step.passes);
      RC_ASSERT(rehearsal.now() == world.now());
      post(step.inputs);
      compare();
    }
    world.run_out();
    rehearsal.run_out(kMonday + std::chrono::hours(24 * 3650));
    compare();
  }));
}
