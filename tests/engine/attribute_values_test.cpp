// Between a record's attributes and an expression's values: what goes one way comes back the other.

#include "engine/attribute_values.hpp"

#include "journeys/cel/environment.hpp"
#include "journeys/cel/program.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

constexpr NameId kName{7};

Attributes record_of(const AttributeInput& input) {
  const std::array<std::pair<NameId, AttributeInput>, 1> inputs = {{{kName, input}}};
  return Attributes().with(inputs);
}

/// Kept, read as an expression reads it, and kept again.
Attributes round_trip(const Attributes& record) {
  cel::Evaluation evaluation;
  const std::optional<AttributeInput> back = to_input(to_value(*record.find(kName), evaluation));
  REQUIRE(back.has_value());
  return record_of(*back);
}

}  // namespace

TEST_CASE("every kind of attribute comes back from an expression as it was") {
  const std::vector<AttributeInput> inputs = {
      {true},
      {false},
      {std::int64_t{0}},
      {std::numeric_limits<std::int64_t>::min()},
      {std::numeric_limits<std::int64_t>::max()},
      {1.5},
      {-0.0},
      {std::numeric_limits<double>::infinity()},
      {std::string()},
      {std::string("Grüße, \0 und mehr", 19)},
      {std::chrono::sys_time<std::chrono::milliseconds>(1'767'603'600'123ms)},
      {-90'001ms},
      {AttributeList{}},
      {AttributeList{{std::int64_t{1}}, {std::string("two")}, {AttributeList{{3.0}}}}},
      {AttributeMap{{"a", {std::int64_t{1}}}, {"b", {AttributeMap{{"c", {true}}}}}}},
  };
  for (const AttributeInput& input : inputs) {
    INFO("input " << (&input - inputs.data()));
    const Attributes record = record_of(input);
    CHECK(round_trip(record) == record);
    CHECK(record_of(to_input(*record.find(kName))) == record);
  }
}

TEST_CASE("a null inside of a list is kept") {
  const Attributes record = record_of({AttributeList{{std::monostate{}}, {std::int64_t{1}}}});
  CHECK(round_trip(record) == record);
}

TEST_CASE("an unsigned number is kept as a whole one, and as a real one beyond its range") {
  CHECK(std::get<std::int64_t>(to_input(cel::Value::unsigned_integer(5))->value) == 5);
  const auto large = to_input(cel::Value::unsigned_integer(std::numeric_limits<std::uint64_t>::max()));
  CHECK(std::get<double>(large->value) == Approx(1.8446744073709552e19));
}

TEST_CASE("what is no value of its own cannot be kept") {
  cel::Evaluation evaluation;
  CHECK_FALSE(to_input(evaluation.host_error("no")).has_value());
  CHECK_FALSE(to_input(cel::Value::absent()).has_value());
  CHECK_FALSE(to_input(evaluation.bytes("raw")).has_value());
  const std::array elements = {cel::Value::integer(1), evaluation.bytes("raw")};
  CHECK_FALSE(to_input(evaluation.list(elements)).has_value());
}
