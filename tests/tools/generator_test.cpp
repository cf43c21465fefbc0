// What is made up from a seed is the same everywhere and for ever: samples and figures depend on it.

#include "tools/caravan/generator.hpp"

#include <set>

#include <boost/json/serialize.hpp>

#include "tests/support/catch.hpp"

using namespace caravan::tools;

TEST_CASE("the same seed makes the same account, another seed another") {
  CHECK(made_up_account(1, 7) == made_up_account(1, 7));
  CHECK(made_up_account(1, 7) != made_up_account(2, 7));
  CHECK(made_up_account(1, 7) != made_up_account(1, 8));
}

TEST_CASE("people belong to their account and can be told apart") {
  const auto people = made_up_people(1, "BRK.B", 6);
  REQUIRE(people.size() >= 3);
  REQUIRE(people.size() <= 9);
  std::set<std::string> keys;
  std::set<std::string> addresses;
  for (const auto& person : people) {
    CHECK(person.at("account") == "BRK.B");
    keys.emplace(person.at("key").as_string());
    addresses.emplace(person.at("email").as_string());
    CHECK_THAT(std::string(person.at("email").as_string()), Catch::EndsWith("@brk-b.example"));
  }
  CHECK(keys.size() == people.size());
  CHECK(addresses.size() == people.size());
}

TEST_CASE("addresses are plain ASCII below .example") {
  for (std::uint64_t number = 1; number <= 300; ++number) {
    for (const auto& person : made_up_people(3, std::to_string(number), 8)) {
      const std::string address(person.at("email").as_string());
      CAPTURE(address);
      CHECK(address.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.@-") == std::string::npos);
      CHECK(address.find("..") == std::string::npos);
    }
  }
}

TEST_CASE("a CSV line quotes what must be quoted") {
  CHECK(csv_line({{"a", "Saint Paul, Minnesota"}, {"b", "say \"hi\""}, {"c", 7}}) ==
        "\"Saint Paul, Minnesota\",\"say \"\"hi\"\"\",7\n");
  CHECK(csv_header({{"a", 1}, {"b", 2}}) == "a,b\n");
}

TEST_CASE("about as many people advise another account as was asked for, and always the same") {
  int advisors = 0;
  for (int number = 0; number < 1'000; ++number) {
    const std::string key = "p" + std::to_string(number);
    CHECK(is_advisor(1, key, 100));
    CHECK_FALSE(is_advisor(1, key, 0));
    advisors += is_advisor(1, key, 20) ? 1 : 0;
  }
  CHECK(advisors > 150);
  CHECK(advisors < 250);
}
