#include "journeys/duration.hpp"

namespace caravan {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  std::int64_t months;
  std::int64_t days;
  std::int64_t exact;  ///< milliseconds
};

/// From the largest to the smallest, the order in which a sum is written.
constexpr std::array<Unit, 7> units = {{{"mo", 1, 0, 0},
                                        {"w", 0, 7, 0},
                                        {"d", 0, 1, 0},
                                        {"h", 0, 0, 3'600'000},
                                        {"m", 0, 0, 60'000},
                                        {"s", 0, 0, 1'000},
                                        {"ms", 0, 0, 1}}};

constexpr std::int64_t longest_days = 3'660;  ///< ten years, leap days included
constexpr std::int64_t day_of_milliseconds = 86'400'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

const Unit* unit_named(std::string_view name) {
  const auto* found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  return found == units.end() ? nullptr : found;
}

/// An upper bound that does not depend on the calendar.
bool is_too_long(const CalendarDuration& duration) {
  const std::int64_t days = duration.months.count() * 30 + duration.days.count();
  return duration.months.count() > 120 || days > longest_days ||
         days + duration.exact.count() / day_of_milliseconds > longest_days;
}

/// Takes `12h` off the front of `text`.
const Unit* take_part(std::string_view& text, std::int64_t& count, std::string& problem) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits]))
    ++digits;
  if (digits == 0) {
    problem = "a number must stand before each unit";
    return nullptr;
  }
  if (digits > 12) {
    problem = "it is longer than 10 years";
    return nullptr;
  }
  std::from_chars(text.data(), text.data() + digits, count);
  text.remove_prefix(digits);
  std::size_t letters = 0;
  while (letters < text.size() && !is_digit(text[letters]))
    ++letters;
  const std::string_view name = text.substr(0, letters);
  text.remove_prefix(letters);
  const Unit* unit = unit_named(name);
  if (unit == nullptr && name.empty()) problem = "it has no unit; units are mo, w, d, h, m and s";
  if (unit == nullptr && !name.empty()) {
    problem = "\"" + std::string(name) + "\" is no unit; units are mo, w, d, h, m and s";
  }
  return unit;
}

void append_part(std::string& out, std::int64_t& rest, std::int64_t size, std::string_view unit) {
  if (rest < size) return;
  out += std::to_string(rest / size);
  out += unit;
  rest %= size;
}

}  // namespace

std::optional<CalendarDuration> parse_duration(std::string_view text, std::string& problem) {
  if (text.empty()) {
    problem = "it is empty";
    return std::nullopt;
  }
  CalendarDuration result;
  const Unit* before = nullptr;
  while (!text.empty()) {
    std::int64_t count = 0;
    const Unit* unit = take_part(text, count, problem);
    if (unit == nullptr) return std::nullopt;
    if (before != nullptr && unit <= before) {
      problem = "units go from the largest to the smallest, each once";
      return std::nullopt;
    }
    before = unit;
    // Counts have at most 12 digits, so no product overflows.
    const std::int64_t exact = unit->exact * std::min(count, longest_days * day_of_milliseconds);
    result.months +=
        std::chrono::months(static_cast<std::chrono::months::rep>(unit->months * std::min(count, std::int64_t{121})));
    result.days +=
        std::chrono::days(static_cast<std::chrono::days::rep>(unit->days * std::min(count, longest_days + 1)));
    result.exact += milliseconds(exact);
    if (is_too_long(result)) {
      problem = "it is longer than 10 years";
      return std::nullopt;
    }
  }
  return result;
}

std::string to_text(const CalendarDuration& duration) {
  std::string out;
  std::int64_t months = duration.months.count();
  std::int64_t days = duration.days.count();
  std::int64_t exact = duration.exact.count();
  append_part(out, months, 1, "mo");
  if (days % 7 == 0) append_part(out, days, 7, "w");
  append_part(out, days, 1, "d");
  append_part(out, exact, 3'600'000, "h");
  append_part(out, exact, 60'000, "m");
  append_part(out, exact, 1'000, "s");
  append_part(out, exact, 1, "ms");
  return out.empty() ? "0s" : out;
}

}  // namespace caravan
