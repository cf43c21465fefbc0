// The sample `customer-expansion` runs as its README says: customers who run out of seats, over mail, SMS and chat.

#include <set>

#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/sample_run.hpp"

using namespace caravan::tests;

namespace json = boost::json;

TEST_CASE("customer-expansion: customers hear of it in time, buy, and roll out what they bought") {
  const SampleRun run(sample("customer-expansion"));
  check_facts_of_all(run);

  const json::value& growth = run.journey("room-to-grow");
  CHECK(growth.at("entered") == 112);
  CHECK(growth.at("reached_goal") == 39);
  CHECK(run.taken("room-to-grow", "bought-or-asked/bought") == 39);
  CHECK(run.taken("room-to-grow", "bought-or-asked/people-ask-for-seats") == 25);
  CHECK(run.taken("room-to-grow", "have-they-bought/timeout") == 35);
  CHECK(growth.at("left") == 13);  // contracts that were cancelled under way
  CHECK(run.taken("room-to-grow", "by-tier/enterprise") + run.taken("room-to-grow", "by-tier/mid-market") +
            run.taken("room-to-grow", "by-tier/self-service") ==
        112);

  // Everybody who begins a rollout ends it, gets stuck, or stops because the contract is cancelled.
  const json::value& rollout = run.journey("roll-out-new-seats");
  CHECK(rollout.at("entered") == 60);
  const std::int64_t stuck = run.taken("roll-out-new-seats", "with-a-hand/timeout");
  CHECK(run.visited("roll-out-new-seats", "done") == 36);
  CHECK(stuck == 13);
  CHECK(rollout.at("left") == 60 - 36 - stuck);
  CHECK(run.members_of_list("win-back") == run.journey("contract-cancelled").at("entered").as_int64());

  CHECK(run.files(".txt", "sms") == run.delivered("room-to-grow", "SMS no-seat-left"));
  CHECK(run.files(".txt", "chat") == run.delivered("room-to-grow", "chat message add-seats") +
                                         run.delivered("roll-out-new-seats", "chat message need-a-hand"));

  // A security lead of three companies gets each mail once.
  std::int64_t had_it_already = 0;
  for (const json::value& message : run.journey("room-to-grow").at("messages").as_array())
    had_it_already += message.at("deduplicated").as_int64();
  CHECK(had_it_already > 0);
  std::multiset<std::string> thanked;
  for (const WrittenMail& mail : run.mails("the seats are there"))
    thanked.insert(mail.to);
  CHECK(thanked.size() > 100);
  for (const std::string& address : thanked)
    CHECK(thanked.count(address) == 1);
}

TEST_CASE("customer-expansion: the pictures in the README are those of the journeys") {
  check_pictures(sample("customer-expansion"));
}
