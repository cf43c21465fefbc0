#pragma once
// What the parts of `caravan bench` share: a folder for a run's files, a bar a phase, and what a process weighs.

#include "tools/caravan/terminal/progress.hpp"

namespace caravan::bench {

/// Called as work goes on, with what is done of how much.
using Progress = std::function<void(std::string_view what, std::size_t done, std::size_t of)>;

/// A folder for the run's files, removed at the end.
class Scratch {
 public:
  /// Below `parent`; empty: the system's temporary folder. Only while this process has one thread: another process
  /// watches over it from then on.
  explicit Scratch(const std::filesystem::path& parent);
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(std::string_view name) const { return path_ / name; }

 private:
  /// A process that removes the folder when this one lets go of it, or ends, however it does.
  class Watch {
   public:
    explicit Watch(const std::filesystem::path& folder);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

   private:
    int pipe_ = -1;
    pid_t process_ = -1;
  };

  std::filesystem::path path_;
  Watch watch_;  ///< from before there is a folder
};

/// One bar a phase of the run.
class PhaseProgress {
 public:
  void update(std::string_view what, std::size_t done, std::size_t of);
  void finish() { bar_.reset(); }

 private:
  std::string what_;
  std::optional<tools::Progress> bar_;
};

/// Runs from its making.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Some of many times: as many of a hundred, or of a thousand, are at most so long.
struct Percentiles {
  double p50 = 0, p99 = 0, p999 = 0;
};
/// Of none, all are 0.
Percentiles percentiles_of(std::vector<double> times);

/// The process's largest resident set.
std::int64_t peak_memory_bytes();

/// `0.37`
std::string two_decimals(double number);
/// `1,234,567`
std::string whole(double number);

}  // namespace caravan::bench
