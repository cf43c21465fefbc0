#pragma once
// The real program, run as a person runs it, and a folder of one's own to run it in.

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace caravan::tests {

struct Outcome {
  int exit_code = -1;  ///< 128 and the signal's number when a signal ended it
  std::string out;
  std::string err;
};

/// A folder that is gone at the end of the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  /// Writes a file, its folders too.
  std::filesystem::path write(const std::string& name, const std::string& text) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Runs it to its end, with `input` on standard input.
Outcome run(const std::vector<std::string>& arguments, const std::string& input = "");

/// One that runs on its own.
class Running {
 public:
  explicit Running(const std::vector<std::string>& arguments);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  /// Reads its standard output until `text` has come by. False when it ended first.
  bool wait_for(const std::string& text);
  /// What was read of it so far.
  const std::string& seen() const { return seen_; }
  void signal(int number) const;
  /// Waits for the end.
  Outcome wait();

 private:
  Folder folder_;
  pid_t process_ = -1;
  int output_ = -1;
  std::string seen_;
};

}  // namespace caravan::tests
