// Texts and figures as people read them: measured in columns, broken at words, safe to show.

#include <cstdio>

#include "journeys/utf8.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Combining marks, joiners and variation selectors.
constexpr std::array zero_width = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489},  Range{0x0591, 0x05BD}, Range{0x0610, 0x061A}, Range{0x064B, 0x065F},
    Range{0x0900, 0x0902}, Range{0x093C, 0x093C},  Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A}, Range{0x1AB0, 0x1AFF},
    Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200D},  Range{0x20D0, 0x20F0}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
    Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF}};

/// East Asian wide and full-width characters, and the emoji that terminals draw two columns wide.
constexpr std::array double_width = {Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},
                                     Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
                                     Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE4F},
                                     Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
                                     Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

bool is_in(std::span<const Range> ranges, char32_t point) {
  const auto found = std::lower_bound(ranges.begin(), ranges.end(), point,
                                      [](const Range& range, char32_t value) { return range.last < value; });
  return found != ranges.end() && found->first <= point;
}

std::size_t width_of(const CodePoint& point) {
  if (!point.valid || point.value < 0x300) return 1;
  if (is_in(zero_width, point.value)) return 0;
  return is_in(double_width, point.value) ? 2 : 1;
}

/// What could move a cursor, hide text or turn its direction around.
bool is_dangerous(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x061C || point == 0x200E || point == 0x200F ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

std::string formatted(const char* format, auto... values) {
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, values...);
  return {buffer.data(), static_cast<std::size_t>(std::max(length, 0))};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    width += width_of(point);
    at += point.length;
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (!point.valid) {
      shown += formatted("\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(text[at])));
    } else if (is_dangerous(point.value)) {
      shown += formatted("\\u{%x}", static_cast<unsigned>(point.value));
    } else {
      shown += text.substr(at, point.length);
    }
    at += point.length;
  }
  return shown;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = code_point_at(text, at);
    if (used + width_of(point) + 1 > width) break;
    used += width_of(point);
    at += point.length;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!word.empty()) {
      if (!lines.back().empty() && display_width(lines.back()) + 1 + display_width(word) > width) lines.emplace_back();
      if (!lines.back().empty()) lines.back() += ' ';
      lines.back() += word;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string with_separators(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "–";
  return formatted("%.1f %%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array units = {"B", "KB", "MB", "GB", "TB"};
  double amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1000 && unit + 1 < units.size(); ++unit)
    amount /= 1000;
  return formatted(unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
}

std::string human_seconds(double seconds) {
  const auto whole = static_cast<long>(std::ceil(std::max(seconds, 0.0)));
  if (whole < 60) return formatted("%ld s", whole);
  if (whole < 3'600) return formatted("%ld min %02ld s", whole / 60, whole % 60);
  return formatted("%ld h %02ld min", whole / 3'600, whole / 60 % 60);
}

std::string counted(std::int64_t number, std::string_view one, std::string_view many) {
  return with_separators(number) + " " + std::string(number == 1 ? one : many);
}

std::string day_of(std::chrono::sys_time<std::chrono::milliseconds> at) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  return formatted("%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                   static_cast<unsigned>(day.day()));
}

std::string short_time(std::chrono::sys_time<std::chrono::milliseconds> at) {
  const std::chrono::hh_mm_ss time(at - std::chrono::floor<std::chrono::days>(at));
  return day_of(at) +
         formatted(" %02d:%02d", static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()));
}

}  // namespace caravan::tools
