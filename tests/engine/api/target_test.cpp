#include "engine/api/target.hpp"

#include "tests/support/catch.hpp"

using namespace caravan::api;

namespace {

Fields matched(const char* pattern, const char* target) {
  return PathPattern(pattern).match(parse_target(target)->segments).value_or(Fields{{"none", ""}});
}

}  // namespace

TEST_CASE("a target is parted before it is decoded") {
  const auto target = parse_target("/v1/accounts/acme%2Finc%20ltd?limit=10&name=a+b%26c");
  REQUIRE(target);
  CHECK(target->path == "/v1/accounts/acme%2Finc%20ltd");
  CHECK(target->segments == std::vector<std::string>{"v1", "accounts", "acme/inc ltd"});
  CHECK(target->query == Fields{{"limit", "10"}, {"name", "a b&c"}});
}

TEST_CASE("a target that is no path, or no text when decoded, is none") {
  for (const char* none : {"", "v1/accounts", "http://example.com/", "*", "/a%", "/a%zz", "/a b", "/%00", "/%FF",
                           "/?q=%C3%28", "/a\x01"}) {
    CAPTURE(none);
    CHECK_FALSE(parse_target(none).has_value());
  }
}

TEST_CASE("a pattern takes out what the request says") {
  CHECK(matched("/v1/accounts/{key}", "/v1/accounts/acme") == Fields{{"key", "acme"}});
  CHECK(matched("/v1/people/{key}/accounts/{account}", "/v1/people/mia/accounts/zeta") ==
        Fields{{"key", "mia"}, {"account", "zeta"}});
  CHECK(matched("/v1/accounts", "/v1/accounts") == Fields{});
  const Fields none{{"none", ""}};
  CHECK(matched("/v1/accounts/{key}", "/v1/accounts/") == none);
  CHECK(matched("/v1/accounts/{key}", "/v1/accounts") == none);
  CHECK(matched("/v1/accounts/{key}", "/v1/accounts/a/b") == none);
  CHECK(matched("/v1/accounts", "/v1/people") == none);
}
