#pragma once
// A value of the language: sixteen bytes, trivially copyable, and never an owner. Text, lists, maps and objects are
// views into an Evaluation's arena, into the program (constants) or into host memory that outlives the evaluation.

#include <cassert>
#include <chrono>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace caravan::cel {

class Evaluation;
class Map;
class Object;

enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,           ///< 64 bit, signed (`int`)
  unsigned_integer,  ///< 64 bit, unsigned (`uint`)
  floating,          ///< IEEE 754 double (`double`)
  string,            ///< UTF-8
  bytes,
  list,
  map,
  timestamp,
  duration,
  type,      ///< the name of a type, as `type(x)` yields it
  optional,  ///< `optional.of(x)` or `optional.none()`
  object,    ///< a host object, see object.hpp
  error,     ///< evaluation failed; see Error
  absent,    ///< what a host object answers for a field that it has not got; expressions never see it
};

/// Why an evaluation failed.
enum class ErrorCode : std::uint8_t {
  no_such_overload,
  no_such_key,
  no_such_field,
  no_such_variable,
  unknown_function,
  divide_by_zero,
  modulus_by_zero,
  overflow,
  out_of_range,
  invalid_argument,
  invalid_conversion,
  repeated_key,
  unsupported_key,
  invalid_regex,
  empty_optional,
  budget_exceeded,  ///< the evaluation cost more than Limits::cost
  memory_exceeded,  ///< the evaluation allocated more than Limits::memory
  host,             ///< what a host function reports
};

/// The payload of an error value.
struct Error {
  ErrorCode code;
  std::string_view message;
};

/// A point in time from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z, to the nanosecond.
struct Timestamp {
  std::int64_t seconds = 0;  ///< since 1970-01-01T00:00:00Z
  std::uint32_t nanos = 0;   ///< 0 to 999,999,999, always forward from `seconds`

  template <class Duration>
  static constexpr Timestamp from(std::chrono::sys_time<Duration> time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    return {whole.time_since_epoch().count(),
            static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time - whole).count())};
  }
  /// Rounded down to milliseconds.
  constexpr std::chrono::sys_time<std::chrono::milliseconds> to_milliseconds() const {
    return std::chrono::sys_time<std::chrono::milliseconds>{
        std::chrono::milliseconds{seconds * 1000 + nanos / 1'000'000}};
  }
  auto operator<=>(const Timestamp&) const = default;
};

class Value {
 public:
  /// The null value.
  constexpr Value() noexcept : kind_{Kind::null}, length_{0}, integer_{0} {}

  static constexpr Value null() { return {}; }
  static constexpr Value absent() { return Value{Kind::absent, 0, std::int64_t{0}}; }
  static constexpr Value boolean(bool value) { return Value{Kind::boolean, 0, std::int64_t{value}}; }
  static constexpr Value integer(std::int64_t value) { return Value{Kind::integer, 0, value}; }
  static constexpr Value unsigned_integer(std::uint64_t value) {
    return Value{Kind::unsigned_integer, 0, static_cast<std::int64_t>(value)};
  }
  static constexpr Value floating(double value) {
    Value result{Kind::floating, 0, std::int64_t{0}};
    result.floating_ = value;
    return result;
  }
  /// The text stays where it is: it must outlive the evaluation. Evaluation::text copies. At most 4 GiB.
  static constexpr Value string(std::string_view text) { return Value{Kind::string, text}; }
  static constexpr Value bytes(std::string_view data) { return Value{Kind::bytes, data}; }
  /// A type by its name; the name must outlive the evaluation.
  static constexpr Value type(std::string_view name) { return Value{Kind::type, name}; }
  /// The elements stay where they are. None of them may be an error or absent.
  static constexpr Value list(std::span<const Value> elements) {
    Value result{Kind::list, static_cast<std::uint32_t>(elements.size()), std::int64_t{0}};
    result.pointer_ = elements.data();
    return result;
  }
  static constexpr Value map(const Map& map) { return Value{Kind::map, 0, static_cast<const void*>(&map)}; }
  static constexpr Value timestamp(Timestamp time) { return Value{Kind::timestamp, time.nanos, time.seconds}; }
  static constexpr Value duration(std::chrono::nanoseconds length) {
    return Value{Kind::duration, 0, std::int64_t{length.count()}};
  }
  /// An optional that holds `*held`, which stays where it is.
  static constexpr Value optional(const Value& held) {
    return Value{Kind::optional, 0, static_cast<const void*>(&held)};
  }
  static constexpr Value none() { return Value{Kind::optional, 0, static_cast<const void*>(nullptr)}; }
  static constexpr Value object(const Object& object) {
    return Value{Kind::object, 0, static_cast<const void*>(&object)};
  }
  static constexpr Value error(const Error& error) {
    return Value{Kind::error, no_offset, static_cast<const void*>(&error)};
  }

  constexpr Kind kind() const { return kind_; }
  constexpr bool is(Kind kind) const { return kind_ == kind; }
  constexpr bool is_error() const { return kind_ == Kind::error; }
  constexpr bool is_absent() const { return kind_ == Kind::absent; }
  constexpr bool is_true() const { return kind_ == Kind::boolean && integer_ != 0; }
  constexpr bool is_false() const { return kind_ == Kind::boolean && integer_ == 0; }
  constexpr bool is_number() const {
    return kind_ == Kind::integer || kind_ == Kind::unsigned_integer || kind_ == Kind::floating;
  }

  // The payload. Each may be asked of its own kind only.
  constexpr bool as_boolean() const { return integer_ != 0; }
  constexpr std::int64_t as_integer() const { return integer_; }
  constexpr std::uint64_t as_unsigned() const { return static_cast<std::uint64_t>(integer_); }
  constexpr double as_floating() const { return floating_; }
  /// Of a string, bytes or type.
  constexpr std::string_view as_text() const { return {static_cast<const char*>(pointer_), length_}; }
  constexpr std::span<const Value> as_list() const { return {static_cast<const Value*>(pointer_), length_}; }
  constexpr const Map& as_map() const { return *static_cast<const Map*>(pointer_); }
  constexpr Timestamp as_timestamp() const { return {integer_, length_}; }
  constexpr std::chrono::nanoseconds as_duration() const { return std::chrono::nanoseconds{integer_}; }
  /// What an optional holds; null pointer for none.
  constexpr const Value* held() const { return static_cast<const Value*>(pointer_); }
  constexpr const Object& as_object() const { return *static_cast<const Object*>(pointer_); }
  constexpr const Error& as_error() const { return *static_cast<const Error*>(pointer_); }

  static constexpr std::uint32_t no_offset = std::numeric_limits<std::uint32_t>::max();
  /// Of an error: the byte in the expression's text where it arose, or no_offset.
  constexpr std::uint32_t error_offset() const { return length_; }
  /// The error with its place, unless it already has one.
  constexpr Value at(std::uint32_t offset) const {
    Value result = *this;
    if (kind_ == Kind::error && length_ == no_offset) result.length_ = offset;
    return result;
  }

 private:
  constexpr Value(Kind kind, std::uint32_t length, std::int64_t integer)
      : kind_{kind}, length_{length}, integer_{integer} {}
  constexpr Value(Kind kind, std::uint32_t length, const void* pointer)
      : kind_{kind}, length_{length}, pointer_{pointer} {}
  constexpr Value(Kind kind, std::string_view text)
      : kind_{kind}, length_{static_cast<std::uint32_t>(text.size())}, pointer_{text.data()} {}

  Kind kind_;
  std::uint32_t length_;
  union {
    std::int64_t integer_;
    double floating_;
    const void* pointer_;
  };
};
static_assert(sizeof(Value) == 16);

/// The name of a value's type as `type(x)` yields it: `int`, `google.protobuf.Timestamp`, an object type's name, ...
std::string_view type_name(const Value& value);

/// The value as an author would write it (strings quoted, timestamps and durations as calls), an error as its message.
/// Lists, maps and objects are written out to a few levels and at most about `longest` bytes.
std::string to_text(const Value& value, std::size_t longest = 4096);

/// Equality of the language: numbers by their value whatever their type, NaN unlike itself, maps without order,
/// different types unequal. Never an error. Gives up (false) when it has compared more than a million parts.
bool equal(const Value& left, const Value& right);

/// The same with a bound of the caller's: what was compared is taken off `budget`, and at 0 the answer means nothing.
bool equal(const Value& left, const Value& right, std::uint64_t& budget);

/// Agrees with `equal`: equal values of whatever numeric type hash alike. Of scalars, text, lists and maps.
std::uint64_t hash(const Value& value);

/// How two values of an ordered type relate.
enum class Order : std::uint8_t {
  less,
  equal,
  greater,
  unordered /* a NaN */,
  incomparable /* the types do not compare */
};

/// The order of `<`: numbers across types, strings and bytes by their bytes, false before true, times.
Order compare(const Value& left, const Value& right);

}  // namespace caravan::cel
