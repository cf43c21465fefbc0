#include "engine/intake/values.hpp"

#include "journeys/utf8.hpp"

namespace caravan {
namespace {

constexpr std::size_t key_bytes = 255;
/// As many decimal digits as a double keeps.
constexpr std::size_t decimal_digits = 15;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_in_any_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

std::optional<bool> read_flag(std::string_view cell) {
  if (equals_in_any_case(cell, "true")) return true;
  if (equals_in_any_case(cell, "false")) return false;
  return std::nullopt;
}

/// Digits without a leading zero, perhaps after a minus sign; `-0` is not a number anybody meant.
bool looks_whole(std::string_view cell) {
  const bool is_negative = cell.starts_with('-');
  if (is_negative) cell.remove_prefix(1);
  if (cell.empty() || !std::all_of(cell.begin(), cell.end(), is_digit)) return false;
  return cell[0] != '0' || (cell.size() == 1 && !is_negative);
}

bool looks_decimal(std::string_view cell) {
  const std::size_t point = cell.find('.');
  if (point == std::string_view::npos) return false;
  const std::string_view fraction = cell.substr(point + 1);
  std::string_view whole = cell.substr(0, point);
  if (whole.starts_with("-0")) whole.remove_prefix(1);
  return looks_whole(whole) && !fraction.empty() && std::all_of(fraction.begin(), fraction.end(), is_digit) &&
         whole.size() + fraction.size() <= decimal_digits;
}

template <class Number>
std::optional<Number> read_number(std::string_view cell) {
  Number number{};
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return number;
}

std::optional<AttributeInput> read_exact_duration(std::string_view text) {
  std::string problem;
  const std::optional<CalendarDuration> duration = parse_duration(text, problem);
  if (!duration || duration->months.count() != 0) return std::nullopt;
  return AttributeInput{std::chrono::milliseconds(duration->days) + duration->exact};
}

template <class Alternative>
std::optional<AttributeInput> as_input(const std::optional<Alternative>& value) {
  if (!value) return std::nullopt;
  return AttributeInput{*value};
}

}  // namespace

std::string attribute_name_of_column(std::string_view column) {
  std::string name;
  for (const char c : column) {
    if (is_letter(c) || is_digit(c)) {
      name += lower(c);
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (name.ends_with('_'))
    name.pop_back();
  if (!name.empty() && is_digit(name[0])) name.insert(name.begin(), '_');
  return name;
}

bool is_attribute_name(std::string_view name) {
  return !name.empty() && !is_digit(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

AttributeInput infer_value(std::string_view cell) {
  if (const auto flag = read_flag(cell)) return {*flag};
  if (looks_whole(cell)) {
    if (const auto number = read_number<std::int64_t>(cell)) return {*number};
  } else if (looks_decimal(cell)) {
    if (const auto number = read_number<double>(cell)) return {*number};
  } else if (cell.size() >= 10 && is_digit(cell[0]) && cell[4] == '-') {
    if (const auto time = parse_instant(cell)) return {*time};
  }
  return {std::string(cell)};
}

std::optional<AttributeInput> read_value(std::string_view cell, AttributeType type) {
  switch (type) {
    case AttributeType::any: return infer_value(cell);
    case AttributeType::text: return AttributeInput{std::string(cell)};
    case AttributeType::whole_number: return as_input(read_number<std::int64_t>(cell));
    case AttributeType::number: {
      const auto number = read_number<double>(cell);
      return number && std::isfinite(*number) ? as_input(number) : std::nullopt;
    }
    case AttributeType::flag: return as_input(read_flag(cell));
    case AttributeType::timestamp: return as_input(parse_instant(cell));
    case AttributeType::duration: return read_exact_duration(cell);
    case AttributeType::list:
    case AttributeType::map: return std::nullopt;
  }
  return std::nullopt;
}

bool fit_value(AttributeInput& value, AttributeType type) {
  if (std::holds_alternative<std::monostate>(value.value)) return true;
  const auto* text = std::get_if<std::string>(&value.value);
  switch (type) {
    case AttributeType::any: return true;
    case AttributeType::text: return text != nullptr;
    case AttributeType::whole_number: {
      const auto* real = std::get_if<double>(&value.value);
      // JSON does not tell 3.0 from 3.
      if (real && *real == std::trunc(*real) && std::abs(*real) < 9e15) value.value = static_cast<std::int64_t>(*real);
      return std::holds_alternative<std::int64_t>(value.value);
    }
    case AttributeType::number:
      if (const auto* whole = std::get_if<std::int64_t>(&value.value)) value.value = static_cast<double>(*whole);
      return std::holds_alternative<double>(value.value);
    case AttributeType::flag: return std::holds_alternative<bool>(value.value);
    case AttributeType::timestamp:
    case AttributeType::duration: {
      std::optional<AttributeInput> read = text ? read_value(*text, type) : std::nullopt;
      if (read) value = std::move(*read);
      return read.has_value();
    }
    case AttributeType::list: return std::holds_alternative<AttributeList>(value.value);
    case AttributeType::map: return std::holds_alternative<AttributeMap>(value.value);
  }
  return false;
}

std::string key_problem(std::string_view key) {
  if (key.empty()) return "the key is empty";
  if (key.size() > key_bytes) return "the key is longer than " + std::to_string(key_bytes) + " bytes";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(key.begin(), key.end(), is_control)) return "the key holds a control character";
  return {};
}

std::string quoted_value(std::string_view text) {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return "\"" + std::string(text) + "\"";
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return "\"" + std::string(text.substr(0, end)) + "...\"";
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const CodePoint point = code_point_at(text, at);
    if (!point.valid) return false;
    at += point.length;
  }
  return true;
}

}  // namespace caravan
