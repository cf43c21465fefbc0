#include "tools/caravan/terminal/progress.hpp"

#include <cstdio>

namespace caravan::tools {
namespace {

constexpr std::chrono::milliseconds between_drawings(100);
/// What is over sooner needs no bar.
constexpr std::chrono::milliseconds before_first_drawing(400);
constexpr std::size_t bar_width = 24;

std::string bar_of(double fraction) {
  const auto full = static_cast<std::size_t>(fraction * bar_width);
  std::string bar;
  for (std::size_t i = 0; i < bar_width; ++i)
    bar += i < full ? "█" : "░";
  return bar;
}

}  // namespace

std::string progress_line(std::string_view label, std::optional<double> fraction, std::uint64_t items, double seconds,
                          std::size_t width) {
  const double rate = seconds > 0.0 ? static_cast<double>(items) / seconds : 0.0;
  std::string line(label);
  if (fraction) {
    const double done = std::clamp(*fraction, 0.0, 1.0);
    line += " " + bar_of(done) + " " + std::to_string(static_cast<int>(100 * done)) + " %";
  }
  line += "  " + with_separators(static_cast<std::int64_t>(items)) + "  " +
          with_separators(static_cast<std::int64_t>(rate)) + "/s";
  // The first moments tell nothing about the rest.
  if (fraction && *fraction > 0.0 && *fraction < 1.0 && seconds > 1.0) {
    line += "  " + human_seconds(seconds * (1.0 - *fraction) / *fraction) + " left";
  }
  return shortened(line, width);
}

Progress::Progress(std::string label, std::optional<std::uint64_t> total)
    : label_(std::move(label)), total_(total && *total > 0 ? total : std::nullopt) {}

void Progress::update(std::uint64_t done, std::uint64_t items) {
  const Terminal& terminal = Terminal::error();
  const Steady::time_point now = Steady::now();
  if (!terminal.is_terminal() || now - began_ < before_first_drawing || now - drawn_at_ < between_drawings) return;
  std::optional<double> fraction;
  if (total_) fraction = static_cast<double>(done) / static_cast<double>(*total_);
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const std::string line = progress_line(label_, fraction, items, seconds, terminal.width() - 1);
  std::fprintf(stderr, "\r\x1b[2K%s", line.c_str());
  std::fflush(stderr);
  drawn_at_ = now;
  is_drawn_ = true;
}

void Progress::clear() {
  if (!std::exchange(is_drawn_, false)) return;
  std::fputs("\r\x1b[2K", stderr);
  std::fflush(stderr);
  drawn_at_ = {};
}

}  // namespace caravan::tools
