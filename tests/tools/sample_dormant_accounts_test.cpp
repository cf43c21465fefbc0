// The sample `dormant-accounts` runs as its README says: nine months of a season, in mornings all over the world.

#include <set>

#include <boost/json/value.hpp>

#include "journeys/duration.hpp"
#include "tests/support/catch.hpp"
#include "tests/tools/sample_run.hpp"

using namespace caravan::tests;

namespace json = boost::json;

namespace {

/// Where an account's mornings are, by the account that an address belongs to.
std::string zone_of(const SampleRun& run, const std::string& address) {
  const std::string domain = address.substr(address.find('@') + 1);
  const std::string key = domain.substr(0, domain.find('.'));
  return std::string(run.json({"show", "account", key, "--json"}).at("attributes").at("timezone").as_string());
}

/// `Tue, 13 Jan 2026 09:00:00 +0000` as an instant.
caravan::Instant instant_of(const std::string& date) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::string day = date.substr(5, 2);
  const unsigned month = static_cast<unsigned>(months.find(date.substr(8, 3)) / 3 + 1);
  const std::string text = date.substr(12, 4) + "-" + (month < 10 ? "0" : "") + std::to_string(month) + "-" + day +
                           "T" + date.substr(17, 8) + "Z";
  const auto instant = caravan::parse_instant(text);
  REQUIRE(instant);
  return *instant;
}

}  // namespace

TEST_CASE("dormant-accounts: who sleeps is woken on a morning of their own, and who comes back is greeted") {
  const SampleRun run(sample("dormant-accounts"));
  check_facts_of_all(run);

  const json::value& wake_up = run.journey("wake-up");
  CHECK(wake_up.at("entered") == 181);
  CHECK(wake_up.at("reached_goal") == 22);
  CHECK(wake_up.at("left") == 30);  // the 22 who are back, and 8 whose contract has ended
  CHECK(run.journey("contract-ended").at("entered") == 8);
  CHECK(run.journey("welcome-back").at("entered") == 22);
  CHECK(run.taken("welcome-back", "see-whether-they-stay/timeout") == 10);
  CHECK(run.visited("welcome-back", "at-home-again") == 12);
  CHECK(run.taken("wake-up", "warm-or-cold/warm") == 24);
  CHECK(run.members_of_list("call-these-first") == 24);
  CHECK(run.members_of_list("sunset") == run.taken("wake-up", "warm-or-cold/cold-again"));
  // Half and half, as far as a hash of 200 keys goes.
  CHECK(run.taken("wake-up", "two-openings/what-is-new") > 75);
  CHECK(run.taken("wake-up", "two-openings/what-you-built") > 75);

  // Tuesday to Thursday at nine, on the account's own clock.
  using namespace std::chrono;
  const std::vector<WrittenMail> mails = run.mails("Three things your dashboards");
  REQUIRE(mails.size() > 200);
  std::set<std::string> zones;
  for (std::size_t i = 0; i < mails.size(); i += 20) {
    const std::string zone = zone_of(run, mails[i].to);
    zones.insert(zone);
    CAPTURE(mails[i].to, mails[i].date, zone);
    const auto local = caravan::local_time_at(instant_of(mails[i].date), zone);
    const auto day = floor<days>(local);
    CHECK(local - day == hours(9));
    CHECK(weekday(day).iso_encoding() >= 2);
    CHECK(weekday(day).iso_encoding() <= 4);
  }
  CHECK(zones.size() > 3);

  // Who still sleeps half a year later is woken once more, and then no longer.
  std::vector<std::string> entries;
  const json::value sleeper = run.json({"show", "account", "tly-0023", "--json"});
  for (const json::value& line : sleeper.at("timeline").as_array()) {
    const bool is_waking = line.at("journey").as_string().starts_with("wake-up ");
    if (is_waking && line.at("kind") == "entered") entries.emplace_back(line.at("at").as_string().subview(0, 10));
  }
  CHECK(entries == std::vector<std::string>{"2026-01-05", "2026-07-13"});
}

TEST_CASE("dormant-accounts: the pictures in the README are those of the journeys") {
  check_pictures(sample("dormant-accounts"));
}
