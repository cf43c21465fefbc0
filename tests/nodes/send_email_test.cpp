// send_email: a mail to every person in scope, or to those for whom a condition holds.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// An account `acme` of three people: Ada (VP), Bob (no title) and Cy (no address).
std::vector<Input> acme() {
  return {UpsertAccount{"acme", {{"name", text("Acme Seeds")}}},
          UpsertPerson{
              "ada", "acme", {{"email", text("ada@acme.example")}, {"first_name", text("Ada")}, {"title", text("VP")}}},
          UpsertPerson{"bob", "acme", {{"email", text("bob@acme.example")}, {"first_name", text("Bob")}}},
          UpsertPerson{"cy", "acme", {{"title", text("VP")}}}};
}

std::string fault(const std::string& node) {
  const std::vector<std::string> faults = faults_of(seeds_workspace("- id: mail\n  " + node + "\n"));
  return faults.size() == 1 ? faults.front() : std::to_string(faults.size()) + " faults";
}

}  // namespace

TEST_CASE("a mail goes to every person of the account who has an address") {
  World world(seeds_workspace("- id: mail\n  send_email: welcome\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "mail");
  CHECK(world.mails("acme") == std::vector<std::string>{"welcome to ada@acme.example", "welcome to bob@acme.example"});
  CHECK(world.counted_message(CounterKind::promised, "welcome") == 2);
}

TEST_CASE("a promised mail waits for its channel from the time it was promised") {
  World world(seeds_workspace("- id: settle\n  wait: 1d\n- id: mail\n  send_email: welcome\n"));
  world.post_all(acme());
  world.run_out();
  const std::vector<DeliveryRecord> deliveries = world.deliveries("acme");
  REQUIRE(deliveries.size() == 2);
  CHECK(deliveries[0].state == DeliveryState::pending);
  CHECK(deliveries[0].created_at == kMonday + 24h);
  CHECK(deliveries[0].next_attempt_at == kMonday + 24h);
  CHECK(deliveries[0].attempts == 0);
  CHECK(deliveries[0].account == world.account_record("acme").id);
  CHECK(deliveries[0].version == world.token("acme").version);
}

TEST_CASE("the key of a delivery is the token, the number of the visit and the person") {
  World world(seeds_workspace(
      "- id: settle\n  wait: 1d\n- id: mail\n  send_email: welcome\n- id: again\n  send_email: welcome\n"));
  world.post_all(acme());
  world.run_out();
  const TokenId token = world.token("acme").id;
  const std::int64_t ada = world.people("acme").at(0).id.value;
  const std::int64_t bob = world.people("acme").at(1).id.value;
  std::vector<DeliveryKey> keys;
  for (const DeliveryRecord& delivery : world.deliveries("acme"))
    keys.push_back(delivery.key);
  CHECK(keys == std::vector<DeliveryKey>{{token, 1, {ada}}, {token, 1, {bob}}, {token, 2, {ada}}, {token, 2, {bob}}});
}

TEST_CASE("with `to`, a mail goes to those for whom it holds") {
  World world(seeds_workspace("- id: mail\n  send_email: {template: story, to: 'person.key == \"bob\"'}\n"));
  world.post_all(acme());
  CHECK(world.mails("acme") == std::vector<std::string>{"story to bob@acme.example"});
}

TEST_CASE("a person for whom `to` cannot be evaluated gets no mail, and the others do") {
  World world(seeds_workspace("- id: mail\n  send_email: {template: story, to: 'person.title == \"VP\"'}\n"));
  world.post_all(acme());
  CHECK(world.mails("acme") == std::vector<std::string>{"story to ada@acme.example"});
  REQUIRE(world.notes("acme").size() == 1);
  CHECK(world.notes("acme").front().text.starts_with("person.title == \"VP\": "));
  CHECK(world.counted(CounterKind::expression_errors, "mail") == 1);
}

TEST_CASE("a mail that nobody gets is a visit that met nobody, and the journey goes on") {
  World world(seeds_workspace(
      "- id: mail\n  send_email: {template: story, to: 'person.key == \"nobody\"'}\n- id: last\n  wait: 1d\n"));
  world.post_all(acme());
  CHECK(world.trail("acme") == "mail:nobody last:stopped");
  CHECK(world.mails("acme").empty());
}

TEST_CASE("an account without people gets no mail") {
  World world(seeds_workspace("- id: mail\n  send_email: welcome\n"));
  world.account("empty");
  CHECK(world.trail("empty") == "mail:nobody");
  CHECK(world.standing("empty") == "completed at mail");
}

TEST_CASE("what is no address is passed over") {
  World world(seeds_workspace("- id: mail\n  send_email: welcome\n"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"number", "acme", {{"email", number(7)}}},
                  UpsertPerson{"empty", "acme", {{"email", text("")}}},
                  UpsertPerson{"word", "acme", {{"email", text("nobody")}}},
                  UpsertPerson{"line", "acme", {{"email", text("a@b.example\r\nBcc: c@d.example")}}},
                  UpsertPerson{"named", "acme", {{"email", text("Ada <ada@acme.example>")}}}});
  CHECK(world.mails("acme") == std::vector<std::string>{"welcome to ada@acme.example"});
}

TEST_CASE("a delivery keeps the values that the template names, as they are when it is promised") {
  World world(seeds_workspace(
      "- id: mail\n  send_email: {template: welcome, with: {offer: '\"for \" + person.first_name'}}\n"));
  world.post_all(acme());
  world.account("acme", {{"name", text("Acme Renamed")}});
  const std::vector<DeliveryRecord> deliveries = world.deliveries("acme");
  REQUIRE(deliveries.size() == 2);
  CHECK(world.values(deliveries[0]) == "person.first_name=Ada account.name=Acme Seeds offer=for Ada");
  CHECK(world.values(deliveries[1]) == "person.first_name=Bob account.name=Acme Seeds offer=for Bob");
}

TEST_CASE("a value of `with` that cannot be evaluated is left out, and the mail goes all the same") {
  World world(seeds_workspace("- id: mail\n  send_email: {template: welcome, with: {offer: person.title}}\n"));
  world.post_all(acme());
  const std::vector<DeliveryRecord> deliveries = world.deliveries("acme");
  REQUIRE(deliveries.size() == 2);
  CHECK(world.values(deliveries[0]) == "person.first_name=Ada account.name=Acme Seeds offer=VP");
  CHECK(world.values(deliveries[1]) == "person.first_name=Bob account.name=Acme Seeds");
  CHECK(world.counted(CounterKind::expression_errors, "mail") == 1);
}

TEST_CASE("people who join the account later get the next mail") {
  World world(seeds_workspace(
      "- id: first\n  send_email: welcome\n- id: settle\n  wait: 1d\n- id: second\n  send_email: story\n"));
  world.post_all(acme());
  world.person("dan", "acme", {{"email", text("dan@acme.example")}});
  world.run_out();
  CHECK(world.mails("acme") == std::vector<std::string>{"welcome to ada@acme.example", "welcome to bob@acme.example",
                                                        "story to ada@acme.example", "story to bob@acme.example",
                                                        "story to dan@acme.example"});
}

TEST_CASE("a mail that was promised before a restart is promised once") {
  World world(seeds_workspace(
      "- id: mail\n  send_email: welcome\n- id: settle\n  wait: 1d\n- id: last\n  send_email: farewell\n"));
  world.post_all(acme());
  world.restart();
  CHECK(world.mails("acme").size() == 2);
  world.run_out();
  CHECK(world.mails("acme") == std::vector<std::string>{"welcome to ada@acme.example", "welcome to bob@acme.example",
                                                        "farewell to ada@acme.example",
                                                        "farewell to bob@acme.example"});
}

TEST_CASE("wrong uses of send_email are told where they stand") {
  CHECK(fault("send_email: welcom") ==
        "journeys/seeds.yaml:5:17: there is no mail `welcom`; did you mean \"welcome\"?");
  CHECK(fault("send_email: {to: 'true'}") == "journeys/seeds.yaml:5:5: `send_email` needs the key `template`");
  CHECK(fault("send_email: {template: welcome, too: 'true'}") ==
        "journeys/seeds.yaml:5:37: unknown key `too`; did you mean \"to\"?");
  CHECK(fault("send_email: {template: welcome, to: person.title ==}").starts_with("journeys/seeds.yaml:5:"));
  CHECK(fault("send_email: {template: welcome, to: persn.title == 'VP'}").find("did you mean \"person\"?") !=
        std::string::npos);
  CHECK(fault("send_email: {template: welcome, with: story}") ==
        "journeys/seeds.yaml:5:43: `with` must be a mapping of keys to values");
}
