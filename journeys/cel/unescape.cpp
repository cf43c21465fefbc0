// The escapes of string and bytes literals.

#include "journeys/cel/lexer.hpp"
#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

class Unescaper {
 public:
  Unescaper(std::string_view inside, std::uint32_t offset, bool bytes)
      : inside_{inside}, offset_{offset}, bytes_{bytes} {}

  std::string run() {
    std::string result;
    while (at_ < inside_.size()) {
      if (inside_[at_] == '\\')
        escape(result);
      else
        result += inside_[at_++];
    }
    return result;
  }

 private:
  void escape(std::string& result) {
    start_ = at_++;
    if (at_ == inside_.size()) fail("a backslash at the end stands for nothing");
    const char letter = inside_[at_++];
    if (const char plain = one_letter(letter)) {
      result += plain;
      return;
    }
    if (letter >= '0' && letter <= '3') {
      --at_;
      return append(result, number(3, 8));
    }
    if (letter == 'x' || letter == 'X') return append(result, number(2, 16));
    if (letter == 'u' && !bytes_) return append(result, number(4, 16));
    if (letter == 'U' && !bytes_) return append(result, number(8, 16));
    fail("this escape is not known");
  }

  static char one_letter(char letter) {
    constexpr std::string_view letters = "abfnrtv\\?\"'`";
    constexpr std::string_view plain = "\a\b\f\n\r\t\v\\?\"'`";
    const std::size_t at = letters.find(letter);
    return at == std::string_view::npos ? '\0' : plain[at];
  }

  char32_t number(std::size_t digits, unsigned base) {
    char32_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = at_ < inside_.size() ? inside_[at_] : '\0';
      unsigned digit = 99;
      if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
      if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
      if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
      if (digit >= base) fail("this escape needs " + std::to_string(digits) + " digits");
      value = value * base + digit;
      ++at_;
    }
    return value;
  }

  /// A byte of a bytes literal, a code point of a string.
  void append(std::string& result, char32_t value) {
    if (bytes_) {
      result += static_cast<char>(value);
      return;
    }
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) fail("this escape is no Unicode character");
    append_utf8(result, value);
  }

  [[noreturn]] void fail(std::string message) const {
    throw SyntaxError{offset_ + static_cast<std::uint32_t>(start_), static_cast<std::uint32_t>(at_ - start_),
                      std::move(message), "a backslash itself is written \\\\, or the text as r\"...\""};
  }

  std::string_view inside_;
  std::uint32_t offset_;
  bool bytes_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

}  // namespace

std::string unescape(std::string_view inside, std::uint32_t offset, bool bytes) {
  return Unescaper{inside, offset, bytes}.run();
}

}  // namespace caravan::cel
