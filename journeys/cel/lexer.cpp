#include "journeys/cel/lexer.hpp"

#include <algorithm>
#include <array>

#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::size_t count_while(std::string_view text, bool (*holds)(char)) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), holds) - text.begin());
}

/// How many bytes the `b`, `r`, `br` or `rb` before a literal's quote has; npos when `text` starts no literal.
std::size_t literal_prefix(std::string_view text) {
  std::size_t length = 0;
  bool raw = false;
  bool bytes = false;
  for (; length < text.size(); ++length) {
    const char c = text[length];
    if (c == '"' || c == '\'') return length;
    if ((c == 'r' || c == 'R') && !raw)
      raw = true;
    else if ((c == 'b' || c == 'B') && !bytes)
      bytes = true;
    else
      break;
  }
  return std::string_view::npos;
}

}  // namespace

void Lexer::fail(std::size_t offset, std::size_t length, std::string message, std::string hint) const {
  throw SyntaxError{static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length), std::move(message),
                    std::move(hint)};
}

void Lexer::skip_space() {
  for (;;) {
    at_ += count_while(rest(), [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; });
    if (!rest().starts_with("//")) return;
    at_ = std::min(source_.find('\n', at_), source_.size());
  }
}

Lexeme Lexer::word(Token token, std::size_t length) {
  Lexeme result{
      token, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(length), source_.substr(at_, length), {}};
  at_ += length;
  return result;
}

Lexeme Lexer::next() {
  skip_space();
  const std::string_view text = rest();
  if (text.empty()) return word(Token::end, 0);
  const char first = text[0];
  if (is_digit(first) || (first == '.' && text.size() > 1 && is_digit(text[1]))) return number();
  if (first == '`') return quoted_identifier();
  if (const std::size_t prefix = literal_prefix(text); prefix != std::string_view::npos) {
    const auto has = [&](char lower, char upper) {
      return text.substr(0, prefix).find_first_of(std::array{lower, upper, '\0'}.data()) != std::string_view::npos;
    };
    return this->text(prefix, has('r', 'R'), has('b', 'B'));
  }
  if (is_letter(first)) return identifier();
  for (const std::string_view symbol : {"==", "!=", "<=", ">=", "&&", "||"})
    if (text.starts_with(symbol)) return word(Token::symbol, 2);
  if (std::string_view{"+-*/%<>!?:.,()[]{}"}.find(first) != std::string_view::npos) return word(Token::symbol, 1);
  const std::size_t length = first_code_point(text).length;
  std::string hint;
  if (first == '=') hint = "to compare, write ==";
  if (first == '&') hint = "for \"and\", write &&";
  if (first == '|') hint = "for \"or\", write ||";
  fail(at_, length, "unexpected " + std::string{text.substr(0, length)}, hint);
}

Lexeme Lexer::number() {
  const std::string_view text = rest();
  if (text.starts_with("0x") || text.starts_with("0X")) {
    std::size_t length = 2 + count_while(text.substr(2), is_hex);
    if (length == 2) fail(at_, 2, "a hexadecimal number needs digits after 0x");
    if (length < text.size() && (text[length] == 'u' || text[length] == 'U')) ++length;
    return word(Token::integer, length);
  }
  std::size_t length = count_while(text, is_digit);
  Token token = Token::integer;
  if (length + 1 < text.size() && text[length] == '.' && is_digit(text[length + 1])) {
    token = Token::floating;
    length += 1 + count_while(text.substr(length + 1), is_digit);
  }
  if (length < text.size() && (text[length] == 'e' || text[length] == 'E')) {
    std::size_t sign = length + 1;
    if (sign < text.size() && (text[sign] == '+' || text[sign] == '-')) ++sign;
    const std::size_t digits = count_while(text.substr(std::min(sign, text.size())), is_digit);
    if (digits > 0) {
      token = Token::floating;
      length = sign + digits;
    }
  }
  if (token == Token::integer && length < text.size() && (text[length] == 'u' || text[length] == 'U')) ++length;
  if (length < text.size() && is_letter(text[length])) {
    const std::size_t whole =
        length + count_while(text.substr(length), [](char c) { return is_letter(c) || is_digit(c); });
    fail(at_, whole, "not a number: " + std::string{text.substr(0, whole)},
         "a name cannot start with a digit; a duration is text: duration(\"3h\")");
  }
  return word(token, length);
}

Lexeme Lexer::identifier() {
  const std::size_t length = count_while(rest(), [](char c) { return is_letter(c) || is_digit(c); });
  const std::string_view name = rest().substr(0, length);
  if (name == "in") return word(Token::in, length);
  if (name == "true") return word(Token::true_, length);
  if (name == "false") return word(Token::false_, length);
  if (name == "null") return word(Token::null, length);
  return word(Token::identifier, length);
}

Lexeme Lexer::quoted_identifier() {
  const std::string_view text = rest();
  const std::size_t length = count_while(text.substr(1), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '/' || c == ' ';
  });
  if (length == 0 || length + 1 >= text.size() || text[length + 1] != '`')
    fail(at_, 1, "a name in backticks may have letters, digits, _ . - / and spaces, and ends with a backtick");
  return word(Token::quoted_identifier, length + 2);
}

Lexeme Lexer::text(std::size_t prefix, bool raw, bool bytes) {
  const std::string_view text = rest();
  const char quote = text[prefix];
  const std::string three(3, quote);
  const bool triple = text.substr(prefix).starts_with(three);
  const std::size_t start = prefix + (triple ? 3 : 1);
  std::size_t end = start;
  for (;; ++end) {
    if (end >= text.size()) fail(at_, prefix + 1, "this text has no closing quote");
    if (text[end] == '\\' && !raw) {
      ++end;
    } else if (triple ? text.substr(end).starts_with(three) : text[end] == quote) {
      break;
    } else if (!triple && (text[end] == '\n' || text[end] == '\r')) {
      fail(at_, prefix + 1, "this text has no closing quote on its line",
           "text over several lines stands in three quotes");
    }
  }
  const std::string_view inside = text.substr(start, end - start);
  std::string resolved = raw ? std::string{inside} : unescape(inside, static_cast<std::uint32_t>(at_ + start), bytes);
  Lexeme result = word(bytes ? Token::bytes : Token::string, end + (triple ? 3 : 1));
  result.text = std::move(resolved);
  return result;
}

bool is_reserved(std::string_view word) {
  static constexpr std::array<std::string_view, 17> words{
      "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
      "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace caravan::cel
