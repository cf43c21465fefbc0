// Looking into text: contains, startsWith, endsWith, matches, and the positions of the strings extension, which count
// code points.

#include <re2/re2.h>

#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

using Arguments = std::span<const Value>;

Value contains(Evaluation& e, Arguments a) {
  if (!charge_text(e, a[0].as_text().size())) return Evaluation::budget_error();
  return Value::boolean(a[0].as_text().find(a[1].as_text()) != std::string_view::npos);
}
Value starts_with(Evaluation&, Arguments a) {
  return Value::boolean(a[0].as_text().starts_with(a[1].as_text()));
}
Value ends_with(Evaluation&, Arguments a) {
  return Value::boolean(a[0].as_text().ends_with(a[1].as_text()));
}
Value matches(Evaluation& e, Arguments a) {
  return match_pattern(e, a[0].as_text(), a[1].as_text());
}

Value index_error(Evaluation& e, std::int64_t index) {
  return e.error(ErrorCode::out_of_range, {"index out of range: ", std::to_string(index)});
}

/// The byte where code point `index` starts, or npos when the text has fewer (or the index is negative).
std::size_t byte_at(std::string_view text, std::int64_t index) {
  if (index < 0 || static_cast<std::uint64_t>(index) > text.size()) return std::string_view::npos;
  return byte_of_code_point(text, static_cast<std::size_t>(index));
}

/// The position in code points of a byte, or -1 for npos.
Value position(std::string_view text, std::size_t byte) {
  if (byte == std::string_view::npos) return Value::integer(-1);
  return Value::integer(static_cast<std::int64_t>(count_code_points(text.substr(0, byte))));
}

Value char_at(Evaluation& e, Arguments a) {
  const std::string_view text = a[0].as_text();
  const std::size_t at = byte_at(text, a[1].as_integer());
  if (!charge_text(e, text.size())) return Evaluation::budget_error();
  if (at == std::string_view::npos) return index_error(e, a[1].as_integer());
  if (at == text.size()) return Value::string("");
  return Value::string(text.substr(at, first_code_point(text.substr(at)).length));
}

Value index_of(Evaluation& e, Arguments a) {
  const std::string_view text = a[0].as_text();
  if (!charge_text(e, text.size() * 2)) return Evaluation::budget_error();
  const std::size_t from = a.size() > 2 ? byte_at(text, a[2].as_integer()) : 0;
  if (from == std::string_view::npos) return index_error(e, a[2].as_integer());
  return position(text, text.find(a[1].as_text(), from));
}

Value last_index_of(Evaluation& e, Arguments a) {
  const std::string_view text = a[0].as_text();
  if (!charge_text(e, text.size() * 2)) return Evaluation::budget_error();
  const std::size_t from = a.size() > 2 ? byte_at(text, a[2].as_integer()) : text.size();
  if (from == std::string_view::npos) return index_error(e, a[2].as_integer());
  return position(text, text.rfind(a[1].as_text(), from));
}

Value substring(Evaluation& e, Arguments a) {
  const std::string_view text = a[0].as_text();
  if (!charge_text(e, text.size())) return Evaluation::budget_error();
  const std::size_t start = byte_at(text, a[1].as_integer());
  if (start == std::string_view::npos) return index_error(e, a[1].as_integer());
  if (a.size() == 2) return Value::string(text.substr(start));
  const std::size_t end = byte_at(text, a[2].as_integer());
  if (end == std::string_view::npos) return index_error(e, a[2].as_integer());
  if (end < start)
    return e.error(ErrorCode::invalid_argument, {"invalid substring range. start: ", std::to_string(a[1].as_integer()),
                                                 ", end: ", std::to_string(a[2].as_integer())});
  return Value::string(text.substr(start, end - start));
}

}  // namespace

Value match_pattern(Evaluation& evaluation, std::string_view text, std::string_view pattern) {
  if (pattern.size() > regex_length) return evaluation.error(ErrorCode::invalid_regex, {"the pattern is too long"});
  if (!evaluation.charge(500 + pattern.size() * 16 + text.size())) return Evaluation::budget_error();
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(regex_memory);
  const RE2 expression{re2::StringPiece{pattern.data(), pattern.size()}, options};
  if (!expression.ok()) return evaluation.error(ErrorCode::invalid_regex, {"invalid pattern: ", expression.error()});
  return Value::boolean(RE2::PartialMatch(re2::StringPiece{text.data(), text.size()}, expression));
}

void add_text_functions(Registry& registry) {
  registry.add("string.contains(string) -> bool", contains);
  registry.add("string.startsWith(string) -> bool", starts_with);
  registry.add("string.endsWith(string) -> bool", ends_with);
  registry.add({"string.matches(string) -> bool", "matches(string, string) -> bool"}, matches);
  registry.add("string.charAt(int) -> string", char_at);
  registry.add({"string.indexOf(string) -> int", "string.indexOf(string, int) -> int"}, index_of);
  registry.add({"string.lastIndexOf(string) -> int", "string.lastIndexOf(string, int) -> int"}, last_index_of);
  registry.add({"string.substring(int) -> string", "string.substring(int, int) -> string"}, substring);
}

}  // namespace caravan::cel
