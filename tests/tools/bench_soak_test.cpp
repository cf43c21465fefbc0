// caravan bench --soak with few accounts: that it lives through edits, restarts and drops, and what it judges.

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"
#include "tools/bench/soak.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace {

constexpr std::int64_t kMegabyte = 1'000'000;

/// The only one; empty where there is none or more.
std::string fault_of(const caravan::bench::SoakReport& report) {
  const std::vector<std::string> faults = report.faults();
  return faults.size() == 1 ? faults.front() : std::string();
}

/// Twelve quiet weeks.
caravan::bench::SoakReport quiet_report() {
  caravan::bench::SoakReport report;
  for (std::size_t week = 1; week <= 12; ++week)
    report.weeks.push_back({week * 7, 100 * kMegabyte, 60 * kMegabyte, 32 * kMegabyte});
  report.months.push_back({84, {4 * kMegabyte, kMegabyte, {{"token", 1'000, 3 * kMegabyte}}}});
  return report;
}

}  // namespace

TEST_CASE("a soak of a few accounts goes through edits, restarts and drops, and everything holds") {
  const Folder folder;
  const Outcome outcome =
      run({"bench", "--soak", "--accounts", "60", "--days", "64", "--folder", folder.path().string(), "--json"});
  CAPTURE(outcome.out, outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const boost::json::value figures = boost::json::parse(outcome.out);
  CHECK(figures.at("publications") == 2);
  CHECK(figures.at("restarts") == 2);
  CHECK(figures.at("drops") == 2);
  CHECK(figures.at("days_with_late_tokens") == 0);
  CHECK(figures.at("faults").as_array().empty());
  // 60 accounts with two people each, and at least one event a day of which none counts twice.
  CHECK(figures.at("inputs").as_int64() >= 60 * 3 + 64);
  CHECK(figures.at("deliveries").as_int64() > 120);
  CHECK(figures.at("weeks").as_array().size() == 9);
  REQUIRE(figures.at("months").as_array().size() == 3);
  CHECK(figures.at("months").at(2).at("days") == 64);
  CHECK(figures.at("months").at(2).at("unexplained_bytes") == 0);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a soak says what has been kept, table by table") {
  const Folder folder;
  const Outcome outcome =
      run({"bench", "--soak", "--accounts", "20", "--days", "10", "--folder", folder.path().string()});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, Contains("journal") && Contains("all others") && Contains("largest WAL") &&
                              Contains("no token was behind its due time"));
}

TEST_CASE("a soak has failed where memory, the write-ahead log, the file or a due time does not hold") {
  using caravan::bench::SoakReport;
  CHECK(quiet_report().faults().empty());

  SoakReport growing = quiet_report();
  growing.weeks.back().memory += 17 * kMegabyte;
  CHECK(growing.memory_growth() == 17 * kMegabyte);
  CHECK_THAT(fault_of(growing), Contains("memory without caches has grown by 17.0 MB"));

  SoakReport filling_caches = quiet_report();
  filling_caches.weeks.back().memory += 17 * kMegabyte;
  filling_caches.weeks.back().caches += 17 * kMegabyte;
  CHECK(filling_caches.faults().empty());

  SoakReport warming_up = quiet_report();
  warming_up.weeks.front().memory = kMegabyte;
  CHECK(warming_up.faults().empty());

  SoakReport unbounded = quiet_report();
  unbounded.weeks[3].wal = 257 * kMegabyte;
  CHECK_THAT(fault_of(unbounded), Contains("the write-ahead log was"));

  SoakReport unexplained = quiet_report();
  unexplained.months.back().file.tables.front().bytes -= kMegabyte;
  CHECK_THAT(fault_of(unexplained), Contains("in no table and no free page"));

  SoakReport late = quiet_report();
  late.behind = 2;
  late.most_late = std::chrono::hours(1);
  CHECK_THAT(fault_of(late), Contains("on 2 days a token was behind its due time"));
}

TEST_CASE("options of a soak go with it") {
  CHECK(run({"bench", "--days", "3"}).exit_code == 2);
  CHECK(run({"bench", "--soak", "--groups"}).exit_code == 2);
  CHECK(run({"bench", "--soak", "--quick"}).exit_code == 2);
}
