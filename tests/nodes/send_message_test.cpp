// send_message: a chat message to every person in scope who is reached by chat.

#include "tests/nodes/node_tests.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

SourceTexts texting(const std::string& nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] = "timezone: UTC\nchannels:\n  chat: {type: file, address: chat_id}\n";
  texts["messages/hello.txt"] = "Dear {{person.first_name}}, see you on {{day}}";
  return texts;
}

std::vector<Input> people() {
  return {UpsertAccount{"acme", {{"day", text("Friday")}}},
          UpsertPerson{"ada", "acme", {{"first_name", text("Ada")}, {"chat_id", text("@ada")}}},
          UpsertPerson{"bob", "acme", {{"first_name", text("Bob")}, {"chat_id", text("@bob")}}},
          UpsertPerson{"cy", "acme", {{"email", text("cy@acme.example")}}}};
}

std::string fault(const std::string& node) {
  return only_fault(texting("- id: do\n" + indented(node, 2)));
}

}  // namespace

TEST_CASE("a chat message goes to every person who is reached by chat") {
  World world(texting("- id: text\n  send_message: hello\n"));
  world.post_all(people());
  CHECK(world.trail("acme") == "text");
  CHECK(world.mails("acme") == std::vector<std::string>{"hello to @ada", "hello to @bob"});
  CHECK(world.counted_message(CounterKind::promised, "hello") == 2);
}

TEST_CASE("with `to`, a chat message goes to those for whom it holds; with `with`, values are computed for each") {
  World world(
      texting("- id: text\n  send_message: {template: hello, to: person.key != 'bob', with: {day: account.day}}\n"));
  world.post_all(people());
  CHECK(world.mails("acme") == std::vector<std::string>{"hello to @ada"});
  CHECK(world.values(world.deliveries("acme").at(0)) == "person.first_name=Ada day=Friday");
}

TEST_CASE("a chat message that nobody gets is a visit that met nobody") {
  World world(texting("- id: text\n  send_message: {template: hello, to: person.key == 'cy'}\n"));
  world.post_all(people());
  CHECK(world.trail("acme") == "text:nobody");
}

TEST_CASE("a chat message that was promised before a restart is promised once") {
  World world(texting("- id: text\n  send_message: hello\n- id: settle\n  wait: 1d\n"));
  world.post_all(people());
  world.restart();
  world.run_out();
  CHECK(world.mails("acme").size() == 2);
}

TEST_CASE("wrong uses of send_message are told where they stand") {
  CHECK(fault("send_message: helo") == "journeys/seeds.yaml:5:19: there is no message `helo`; did you mean \"hello\"?");
  CHECK(fault("send_message: welcome").find("there is no message `welcome`") != std::string::npos);
  CHECK(fault("send_message: {to: 'true'}") == "journeys/seeds.yaml:5:5: `send_message` needs the key `template`");
  CHECK(fault("send_message: {template: hello, when: 'true'}").find("unknown key `when`") != std::string::npos);
}
