#include "journeys/cel/time.hpp"

#include <charconv>
#include <stdexcept>

#include <date/date.h>
#include <date/tz.h>

#include "journeys/cel/limits.hpp"

namespace caravan::cel {

namespace {

/// Wide enough for any sum of terms before it is checked against the range.
__extension__ typedef __int128 Wide;

/// Reads a text from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}
  bool done() const { return text_.empty(); }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool take(char expected) {
    if (peek() != expected) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  /// Exactly `digits` digits.
  std::optional<int> number(std::size_t digits) {
    if (text_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : text_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }
  /// The digits up to the next other character, as they are.
  std::string_view digits() {
    std::size_t length = 0;
    while (length < text_.size() && text_[length] >= '0' && text_[length] <= '9')
      ++length;
    const std::string_view result = text_.substr(0, length);
    text_.remove_prefix(length);
    return result;
  }

 private:
  std::string_view text_;
};

std::optional<std::uint32_t> read_fraction(Reader& reader) {
  const std::string_view digits = reader.digits();
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  std::uint32_t nanos = 0;
  for (std::size_t i = 0; i < 9; ++i)
    nanos = nanos * 10 + (i < digits.size() ? static_cast<std::uint32_t>(digits[i] - '0') : 0U);
  return nanos;
}

/// Seconds east of UTC; the sign was not read yet.
std::optional<std::int64_t> read_offset(Reader& reader) {
  const bool negative = reader.peek() == '-';
  if (!reader.take('+') && !reader.take('-')) return std::nullopt;
  const auto hours = reader.number(2);
  if (!hours || !reader.take(':')) return std::nullopt;
  const auto minutes = reader.number(2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return negative ? -seconds : seconds;
}

std::string fraction_text(std::uint32_t nanos) {
  if (nanos == 0) return {};
  std::string digits = std::to_string(nanos);
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  digits.insert(digits.begin(), '.');
  return digits;
}

/// Nanoseconds of one unit; 0 for none.
std::int64_t read_unit(Reader& reader) {
  if (reader.take("ns")) return 1;
  if (reader.take("us") || reader.take("µs") || reader.take("μs")) return 1'000;
  if (reader.take("ms")) return 1'000'000;
  if (reader.take('s')) return 1'000'000'000;
  if (reader.take('m')) return 60'000'000'000;
  if (reader.take('h')) return 3'600'000'000'000;
  return 0;
}

/// One `12.5h`, added to the magnitude; false when it is malformed or the magnitude passes 2^63.
bool read_term(Reader& reader, Wide& magnitude) {
  const std::string_view whole = reader.digits();
  std::string_view fraction;
  if (reader.take('.')) fraction = reader.digits();
  if ((whole.empty() && fraction.empty()) || whole.size() > 19 || fraction.size() > 18) return false;
  const std::int64_t unit = read_unit(reader);
  if (unit == 0) return false;
  Wide value = 0;
  for (const char c : whole)
    value = value * 10 + (c - '0');
  value *= unit;
  Wide part = 0;
  Wide scale = 1;
  for (const char c : fraction) {
    part = part * 10 + (c - '0');
    scale *= 10;
  }
  magnitude += value + part * unit / scale;
  return magnitude <= (Wide{1} << 63);
}

std::optional<std::int64_t> fixed_offset(std::string_view zone) {
  if (zone.empty()) return std::nullopt;
  const bool negative = zone.front() == '-';
  if (negative || zone.front() == '+') zone.remove_prefix(1);
  const std::size_t colon = zone.find(':');
  if (colon == std::string_view::npos || colon < 1 || colon > 2 || zone.size() != colon + 3) return std::nullopt;
  Reader reader{zone};
  const auto hours = reader.number(colon);
  reader.take(':');
  const auto minutes = reader.number(2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return negative ? -seconds : seconds;
}

std::optional<std::int64_t> zone_offset(std::int64_t seconds, std::string_view zone) {
  if (zone == "UTC" || zone == "Z") return 0;
  if (const auto fixed = fixed_offset(zone)) return fixed;
  if (zone.empty() || zone.size() > zone_name_length) return std::nullopt;
  try {
    const date::time_zone* found = date::locate_zone(zone);
    return found->get_info(date::sys_seconds{std::chrono::seconds{seconds}}).offset.count();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Reader reader{text};
  const auto year = reader.number(4);
  if (!year || !reader.take('-')) return std::nullopt;
  const auto month = reader.number(2);
  if (!month || !reader.take('-')) return std::nullopt;
  const auto day = reader.number(2);
  if (!day || !(reader.take('T') || reader.take('t'))) return std::nullopt;
  const auto hours = reader.number(2);
  if (!hours || !reader.take(':')) return std::nullopt;
  const auto minutes = reader.number(2);
  if (!minutes || !reader.take(':')) return std::nullopt;
  const auto seconds = reader.number(2);
  if (!seconds || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  std::uint32_t nanos = 0;
  if (reader.take('.')) {
    const auto fraction = read_fraction(reader);
    if (!fraction) return std::nullopt;
    nanos = *fraction;
  }
  std::int64_t offset = 0;
  if (!reader.take('Z') && !reader.take('z')) {
    const auto given = read_offset(reader);
    if (!given) return std::nullopt;
    offset = *given;
  }
  const date::year_month_day date{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                                  date::day{static_cast<unsigned>(*day)}};
  if (!reader.done() || !date.ok()) return std::nullopt;
  const std::int64_t days = date::sys_days{date}.time_since_epoch().count();
  const Timestamp result{days * 86400 + *hours * 3600 + *minutes * 60 + *seconds - offset, nanos};
  if (result.seconds < first_second || result.seconds > last_second) return std::nullopt;
  return result;
}

std::string format_timestamp(Timestamp time) {
  const auto civil = *civil_time(time, "UTC");
  const auto padded = [](int value, std::size_t width) {
    std::string digits = std::to_string(value);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return digits;
  };
  return padded(civil.year, 4) + "-" + padded(civil.month + 1, 2) + "-" + padded(civil.day + 1, 2) + "T" +
         padded(civil.hours, 2) + ":" + padded(civil.minutes, 2) + ":" + padded(civil.seconds, 2) +
         fraction_text(time.nanos) + "Z";
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  Reader reader{text};
  const bool negative = reader.peek() == '-';
  if (negative || reader.peek() == '+') reader.take(reader.peek());
  if (reader.take('0') && reader.done()) return std::chrono::nanoseconds{0};
  reader = Reader{text};
  if (negative || reader.peek() == '+') reader.take(reader.peek());
  if (reader.done()) return std::nullopt;
  Wide magnitude = 0;
  while (!reader.done())
    if (!read_term(reader, magnitude)) return std::nullopt;
  if (negative) magnitude = -magnitude;
  if (magnitude > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return std::chrono::nanoseconds{static_cast<std::int64_t>(magnitude)};
}

std::string format_duration(std::chrono::nanoseconds length) {
  const std::int64_t count = length.count();
  const std::uint64_t magnitude = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  std::string text = count < 0 ? "-" : "";
  text += std::to_string(magnitude / 1'000'000'000);
  text += fraction_text(static_cast<std::uint32_t>(magnitude % 1'000'000'000));
  return text += 's';
}

std::optional<Timestamp> add(Timestamp time, std::chrono::nanoseconds length) {
  constexpr std::int64_t second = 1'000'000'000;
  std::int64_t seconds = time.seconds + length.count() / second;
  std::int64_t nanos = static_cast<std::int64_t>(time.nanos) + length.count() % second;
  if (nanos < 0) {
    nanos += second;
    --seconds;
  } else if (nanos >= second) {
    nanos -= second;
    ++seconds;
  }
  if (seconds < first_second || seconds > last_second) return std::nullopt;
  return Timestamp{seconds, static_cast<std::uint32_t>(nanos)};
}

std::optional<std::chrono::nanoseconds> difference(Timestamp left, Timestamp right) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(left.seconds - right.seconds, std::int64_t{1'000'000'000}, &result)) return std::nullopt;
  if (__builtin_add_overflow(result, static_cast<std::int64_t>(left.nanos) - static_cast<std::int64_t>(right.nanos),
                             &result))
    return std::nullopt;
  return std::chrono::nanoseconds{result};
}

std::optional<CivilTime> civil_time(Timestamp time, std::string_view zone) {
  const auto offset = zone_offset(time.seconds, zone);
  if (!offset) return std::nullopt;
  const date::sys_seconds local{std::chrono::seconds{time.seconds + *offset}};
  const auto days = date::floor<date::days>(local);
  const date::year_month_day date{days};
  const auto of_day = (local - days).count();
  return CivilTime{
      .year = static_cast<int>(date.year()),
      .month = static_cast<int>(static_cast<unsigned>(date.month())) - 1,
      .day = static_cast<int>(static_cast<unsigned>(date.day())) - 1,
      .day_of_week = static_cast<int>(date::weekday{days}.c_encoding()),
      .day_of_year = static_cast<int>((days - date::sys_days{date.year() / date::January / 1}).count()),
      .hours = static_cast<int>(of_day / 3600),
      .minutes = static_cast<int>(of_day / 60 % 60),
      .seconds = static_cast<int>(of_day % 60),
      .milliseconds = static_cast<int>(time.nanos / 1'000'000),
  };
}

}  // namespace caravan::cel
