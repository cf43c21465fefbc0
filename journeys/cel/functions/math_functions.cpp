// The math extension. `math.least` and `math.greatest` take any number of arguments and are called through extreme_of.

#include <cmath>

#include "journeys/cel/functions/registry.hpp"

namespace caravan::cel {

namespace {

using Arguments = std::span<const Value>;

template <double (*Function)(double)>
Value of_double(Evaluation&, Arguments a) {
  return Value::floating(Function(a[0].as_floating()));
}

double ceiling(double value) {
  return std::ceil(value);
}
double floor(double value) {
  return std::floor(value);
}
double rounded(double value) {
  return std::round(value);
}
double truncated(double value) {
  return std::trunc(value);
}
double magnitude(double value) {
  return std::fabs(value);
}

Value is_nan(Evaluation&, Arguments a) {
  return Value::boolean(std::isnan(a[0].as_floating()));
}
Value is_infinite(Evaluation&, Arguments a) {
  return Value::boolean(std::isinf(a[0].as_floating()));
}
Value is_finite(Evaluation&, Arguments a) {
  return Value::boolean(std::isfinite(a[0].as_floating()));
}

Value same(Evaluation&, Arguments a) {
  return a[0];
}
Value absolute_int(Evaluation& e, Arguments a) {
  if (a[0].as_integer() == std::numeric_limits<std::int64_t>::min())
    return e.error(ErrorCode::overflow, {"int overflow"});
  return Value::integer(std::abs(a[0].as_integer()));
}

Value sign_int(Evaluation&, Arguments a) {
  return Value::integer((a[0].as_integer() > 0) - (a[0].as_integer() < 0));
}
Value sign_uint(Evaluation&, Arguments a) {
  return Value::unsigned_integer(a[0].as_unsigned() > 0 ? 1 : 0);
}
Value sign_double(Evaluation&, Arguments a) {
  const double value = a[0].as_floating();
  if (std::isnan(value)) return a[0];
  return Value::floating((value > 0 ? 1.0 : 0.0) - (value < 0 ? 1.0 : 0.0));
}

Value square_root(Evaluation&, Arguments a) {
  switch (a[0].kind()) {
    case Kind::integer: return Value::floating(std::sqrt(static_cast<double>(a[0].as_integer())));
    case Kind::unsigned_integer: return Value::floating(std::sqrt(static_cast<double>(a[0].as_unsigned())));
    default: return Value::floating(std::sqrt(a[0].as_floating()));
  }
}

/// The bits of an int or uint as the kind that the first argument is.
Value bits(Arguments a, std::uint64_t value) {
  return a[0].is(Kind::integer) ? Value::integer(static_cast<std::int64_t>(value)) : Value::unsigned_integer(value);
}
Value bit_and(Evaluation&, Arguments a) {
  return bits(a, a[0].as_unsigned() & a[1].as_unsigned());
}
Value bit_or(Evaluation&, Arguments a) {
  return bits(a, a[0].as_unsigned() | a[1].as_unsigned());
}
Value bit_xor(Evaluation&, Arguments a) {
  return bits(a, a[0].as_unsigned() ^ a[1].as_unsigned());
}
Value bit_not(Evaluation&, Arguments a) {
  return bits(a, ~a[0].as_unsigned());
}

Value negative_offset(Evaluation& e, std::string_view function) {
  return e.error(ErrorCode::invalid_argument, {function, "() negative offset"});
}
Value shift_left(Evaluation& e, Arguments a) {
  if (a[1].as_integer() < 0) return negative_offset(e, "math.bitShiftLeft");
  return bits(a, a[1].as_integer() > 63 ? 0 : a[0].as_unsigned() << a[1].as_integer());
}
Value shift_right(Evaluation& e, Arguments a) {
  if (a[1].as_integer() < 0) return negative_offset(e, "math.bitShiftRight");
  return bits(a, a[1].as_integer() > 63 ? 0 : a[0].as_unsigned() >> a[1].as_integer());
}

}  // namespace

Value extreme_of(Evaluation& evaluation, std::span<const Value> numbers, Order wanted, std::string_view name) {
  if (numbers.size() == 1 && numbers[0].is(Kind::list)) {
    numbers = numbers[0].as_list();
    if (numbers.empty())
      return evaluation.error(ErrorCode::invalid_argument, {name, "(list) argument must not be empty"});
  }
  if (!evaluation.charge(numbers.size())) return Evaluation::budget_error();
  for (const Value& number : numbers)
    if (!number.is_number())
      return evaluation.no_such_overload(name, numbers.first(std::min<std::size_t>(numbers.size(), 8)));
  Value best = numbers[0];
  for (const Value& number : numbers.subspan(1))
    if (compare(number, best) == wanted) best = number;
  return best;
}

void add_math_functions(Registry& registry) {
  registry.add("math.ceil(double) -> double", of_double<ceiling>);
  registry.add("math.floor(double) -> double", of_double<floor>);
  registry.add("math.round(double) -> double", of_double<rounded>);
  registry.add("math.trunc(double) -> double", of_double<truncated>);
  registry.add("math.isNaN(double) -> bool", is_nan);
  registry.add("math.isInf(double) -> bool", is_infinite);
  registry.add("math.isFinite(double) -> bool", is_finite);
  registry.add("math.abs(int) -> int", absolute_int);
  registry.add("math.abs(uint) -> uint", same);
  registry.add("math.abs(double) -> double", of_double<magnitude>);
  registry.add("math.sign(int) -> int", sign_int);
  registry.add("math.sign(uint) -> uint", sign_uint);
  registry.add("math.sign(double) -> double", sign_double);
  registry.add({"math.sqrt(double) -> double", "math.sqrt(int) -> double", "math.sqrt(uint) -> double"}, square_root);
  registry.add({"math.bitAnd(int, int) -> int", "math.bitAnd(uint, uint) -> uint"}, bit_and);
  registry.add({"math.bitOr(int, int) -> int", "math.bitOr(uint, uint) -> uint"}, bit_or);
  registry.add({"math.bitXor(int, int) -> int", "math.bitXor(uint, uint) -> uint"}, bit_xor);
  registry.add({"math.bitNot(int) -> int", "math.bitNot(uint) -> uint"}, bit_not);
  registry.add({"math.bitShiftLeft(int, int) -> int", "math.bitShiftLeft(uint, int) -> uint"}, shift_left);
  registry.add({"math.bitShiftRight(int, int) -> int", "math.bitShiftRight(uint, int) -> uint"}, shift_right);
}

}  // namespace caravan::cel
