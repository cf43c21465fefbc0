// `format` of the strings extension: "%s has %d people".format([account.name, size(people)]).

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "journeys/cel/ast.hpp"
#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/time.hpp"

namespace caravan::cel {

namespace {

constexpr int most_precision = 300;
constexpr int deepest = 32;

/// A clause that does not fit its argument; caught by format() itself.
struct FormatError {
  std::string message;
};

[[noreturn]] void misfit(std::string_view rule, const Value& value) {
  throw FormatError{std::string{rule} + ", was given " + std::string{type_name(value)}};
}

std::string in_base(std::uint64_t value, int base, bool upper) {
  std::array<char, 65> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, base);
  std::string text{buffer.data(), result.ptr};
  if (upper)
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string integer_in_base(const Value& value, int base, bool upper = false) {
  if (value.is(Kind::unsigned_integer)) return in_base(value.as_unsigned(), base, upper);
  const std::int64_t number = value.as_integer();
  std::string text = number < 0 ? "-" : "";
  text +=
      in_base(number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number), base, upper);
  return text;
}

bool is_integer(const Value& value) {
  return value.is(Kind::integer) || value.is(Kind::unsigned_integer);
}

class Formatter {
 public:
  Formatter(Evaluation& evaluation, std::span<const Value> arguments)
      : evaluation_{evaluation}, arguments_{arguments} {}

  std::string run(std::string_view text) {
    std::string result;
    while (!text.empty()) {
      const std::size_t percent = text.find('%');
      append(result, text.substr(0, percent));
      if (percent == std::string_view::npos) break;
      text.remove_prefix(percent + 1);
      append(result, clause(text));
    }
    return result;
  }

 private:
  void append(std::string& result, std::string_view part) {
    if (result.size() + part.size() > evaluation_.limits().memory / 4 || !charge_text(evaluation_, part.size()))
      throw FormatError{"the result is too long"};
    result += part;
  }

  const Value& next() {
    if (used_ == arguments_.size()) throw FormatError{"index " + std::to_string(used_) + " out of range"};
    return arguments_[used_++];
  }

  /// What stands after a percent sign; takes it from the text.
  std::string clause(std::string_view& text) {
    const std::optional<int> precision = read_precision(text);
    if (text.empty()) throw FormatError{"unexpected end of the format"};
    const char letter = text.front();
    text.remove_prefix(1);
    switch (letter) {
      case '%': return "%";
      case 's': {
        std::string result;
        write(result, next(), 0);
        return result;
      }
      case 'd': return decimal(next());
      case 'f': return fixed(next(), precision.value_or(6));
      case 'e': return scientific(next(), precision.value_or(6));
      case 'b': return binary(next());
      case 'o': {
        const Value& value = next();
        if (!is_integer(value)) misfit("octal clause can only be used on integers", value);
        return integer_in_base(value, 8);
      }
      case 'x':
      case 'X': return hexadecimal(next(), letter == 'X');
      default:
        throw FormatError{"could not parse formatting clause: unrecognized formatting clause \"" + std::string{letter} +
                          "\""};
    }
  }

  static std::optional<int> read_precision(std::string_view& text) {
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
    int precision = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), precision);
    if (result.ec != std::errc{} || precision < 0 || precision > most_precision)
      throw FormatError{"could not parse formatting clause: a precision is a number up to " +
                        std::to_string(most_precision)};
    text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
    return precision;
  }

  static std::string decimal(const Value& value) {
    if (is_integer(value)) return integer_in_base(value, 10);
    if (value.is(Kind::floating) && !std::isfinite(value.as_floating())) return format_double(value.as_floating());
    misfit("decimal clause can only be used on integers", value);
  }

  static double number(const Value& value, std::string_view rule) {
    if (value.is(Kind::floating)) return value.as_floating();
    if (value.is(Kind::integer)) return static_cast<double>(value.as_integer());
    if (value.is(Kind::unsigned_integer)) return static_cast<double>(value.as_unsigned());
    misfit(rule, value);
  }

  static std::string print(double value, const char* pattern, int precision) {
    if (!std::isfinite(value)) return format_double(value);
    std::array<char, 700> buffer;
    const int length = std::snprintf(buffer.data(), buffer.size(), pattern, precision, value);
    return {buffer.data(), static_cast<std::size_t>(length)};
  }
  static std::string fixed(const Value& value, int precision) {
    return print(number(value, "fixed-point clause can only be used on doubles"), "%.*f", precision);
  }
  static std::string scientific(const Value& value, int precision) {
    return print(number(value, "scientific clause can only be used on doubles"), "%.*e", precision);
  }

  static std::string binary(const Value& value) {
    if (value.is(Kind::boolean)) return value.as_boolean() ? "1" : "0";
    if (!is_integer(value)) misfit("only integers and bools can be formatted as binary", value);
    return integer_in_base(value, 2);
  }

  static std::string hexadecimal(const Value& value, bool upper) {
    if (is_integer(value)) return integer_in_base(value, 16, upper);
    if (!value.is(Kind::string) && !value.is(Kind::bytes))
      misfit("only integers, byte buffers, and strings can be formatted as hex", value);
    std::string result;
    for (const char c : value.as_text()) {
      const std::string digits = in_base(static_cast<unsigned char>(c), 16, upper);
      if (digits.size() == 1) result += '0';
      result += digits;
    }
    return result;
  }

  void write(std::string& result, const Value& value, int depth) {
    if (depth > deepest) throw FormatError{"the value is nested too deeply"};
    switch (value.kind()) {
      case Kind::null:
      case Kind::boolean: return append(result, to_text(value));
      case Kind::integer:
      case Kind::unsigned_integer: return append(result, integer_in_base(value, 10));
      case Kind::floating: return append(result, format_double(value.as_floating()));
      case Kind::string:
      case Kind::bytes:
      case Kind::type: return append(result, value.as_text());
      case Kind::timestamp: return append(result, format_timestamp(value.as_timestamp()));
      case Kind::duration: return append(result, format_duration(value.as_duration()));
      case Kind::list: return write_list(result, value, depth);
      case Kind::map: return write_map(result, value.as_map(), depth);
      default:
        misfit(
            "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, "
            "and timestamps",
            value);
    }
  }

  void write_list(std::string& result, const Value& value, int depth) {
    append(result, "[");
    bool first = true;
    for (const Value& element : value.as_list()) {
      if (!first) append(result, ", ");
      first = false;
      write(result, element, depth + 1);
    }
    append(result, "]");
  }

  /// In the order of the keys' text, so that equal maps read alike.
  void write_map(std::string& result, const Map& map, int depth) {
    std::vector<std::pair<std::string, const Value*>> entries;
    for (const MapEntry& entry : map.entries()) {
      std::string key;
      write(key, entry.key, depth + 1);
      entries.emplace_back(std::move(key), &entry.value);
    }
    std::sort(entries.begin(), entries.end());
    append(result, "{");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) append(result, ", ");
      append(result, entries[i].first);
      append(result, ": ");
      write(result, *entries[i].second, depth + 1);
    }
    append(result, "}");
  }

  Evaluation& evaluation_;
  std::span<const Value> arguments_;
  std::size_t used_ = 0;
};

Value format(Evaluation& e, std::span<const Value> a) {
  try {
    return e.text(Formatter{e, a[1].as_list()}.run(a[0].as_text()));
  } catch (const FormatError& error) {
    return e.error(ErrorCode::invalid_argument, {"error during formatting: ", error.message});
  }
}

}  // namespace

void add_format(Registry& registry) {
  registry.add("string.format(list(A)) -> string", format);
}

}  // namespace caravan::cel
