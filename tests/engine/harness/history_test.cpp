// History that is let go of is told as before, and replays come to it: a random life whose old history is archived
// while it goes on, against the replay of it, which forgets nothing.

#include <fstream>

#include "engine/harness/comparison.hpp"
#include "engine/harness/enrollment_story.hpp"
#include "engine/harness/replay.hpp"
#include "engine/harness/what_if.hpp"
#include "engine/history_search.hpp"
#include "storage/snapshots.hpp"
#include "tests/engine/harness/random_life.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

HistoryDefinition kept_for(int days) {
  HistoryDefinition definition;
  definition.keep = CalendarDuration{.days = std::chrono::days(days)};
  return definition;
}

/// Lets go what is due in a world at its present time, as the keeper does, while its engine is idle.
std::size_t let_go(World& world, HistorySearch& search, bool archives = true) {
  Store& store = world.store();
  const auto reader = store.reader();
  search.begin(*reader, world.now());
  std::size_t let_go = 0;
  for (bool is_last = false; !is_last;) {
    const HistorySearch::Portion portion = search.next(*reader);
    is_last = portion.is_last;
    Changes changes;
    changes.history.next = portion.next;
    for (const EnrollmentHistory& each : portion.history) {
      ForgottenHistory& forgotten = changes.history.forgotten.emplace_back(
          ForgottenHistory{each.enrollment.id, each.enrollment.account, {}, world.now()});
      for (const TokenRecord& person : each.people)
        forgotten.people.push_back(person.id);
    }
    let_go += portion.history.size();
    if (archives && !portion.history.empty()) {
      ArchiveRecord known{"2026-01.db"};
      for (const ArchiveRecord& each : reader->history().archives)
        known = each;
      changes.history.archive = archive(world.file(), store.installation(), known, portion.history);
    }
    reader->refresh();
    if (!changes.empty()) store.commit(changes);
  }
  return let_go;
}

std::string words_of(const StoryLine& line) {
  return to_text(line.at) + " " + std::to_string(static_cast<int>(line.kind)) + " " + line.journey + "|" + line.person +
         "|" + line.node + "|" + line.path + "|" + line.outcome + "|" + line.address;
}

/// What is told of every account.
std::vector<std::string> stories(Store& store, Reader& reader) {
  NameBook names(reader);
  JourneyLibrary library(store, names);
  std::vector<AccountRecord> accounts;
  reader.accounts_from({1}, 100'000, accounts);
  std::vector<std::string> lines;
  for (const AccountRecord& account : accounts) {
    lines.push_back(account.key);
    for (const StoryLine& line : tell_enrollments(library, reader, account.id, {}))
      lines.push_back(words_of(line));
  }
  return lines;
}

/// A replay of a world, beside what production tells.
struct Replayed {
  explicit Replayed(World& world, const std::filesystem::path& base = {})
      : store(open_sqlite(world.file(), OpenMode::read)), production(store->reader()), scratch({}, base) {
    Replay(*production, scratch.store()).run();
    replay = archived_reader(scratch.file(), world.file());
    comparison = compare_replay({*store, *production}, {scratch.store(), *replay});
  }
  std::unique_ptr<Store> store;
  std::unique_ptr<Reader> production;
  ScratchStore scratch;
  std::unique_ptr<Reader> replay;
  ReplayComparison comparison;
};

std::string words_of(const ReplayComparison& comparison) {
  if (!comparison.first) return {};
  return comparison.first->account + " " + comparison.first->node + ": " + comparison.first->production + " / " +
         comparison.first->replay;
}

/// Two accounts that have gone through a split of their people.
class Divided {
 public:
  Divided()
      : world(seeds_workspace(R"(- id: alone
  split_people:
    - path: chiefs
      when: person.title == "Chief"
      nodes: [{id: tell, send_email: story}, {id: rest, wait: 1d}]
- id: bye
  send_email: farewell
)")) {
    world.open_channels();
    std::vector<Input> inputs;
    for (const std::string account : {"acme", "umbrella"}) {
      inputs.push_back(UpsertAccount{account, {}});
      inputs.push_back(UpsertPerson{
          account + "-vp", account, {{"title", text("Chief")}, {"email", text("vp@" + account + ".example")}}});
    }
    world.post_all(std::move(inputs));
    world.advance(24h * 10);
  }

  World world;
};

}  // namespace

TEST_CASE("a random life whose history is archived while it goes on is told, and replayed, as if it were all there") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    RandomLife random(seed, {.accounts = 40, .steps = 30, .turns_per_batch = seed == 2 ? 7U : 4'096U});
    HistorySearch search(kept_for(1), "UTC", {.page = 16, .enrollments = 5, .rows = 60});
    std::size_t count = 0;
    random.on_step([&] { count += let_go(random.world(), search); });
    random.live();
    count += let_go(random.world(), search);
    CAPTURE(seed, random.log());
    CHECK(count > 30);
    CHECK(random.world().reader().history().lost() == 0);
    Replayed again(random.world());
    CHECK(words_of(again.comparison) == "");
    CHECK(again.comparison.rows == 0);
    CHECK(again.comparison.compared.archived == static_cast<std::int64_t>(count));
    CHECK(again.comparison.compared.untold == 0);
    CHECK(stories(*again.store, *again.production) == stories(again.scratch.store(), *again.replay));
  }
}

TEST_CASE("where history was let go without an archive, a replay leaves it out and says of how many") {
  RandomLife random(4, {.accounts = 40, .steps = 30});
  HistorySearch search(kept_for(1), "UTC");
  std::size_t count = 0;
  random.on_step([&] { count += let_go(random.world(), search, false); });
  random.live();
  CAPTURE(random.log());
  CHECK(count > 10);
  const Replayed again(random.world());
  CHECK(words_of(again.comparison) == "");
  CHECK(again.comparison.rows == 0);
  CHECK(again.comparison.compared.archived == 0);
  CHECK(again.comparison.compared.untold == static_cast<std::int64_t>(count));
  CHECK(again.comparison.compared.why_untold == kLetGo);
}

TEST_CASE("a replay from a snapshot knows what was archived before it, and after it") {
  Divided divided;
  HistorySearch search(kept_for(3), "UTC");
  CHECK(let_go(divided.world, search) == 2);
  divided.world.stop_with({});
  const StoreSnapshot snapshot = pin_sqlite(divided.world.file())->write();
  divided.world.account("wayne");
  divided.world.advance(24h * 10);
  CHECK(let_go(divided.world, search) == 1);
  Replayed again(divided.world, snapshot.file);
  CHECK(words_of(again.comparison) == "");
  CHECK(again.comparison.rows == 0);
  CHECK(again.comparison.compared.archived == 1);
  CHECK(stories(*again.store, *again.production) == stories(again.scratch.store(), *again.replay));
}

TEST_CASE("what an archive says otherwise than a replay comes to is found") {
  Divided divided;
  HistorySearch search(kept_for(3), "UTC");
  Changes changes;
  const TokenRecord enrollment = divided.world.token("umbrella", "");
  EnrollmentHistory altered = history_of(divided.world.reader(), enrollment);
  REQUIRE(altered.people.size() == 1);
  REQUIRE(altered.deliveries.size() == 2);
  altered.deliveries[0].address = "somebody@else.example";
  const std::vector<EnrollmentHistory> history = {altered};
  changes.history.archive =
      archive(divided.world.file(), divided.world.store().installation(), ArchiveRecord{"2026-01.db"}, history);
  changes.history.forgotten = {{enrollment.id, enrollment.account, {altered.people[0].id}, divided.world.now()}};
  divided.world.store().commit(changes);
  const Replayed again(divided.world);
  REQUIRE(again.comparison.first);
  CHECK(again.comparison.accounts == 1);
  CHECK(again.comparison.first->account == "umbrella");
  CHECK(again.comparison.first->production.find("somebody@else.example") != std::string::npos);
}

TEST_CASE("what if counts what is archived, and leaves accounts out that nothing tells of") {
  Divided divided;
  HistorySearch search(kept_for(3), "UTC");
  bool archives = true;
  SECTION("archived") {}
  SECTION("let go without") {
    archives = false;
  }
  CHECK(let_go(divided.world, search, archives) == 2);
  divided.world.account("wayne");
  WhatIfSources sources;
  sources.store_file = divided.world.file();
  sources.texts = seeds_workspace("- {id: bye, send_email: farewell}\n");
  WhatIfWorld what_if = run_what_if(sources);
  const WhatIfReport report = compare(what_if);
  CHECK(report.untold == (archives ? 0 : 2));
  CHECK(report.accounts == (archives ? 3 : 1));
  const WhatIfFigure* stories = report.find({FigureKey::Kind::message, "seeds", "story", {}});
  REQUIRE((stories != nullptr) == archives);
  if (stories) CHECK(stories->before == 2);
}

TEST_CASE("in what if from a snapshot a mail's outcome is its own, not that of one that was archived before") {
  const SourceTexts texts = workspace_with(
      "journey: seeds\nenter: {event: demo.asked}\nre_enter: {}\nnodes:\n"
      "  - {id: greet, send_email: welcome}\n"
      "  - id: sent\n"
      "    listen: {any_of: [{event: email.sent}], timeout: 7d, on_timeout: {next: end}}\n");
  World world(texts);
  world.open_channels();
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"vp", "acme", {{"email", text("vp@acme.example")}}}});
  world.account_event("demo.asked", "acme");
  world.advance(24h * 10);
  HistorySearch search(kept_for(3), "UTC");
  REQUIRE(let_go(world, search) == 1);
  world.stop_with({});
  Changes forgotten;
  forgotten.forgotten_journal = pin_sqlite(world.file())->write().through;
  world.store().commit(forgotten);
  world.advance(1h);
  // The second mail is never delivered: a file is where the mails' folder was.
  std::filesystem::remove_all(world.folder() / "outbox");
  std::ofstream(world.folder() / "outbox") << "in its place";
  world.account_event("demo.asked", "acme");
  world.advance(24h);
  CHECK(world.standing("acme") == "completed at sent | listening at sent");
  WhatIfSources sources;
  sources.store_file = world.file();
  sources.texts = texts;
  WhatIfWorld what_if = run_what_if(sources);
  CHECK_FALSE(compare(what_if).differs());
}
