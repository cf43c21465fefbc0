#pragma once
// What the program writes to: a terminal, with colours and a width, or a file or pipe, plain. Colours are left out
// where NO_COLOR is set or the terminal is dumb. Whatever came from outside goes through printable() before it is
// shown.

#include <string>
#include <string_view>

namespace caravan::tools {

enum class Style { plain, strong, faint, good, warning, bad, accent };

class Terminal {
 public:
  /// Standard output and standard error, looked at once.
  static const Terminal& output();
  static const Terminal& error();
  /// Neither a terminal nor coloured: what a pipe gets.
  static Terminal plain(std::size_t width = 100) { return {false, false, width}; }

  bool is_terminal() const { return is_terminal_; }
  bool has_colours() const { return has_colours_; }
  /// In columns; 100 where there is no terminal.
  std::size_t width() const { return width_; }
  /// The text in a style, where there are colours.
  std::string paint(Style style, std::string_view text) const;

 private:
  Terminal(bool is_terminal, bool has_colours, std::size_t width)
      : is_terminal_(is_terminal), has_colours_(has_colours), width_(width) {}
  static Terminal look_at(int descriptor);

  bool is_terminal_;
  bool has_colours_;
  std::size_t width_;
};

/// How many columns a text takes on a terminal: none for combining marks, two for East Asian wide characters and emoji.
std::size_t display_width(std::string_view text);

/// The text with control characters, bidirectional overrides and what is no UTF-8 made visible as `\u{1b}`, so that
/// nobody's data can steer a terminal.
std::string printable(std::string_view text);

/// At most `width` columns, the last of them `…` where something was cut.
std::string shortened(std::string_view text, std::size_t width);

/// Breaks a text at its spaces into lines of at most `width` columns, where words allow it.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// 1234567 as `1,234,567`.
std::string with_separators(std::int64_t number);
/// `37.5 %`; `–` where there is nothing to share.
std::string share(std::int64_t part, std::int64_t whole);
/// `12.3 MB`
std::string human_bytes(std::uint64_t bytes);
/// `8 s`, `2 min 05 s`, `3 h 10 min`
std::string human_seconds(double seconds);
/// `1 account`, `2,000 accounts`
std::string counted(std::int64_t number, std::string_view one, std::string_view many);
/// `2026-01-05 09:00`, in UTC
std::string short_time(std::chrono::sys_time<std::chrono::milliseconds> at);
/// `2026-01-05`
std::string day_of(std::chrono::sys_time<std::chrono::milliseconds> at);

}  // namespace caravan::tools
