// What happened in a batch, for whoever watches live: everything once, and nothing that did not happen.

#include "engine/happenings.hpp"

#include "tests/engine/scheduler_bench.hpp"
#include "tests/nodes/node_tests.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

/// An engine whose happenings are read as lines, with names instead of numbers.
struct Watched : Bench {
  explicit Watched(std::string_view nodes) : Bench(seeds_workspace(nodes)) {
    start();
    engine->tell_happenings(true);
  }

  /// The lines since the last call.
  std::vector<std::string> lines() {
    std::vector<std::string> lines;
    const auto reader = plain_store->reader();
    for (const BatchReport& report : std::exchange(reports, {})) {
      REQUIRE(report.happenings);
      CHECK(report.happenings->dropped == 0);
      for (const Happening& happening : report.happenings->list) {
        CHECK(std::visit([](const auto& each) { return each.at; }, happening) == clock.now());
        lines.push_back(std::visit([&](const auto& each) { return line(*reader, each); }, happening));
      }
    }
    return lines;
  }

  static std::string who(Reader& reader, AccountId account, PersonId person) {
    std::string who = reader.account(account)->key;
    std::vector<PersonRecord> people;
    reader.people_of(account, people);
    for (const PersonRecord& each : people)
      if (each.id == person) who += "/" + each.key;
    return who;
  }
  static std::string line(Reader& reader, const VisitHappened& visit) {
    return who(reader, visit.account, visit.person) + " visit " + std::to_string(visit.number) + " of node " +
           std::to_string(static_cast<int>(visit.visit.node)) + " in " + std::to_string(visit.enrollment.value);
  }
  static std::string line(Reader& reader, const EnrollmentHappened& enrollment) {
    return who(reader, enrollment.account, enrollment.person) +
           (enrollment.ended ? " " + std::string(to_text(*enrollment.ended)) : " entered") + " in " +
           std::to_string(enrollment.enrollment.value);
  }
  static std::string line(Reader& reader, const DeliveryHappened& delivery) {
    return who(reader, delivery.account, {}) + (delivery.is_promised ? " promised " : " changed ") +
           std::to_string(static_cast<int>(delivery.state)) + " message " +
           std::to_string(static_cast<int>(delivery.message));
  }
  std::string line(Reader& reader, const GroupHappened& group) {
    return who(reader, group.account, {}) + " group " + std::string(names.text_of(group.before)) + " -> " +
           std::string(names.text_of(group.after));
  }
  std::string line(Reader& reader, const MemberHappened& member) {
    return who(reader, member.account, member.person) + (member.is_removed ? " is not " : " is ") +
           std::string(names.text_of(member.role));
  }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("an enrollment is told as it is entered, visits nodes and ends") {
  Watched watched("- id: settle\n  wait: 1d\n- id: mark\n  update_account: {seen: true}\n");
  watched.ask({UpsertAccount{"acme", {}}});
  CHECK(watched.lines() == Lines{"acme entered in 1", "acme visit 0 of node 0 in 1"});
  watched.clock.move_to(kMonday + 24h);
  watched.run_until([&] { return !watched.plain_store->reader()->next_due(); });
  CHECK(watched.lines() == Lines{"acme visit 1 of node 1 in 1", "acme completed in 1"});
  // What is written of it later is nothing that happens to it.
  watched.ask({UpsertAccount{"acme", {{"size", number(1)}}}});
  CHECK(watched.lines().empty());
}

TEST_CASE("people in a people split are told by their account's enrollment, and end with it alone") {
  Watched watched("- id: each\n  split_people:\n    - {path: all, nodes: [{id: mail, send_email: story}]}\n");
  watched.ask(acme());
  const Lines lines = watched.lines();
  const auto count = [&](const std::string& start) {
    return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) { return line.starts_with(start); });
  };
  CHECK(count("acme entered in 1") == 1);
  for (const std::string person : {"ada", "bob", "cy"}) {
    INFO(person);
    CHECK(count("acme/" + person + " visit") >= 1);
    CHECK(count("acme/" + person + " completed") == 0);
  }
  CHECK(count("acme promised 1") == 3);
  CHECK(count("acme completed in 1") == 1);
}

TEST_CASE("members of buying groups are told as they join, change and are taken out") {
  Watched watched("- {id: stay, wait: 10d}\n");
  using Command = ChangeMember::Command;
  watched.ask(acme());
  watched.lines();
  watched.ask({ChangeMember{Command::assign, "acme", "ai-driven-seeds", "ada", "influencer"}});
  CHECK(watched.lines() == Lines{"acme/ada is influencer"});
  watched.ask({ChangeMember{Command::assign, "acme", "ai-driven-seeds", "ada", "influencer"}});
  CHECK(watched.lines().empty());
  watched.clock.move_to(kMonday + 1h);
  watched.ask({ChangeMember{Command::assign, "acme", "ai-driven-seeds", "ada", "user"}});
  CHECK(watched.lines() == Lines{"acme/ada is user"});
  watched.clock.move_to(kMonday + 2h);
  watched.ask({ChangeMember{Command::remove, "acme", "ai-driven-seeds", "ada"}});
  CHECK(watched.lines() == Lines{"acme/ada is not user"});
  watched.ask({ChangeMember{Command::remove, "acme", "ai-driven-seeds", "bob"}});
  CHECK(watched.lines().empty());
}

TEST_CASE("nothing is gathered before somebody asks, nor after") {
  Bench bench(waiting());
  bench.start();
  bench.ask({UpsertAccount{"acme", {}}});
  for (const BatchReport& report : bench.reports)
    CHECK_FALSE(report.happenings);
  bench.engine->tell_happenings(true);
  bench.ask({UpsertAccount{"beta", {}}});
  CHECK(bench.reports.back().happenings);
  bench.engine->tell_happenings(false);
  bench.ask({UpsertAccount{"gamma", {}}});
  CHECK_FALSE(bench.reports.back().happenings);
}

TEST_CASE("group changes and progress of deliveries are told, and of very many what is left out is counted") {
  HappeningsFinder finder;
  Changes changes;
  changes.group_changes = {{{1}, NameId{2}, kMonday, GroupAspect::status, NameId{3}, NameId{4}}};
  DeliveryProgress progress;
  progress.key = {{7}, 1, {2}};
  progress.state = DeliveryState::failed;
  progress.reason = "no such address";
  changes.progress = {progress};
  const auto found = finder.find(changes, kMonday);
  REQUIRE(found->list.size() == 2);
  const auto& delivery = std::get<DeliveryHappened>(found->list[0]);
  CHECK(delivery.key == progress.key);
  CHECK(delivery.state == DeliveryState::failed);
  CHECK(delivery.reason == "no such address");
  CHECK_FALSE(delivery.is_promised);
  const auto& group = std::get<GroupHappened>(found->list[1]);
  CHECK(group.aspect == GroupAspect::status);
  CHECK(group.after == NameId{4});

  for (std::size_t i = 0; i < kMostHappenings + 9; ++i)
    changes.progress.push_back(progress);
  const auto many = finder.find(changes, kMonday);
  CHECK(many->list.size() == kMostHappenings);
  CHECK(many->dropped == 11);
}

TEST_CASE("an end is told once, however often the token is written at that instant") {
  HappeningsFinder finder;
  TokenRecord token;
  token.id.value = 5;
  token.state = TokenState::left;
  token.ended_at = kMonday;
  Changes changes;
  changes.tokens = {{token, false}, {token, false}};
  CHECK(finder.find(changes, kMonday)->list.size() == 1);
  CHECK(finder.find(changes, kMonday)->list.empty());
  CHECK(finder.find(changes, kMonday + 1s)->list.empty());
}

TEST_CASE("reports say how many inputs wait, how long it took and how late the engine is") {
  Bench bench(waiting(), {.turns_per_batch = 5});
  bench.make();
  for (int i = 0; i < 12; ++i)
    REQUIRE(bench.post(i));
  bench.begin();
  bench.run_until([&] { return bench.answered.size() == 12; });
  REQUIRE(bench.reports.size() >= 3);
  CHECK(bench.reports[0].waiting == 7);
  CHECK(bench.reports[1].waiting == 2);
  CHECK(bench.reports[2].waiting == 0);
  for (const BatchReport& report : bench.reports) {
    CHECK_FALSE(report.lag);
    CHECK(report.turns_took > 0s);
    CHECK(report.commit_took > 0s);
  }
  bench.reports.clear();
  bench.clock.move_to(kMonday + 27h);
  bench.run_until([&] { return bench.plain_store->reader()->next_due() > kMonday + 27h; });
  CHECK(bench.reports.at(0).lag == 3h);
}
