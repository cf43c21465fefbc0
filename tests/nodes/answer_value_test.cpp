// What the answer of a webhook is as an attribute.

#include "nodes/answer_value.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

template <class T>
T as(const AttributeInput& input) {
  REQUIRE(std::holds_alternative<T>(input.value));
  return std::get<T>(input.value);
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + "1" + std::string(depth, ']');
}

}  // namespace

TEST_CASE("a JSON answer keeps its types") {
  CHECK(as<std::int64_t>(answer_value("42")) == 42);
  CHECK(as<double>(answer_value("4.5")) == 4.5);
  CHECK(as<double>(answer_value("18446744073709551615")) == 18446744073709551615.0);
  CHECK(as<bool>(answer_value(" true\n")));
  CHECK(as<std::string>(answer_value("\"yes\"")) == "yes");
  const auto list = as<AttributeList>(answer_value("[1, \"two\", null]"));
  REQUIRE(list.size() == 3);
  CHECK(as<std::int64_t>(list[0]) == 1);
  CHECK(as<std::string>(list[1]) == "two");
  as<std::monostate>(list[2]);
  const auto map = as<AttributeMap>(answer_value("{\"score\": 80, \"who\": {\"name\": \"Ada\"}}"));
  REQUIRE(map.size() == 2);
  CHECK(map[0].first == "score");
  CHECK(as<std::int64_t>(map[0].second) == 80);
  CHECK(as<std::string>(as<AttributeMap>(map[1].second)[0].second) == "Ada");
}

TEST_CASE("what is no JSON is text as it stands") {
  CHECK(as<std::string>(answer_value("OK, thanks")) == "OK, thanks");
  CHECK(as<std::string>(answer_value("{\"a\": 1} and more")) == "{\"a\": 1} and more");
  CHECK(as<std::string>(answer_value("1e999")) == "1e999");  // a number that no attribute holds
}

TEST_CASE("an answer of nothing, and null, leave no attribute") {
  as<std::monostate>(answer_value(""));
  as<std::monostate>(answer_value(" \r\n"));
  as<std::monostate>(answer_value("null"));
}

TEST_CASE("JSON nests as deep as an attribute may; deeper, it is text") {
  const AttributeInput deepest = answer_value(nested(kAttributeDepth));
  as<AttributeList>(deepest);
  const std::array input = {std::pair{NameId{1}, deepest}};
  CHECK_NOTHROW(Attributes().with(input));
  CHECK(as<std::string>(answer_value(nested(kAttributeDepth + 1))) == nested(kAttributeDepth + 1));
}

TEST_CASE("64 KiB of an answer are kept, cut between letters; JSON that is longer is text") {
  const std::string list = "[" + std::string(kAnswerBytes - 4, ' ') + "17]";
  CHECK(as<AttributeList>(answer_value(list)).size() == 1);
  CHECK(as<std::string>(answer_value("[" + std::string(kAnswerBytes, ' ') + "17]")).size() == kAnswerBytes);
  std::string umlauts = "x";
  while (umlauts.size() < kAnswerBytes)
    umlauts += "\xC3\xA4";
  CHECK(as<std::string>(answer_value(umlauts)) == umlauts.substr(0, kAnswerBytes - 1));
}

TEST_CASE("what is no UTF-8 in a text is replaced") {
  CHECK(as<std::string>(answer_value("caf\xE9 au lait")) == "caf\xEF\xBF\xBD au lait");
}
