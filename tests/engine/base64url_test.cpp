#include "engine/base64url.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"

using namespace caravan;

TEST_CASE("bytes become letters that stand in a URL as they are") {
  CHECK(to_base64url("") == "");
  CHECK(to_base64url("f") == "Zg");
  CHECK(to_base64url("fo") == "Zm8");
  CHECK(to_base64url("foo") == "Zm9v");
  CHECK(to_base64url("\xFB\xFF\xFE") == "-__-");
}

TEST_CASE("what is no base64url is told apart from what is") {
  CHECK(from_base64url("Zm9v") == "foo");
  CHECK(from_base64url("") == "");
  for (const char* none : {"Z", "Zg==", "Zm9v\n", "Zm 9", "+/+/", "Zh", "Zm9", "Zm9v!"}) {
    CAPTURE(none);
    CHECK(from_base64url(none) == std::nullopt);
  }
}

TEST_CASE("every bytes come back as they were") {
  CHECK(caravan::test::holds_in(1'000,
                                [](const std::string& bytes) { return from_base64url(to_base64url(bytes)) == bytes; }));
}
