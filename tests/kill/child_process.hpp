#pragma once
// A program of ours as a child process that a test starts, watches and kills.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace caravan::test {

class ChildProcess {
 public:
  /// Starts `arguments[0]` with the rest of them; what it prints is appended to `log`. It dies with the test at the
  /// latest. Throws std::runtime_error when it cannot be started.
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Its exit code, or 128 and its signal, once it has ended; nothing while it runs.
  std::optional<int> ended();
  /// The same, when it has ended.
  int wait();
  /// SIGKILL: no handler runs, nothing is flushed. Returns when it is gone.
  void kill();

 private:
  std::optional<int> reap(int options);

  int pid_ = -1;
  std::optional<int> result_;
};

}  // namespace caravan::test
