#include "tools/bench/run.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace caravan::bench {

Scratch::Scratch(const std::filesystem::path& parent)
    : path_((parent.empty() ? std::filesystem::temp_directory_path() : parent) /
            ("caravan-bench-" + std::to_string(getpid()))) {
  std::filesystem::create_directories(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void PhaseProgress::update(std::string_view what, std::size_t done, std::size_t of) {
  if (!bar_ || what != what_) {
    what_ = what;
    bar_.reset();
    bar_.emplace(what_, of);
  }
  bar_->update(done, done);
}

Percentiles percentiles_of(std::vector<double> times) {
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  // The nearest rank: the smallest time that so many of all do not exceed.
  const auto at = [&](double part) {
    const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(times.size())));
    return times[std::clamp<std::size_t>(rank, 1, times.size()) - 1];
  };
  return {at(0.5), at(0.99), at(0.999)};
}

std::int64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

std::string two_decimals(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", number);
  return text.data();
}

std::string whole(double number) {
  return tools::with_separators(static_cast<std::int64_t>(std::llround(number)));
}

}  // namespace caravan::bench
