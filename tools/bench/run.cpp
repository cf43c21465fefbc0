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
