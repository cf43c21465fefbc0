// The sample workspace runs as it stands, and its data is what its README says that it is.

#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;

namespace json = boost::json;

namespace {

const std::string sample = std::string(CARAVAN_SOURCE_DIR) + "/samples/ai-driven-seeds";

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("the sample's accounts and people are those that the generator makes") {
  const std::string accounts = sample + "/data/accounts.csv";
  CHECK(run({"generate", "accounts", "--count", "400", "--seed", "2026", "--format", "csv"}).out == text_of(accounts));
  CHECK(run({"generate", "people", "--accounts", accounts, "--seed", "2026", "--per-account", "6", "--format", "csv"})
            .out == text_of(sample + "/data/people.csv"));
}

TEST_CASE("the sample checks, and every account that enters reaches its end") {
  CHECK(run({"check", sample}).exit_code == 0);
  const Folder folder;
  const std::string database = (folder / "a.db").string();
  const Outcome import = run({"import", "-w", sample, "-d", database, "--accounts", sample + "/data/accounts.csv",
                              "--people", sample + "/data/people.csv"});
  CHECK(import.out == "accounts: 400 created, 0 updated, 0 refused\npeople: 2,457 created, 0 updated, 0 refused\n");
  const Outcome serve = run({"serve", sample, "--publish", "-d", database, "--outbox", (folder / "outbox").string(),
                             "--speed", "20d/s", "--start", "2026-01-05T08:00:00Z", "--until-idle", "--quiet"});
  CAPTURE(serve.err);
  CHECK(serve.exit_code == 0);

  const json::value status = json::parse(run({"status", "-d", database, "--json"}).out);
  const json::value& journey = status.at("journeys").at(0);
  CHECK(journey.at("entered") == 261);
  CHECK(journey.at("completed") == 261);
  CHECK(status.at("members") == 1'266);
  std::map<std::string, std::int64_t> taken;
  for (const json::value& line : journey.at("map").as_array()) {
    if (const json::value* path = line.as_object().if_contains("path")) {
      taken[std::string(path->as_string())] = line.at("taken").as_int64();
    } else {
      CHECK(line.at("standing") == 0);
      CHECK(line.at("failed_expressions") == 0);
    }
  }
  CHECK(taken["europe"] + taken["americas"] + taken["asia-pacific"] == 261);
  CHECK(taken["ready"] == 156);
  CHECK(taken["nearly"] == 85);
  CHECK(taken["not-yet"] == 20);
}
