#pragma once
// The words of an expression, one at a time, with their places. Faults are thrown as SyntaxError, which parse()
// catches.

#include <cstdint>
#include <string>
#include <string_view>

#include "journeys/cel/value.hpp"

namespace caravan::cel {

/// The first fault in the text's form; there is no second, for what follows cannot be read with certainty.
struct SyntaxError {
  std::uint32_t offset;
  std::uint32_t length;
  std::string message;
  std::string hint;
};

enum class Token : std::uint8_t {
  end,
  identifier,         ///< reserved words included
  quoted_identifier,  ///< in backticks: a field's name only
  integer,            ///< digits, 0x and the u included
  floating,
  string,  ///< `text` is the text it stands for
  bytes,
  in,
  true_,
  false_,
  null,
  symbol,  ///< an operator or bracket, as `word`
};

struct Lexeme {
  Token token = Token::end;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::string_view word;  ///< as it stands in the source
  std::string text;       ///< of a string or bytes literal, escapes resolved
};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_{source} {}
  /// The next word; `end` at the end and ever after. Throws SyntaxError.
  Lexeme next();

 private:
  void skip_space();
  Lexeme word(Token token, std::size_t length);
  Lexeme number();
  Lexeme identifier();
  Lexeme quoted_identifier();
  Lexeme text(std::size_t prefix, bool raw, bool bytes);
  std::string_view rest() const { return source_.substr(at_); }
  [[noreturn]] void fail(std::size_t offset, std::size_t length, std::string message, std::string hint = {}) const;

  std::string_view source_;
  std::size_t at_ = 0;
};

/// Resolves the escapes of a literal's inside, which starts at `offset` of the source. Throws SyntaxError.
std::string unescape(std::string_view inside, std::uint32_t offset, bool bytes);

/// Whether the grammar keeps the word for itself, so that no variable or function is called so.
bool is_reserved(std::string_view word);

}  // namespace caravan::cel
