// The canonical text of a syntax tree, and of literals.

#include <array>
#include <charconv>
#include <cmath>

#include "journeys/cel/ast.hpp"
#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

/// How tightly an expression binds; a child in a tighter place than its own gets brackets.
enum Tightness { conditional, any_of, all_of, relation, sum, product, unary, member };

Tightness tightness(const Expression& e) {
  switch (e.form) {
    case Form::conditional: return conditional;
    case Form::any_of: return any_of;
    case Form::all_of: return all_of;
    case Form::binary:
      if (e.operation <= Operator::subtract) return sum;
      return e.operation <= Operator::modulo ? product : relation;
    case Form::negate:
    case Form::invert: return unary;
    default: return member;
  }
}

bool is_plain_identifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name)
    if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) return false;
  return name != "in" && name != "true" && name != "false" && name != "null";
}

bool is_number(const Expression& e) {
  return e.form == Form::literal && e.literal.is_number();
}

class Printer {
 public:
  std::string take() { return std::move(text_); }

  void print(const Expression& e) {
    switch (e.form) {
      case Form::literal: return literal(e);
      case Form::identifier:
        if (e.rooted) text_ += '.';
        text_ += e.name;
        return;
      case Form::select:
        print(*e.children[0], member);
        text_ += e.optional ? ".?" : ".";
        text_ += is_plain_identifier(e.name) ? e.name : "`" + e.name + "`";
        return;
      case Form::index:
        print(*e.children[0], member);
        text_ += e.optional ? "[?" : "[";
        print(*e.children[1]);
        text_ += ']';
        return;
      case Form::call: return call(e);
      case Form::list: return list(e);
      case Form::map: return map(e);
      case Form::negate: return negation(*e.children[0]);
      case Form::invert: text_ += '!'; return print(*e.children[0], unary);
      case Form::binary: return binary(e);
      case Form::all_of: return joined(e, " && ", relation);
      case Form::any_of: return joined(e, " || ", all_of);
      case Form::conditional:
        print(*e.children[0], any_of);
        text_ += " ? ";
        print(*e.children[1], any_of);
        text_ += " : ";
        return print(*e.children[2]);
      case Form::macro: return macro(e);
    }
  }

 private:
  void print(const Expression& e, Tightness place) {
    if (tightness(e) < place) return bracketed(e);
    print(e);
  }

  void bracketed(const Expression& e) {
    text_ += '(';
    print(e);
    text_ += ')';
  }

  /// A minus before a digit would be read as part of the number.
  void negation(const Expression& operand) {
    text_ += '-';
    const std::size_t start = text_.size();
    print(operand, unary);
    const bool digit = text_[start] >= '0' && text_[start] <= '9';
    if (!digit && !(text_[start] == '-' && is_number(operand))) return;
    text_.insert(start, 1, '(');
    text_ += ')';
  }

  void literal(const Expression& e) {
    switch (e.literal.kind()) {
      case Kind::string: text_ += quote(e.name); return;
      case Kind::bytes: text_ += quote_bytes(e.name); return;
      default: text_ += to_text(e.literal);
    }
  }

  void arguments(const Expression& e, std::size_t first) {
    for (std::size_t i = first; i < e.children.size(); ++i) {
      if (i > first) text_ += ", ";
      print(*e.children[i]);
    }
    text_ += ')';
  }

  void call(const Expression& e) {
    if (e.rooted) text_ += '.';
    if (e.method) {
      print(*e.children[0], member);
      text_ += '.';
    }
    text_ += e.name;
    text_ += '(';
    arguments(e, e.method ? 1 : 0);
  }

  void list(const Expression& e) {
    text_ += '[';
    for (std::size_t i = 0; i < e.children.size(); ++i) {
      if (i > 0) text_ += ", ";
      if (e.optional_parts[i]) text_ += '?';
      print(*e.children[i]);
    }
    text_ += ']';
  }

  void map(const Expression& e) {
    text_ += '{';
    for (std::size_t i = 0; i < e.children.size(); i += 2) {
      if (i > 0) text_ += ", ";
      if (e.optional_parts[i / 2]) text_ += '?';
      print(*e.children[i]);
      text_ += ": ";
      print(*e.children[i + 1]);
    }
    text_ += '}';
  }

  void binary(const Expression& e) {
    const Tightness own = tightness(e);
    print(*e.children[0], own);
    text_ += ' ';
    text_ += operator_text(e.operation);
    text_ += ' ';
    print(*e.children[1], static_cast<Tightness>(own + 1));
  }

  void joined(const Expression& e, std::string_view by, Tightness place) {
    for (std::size_t i = 0; i < e.children.size(); ++i) {
      if (i > 0) text_ += by;
      print(*e.children[i], place);
    }
  }

  void macro(const Expression& e) {
    const bool free = e.macro == Macro::has || e.macro == Macro::bind;
    if (!free) {
      print(*e.children[0], member);
      text_ += '.';
    }
    text_ += macro_text(e.macro, e.variables.size());
    text_ += '(';
    for (std::size_t i = 0; i < e.variables.size(); ++i) {
      if (i > 0) text_ += ", ";
      text_ += e.variables[i].name;
    }
    if (!e.variables.empty() && (free || e.children.size() > 1)) text_ += ", ";
    arguments(e, free ? 0 : 1);
  }

  std::string text_;
};

void append_escaped(std::string& text, unsigned value, char letter, int digits) {
  static constexpr std::string_view hexadecimal = "0123456789abcdef";
  text += '\\';
  text += letter;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    text += hexadecimal[(value >> shift) & 0xF];
}

/// The one-letter escape of a character, or 0.
char escape_letter(char character) {
  switch (character) {
    case '\a': return 'a';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\v': return 'v';
    case '"':
    case '\\': return character;
    default: return 0;
  }
}

}  // namespace

std::string print(const Expression& expression) {
  Printer printer;
  printer.print(expression);
  return printer.take();
}

std::string_view operator_text(Operator operation) {
  static constexpr std::array<std::string_view, 12> texts{
      "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"};
  return texts[static_cast<std::size_t>(operation)];
}

std::string_view macro_text(Macro macro, std::size_t variables) {
  static constexpr std::array<std::string_view, 12> texts{"has",           "all",          "exists",
                                                          "exists_one",    "map",          "filter",
                                                          "transformList", "transformMap", "transformMapEntry",
                                                          "cel.bind",      "optMap",       "optFlatMap"};
  if (macro == Macro::exists_one && variables == 2) return "existsOne";
  return texts[static_cast<std::size_t>(macro)];
}

bool same(const Expression& left, const Expression& right) {
  if (left.form != right.form || left.operation != right.operation || left.macro != right.macro ||
      left.method != right.method || left.optional != right.optional || left.rooted != right.rooted ||
      left.name != right.name || left.children.size() != right.children.size() ||
      left.optional_parts != right.optional_parts || left.variables.size() != right.variables.size())
    return false;
  if (left.literal.kind() != right.literal.kind()) return false;
  if (!left.literal.is(Kind::string) && !left.literal.is(Kind::bytes) &&
      to_text(left.literal) != to_text(right.literal))
    return false;
  for (std::size_t i = 0; i < left.variables.size(); ++i)
    if (left.variables[i].name != right.variables[i].name) return false;
  for (std::size_t i = 0; i < left.children.size(); ++i)
    if (!same(*left.children[i], *right.children[i])) return false;
  return true;
}

std::string quote(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const char first = text.front();
    if (!point.valid) {
      append_utf8(result, point.value);
    } else if (point.length > 1) {
      result += text.substr(0, point.length);
    } else if (const char letter = escape_letter(first)) {
      result += '\\';
      result += letter;
    } else if (point.value < 0x20 || point.value == 0x7F) {
      append_escaped(result, static_cast<unsigned>(point.value), 'u', 4);
    } else {
      result += first;
    }
    text.remove_prefix(point.length);
  }
  return result + '"';
}

std::string quote_bytes(std::string_view data) {
  std::string result = "b\"";
  for (const char c : data) {
    const auto byte = static_cast<unsigned char>(c);
    if (const char letter = escape_letter(c)) {
      result += '\\';
      result += letter;
    } else if (byte < 0x20 || byte >= 0x7F) {
      append_escaped(result, byte, 'x', 2);
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string format_double(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::array<char, 400> buffer;
  const double magnitude = std::fabs(value);
  const bool scientific = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e21);
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    scientific ? std::chars_format::scientific : std::chars_format::fixed);
  return {buffer.data(), result.ptr};
}

}  // namespace caravan::cel
