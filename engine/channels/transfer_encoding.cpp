// Base64 and quoted-printable, each in one pass over its input.

#include "engine/channels/transfer_encoding.hpp"

#include "journeys/utf8.hpp"

namespace caravan {
namespace {

constexpr std::size_t longest_line = 76;

/// Writes quoted-printable and breaks lines before they are too long.
class QuotedPrintable {
 public:
  explicit QuotedPrintable(std::size_t expected) { out_.reserve(expected + expected / 8 + 16); }

  void literal(char character) {
    make_room(1);
    out_ += character;
    ++column_;
  }
  void encoded(char character) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    make_room(3);
    const auto byte = static_cast<unsigned char>(character);
    out_ += '=';
    out_ += digits[byte >> 4U];
    out_ += digits[byte & 0x0FU];
    column_ += 3;
  }
  void line_end() {
    out_ += "\r\n";
    column_ = 0;
  }
  std::size_t column() const { return column_; }
  std::string take() { return std::move(out_); }

 private:
  /// One column stays free for the "=" of a soft line break.
  void make_room(std::size_t width) {
    if (column_ + width < longest_line) return;
    out_ += "=\r\n";
    column_ = 0;
  }
  std::string out_;
  std::size_t column_ = 0;
};

bool ends_line(std::string_view text, std::size_t offset) {
  return offset == text.size() || text[offset] == '\r' || text[offset] == '\n';
}

}  // namespace

std::string clean_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint point = code_point_at(text, offset);
    if (!point.valid) {
      out += "\xEF\xBF\xBD";
    } else if (point.value != 0) {
      out += text.substr(offset, point.length);
    }
    offset += point.length;
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t offset = 0; offset < bytes.size(); offset += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - offset);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[offset + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= count ? alphabet[group >> (18U - 6U * i) & 0x3FU] : '=';
    }
  }
  return out;
}

std::string to_quoted_printable(std::string_view text) {
  QuotedPrintable out(text.size());
  for (std::size_t offset = 0; offset < text.size(); ++offset) {
    const char character = text[offset];
    if (character == '\n') {
      out.line_end();
    } else if (character == '\r') {
      out.line_end();
      if (offset + 1 < text.size() && text[offset + 1] == '\n') ++offset;
    } else if (character == ' ' || character == '\t') {
      // A blank at the end of a line would be lost on the way.
      if (ends_line(text, offset + 1)) {
        out.encoded(character);
      } else {
        out.literal(character);
      }
    } else if (character == '=' || character < '!' || character > '~') {
      out.encoded(character);
    } else if (out.column() == 0 && text.substr(offset, 5) == "From ") {
      out.encoded(character);  // mailbox files take such a line for the next mail
    } else {
      out.literal(character);
    }
  }
  return out.take();
}

}  // namespace caravan
