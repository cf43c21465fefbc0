// The whole table of caravan bench at sizes that take no time: every measurement is taken, and says what it should.

#include <csignal>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;
using Catch::Contains;

namespace {

std::vector<std::string> bench_in(const Folder& folder, const std::vector<std::string>& options) {
  std::vector<std::string> all = {"bench", "--folder", folder.path().string()};
  all.insert(all.end(), options.begin(), options.end());
  return all;
}

boost::json::value figures_of(const Folder& folder, const std::vector<std::string>& options) {
  std::vector<std::string> all = bench_in(folder, options);
  all.emplace_back("--json");
  const Outcome outcome = run(all);
  CAPTURE(outcome.out, outcome.err);
  REQUIRE(outcome.exit_code == 0);
  return boost::json::parse(outcome.out);
}

double number_at(const boost::json::value& value, std::string_view key) {
  return value.at(key).to_number<double>();
}

}  // namespace

TEST_CASE("the table of all measurements has every row, the machine and the seed, and leaves nothing behind") {
  const Folder folder;
  const boost::json::value figures = figures_of(folder, {"--quick", "--seed", "7"});
  std::vector<std::string> kinds;
  for (const boost::json::value& row : figures.at("rows").as_array()) {
    const std::string kind(row.at("kind").as_string());
    CAPTURE(boost::json::serialize(row));
    if (kinds.empty() || kinds.back() != kind) kinds.push_back(kind);
    if (kind == "latency") {
      CHECK(number_at(row.at("latency_seconds"), "p50") > 0);
      CHECK(number_at(row.at("latency_seconds"), "p50") <= number_at(row.at("latency_seconds"), "p999"));
    } else if (kind == "start") {
      CHECK(number_at(row, "seconds") > 0);
    } else {
      CHECK(number_at(row, "per_second") > 0);
      CHECK(number_at(row, "ratio_to_bare") > 0);
      CHECK(number_at(row, "bytes_per_account") > 100);
      CHECK(number_at(row, "added_bytes_per_account") >= 0);
      CHECK(number_at(row, "added_bytes_per_account") < number_at(row, "bytes_per_account"));
      CHECK(number_at(row, "peak_memory_bytes") > 1'000'000);
    }
  }
  CHECK(kinds ==
        std::vector<std::string>{"reference", "people-splits", "listens", "audience", "journeys", "latency", "start"});
  CHECK(figures.at("failed").as_array().empty());
  CHECK(figures.at("seed") == 7);
  CHECK(number_at(figures.at("machine"), "cores") > 0);
  for (const char* key : {"cpu", "kernel", "file_system", "sqlite", "compiler", "date"})
    CHECK_FALSE(figures.at("machine").at(key).as_string().empty());
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("one measurement of the table is taken alone, at the size that is asked for") {
  const Folder folder;
  const boost::json::value figures = figures_of(folder, {"--only", "people-splits", "--accounts", "30"});
  REQUIRE(figures.at("rows").as_array().size() == 1);
  CHECK(figures.at("rows").at(0).at("kind") == "people-splits");
  CHECK(figures.at("rows").at(0).at("size") == 30);
  const Outcome text = run(bench_in(folder, {"--only", "audience", "--accounts", "300"}));
  CHECK_THAT(text.out, Contains("evaluation of an audience") && Contains("SQLite 3.") && !Contains("not measured"));
}

TEST_CASE("a size alone is the reference journey") {
  const Folder folder;
  const boost::json::value figures = figures_of(folder, {"--accounts", "60"});
  CHECK(figures.at("accounts") == 60);
  CHECK(figures.at("ratio_to_bare_loop").as_double() > 0);
}

TEST_CASE("a bench that is ended leaves nothing behind") {
  for (const int number : {SIGINT, SIGKILL}) {
    const Folder folder;
    Running bench({"bench", "--accounts", "2000000", "--folder", folder.path().string()});
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::filesystem::is_empty(folder.path()) && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    REQUIRE_FALSE(std::filesystem::is_empty(folder.path()));
    bench.signal(number);
    // Its output ends with the last of its processes.
    CHECK_FALSE(bench.wait_for("what it never says"));
    CHECK(bench.wait().exit_code == 128 + number);
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("what cannot be measured is said with its reason, and the exit code is 1") {
  const Folder folder;
  folder.write("file", "not a folder");
  const Outcome outcome =
      run({"bench", "--only", "audience", "--accounts", "10", "--folder", (folder / "file").string()});
  CHECK(outcome.exit_code == 1);
  CHECK_THAT(outcome.out, Contains("not measured: audience 10:"));
}

TEST_CASE("options of the table that contradict each other are refused") {
  CHECK(run({"bench", "--quick", "--large"}).exit_code == 2);
  CHECK(run({"bench", "--quick", "--accounts", "10"}).exit_code == 2);
  CHECK(run({"bench", "--quick", "--replay"}).exit_code == 2);
  CHECK(run({"bench", "--only", "nothing"}).exit_code == 2);
  CHECK(run({"bench", "--accounts", "10", "--seed", "1"}).exit_code == 2);
}
