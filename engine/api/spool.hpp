#pragma once
// A text that is written first and read afterwards: in memory while it is short, in a file without a name when it is
// not, which the system takes away with the program.

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace caravan::api {

class Spool {
 public:
  explicit Spool(std::size_t in_memory = std::size_t{1} << 20U) : in_memory_(in_memory) {}

  /// Throws std::system_error where there is no room for it.
  void write(std::string_view text);
  /// The next part, some 64 KiB; empty at the end. Nothing is written after the first.
  std::string read();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void write_out();

  const std::size_t in_memory_;
  std::string text_;  ///< not in the file yet
  std::unique_ptr<std::FILE, Close> file_;
  bool is_reading_ = false;
};

}  // namespace caravan::api
