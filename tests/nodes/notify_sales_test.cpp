// notify_sales: hands a buying group to sales with a summary.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

std::vector<Input> acme() {
  return {UpsertAccount{"acme", {{"name", text("Acme Seeds")}, {"owner_email", text("owner@example.com")}}},
          UpsertPerson{"vp",
                       "acme",
                       {{"first_name", text("Vera")},
                        {"last_name", text("Paz")},
                        {"title", text("VP")},
                        {"email", text("vp@acme.example")}}}};
}

std::string tells(const std::string& settings) {
  return "- id: tell\n  notify_sales: " + settings + "\n";
}

std::string fault(const std::string& settings) {
  const std::vector<std::string> faults = faults_of(seeds_workspace(tells(settings)));
  return faults.size() == 1 ? faults.front() : std::to_string(faults.size()) + " faults";
}

}  // namespace

TEST_CASE("without `to`, the account's owner is told") {
  World world(seeds_workspace(tells("ai-driven-seeds")));
  world.post_all(acme());
  CHECK(world.trail("acme") == "tell");
  CHECK(world.mails("acme") == std::vector<std::string>{"sales summary to owner@example.com"});
  CHECK(world.counted_message(CounterKind::promised, "sales summary") == 1);
}

TEST_CASE("an account without an owner tells nobody, and the journey goes on") {
  World world(seeds_workspace(tells("ai-driven-seeds") + "- id: last\n  wait: 1d\n"));
  world.account("orphan");
  CHECK(world.trail("orphan") == "tell:nobody last:stopped");
  CHECK(world.notes("orphan").empty());
}

TEST_CASE("with `to`, addresses and expressions are told in their order") {
  World world(
      seeds_workspace(tells("{solution_interest: ai-driven-seeds, to: [sales@example.com, account.owner_email]}")));
  world.post_all(acme());
  CHECK(world.deliveries("acme").size() == 2);
  std::map<std::int64_t, std::string> by_ordinal;
  for (const DeliveryRecord& delivery : world.deliveries("acme")) {
    by_ordinal[delivery.key.recipient.value] = delivery.address;
  }
  CHECK(by_ordinal == std::map<std::int64_t, std::string>{{-1, "sales@example.com"}, {-2, "owner@example.com"}});
}

TEST_CASE("an expression that yields no address is noted, and the others are told") {
  World world(seeds_workspace(
      tells("{solution_interest: ai-driven-seeds, to: [account.second_owner, account.employees, sales@example.com]}")));
  world.account("acme", {{"employees", number(7)}});
  CHECK(world.trail("acme") == "tell");
  CHECK(world.mails("acme") == std::vector<std::string>{"sales summary to sales@example.com"});
  const std::vector<NoteRecord> notes = world.notes("acme");
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].text.starts_with("account.second_owner: "));
  CHECK(notes[1].text.starts_with("account.employees: yields no text but "));
  CHECK(world.counted(CounterKind::expression_errors, "tell") == 2);
}

TEST_CASE("an address keeps its place when one before it fails") {
  World world(
      seeds_workspace(tells("{solution_interest: ai-driven-seeds, to: [account.second_owner, sales@example.com]}")));
  world.account("acme");
  CHECK(world.deliveries("acme").at(0).key.recipient == RecipientId{-2});
}

TEST_CASE("the summary tells of the group as it stands: completeness, missing roles and members") {
  World world(seeds_workspace("- id: join\n  assign_to_buying_group: ai-driven-seeds\n" + tells("ai-driven-seeds")));
  world.post_all(acme());
  const std::vector<DeliveryRecord> deliveries = world.deliveries("acme");
  REQUIRE(deliveries.size() == 1);
  const std::string values = world.values(deliveries[0]);
  INFO(values);
  // One decision maker of three and no influencer: the mean of 33.3 and 0.
  CHECK(values.find("group.completeness=17") != std::string::npos);
  CHECK(values.find("missing_roles=[decision_maker,influencer]") != std::string::npos);
  CHECK(values.find("members=[{role=decision_maker,name=Vera Paz,title=VP,email=vp@acme.example}]") !=
        std::string::npos);
  CHECK(values.find("account.name=Acme Seeds") != std::string::npos);
  CHECK(values.find("interest.title=AI Driven Seeds") != std::string::npos);
}

TEST_CASE("an account without a buying group is handed over as an empty one") {
  World world(seeds_workspace(tells("ai-driven-seeds")));
  world.post_all(acme());
  const std::string values = world.values(world.deliveries("acme").at(0));
  INFO(values);
  CHECK(values.find("group.completeness=0") != std::string::npos);
  CHECK(values.find("missing_roles=[decision_maker,influencer]") != std::string::npos);
}

TEST_CASE("sales that was told before a restart is not told again") {
  World world(seeds_workspace(tells("ai-driven-seeds") + "- id: settle\n  wait: 1d\n"));
  world.post_all(acme());
  world.restart();
  world.run_out();
  CHECK(world.mails("acme").size() == 1);
  CHECK(world.standing("acme") == "completed at settle");
}

TEST_CASE("wrong uses of notify_sales are told where they stand") {
  CHECK(fault("seeds").starts_with("journeys/seeds.yaml:5:19: there is no solution interest `seeds`"));
  CHECK(fault("{to: [sales@example.com]}") ==
        "journeys/seeds.yaml:5:5: `notify_sales` needs the key `solution_interest`");
  CHECK(fault("{solution_interest: ai-driven-seeds, to: []}") == "journeys/seeds.yaml:5:56: `to` names nobody");
  CHECK(fault("{solution_interest: ai-driven-seeds, to: [person.email]}").starts_with("journeys/seeds.yaml:5:"));
  CHECK(fault("{solution_interest: ai-driven-seeds, to: [{a: b}]}") ==
        "journeys/seeds.yaml:5:62: `to` takes e-mail addresses and expressions");
}
