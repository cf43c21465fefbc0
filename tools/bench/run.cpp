#include "tools/bench/run.hpp"

#include <csignal>
#include <iostream>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace caravan::bench {
namespace {

/// What is measured may be many gigabytes: they go as well when somebody ends it by Ctrl-C, which this outlives.
[[noreturn]] void remove_when_closed(int pipe, const std::filesystem::path& folder) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE})
    std::signal(number, SIG_IGN);
  char nothing = 0;
  while (::read(pipe, &nothing, 1) < 0 && errno == EINTR) {
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  ::_exit(0);
}

}  // namespace

Scratch::Watch::Watch(const std::filesystem::path& folder) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "no pipe to a process");
  std::cout.flush();
  process_ = ::fork();
  if (process_ == 0) {
    ::close(pipe[1]);
    remove_when_closed(pipe[0], folder);
  }
  ::close(pipe[0]);
  if (process_ < 0) {
    ::close(pipe[1]);
    throw std::system_error(errno, std::generic_category(), "no process that watches over " + folder.string());
  }
  pipe_ = pipe[1];
}

Scratch::Watch::~Watch() {
  ::close(pipe_);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Scratch::Scratch(const std::filesystem::path& parent)
    : path_((parent.empty() ? std::filesystem::temp_directory_path() : parent) /
            ("caravan-bench-" + std::to_string(getpid()))),
      watch_(path_) {
  std::filesystem::create_directories(path_);
}

Scratch::~Scratch() = default;

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
