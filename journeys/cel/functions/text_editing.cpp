// Making text from text: the strings extension's replace, split, join, trim, reverse, case and quote.

#include <algorithm>
#include <vector>

#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

using Arguments = std::span<const Value>;

/// How often at most: the argument when there is one and it is not negative.
std::size_t limit_of(Arguments a, std::size_t index) {
  if (a.size() <= index || a[index].as_integer() < 0) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(a[index].as_integer());
}

/// Text built where it will stay; gives up when the evaluation's memory is spent.
class TextBuilder {
 public:
  explicit TextBuilder(Evaluation& evaluation) : evaluation_{evaluation} {}
  void add(std::string_view part) {
    if (text_.size() + part.size() > evaluation_.limits().memory)
      failed_ = true;
    else
      text_ += part;
  }
  Value finish() {
    if (failed_) return Evaluation::memory_error();
    if (!charge_text(evaluation_, text_.size())) return Evaluation::budget_error();
    return evaluation_.text(text_);
  }
  bool failed() const { return failed_; }

 private:
  Evaluation& evaluation_;
  std::string text_;
  bool failed_ = false;
};

/// The empty text stands before every code point and at the end.
Value replace_nothing(Evaluation& e, std::string_view text, std::string_view by, std::size_t limit) {
  TextBuilder result{e};
  for (; limit > 0 && !result.failed(); --limit) {
    result.add(by);
    if (text.empty()) break;
    const std::size_t length = first_code_point(text).length;
    result.add(text.substr(0, length));
    text.remove_prefix(length);
  }
  result.add(text);
  return result.finish();
}

Value replace(Evaluation& e, Arguments a) {
  std::string_view text = a[0].as_text();
  const std::string_view wanted = a[1].as_text();
  std::size_t limit = limit_of(a, 3);
  if (!charge_text(e, text.size())) return Evaluation::budget_error();
  if (limit == 0) return a[0];
  if (wanted.empty()) return replace_nothing(e, text, a[2].as_text(), limit);
  if (text.find(wanted) == std::string_view::npos) return a[0];
  TextBuilder result{e};
  for (; limit > 0 && !result.failed(); --limit) {
    const std::size_t at = text.find(wanted);
    if (at == std::string_view::npos) break;
    result.add(text.substr(0, at));
    result.add(a[2].as_text());
    text.remove_prefix(at + wanted.size());
  }
  result.add(text);
  return result.finish();
}

/// The separator's next place; an empty one separates all code points.
std::size_t next_separator(std::string_view text, std::string_view separator) {
  if (!separator.empty()) return text.find(separator);
  if (text.empty()) return std::string_view::npos;
  const std::size_t length = first_code_point(text).length;
  return length == text.size() ? std::string_view::npos : length;
}

Value split(Evaluation& e, Arguments a) {
  std::string_view text = a[0].as_text();
  const std::string_view separator = a[1].as_text();
  const std::size_t limit = limit_of(a, 2);
  if (limit == 0 || (text.empty() && separator.empty())) return Value::list({});
  std::vector<Value> parts;
  while (parts.size() + 1 < limit) {
    const std::size_t at = next_separator(text, separator);
    if (at == std::string_view::npos) break;
    if (!e.charge(1)) return Evaluation::budget_error();
    parts.push_back(Value::string(text.substr(0, at)));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(Value::string(text));
  if (!charge_text(e, a[0].as_text().size())) return Evaluation::budget_error();
  return e.list(parts);
}

Value join(Evaluation& e, Arguments a) {
  const std::string_view separator = a.size() > 1 ? a[1].as_text() : std::string_view{};
  TextBuilder result{e};
  bool first = true;
  for (const Value& element : a[0].as_list()) {
    if (!element.is(Kind::string)) return e.no_such_overload("join", a);
    if (!e.charge(1)) return Evaluation::budget_error();
    if (!first) result.add(separator);
    first = false;
    result.add(element.as_text());
  }
  return result.finish();
}

template <char First, char Last, int Shift>
Value change_case(Evaluation& e, Arguments a) {
  std::string text{a[0].as_text()};
  if (!charge_text(e, text.size())) return Evaluation::budget_error();
  for (char& c : text)
    if (c >= First && c <= Last) c = static_cast<char>(c + Shift);
  return e.text(text);
}

Value trim(Evaluation& e, Arguments a) {
  std::string_view text = a[0].as_text();
  if (!charge_text(e, text.size())) return Evaluation::budget_error();
  while (!text.empty() && is_white_space(first_code_point(text).value))
    text.remove_prefix(first_code_point(text).length);
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = first_code_point(text.substr(at));
    at += point.length;
    if (!is_white_space(point.value)) end = at;
  }
  return Value::string(text.substr(0, end));
}

Value reverse(Evaluation& e, Arguments a) {
  const std::string_view text = a[0].as_text();
  if (!charge_text(e, text.size() * 2)) return Evaluation::budget_error();
  std::string result(text.size(), '\0');
  std::size_t end = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = first_code_point(text.substr(at)).length;
    end -= length;
    text.copy(result.data() + end, length, at);
    at += length;
  }
  return e.text(result);
}

Value quote_text(Evaluation& e, Arguments a) {
  constexpr std::string_view special = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view letters = "abfnrtv\\\"";
  if (!charge_text(e, a[0].as_text().size())) return Evaluation::budget_error();
  std::string result = "\"";
  for (std::string_view text = a[0].as_text(); !text.empty();) {
    const CodePoint point = first_code_point(text);
    const std::size_t found = special.find(text.front());
    if (found != std::string_view::npos) {
      result += '\\';
      result += letters[found];
    } else {
      append_utf8(result, point.value);
    }
    text.remove_prefix(point.length);
  }
  return e.text(result + '"');
}

}  // namespace

void add_text_editing(Registry& registry) {
  registry.add({"string.replace(string, string) -> string", "string.replace(string, string, int) -> string"}, replace);
  registry.add({"string.split(string) -> list(string)", "string.split(string, int) -> list(string)"}, split);
  registry.add({"list(string).join() -> string", "list(string).join(string) -> string"}, join);
  registry.add("string.lowerAscii() -> string", change_case<'A', 'Z', 32>);
  registry.add("string.upperAscii() -> string", change_case<'a', 'z', -32>);
  registry.add("string.trim() -> string", trim);
  registry.add("string.reverse() -> string", reverse);
  registry.add("strings.quote(string) -> string", quote_text);
}

}  // namespace caravan::cel
