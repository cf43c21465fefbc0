#include "tools/caravan/terminal/terminal.hpp"

#include <cstdio>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace caravan::tools {
namespace {

constexpr std::size_t width_without_terminal = 100;

std::string_view code_of(Style style) {
  switch (style) {
    case Style::plain: return "";
    case Style::strong: return "\x1b[1m";
    case Style::faint: return "\x1b[2m";
    case Style::good: return "\x1b[32m";
    case Style::warning: return "\x1b[33m";
    case Style::bad: return "\x1b[31m";
    case Style::accent: return "\x1b[36m";
  }
  return "";
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) == "dumb";
}

}  // namespace

const Terminal& Terminal::output() {
  static const Terminal terminal = look_at(STDOUT_FILENO);
  return terminal;
}

const Terminal& Terminal::error() {
  static const Terminal terminal = look_at(STDERR_FILENO);
  return terminal;
}

Terminal Terminal::look_at(int descriptor) {
  if (::isatty(descriptor) == 0) return plain(width_without_terminal);
  winsize size{};
  const bool is_known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40;
  return {true, !is_set("NO_COLOR") && !is_dumb(), is_known ? size.ws_col : std::size_t{80}};
}

std::string Terminal::paint(Style style, std::string_view text) const {
  if (!has_colours_ || style == Style::plain || text.empty()) return std::string(text);
  return std::string(code_of(style)) + std::string(text) + "\x1b[0m";
}

}  // namespace caravan::tools
