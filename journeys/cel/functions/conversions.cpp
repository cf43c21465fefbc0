// Conversions between types: int(x), uint(x), double(x), string(x), bytes(x), bool(x), timestamp(x), duration(x),
// dyn(x) and type(x). What does not fit the target's range is an error, never a wrapped or cut value.

#include <charconv>

#include "journeys/cel/ast.hpp"
#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/time.hpp"
#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

using Arguments = std::span<const Value>;

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

Value same(Evaluation&, Arguments a) {
  return a[0];
}

Value out_of_range(Evaluation& e, std::string_view type) {
  return e.error(ErrorCode::out_of_range, {type, " out of range"});
}
Value no_conversion(Evaluation& e, const Value& value, std::string_view type) {
  return e.error(ErrorCode::invalid_conversion, {"cannot read ", to_text(value, 200), " as ", type});
}

Value uint_to_int(Evaluation& e, Arguments a) {
  if (a[0].as_unsigned() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return out_of_range(e, "int");
  return Value::integer(static_cast<std::int64_t>(a[0].as_unsigned()));
}
Value double_to_int(Evaluation& e, Arguments a) {
  const double value = a[0].as_floating();
  if (!(value > -two_to_63 && value < two_to_63)) return out_of_range(e, "int");
  return Value::integer(static_cast<std::int64_t>(value));
}
/// Reads a whole text as a number; a leading + is welcome.
template <class Number>
bool read_number(std::string_view text, Number& number) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}
Value string_to_int(Evaluation& e, Arguments a) {
  std::int64_t number = 0;
  return read_number(a[0].as_text(), number) ? Value::integer(number) : no_conversion(e, a[0], "int");
}
Value timestamp_to_int(Evaluation&, Arguments a) {
  return Value::integer(a[0].as_timestamp().seconds);
}

Value int_to_uint(Evaluation& e, Arguments a) {
  if (a[0].as_integer() < 0) return out_of_range(e, "uint");
  return Value::unsigned_integer(a[0].as_unsigned());
}
Value double_to_uint(Evaluation& e, Arguments a) {
  const double value = a[0].as_floating();
  if (!(value >= 0 && value < two_to_64)) return out_of_range(e, "uint");
  return Value::unsigned_integer(static_cast<std::uint64_t>(value));
}
Value string_to_uint(Evaluation& e, Arguments a) {
  std::uint64_t number = 0;
  return read_number(a[0].as_text(), number) ? Value::unsigned_integer(number) : no_conversion(e, a[0], "uint");
}

Value int_to_double(Evaluation&, Arguments a) {
  return Value::floating(static_cast<double>(a[0].as_integer()));
}
Value uint_to_double(Evaluation&, Arguments a) {
  return Value::floating(static_cast<double>(a[0].as_unsigned()));
}
Value string_to_double(Evaluation& e, Arguments a) {
  double number = 0;
  return read_number(a[0].as_text(), number) ? Value::floating(number) : no_conversion(e, a[0], "double");
}

Value int_to_string(Evaluation& e, Arguments a) {
  return e.text(std::to_string(a[0].as_integer()));
}
Value uint_to_string(Evaluation& e, Arguments a) {
  return e.text(std::to_string(a[0].as_unsigned()));
}
Value double_to_string(Evaluation& e, Arguments a) {
  return e.text(format_double(a[0].as_floating()));
}
Value bool_to_string(Evaluation&, Arguments a) {
  return Value::string(a[0].as_boolean() ? "true" : "false");
}
Value bytes_to_string(Evaluation& e, Arguments a) {
  if (!charge_text(e, a[0].as_text().size())) return Evaluation::budget_error();
  if (!is_valid_utf8(a[0].as_text()))
    return e.error(ErrorCode::invalid_conversion, {"invalid UTF-8 in bytes, cannot convert to string"});
  return Value::string(a[0].as_text());
}
Value timestamp_to_string(Evaluation& e, Arguments a) {
  return e.text(format_timestamp(a[0].as_timestamp()));
}
Value duration_to_string(Evaluation& e, Arguments a) {
  return e.text(format_duration(a[0].as_duration()));
}
Value string_to_bytes(Evaluation&, Arguments a) {
  return Value::bytes(a[0].as_text());
}

Value string_to_bool(Evaluation& e, Arguments a) {
  for (const std::string_view text : {"true", "True", "TRUE", "t", "T", "1"})
    if (a[0].as_text() == text) return Value::boolean(true);
  for (const std::string_view text : {"false", "False", "FALSE", "f", "F", "0"})
    if (a[0].as_text() == text) return Value::boolean(false);
  return no_conversion(e, a[0], "bool");
}

Value int_to_timestamp(Evaluation& e, Arguments a) {
  if (a[0].as_integer() < first_second || a[0].as_integer() > last_second) return out_of_range(e, "timestamp");
  return Value::timestamp({a[0].as_integer(), 0});
}
Value string_to_timestamp(Evaluation& e, Arguments a) {
  const auto time = parse_timestamp(a[0].as_text());
  return time ? Value::timestamp(*time) : no_conversion(e, a[0], "a timestamp (such as 2026-01-05T09:00:00Z)");
}
Value string_to_duration(Evaluation& e, Arguments a) {
  const auto length = parse_duration(a[0].as_text());
  return length ? Value::duration(*length) : no_conversion(e, a[0], "a duration (such as 1h30m or 90s)");
}

Value type_of(Evaluation&, Arguments a) {
  return Value::type(type_name(a[0]));
}

}  // namespace

void add_conversions(Registry& registry) {
  registry.add("int(int) -> int", same);
  registry.add("int(uint) -> int", uint_to_int);
  registry.add("int(double) -> int", double_to_int);
  registry.add("int(string) -> int", string_to_int);
  registry.add("int(timestamp) -> int", timestamp_to_int);
  registry.add("uint(uint) -> uint", same);
  registry.add("uint(int) -> uint", int_to_uint);
  registry.add("uint(double) -> uint", double_to_uint);
  registry.add("uint(string) -> uint", string_to_uint);
  registry.add("double(double) -> double", same);
  registry.add("double(int) -> double", int_to_double);
  registry.add("double(uint) -> double", uint_to_double);
  registry.add("double(string) -> double", string_to_double);
  registry.add("string(string) -> string", same);
  registry.add("string(int) -> string", int_to_string);
  registry.add("string(uint) -> string", uint_to_string);
  registry.add("string(double) -> string", double_to_string);
  registry.add("string(bool) -> string", bool_to_string);
  registry.add("string(bytes) -> string", bytes_to_string);
  registry.add("string(timestamp) -> string", timestamp_to_string);
  registry.add("string(duration) -> string", duration_to_string);
  registry.add("bytes(bytes) -> bytes", same);
  registry.add("bytes(string) -> bytes", string_to_bytes);
  registry.add("bool(bool) -> bool", same);
  registry.add("bool(string) -> bool", string_to_bool);
  registry.add("timestamp(timestamp) -> timestamp", same);
  registry.add("timestamp(int) -> timestamp", int_to_timestamp);
  registry.add("timestamp(string) -> timestamp", string_to_timestamp);
  registry.add("duration(duration) -> duration", same);
  registry.add("duration(string) -> duration", string_to_duration);
  registry.add("dyn(A) -> dyn", same);
  registry.add("type(A) -> type(A)", type_of);
}

}  // namespace caravan::cel
