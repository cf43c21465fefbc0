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
  explicit Spool(std::size_t in_memory = std::size_t{1} << 20U, std::size_t most = std::size_t{512} << 20U)
      : in_memory_(in_memory), most_(most) {}

  /// False where there is no room for it, or more than `most` bytes: it is cut off there, and takes no more.
  bool write(std::string_view text);
  /// The next part; empty at the end. Nothing is written after the first.
  std::string read();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  bool write_out();
  bool cut_off();

  const std::size_t in_memory_;
  const std::size_t most_;
  std::string text_;  ///< not in the file yet
  std::size_t size_ = 0;
  std::size_t in_file_ = 0;  ///< not read yet
  bool is_cut_off_ = false;
  std::unique_ptr<std::FILE, Close> file_;
  bool is_reading_ = false;
};

}  // namespace caravan::api
