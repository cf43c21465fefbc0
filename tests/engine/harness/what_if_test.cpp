// What if: small lives that really happened, against journeys, groups and audiences that say something else. Each
// figure can be counted by hand.

#include "engine/harness/what_if.hpp"

#include "tests/engine/made_up_journeys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;
using Kind = FigureKey::Kind;

namespace {

/// Large ones get a story; all rest for three days and are bidden farewell.
std::string seeds(const std::string& large = "account.employees >= 100", const std::string& rest = "3d",
                  const std::string& more = "") {
  return "- id: by-size\n"
         "  split:\n"
         "    - path: large\n"
         "      when: " +
         large +
         "\n"
         "      nodes:\n"
         "        - {id: tell, send_email: story}\n"
         "    - {path: small, nodes: []}\n" +
         more + "- {id: rest, wait: " + rest +
         "}\n"
         "- {id: bye, send_email: farewell}\n";
}

/// Three companies of 50, 150 and 300 people, each with somebody who has an address.
void three_companies(World& world) {
  for (const auto& [key, employees] : {std::pair("ant", 50), std::pair("bee", 150), std::pair("cow", 300)}) {
    world.post_all(
        {UpsertAccount{key, {{"employees", number(employees)}}},
         UpsertPerson{std::string(key) + "-vp",
                      key,
                      {{"email", text("vp@" + std::string(key) + ".example")}, {"title", text("VP Research")}}}});
  }
}

WhatIfReport what_if(const World& world, SourceTexts texts, const WhatIfBounds& bounds = {}) {
  WhatIfWorld run = run_what_if({world.file(), {}, std::move(texts), "other"});
  return compare(run, bounds);
}

/// `before → after +who -who`
std::string told(const WhatIfReport& report, const FigureKey& key) {
  const WhatIfFigure* figure = report.find(key);
  if (!figure) return "none";
  std::string text = std::to_string(figure->before) + " → " + std::to_string(figure->after);
  for (const std::string& who : figure->more.keys)
    text += " +" + who;
  for (const std::string& who : figure->fewer.keys)
    text += " -" + who;
  return text;
}

FigureKey path(const std::string& name) {
  return {Kind::taken, "seeds", "by-size", name};
}
FigureKey mail(const std::string& name) {
  return {Kind::message, "seeds", name, {}};
}
FigureKey of_journey(Kind kind) {
  return {kind, "seeds", {}, {}};
}

}  // namespace

TEST_CASE("against the very same workspace nothing differs") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  world.advance(2 * 24h);
  world.account("ant", {{"employees", number(70)}});
  world.restart();
  world.event("form.submitted", "bee-vp", {{"form", text("demo")}});
  world.advance(48h);
  const WhatIfReport report = what_if(world, seeds_workspace(seeds()));
  CHECK_FALSE(report.differs());
  CHECK(report.accounts == 3);
  CHECK(told(report, path("large")) == "2 → 2");
  CHECK(told(report, mail("farewell")) == "3 → 3");
  CHECK(told(report, of_journey(Kind::completed)) == "3 → 3");
  CHECK(report.notes.from == kMonday);
  CHECK(report.notes.to == kMonday + 72h);
  CHECK(report.notes.inputs == 8);
  CHECK(report.notes.refused == 0);
  CHECK(report.notes.messages_assumed == 0);
}

TEST_CASE("in any history of any journey, with restarts, nothing differs against the very same workspace") {
  using Numbers = std::vector<std::uint8_t>;
  CHECK(holds_in(30, [](const Numbers& journey, const Numbers& beginning, const Numbers& history, bool restarts) {
    const SourceTexts texts = made_up_workspace(journey);
    RC_PRE(caravan::test::faults_of(texts).empty());
    World world(texts, {.turns_per_batch = 1 + journey.size() % 5});
    world.post_all(made_up_beginning(beginning));
    for (const MadeUpStep& step : made_up_history(history, world.now(), 6)) {
      if (step.unseen) {
        world.advance_clock(step.passes);
      } else {
        world.advance(step.passes);
      }
      // What falls due while the engine runs is done then; what falls due while it is down, at the next start.
      if (step.unseen || restarts) world.restart();
      for (const Input& input : step.inputs)
        world.post(input);
    }
    world.run_out();
    const WhatIfReport report = what_if(world, texts);
    for (const WhatIfFigure& figure : report.figures) {
      if (figure.differs()) RC_LOG() << to_text(figure.key) << " " << told(report, figure.key) << "\n";
    }
    RC_ASSERT(!report.differs());
    RC_ASSERT(report.notes.refused == 0);
  }));
}

TEST_CASE("another threshold of a split: who goes along the other path, and who is not told the story") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  world.advance(4 * 24h);
  const WhatIfReport report = what_if(world, seeds_workspace(seeds("account.employees >= 200")));
  CHECK(told(report, path("large")) == "2 → 1 -bee");
  CHECK(told(report, path("small")) == "1 → 2 +bee");
  CHECK(told(report, {Kind::visited, "seeds", "tell", {}}) == "2 → 1 -bee");
  CHECK(told(report, mail("story")) == "2 → 1 -bee");
  CHECK(told(report, mail("farewell")) == "3 → 3");
  CHECK(told(report, of_journey(Kind::entered)) == "3 → 3");
  CHECK(report.differing.keys == std::vector<std::string>{"bee"});
}

TEST_CASE("a mail that production never sent is taken as delivered at once, and that is told") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  world.advance(4 * 24h);
  const WhatIfReport report =
      what_if(world, seeds_workspace(seeds("account.employees >= 100", "3d", "- {id: greet, send_email: welcome}\n")));
  CHECK(told(report, mail("welcome")) == "0 → 3 +ant +bee +cow");
  CHECK(told(report, mail("farewell")) == "3 → 3");
  CHECK(report.notes.messages_assumed == 3);
  CHECK(report.differing.count == 3);
}

TEST_CASE("of many accounts behind a figure the first are kept, and all are counted and found") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  WhatIfWorld run = run_what_if({world.file(), {}, seeds_workspace(seeds("account.employees >= 1000")), "other"});
  std::vector<std::string> found;
  const WhatIfReport report =
      compare(run, {.keys = 1}, [&](const std::string& figure, const std::string& subject, const std::string& how) {
        if (figure == "seeds/path/by-size/small") found.push_back(how + subject);
      });
  CHECK(told(report, path("small")) == "1 → 3 +bee");
  CHECK(report.find(path("small"))->more.count == 2);
  CHECK(found == std::vector<std::string>{"+bee", "+cow"});
}

TEST_CASE("another audience: who enters, and who does not any more") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  world.advance(4 * 24h);
  SourceTexts texts = seeds_workspace(seeds());
  texts["audiences/everyone.yaml"] = "audience: everyone\nwhen: account.employees > 100\n";
  const WhatIfReport report = what_if(world, texts);
  CHECK(told(report, of_journey(Kind::entered)) == "3 → 2 -ant");
  CHECK(told(report, of_journey(Kind::completed)) == "3 → 2 -ant");
  CHECK(told(report, mail("farewell")) == "3 → 2 -ant");
}

TEST_CASE("a longer wait: who stands where at the end") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  world.advance(4 * 24h);
  world.account("ant", {{"employees", number(51)}});
  const WhatIfReport report = what_if(world, seeds_workspace(seeds("account.employees >= 100", "10d")));
  CHECK(told(report, of_journey(Kind::under_way)) == "0 → 3 +ant +bee +cow");
  CHECK(told(report, {Kind::standing, "seeds", "rest", {}}) == "0 → 3 +ant +bee +cow");
  CHECK(told(report, of_journey(Kind::completed)) == "3 → 0 -ant -bee -cow");
}

TEST_CASE(
    "days on which the engine ran and found nothing to do before it was stopped are days of the other life as well") {
  World world(seeds_workspace(seeds("account.employees >= 100", "30d")));
  three_companies(world);
  world.advance(20 * 24h);
  world.restart();
  world.advance(11 * 24h);
  // A day and 25 days are over on the 26th, if the first of them ended when nothing happened in production.
  const WhatIfReport report =
      what_if(world, seeds_workspace(seeds("account.employees >= 100", "25d", "- {id: first, wait: 1d}\n")));
  CHECK(told(report, of_journey(Kind::completed)) == "3 → 3");
}

TEST_CASE("sales hears of an account days earlier, of another newly, of a third no longer") {
  const auto sales = [](const std::string& rest, const std::string& when) {
    return "- {id: rest, wait: " + rest +
           "}\n"
           "- id: is-ready\n"
           "  split:\n"
           "    - path: ready\n"
           "      when: " +
           when +
           "\n"
           "      nodes:\n"
           "        - id: tell-sales\n"
           "          notify_sales: {solution_interest: ai-driven-seeds, to: sales@example.com}\n"
           "    - {path: others, nodes: []}\n";
  };
  World world(seeds_workspace(sales("5d", "account.employees <= 150")));
  three_companies(world);
  world.advance(6 * 24h);
  world.account("ant", {{"employees", number(51)}});
  const WhatIfReport report = what_if(world, seeds_workspace(sales("3d", "account.employees >= 100")));
  CHECK(told(report, {Kind::handed_over, "ai-driven-seeds", {}, {}}) == "2 → 2 +cow -ant");
  REQUIRE(report.interests.size() == 1);
  const WhatIfInterest& interest = report.interests.front();
  CHECK(interest.earlier.count == 1);
  CHECK(interest.earlier.largest.front().account == "bee");
  CHECK(interest.earlier.largest.front().by == -48h);
  CHECK(interest.earlier.sum == -48h);
  CHECK(interest.later.count == 0);
}

TEST_CASE("another condition of a role: whose buying group is more complete") {
  const auto groups = [](const std::string& title) {
    SourceTexts texts = seeds_workspace(seeds());
    texts["buying-groups/seeds.yaml"] =
        "role_template: buyers\nroles:\n  - role: decider\n    when: person.title == \"" + title +
        "\"\n---\nsolution_interest: ai-driven-seeds\nrole_template: buyers\n"
        "audience: everyone\n";
    return texts;
  };
  World world(groups("Clerk"));
  three_companies(world);
  world.person("ant-clerk", "ant", {{"title", text("Clerk")}});
  const WhatIfReport report = what_if(world, groups("VP Research"));
  REQUIRE(report.interests.size() == 1);
  const WhatIfInterest& interest = report.interests.front();
  CHECK(interest.groups_before == 3);
  CHECK(interest.groups_after == 3);
  CHECK(interest.completeness_before == 100);
  CHECK(interest.completeness_after == 300);
  CHECK(interest.more_complete.keys == std::vector<std::string>{"bee", "cow"});
  CHECK(interest.less_complete.count == 0);
}

TEST_CASE("what was published later is left out, and what it changed is the difference") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  world.advance(24h);
  CHECK(world.publish(seeds_workspace(seeds("account.employees >= 400"))) == "");
  world.account("dog", {{"employees", number(200)}});
  const WhatIfReport report = what_if(world, seeds_workspace(seeds()));
  CHECK(report.notes.publications_left_out == 1);
  CHECK(told(report, path("large")) == "2 → 3 +dog");
  CHECK(told(report, path("small")) == "2 → 1 -dog");
}

TEST_CASE("a pause goes on counting where the journey is there, and is refused and told where it is not") {
  World world(seeds_workspace(seeds()));
  three_companies(world);
  world.advance(24h);
  CHECK(world.change(ChangeJourney::Command::pause) == "");
  world.advance(48h);
  CHECK(world.change(ChangeJourney::Command::resume) == "");
  world.advance(24h);
  CHECK_FALSE(what_if(world, seeds_workspace(seeds())).differs());

  SourceTexts texts = seeds_workspace(seeds());
  texts["journeys/seeds.yaml"].replace(texts["journeys/seeds.yaml"].find("seeds"), 5, "weeds");
  const WhatIfReport report = what_if(world, texts);
  CHECK(report.notes.refused == 2);
  REQUIRE(report.notes.refusals.size() == 2);
  CHECK(report.notes.refusals.front().what == "pause seeds");
  CHECK(report.notes.refusals.front().why == "no journey \"seeds\" is published");
  CHECK(report.notes.refusals.front().at == kMonday + 24h);
  CHECK(told(report, of_journey(Kind::entered)) == "3 → 0 -ant -bee -cow");
  CHECK(told(report, {Kind::entered, "weeds", {}, {}}) == "0 → 3 +ant +bee +cow");
}

TEST_CASE("what production had not delivered is not delivered in the other life") {
  // Whoever is sent the welcome goes on; nobody else does for a week.
  constexpr std::string_view nodes =
      "- {id: greet, send_email: welcome}\n"
      "- id: sent\n"
      "  listen: {any_of: [{event: email.sent}], timeout: 7d, on_timeout: {next: end}}\n"
      "- {id: tell, send_email: story}\n";
  SECTION("where it had no channels") {
    World world(seeds_workspace(nodes));
    three_companies(world);
    world.advance(24h);
    const WhatIfReport report = what_if(world, seeds_workspace(nodes));
    CHECK_FALSE(report.differs());
    CHECK(told(report, {Kind::standing, "seeds", "sent", {}}) == "3 → 3");
  }
  SECTION("and what it had delivered is") {
    World world(seeds_workspace(nodes));
    world.open_channels();
    three_companies(world);
    world.advance(24h);
    const WhatIfReport report = what_if(world, seeds_workspace(nodes));
    CHECK_FALSE(report.differs());
    CHECK(told(report, mail("story")) == "3 → 3");
    CHECK(told(report, of_journey(Kind::completed)) == "3 → 3");
  }
}

TEST_CASE("a store that was only filled is run against nothing, and one without a journal says so") {
  World world(seeds_workspace(seeds()), {.mode = BatchRunner::Mode::data});
  three_companies(world);
  const WhatIfReport report = what_if(world, seeds_workspace(seeds()));
  CHECK_FALSE(report.differs());
  CHECK(report.accounts == 3);

  caravan::testing::TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write);
  CHECK_THROWS_AS(run_what_if({folder.file(), {}, seeds_workspace(seeds()), "other"}), ReplayError);
}

TEST_CASE("figures have names to ask for them") {
  CHECK(to_text(of_journey(Kind::entered)) == "seeds/entered");
  CHECK(to_text(path("large")) == "seeds/path/by-size/large");
  CHECK(to_text({Kind::visited, "seeds", "tell", {}}) == "seeds/node/tell");
  CHECK(to_text(mail("story")) == "seeds/message/story");
  CHECK(to_text({Kind::handed_over, "corn", {}, {}}) == "sales/corn");
  CHECK(to_text({Kind::stage, "corn", "Engaged", {}}) == "groups/corn/stage/Engaged");
}
