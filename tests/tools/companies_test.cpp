// Accounts that no one here made up, through the sample journey: the companies of a stock index, with people from the
// seeded generator, by the program alone.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

using namespace caravan::tests;

namespace json = boost::json;

TEST_CASE("the companies of a stock index go through the sample journey") {
  const std::filesystem::path source(CARAVAN_SOURCE_DIR);
  const std::filesystem::path companies = source.parent_path() / "shared/data/companies.csv";
  if (!std::filesystem::exists(companies)) {
    WARN("skipped: there is no " << companies);
    return;
  }
  const Folder folder;
  const std::string workspace = (folder / "workspace").string();
  std::filesystem::copy(source / "samples/ai-driven-seeds", workspace, std::filesystem::copy_options::recursive);
  // The index knows sectors and no industries: whoever grows, feeds or computes is of interest.
  folder.write("workspace/audiences/growers.yaml",
               "audience: growers\n"
               "when: account.industry in [\"Consumer Staples\", \"Information Technology\", \"Materials\"]\n");
  const std::string people =
      folder
          .write("people.jsonl",
                 run({"generate", "people", "--accounts", companies.string(), "--key-column", "Symbol"}).out)
          .string();
  const Outcome import =
      run({"import", "-w", workspace, "--accounts", companies.string(), "--people", people, "--key-column", "Symbol",
           "--rename", "Security=name", "--rename", "GICS Sector=industry", "--json"});
  CAPTURE(import.err);
  REQUIRE(import.exit_code == 0);
  CHECK(json::parse(import.out).at("accounts").at("created") == 503);

  const Outcome serve = run({"serve", workspace, "--publish", "--speed", "20d/s", "--start", "2026-01-05T08:00:00Z",
                             "--until-idle", "--json"});
  CAPTURE(serve.err);
  REQUIRE(serve.exit_code == 0);
  const json::value status = json::parse(run({"status", workspace, "--json"}).out);
  const json::value& journey = status.at("journeys").at(0);
  CHECK(journey.at("entered") == 132);
  CHECK(journey.at("completed") == 132);
  std::int64_t promised = 0;
  std::int64_t delivered = 0;
  for (const json::value& message : journey.at("messages").as_array()) {
    promised += message.at("promised").as_int64();
    delivered += message.at("delivered").as_int64();
  }
  CHECK(promised > 132);
  CHECK(delivered == promised);
  std::int64_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(workspace + "/outbox")) {
    if (entry.path().extension() == ".eml") ++files;
  }
  CHECK(files == promised);
}
