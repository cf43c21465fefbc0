// send_sms: an SMS to every person in scope who has a number.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

SourceTexts texting(const std::string& nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] = "timezone: UTC\nchannels:\n  sms: {type: file, address: phone}\n";
  texts["messages/reminder.txt"] = "Dear {{person.first_name}}, see you on {{day}}";
  return texts;
}

std::vector<Input> people() {
  return {UpsertAccount{"acme", {{"day", text("Friday")}}},
          UpsertPerson{"ada", "acme", {{"first_name", text("Ada")}, {"phone", text("+4930123")}}},
          UpsertPerson{"bob", "acme", {{"first_name", text("Bob")}, {"phone", text("+4930456")}}},
          UpsertPerson{"cy", "acme", {{"email", text("cy@acme.example")}}}};
}

std::string fault(const std::string& node) {
  return only_fault(texting("- id: do\n" + indented(node, 2)));
}

}  // namespace

TEST_CASE("an SMS goes to every person who has a number") {
  World world(texting("- id: text\n  send_sms: reminder\n"));
  world.post_all(people());
  CHECK(world.trail("acme") == "text");
  CHECK(world.mails("acme") == std::vector<std::string>{"reminder to +4930123", "reminder to +4930456"});
  CHECK(world.counted_message(CounterKind::promised, "reminder") == 2);
}

TEST_CASE("with `to`, an SMS goes to those for whom it holds; with `with`, values are computed for each") {
  World world(
      texting("- id: text\n  send_sms: {template: reminder, to: person.key != 'bob', with: {day: account.day}}\n"));
  world.post_all(people());
  CHECK(world.mails("acme") == std::vector<std::string>{"reminder to +4930123"});
  CHECK(world.values(world.deliveries("acme").at(0)) == "person.first_name=Ada day=Friday");
}

TEST_CASE("an SMS that nobody gets is a visit that met nobody") {
  World world(texting("- id: text\n  send_sms: {template: reminder, to: person.key == 'cy'}\n"));
  world.post_all(people());
  CHECK(world.trail("acme") == "text:nobody");
}

TEST_CASE("an SMS that was promised before a restart is promised once") {
  World world(texting("- id: text\n  send_sms: reminder\n- id: settle\n  wait: 1d\n"));
  world.post_all(people());
  world.restart();
  world.run_out();
  CHECK(world.mails("acme").size() == 2);
}

TEST_CASE("wrong uses of send_sms are told where they stand") {
  CHECK(fault("send_sms: remindr") ==
        "journeys/seeds.yaml:5:15: there is no message `remindr`; did you mean \"reminder\"?");
  CHECK(fault("send_sms: welcome").find("there is no message `welcome`") != std::string::npos);
  CHECK(fault("send_sms: {to: 'true'}") == "journeys/seeds.yaml:5:5: `send_sms` needs the key `template`");
  CHECK(fault("send_sms: {template: reminder, when: 'true'}").find("unknown key `when`") != std::string::npos);
}
