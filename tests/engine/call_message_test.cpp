// What a webhook says: a JSON object of the values its node computed, whatever they are.

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "engine/messages.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

constexpr Instant monday = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h;

const MessageDefinition definition{.kind = MessageKind::webhook,
                                   .name = "crm",
                                   .values = {"second", "a.b", "first"},
                                   .path = "/contacts",
                                   .method = "PUT"};

std::string body(const std::vector<std::pair<std::uint32_t, AttributeInput>>& values) {
  std::vector<std::pair<NameId, AttributeInput>> inputs;
  for (const auto& [position, value] : values)
    inputs.emplace_back(NameId{position}, value);
  const auto call = std::get<Call>(call_message(definition)->render(Attributes().with(inputs)));
  boost::system::error_code error;
  boost::json::parse(call.body, error);
  CHECK_FALSE(error);
  return call.body;
}

/// The JSON of one value.
std::string json(AttributeInput value) {
  const std::string whole = body({{2, std::move(value)}});
  REQUIRE(whole.starts_with("{\"first\":"));
  return whole.substr(9, whole.size() - 10);
}

}  // namespace

TEST_CASE("a call goes where its node says, by the connection's name") {
  const auto message = call_message(definition);
  CHECK(message->kind() == MessageKind::webhook);
  CHECK(message->name() == "crm");
  CHECK(message->names() == definition.values);
  const auto call = std::get<Call>(message->render({}));
  CHECK(call.method == "PUT");
  CHECK(call.path == "/contacts");
  CHECK(call.body == "{}");
  CHECK(std::get<Call>(call_message({.kind = MessageKind::webhook, .name = "crm"})->render({})).method == "POST");
}

TEST_CASE("the values stand in the order of the node, and those that are missing are left out") {
  CHECK(body({{2, {std::int64_t{3}}}, {0, {true}}}) == R"({"second":true,"first":3})");
  CHECK(body({{1, {std::string("x")}}}) == R"({"a.b":"x"})");
}

TEST_CASE("every kind of value has its JSON") {
  CHECK(json({true}) == "true");
  CHECK(json({false}) == "false");
  CHECK(json({std::int64_t{-9'223'372'036'854'775'807}}) == "-9223372036854775807");
  CHECK(json({0.1}) == "0.1");
  CHECK(json({3.0}) == "3");
  CHECK(json({1e300}) == "1e+300");
  CHECK(json({std::numeric_limits<double>::infinity()}) == "null");
  CHECK(json({std::numeric_limits<double>::quiet_NaN()}) == "null");
  CHECK(json({std::string("Zoë \"said\"\n\\o/")}) == R"("Zoë \"said\"\n\\o/")");
  CHECK(json({std::string("\x01 caf\xE9")}) == "\"\\u0001 caf\xEF\xBF\xBD\"");
  CHECK(json({monday}) == R"("2026-01-05T09:00:00Z")");
  CHECK(json({std::chrono::milliseconds(90min)}) == R"("5400s")");
  CHECK(json({-1500ms}) == R"("-1.500s")");
  CHECK(json({5ms}) == R"("0.005s")");
  CHECK(json({AttributeList{}}) == "[]");
  CHECK(json({AttributeMap{}}) == "{}");
  CHECK(json({AttributeList{{std::int64_t{1}}, {std::string("x")}, {}}}) == R"([1,"x",null])");
  CHECK(json({AttributeMap{{"a\"b", {std::int64_t{1}}}, {"c", {AttributeList{{true}}}}}}) ==
        R"({"a\"b":1,"c":[true]})");
}
