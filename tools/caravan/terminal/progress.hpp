#pragma once
// A progress bar on standard error: only on a terminal, drawn a few times a second, gone when it ends.

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

class Progress {
 public:
  /// `total` is in the unit of update(); nothing where the end is not known.
  Progress(std::string label, std::optional<std::uint64_t> total);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of the total; `items` are what the rate counts.
  void update(std::uint64_t done, std::uint64_t items);
  /// Takes the bar away, so that a line can be written; the next update draws it again.
  void clear();

 private:
  using Steady = std::chrono::steady_clock;
  std::string label_;
  std::optional<std::uint64_t> total_;
  Steady::time_point began_ = Steady::now();
  Steady::time_point drawn_at_{};
  bool is_drawn_ = false;
};

/// The bar as a line of at most `width` columns, for the time that has passed.
std::string progress_line(std::string_view label, std::optional<double> fraction, std::uint64_t items, double seconds,
                          std::size_t width);

}  // namespace caravan::tools
