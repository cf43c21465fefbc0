// Equality, order and hash of values: numbers compare by value across int, uint and double, and the rest within its
// own type.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "journeys/cel/map.hpp"
#include "journeys/cel/object.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

namespace {

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

template <class T>
Order order_of(const T& left, const T& right) {
  return left < right ? Order::less : right < left ? Order::greater : Order::equal;
}

Order reversed(Order order) {
  if (order == Order::less) return Order::greater;
  if (order == Order::greater) return Order::less;
  return order;
}

Order compare_doubles(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return Order::unordered;
  return order_of(left, right);
}

/// An int and a double are compared as doubles, as other implementations of the language do: exact up to 2^53, and
/// beyond the other type's range whatever rounding says.
Order compare_int_double(std::int64_t left, double right) {
  if (right > two_to_63) return Order::less;
  if (right < -two_to_63) return Order::greater;
  return compare_doubles(static_cast<double>(left), right);
}

Order compare_uint_double(std::uint64_t left, double right) {
  if (right > two_to_64) return Order::less;
  if (right < 0) return Order::greater;
  return compare_doubles(static_cast<double>(left), right);
}

Order compare_int_uint(std::int64_t left, std::uint64_t right) {
  if (left < 0) return Order::less;
  return order_of(static_cast<std::uint64_t>(left), right);
}

Order compare_numbers(const Value& left, const Value& right) {
  switch (left.kind()) {
    case Kind::integer:
      if (right.is(Kind::integer)) return order_of(left.as_integer(), right.as_integer());
      if (right.is(Kind::unsigned_integer)) return compare_int_uint(left.as_integer(), right.as_unsigned());
      return compare_int_double(left.as_integer(), right.as_floating());
    case Kind::unsigned_integer:
      if (right.is(Kind::unsigned_integer)) return order_of(left.as_unsigned(), right.as_unsigned());
      if (right.is(Kind::integer)) return reversed(compare_int_uint(right.as_integer(), left.as_unsigned()));
      return compare_uint_double(left.as_unsigned(), right.as_floating());
    default:
      if (right.is(Kind::integer)) return reversed(compare_int_double(right.as_integer(), left.as_floating()));
      if (right.is(Kind::unsigned_integer))
        return reversed(compare_uint_double(right.as_unsigned(), left.as_floating()));
      return compare_doubles(left.as_floating(), right.as_floating());
  }
}

/// Values may share parts, so that a small expression makes a comparison that never ends: what is left of a bound.
bool equal_within(const Value& left, const Value& right, std::uint64_t& left_to_do);

bool equal_maps(const Map& left, const Map& right, std::uint64_t& left_to_do) {
  if (left.size() != right.size()) return false;
  for (const MapEntry& entry : left.entries()) {
    const Value* other = right.find(entry.key);
    if (!other || !equal_within(entry.value, *other, left_to_do)) return false;
  }
  return true;
}

bool equal_within(const Value& left, const Value& right, std::uint64_t& left_to_do) {
  if (left_to_do == 0) return false;
  --left_to_do;
  if (left.kind() != right.kind())
    return left.is_number() && right.is_number() && compare_numbers(left, right) == Order::equal;
  switch (left.kind()) {
    case Kind::null:
    case Kind::absent: return true;
    case Kind::boolean:
    case Kind::integer:
    case Kind::unsigned_integer:
    case Kind::duration: return left.as_integer() == right.as_integer();
    case Kind::floating: return left.as_floating() == right.as_floating();
    case Kind::timestamp: return left.as_timestamp() == right.as_timestamp();
    case Kind::string:
    case Kind::bytes:
    case Kind::type:
      if (left.as_text().size() != right.as_text().size()) return false;
      left_to_do -= std::min<std::uint64_t>(left_to_do, left.as_text().size() / 64);
      return left.as_text() == right.as_text();
    case Kind::list: {
      const auto a = left.as_list();
      const auto b = right.as_list();
      if (a.size() != b.size()) return false;
      for (std::size_t i = 0; i < a.size(); ++i)
        if (!equal_within(a[i], b[i], left_to_do)) return false;
      return true;
    }
    case Kind::map: return equal_maps(left.as_map(), right.as_map(), left_to_do);
    case Kind::optional:
      if (!left.held() || !right.held()) return left.held() == right.held();
      return equal_within(*left.held(), *right.held(), left_to_do);
    case Kind::object: return &left.as_object() == &right.as_object() || left.as_object().equals(right.as_object());
    case Kind::error: return false;
  }
  return false;
}

std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

/// Eight bytes at a step: sets of words are looked up in every `in`.
std::uint64_t hash_text(std::string_view text) {
  std::uint64_t result = 0x9e3779b97f4a7c15ULL ^ text.size();
  const auto step = [&result](std::uint64_t word) {
    result = (result ^ word) * 0xff51afd7ed558ccdULL;
    result ^= result >> 32;
  };
  while (text.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    step(word);
    text.remove_prefix(8);
  }
  std::uint64_t word = 0;
  for (const char character : text)
    word = (word << 8) | static_cast<unsigned char>(character);
  step(word);
  return result ^ (result >> 29);
}

/// Numbers that are equal across types must hash alike, so all hash as the double they compare as.
std::uint64_t hash_double(double value) {
  return mixed(std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));
}

}  // namespace

bool equal(const Value& left, const Value& right) {
  std::uint64_t left_to_do = 1'000'000;
  return equal_within(left, right, left_to_do);
}

bool equal(const Value& left, const Value& right, std::uint64_t& budget) {
  return equal_within(left, right, budget);
}

std::uint64_t hash(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean: return value.as_boolean() ? 0x9e3779b97f4a7c15ULL : 0x7f4a7c159e3779b9ULL;
    case Kind::integer: return hash_double(static_cast<double>(value.as_integer()));
    case Kind::unsigned_integer: return hash_double(static_cast<double>(value.as_unsigned()));
    case Kind::duration: return mixed(value.as_unsigned());
    case Kind::floating: return hash_double(value.as_floating());
    case Kind::timestamp:
      return mixed(static_cast<std::uint64_t>(value.as_timestamp().seconds)) ^ value.as_timestamp().nanos;
    case Kind::string:
    case Kind::bytes:
    case Kind::type: return hash_text(value.as_text());
    case Kind::list: {
      std::uint64_t result = mixed(value.as_list().size());
      for (const Value& element : value.as_list().first(std::min<std::size_t>(value.as_list().size(), 4)))
        if (!element.is(Kind::list) && !element.is(Kind::map)) result = mixed(result ^ hash(element));
      return result;
    }
    case Kind::map: return mixed(value.as_map().size() + 77);
    default: return mixed(static_cast<std::uint64_t>(value.kind()));
  }
}

Order compare(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return compare_numbers(left, right);
  if (left.kind() != right.kind()) return Order::incomparable;
  switch (left.kind()) {
    case Kind::boolean:
    case Kind::duration: return order_of(left.as_integer(), right.as_integer());
    case Kind::timestamp: return order_of(left.as_timestamp(), right.as_timestamp());
    case Kind::string:
    case Kind::bytes: return order_of(left.as_text(), right.as_text());
    default: return Order::incomparable;
  }
}

}  // namespace caravan::cel
