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

/// A workspace that has a chat, a CRM and an engagement model.
SourceTexts connected(const std::string& nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] =
      "timezone: Europe/Berlin\n"
      "channels: {chat: {type: file, address: chat_id}}\n"
      "connections: {crm: {url: \"https://crm.example\"}}\n";
  texts["buying-groups/engagement.yaml"] =
      "engagement_model: default\nweights: {form.submitted: 40, page.viewed: 20}\n";
  return texts;
}

/// The values of the only delivery to an address.
std::string told(World& world, const std::string& address) {
  std::string values;
  for (const DeliveryRecord& delivery : world.deliveries("acme")) {
    if (delivery.address == address) values += world.values(delivery);
  }
  return values;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
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
  CHECK(contains(values,
                 "missing_roles=[{role=Decision maker,members=1,required=3},{role=Influencer,members=0,required=1}]"));
  CHECK(contains(values,
                 "member_list=[{number=1,name=Vera Paz,title=VP,role=Decision maker,email=vp@acme.example,"
                 "mail_to=vp@acme.example}]"));
  CHECK(values.find("account.name=Acme Seeds") != std::string::npos);
  CHECK(values.find("interest.title=AI Driven Seeds") != std::string::npos);
}

TEST_CASE("an account without a buying group is handed over as an empty one") {
  World world(seeds_workspace(tells("ai-driven-seeds")));
  world.post_all(acme());
  const std::string values = world.values(world.deliveries("acme").at(0));
  INFO(values);
  CHECK(values.find("group.completeness=0") != std::string::npos);
  CHECK(contains(values,
                 "missing_roles=[{role=Decision maker,members=0,required=3},{role=Influencer,members=0,required=1}]"));
  CHECK_FALSE(contains(values, "member_list="));
}

TEST_CASE("the summary tells who has done the most, what they did last, and the moments of the account") {
  World world(
      connected("- id: settle\n  wait: 1h\n- id: join\n  assign_to_buying_group: ai-driven-seeds\n" +
                std::string("- id: noticed\n  interesting_moment: {type: milestone, description: Is warm now}\n") +
                "- id: sleep\n  wait: 1d\n" + tells("{solution_interest: ai-driven-seeds, connection: crm}")));
  world.post_all(acme());
  world.person("ab", "acme", {{"name", text("Abel Brandt")}, {"title", text("Head of Fields")}});
  world.event("form.submitted", "ab", {{"form", text("demo")}});
  world.event("page.viewed", "vp", {{"url", text("/pricing")}});
  world.run_out();
  const std::string values = told(world, "crm");
  INFO(values);
  // A form and a page, weighing 40 and 20: min-max normalized 1 and 0. Two decision makers of three and no influencer.
  CHECK(contains(values, "group={completeness=33,engagement=100,raw_engagement=60"));
  CHECK(contains(values, "interesting_moments=[{at=2026-01-05T10:00:00Z,kind=milestone,description=Is warm now}]"));
  const std::size_t abel = values.find(
      "{key=ab,name=Abel Brandt,title=Head of Fields,role=decision_maker,engagement=100,"
      "raw_engagement=40");
  const std::size_t vera =
      values.find("{key=vp,name=Vera Paz,title=VP,role=decision_maker,engagement=0,raw_engagement=20");
  CHECK(abel < vera);
  CHECK(vera != std::string::npos);
  CHECK(contains(values, "activities=[{at=2026-01-05T09:00:00Z,type=form.submitted,description=Sent the form demo}]"));
  CHECK(
      contains(values, "activities=[{at=2026-01-05T09:00:00Z,type=page.viewed,description=Viewed the page /pricing}]"));
}

TEST_CASE("with `connection` alone, a call of it has the facts, and no mail goes to the owner") {
  World world(connected("- id: join\n  assign_to_buying_group: ai-driven-seeds\n" +
                        tells("{solution_interest: ai-driven-seeds, connection: crm}")));
  world.post_all(acme());
  CHECK(world.trail("acme") == "join tell");
  CHECK(world.mails("acme") == std::vector<std::string>{"crm to crm"});
  const std::string values = told(world, "crm");
  INFO(values);
  CHECK(
      values.starts_with("event=sales_handover solution_interest={name=ai-driven-seeds,title=AI Driven Seeds} "
                         "account={key=acme,name=Acme Seeds} group={completeness=17,engagement=0,raw_engagement=0"));
  CHECK(contains(values,
                 "missing_roles=[{role=decision_maker,members=1,members_required=3},"
                 "{role=influencer,members=0,members_required=1}]"));
  CHECK(contains(values, "interesting_moments=[] members=[{key=vp,name=Vera Paz,title=VP,role=decision_maker,"));
  CHECK(contains(values, "journey={name=seeds,title=seeds} at=2026-01-05T09:00:00Z"));
}

TEST_CASE("mails, a chat and a connection are told together, each once") {
  World world(
      connected(tells("{solution_interest: ai-driven-seeds, to: sales@example.com, "
                      "chat: [\"#sales\", account.owner_chat, \"@ada\"], connection: crm}")));
  world.account("acme", {{"owner_chat", text("owner")}, {"owner_email", text("owner@example.com")}});
  CHECK(world.mails("acme") == std::vector<std::string>{"crm to crm", "sales chat to @ada", "sales chat to owner",
                                                        "sales chat to #sales", "sales summary to sales@example.com"});
  CHECK(contains(told(world, "#sales"), "interest.title=AI Driven Seeds"));
  CHECK(told(world, "#sales") == told(world, "@ada"));
}

TEST_CASE("a chat's handle that is longer than any is passed over") {
  World world(connected(tells("{solution_interest: ai-driven-seeds, chat: account.owner_chat}")));
  world.account("acme", {{"owner_chat", text(std::string(257, 'x'))}});
  CHECK(world.trail("acme") == "tell:nobody");
  world.account("beta", {{"owner_chat", text(std::string(256, 'x'))}});
  CHECK(world.trail("beta") == "tell");
}

TEST_CASE("days are those of the workspace's time zone") {
  World world(connected("- id: late\n  wait: 14h30m\n" + tells("ai-driven-seeds")));
  world.post_all(acme());
  world.run_out();
  // 23:30 UTC is half past midnight in Berlin.
  CHECK(contains(told(world, "owner@example.com"), "date=06 Jan 2026"));
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
  CHECK(fault("{solution_interest: ai-driven-seeds, connection: crm}")
            .starts_with("journeys/seeds.yaml:5:68: there is no connection `crm`"));
  CHECK(fault("{solution_interest: ai-driven-seeds, chat: \"#sales\"}") ==
        "journeys/seeds.yaml:5:56: `chat` has no channel to go along; give caravan.yaml one: `channels: {chat: ...}`, "
        "see `caravan help channels`");
  const auto chat_fault = [](const std::string& chat) {
    const std::vector<std::string> faults =
        faults_of(connected(tells("{solution_interest: ai-driven-seeds, chat: " + chat + "}")));
    return faults.size() == 1 ? faults.front() : std::to_string(faults.size()) + " faults";
  };
  CHECK(chat_fault("[\"#sales\", \"@ada\", account.owner_chat]") == "0 faults");
  CHECK(chat_fault("[]") == "journeys/seeds.yaml:5:56: `chat` names nobody");
  CHECK(chat_fault("[{a: b}]") == "journeys/seeds.yaml:5:64: `chat` takes `#channel`, `@person` and expressions");
  CHECK(chat_fault("sales").starts_with("journeys/seeds.yaml:5:62: "));
}
