// Arithmetic: within one type, checked for overflow; and what + and - mean for text, lists and times.

#include <cmath>
#include <cstring>
#include <memory>
#include <optional>

#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/time.hpp"

namespace caravan::cel {

namespace {

using Arguments = std::span<const Value>;

Value overflow(Evaluation& evaluation, std::string_view type) {
  return evaluation.error(ErrorCode::overflow, {type, " overflow"});
}
Value time_range(Evaluation& evaluation) {
  return evaluation.error(ErrorCode::out_of_range, {"timestamp out of range"});
}
Value duration_range(Evaluation& evaluation) {
  return evaluation.error(ErrorCode::out_of_range, {"duration out of range"});
}

Value make_integer(Evaluation& evaluation, bool overflowed, std::int64_t result) {
  return overflowed ? overflow(evaluation, "int") : Value::integer(result);
}
Value make_unsigned(Evaluation& evaluation, bool overflowed, std::uint64_t result) {
  return overflowed ? overflow(evaluation, "uint") : Value::unsigned_integer(result);
}

Value add_int(Evaluation& e, Arguments a) {
  std::int64_t result = 0;
  const bool overflowed = __builtin_add_overflow(a[0].as_integer(), a[1].as_integer(), &result);
  return make_integer(e, overflowed, result);
}
Value subtract_int(Evaluation& e, Arguments a) {
  std::int64_t result = 0;
  const bool overflowed = __builtin_sub_overflow(a[0].as_integer(), a[1].as_integer(), &result);
  return make_integer(e, overflowed, result);
}
Value multiply_int(Evaluation& e, Arguments a) {
  std::int64_t result = 0;
  const bool overflowed = __builtin_mul_overflow(a[0].as_integer(), a[1].as_integer(), &result);
  return make_integer(e, overflowed, result);
}
bool quotient_overflows(Arguments a) {
  return a[0].as_integer() == std::numeric_limits<std::int64_t>::min() && a[1].as_integer() == -1;
}
Value divide_int(Evaluation& e, Arguments a) {
  if (a[1].as_integer() == 0) return e.error(ErrorCode::divide_by_zero, {"divide by zero"});
  if (quotient_overflows(a)) return overflow(e, "int");
  return Value::integer(a[0].as_integer() / a[1].as_integer());
}
Value modulo_int(Evaluation& e, Arguments a) {
  if (a[1].as_integer() == 0) return e.error(ErrorCode::modulus_by_zero, {"modulus by zero"});
  if (quotient_overflows(a)) return overflow(e, "int");
  return Value::integer(a[0].as_integer() % a[1].as_integer());
}

Value add_uint(Evaluation& e, Arguments a) {
  std::uint64_t result = 0;
  const bool overflowed = __builtin_add_overflow(a[0].as_unsigned(), a[1].as_unsigned(), &result);
  return make_unsigned(e, overflowed, result);
}
Value subtract_uint(Evaluation& e, Arguments a) {
  std::uint64_t result = 0;
  const bool overflowed = __builtin_sub_overflow(a[0].as_unsigned(), a[1].as_unsigned(), &result);
  return make_unsigned(e, overflowed, result);
}
Value multiply_uint(Evaluation& e, Arguments a) {
  std::uint64_t result = 0;
  const bool overflowed = __builtin_mul_overflow(a[0].as_unsigned(), a[1].as_unsigned(), &result);
  return make_unsigned(e, overflowed, result);
}
Value divide_uint(Evaluation& e, Arguments a) {
  if (a[1].as_unsigned() == 0) return e.error(ErrorCode::divide_by_zero, {"divide by zero"});
  return Value::unsigned_integer(a[0].as_unsigned() / a[1].as_unsigned());
}
Value modulo_uint(Evaluation& e, Arguments a) {
  if (a[1].as_unsigned() == 0) return e.error(ErrorCode::modulus_by_zero, {"modulus by zero"});
  return Value::unsigned_integer(a[0].as_unsigned() % a[1].as_unsigned());
}

Value add_double(Evaluation&, Arguments a) {
  return Value::floating(a[0].as_floating() + a[1].as_floating());
}
Value subtract_double(Evaluation&, Arguments a) {
  return Value::floating(a[0].as_floating() - a[1].as_floating());
}
Value multiply_double(Evaluation&, Arguments a) {
  return Value::floating(a[0].as_floating() * a[1].as_floating());
}
/// IEEE 754 decides what C++ leaves undefined: a division by zero is an infinity, or NaN.
Value divide_double(Evaluation&, Arguments a) {
  const double dividend = a[0].as_floating();
  const double divisor = a[1].as_floating();
  if (std::isnan(dividend)) return a[0];
  if (divisor != 0) return Value::floating(dividend / divisor);
  if (dividend == 0) return Value::floating(std::numeric_limits<double>::quiet_NaN());
  const double infinity = std::numeric_limits<double>::infinity();
  return Value::floating(std::signbit(dividend) != std::signbit(divisor) ? -infinity : infinity);
}

Value concatenate(Evaluation& e, Arguments a) {
  const std::string_view left = a[0].as_text();
  const std::string_view right = a[1].as_text();
  const bool text = a[0].is(Kind::string);
  if (right.empty()) return a[0];
  if (left.empty()) return a[1];
  if (!charge_text(e, left.size() + right.size())) return Evaluation::budget_error();
  char* memory = e.arena().array<char>(left.size() + right.size());
  if (!memory) return Evaluation::memory_error();
  std::memcpy(memory, left.data(), left.size());
  std::memcpy(memory + left.size(), right.data(), right.size());
  const std::string_view joined{memory, left.size() + right.size()};
  return text ? Value::string(joined) : Value::bytes(joined);
}

Value concatenate_lists(Evaluation& e, Arguments a) {
  const auto left = a[0].as_list();
  const auto right = a[1].as_list();
  if (right.empty()) return a[0];
  if (left.empty()) return a[1];
  if (!e.charge(left.size() + right.size())) return Evaluation::budget_error();
  Value* memory = e.arena().array<Value>(left.size() + right.size());
  if (!memory) return Evaluation::memory_error();
  std::uninitialized_copy(left.begin(), left.end(), memory);
  std::uninitialized_copy(right.begin(), right.end(), memory + left.size());
  return Value::list({memory, left.size() + right.size()});
}

Value make_time(Evaluation& e, std::optional<Timestamp> time) {
  return time ? Value::timestamp(*time) : time_range(e);
}

Value add_time_duration(Evaluation& e, Arguments a) {
  return make_time(e, add(a[0].as_timestamp(), a[1].as_duration()));
}
Value add_duration_time(Evaluation& e, Arguments a) {
  return make_time(e, add(a[1].as_timestamp(), a[0].as_duration()));
}
Value subtract_time_duration(Evaluation& e, Arguments a) {
  constexpr auto smallest = std::chrono::nanoseconds::min();
  if (a[1].as_duration() == smallest) return duration_range(e);
  return make_time(e, add(a[0].as_timestamp(), -a[1].as_duration()));
}
Value subtract_times(Evaluation& e, Arguments a) {
  const auto length = difference(a[0].as_timestamp(), a[1].as_timestamp());
  return length ? Value::duration(*length) : duration_range(e);
}
Value add_durations(Evaluation& e, Arguments a) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a[0].as_integer(), a[1].as_integer(), &result)) return duration_range(e);
  return Value::duration(std::chrono::nanoseconds{result});
}
Value subtract_durations(Evaluation& e, Arguments a) {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(a[0].as_integer(), a[1].as_integer(), &result)) return duration_range(e);
  return Value::duration(std::chrono::nanoseconds{result});
}

Value negate_int(Evaluation& e, Arguments a) {
  if (a[0].as_integer() == std::numeric_limits<std::int64_t>::min()) return overflow(e, "int");
  return Value::integer(-a[0].as_integer());
}
Value negate_double(Evaluation&, Arguments a) {
  return Value::floating(-a[0].as_floating());
}
Value negate_duration(Evaluation& e, Arguments a) {
  if (a[0].as_integer() == std::numeric_limits<std::int64_t>::min()) return duration_range(e);
  return Value::duration(-a[0].as_duration());
}

}  // namespace

void add_operators(Registry& registry) {
  registry.add("_add_(int, int) -> int", add_int);
  registry.add("_add_(uint, uint) -> uint", add_uint);
  registry.add("_add_(double, double) -> double", add_double);
  registry.add({"_add_(string, string) -> string", "_add_(bytes, bytes) -> bytes"}, concatenate);
  registry.add("_add_(list(A), list(A)) -> list(A)", concatenate_lists);
  registry.add("_add_(timestamp, duration) -> timestamp", add_time_duration);
  registry.add("_add_(duration, timestamp) -> timestamp", add_duration_time);
  registry.add("_add_(duration, duration) -> duration", add_durations);
  registry.add("_subtract_(int, int) -> int", subtract_int);
  registry.add("_subtract_(uint, uint) -> uint", subtract_uint);
  registry.add("_subtract_(double, double) -> double", subtract_double);
  registry.add("_subtract_(timestamp, timestamp) -> duration", subtract_times);
  registry.add("_subtract_(timestamp, duration) -> timestamp", subtract_time_duration);
  registry.add("_subtract_(duration, duration) -> duration", subtract_durations);
  registry.add("_multiply_(int, int) -> int", multiply_int);
  registry.add("_multiply_(uint, uint) -> uint", multiply_uint);
  registry.add("_multiply_(double, double) -> double", multiply_double);
  registry.add("_divide_(int, int) -> int", divide_int);
  registry.add("_divide_(uint, uint) -> uint", divide_uint);
  registry.add("_divide_(double, double) -> double", divide_double);
  registry.add("_modulo_(int, int) -> int", modulo_int);
  registry.add("_modulo_(uint, uint) -> uint", modulo_uint);
  registry.add("_negate_(int) -> int", negate_int);
  registry.add("_negate_(double) -> double", negate_double);
  registry.add("_negate_(duration) -> duration", negate_duration);
}

}  // namespace caravan::cel
