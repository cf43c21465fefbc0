// The sample `buying-group-completion` runs as its README says, with a CRM that takes some of what it is told.

#include <fstream>

#include <boost/json/parse.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/tools/sample_run.hpp"

using namespace caravan::tests;
using caravan::test::HttpReply;
using caravan::test::HttpRequest;
using caravan::test::HttpServer;

namespace json = boost::json;

namespace {

/// A copy of the sample whose CRM is at `url`.
std::filesystem::path copy_with_crm(const Folder& folder, const std::string& url) {
  const std::filesystem::path copy = folder / "buying-group-completion";
  std::filesystem::copy(sample("buying-group-completion"), copy, std::filesystem::copy_options::recursive);
  std::ifstream file(copy / "caravan.yaml");
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string as_it_stands = "http://127.0.0.1:8089/hooks";
  text.replace(text.find(as_it_stands), as_it_stands.size(), url);
  folder.write("buying-group-completion/caravan.yaml", text);
  return copy;
}

/// Takes what is of owners outside Iberia, and answers with a number.
HttpReply answer_as_crm(const HttpRequest& request) {
  const json::value call = json::parse(request.body);
  if (call.at("owner") == "n.vidal@nordwerk.example") return {.status = 422, .body = "{\"error\": \"unknown owner\"}"};
  return {.status = 201,
          .headers = {{"Content-Type", "application/json"}},
          .body = "{\"opportunity\": \"OPP-" + std::string(call.at("account").as_string()) + "\"}"};
}

}  // namespace

TEST_CASE("buying-group-completion: groups are completed, handed to sales, and opened in the CRM") {
  HttpServer crm(answer_as_crm);
  const Folder folder;
  const SampleRun run(copy_with_crm(folder, crm.url() + "/hooks"));
  check_facts_of_all(run);

  // Of 168 groups 14 have nobody, 40 are complete at once, and of the rest every second is completed.
  CHECK(run.journey("know-the-group").at("entered") == 168);
  CHECK(run.taken("know-the-group", "how-complete/nobody-fits") == 14);
  CHECK(run.taken("know-the-group", "how-complete/complete") == 40);
  CHECK(run.journey("fill-the-gaps").at("entered") == 114);
  CHECK(run.journey("fill-the-gaps").at("reached_goal") == 58);
  CHECK(run.taken("fill-the-gaps", "and-now/complete") == 58);
  CHECK(run.taken("fill-the-gaps", "and-now/colleague-named") == 21);
  CHECK(run.taken("fill-the-gaps", "and-now/one-less-missing") == 12);
  CHECK(run.taken("fill-the-gaps", "and-now/still-missing") == 35);
  CHECK(run.journey("that-is-me").at("completed") == 70);

  // Each complete group was one call; those that the CRM has refused are in a list, the others know their number.
  const std::vector<HttpRequest> calls = crm.requests();
  CHECK(calls.size() == 58);
  const std::int64_t refused = std::count_if(calls.begin(), calls.end(), [](const HttpRequest& call) {
    return json::parse(call.body).at("owner") == "n.vidal@nordwerk.example";
  });
  CHECK(refused > 0);
  CHECK(run.taken("fill-the-gaps", "open-opportunity/error") == refused);
  CHECK(run.members_of_list("enter-by-hand") == refused);
  for (const HttpRequest& call : calls) {
    CHECK(call.method == "POST");
    CHECK(call.target == "/hooks/opportunities");
    CHECK_FALSE(call.header("Idempotency-Key").empty());
    const json::value body = json::parse(call.body);
    if (body.at("owner") == "n.vidal@nordwerk.example") continue;
    const std::string key(body.at("account").as_string());
    const json::value account = run.json({"show", "account", key, "--json"});
    CHECK(account.at("attributes").at("crm_opportunity").at("opportunity").as_string() == "OPP-" + key);
    CHECK(account.at("buying_groups").at(0).at("stage") == "With sales");
    break;  // one stands for all
  }

  // Nobody is shown ads any more, and nobody was asked the same twice.
  const json::value destinations = run.json({"destinations", "--json"});
  for (const json::value& each : destinations.at("destinations").as_array())
    CHECK(each.at("members") == 0);
  std::vector<std::string> asked;
  for (const WrittenMail& mail : run.mails("decides on the"))
    asked.push_back(mail.to);
  CHECK(asked.size() > 100);
  std::sort(asked.begin(), asked.end());
  CHECK(std::adjacent_find(asked.begin(), asked.end()) == asked.end());
}

TEST_CASE("buying-group-completion: the pictures in the README are those of the journeys") {
  check_pictures(sample("buying-group-completion"));
}
