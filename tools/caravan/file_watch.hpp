#pragma once
// Tells when the files of a workspace are saved, by the kernel's notifications. A file that is written in place, or
// written beside and renamed over, as editors do; folders that come and go.

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace caravan::tools {

class FileWatch {
 public:
  /// Begins to watch: whatever is saved from here on is told by the next wait(). Throws std::system_error.
  explicit FileWatch(std::filesystem::path root);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  /// Waits until a file has been saved and no more of them are for a moment: nothing. Or until one of the descriptors
  /// can be read: that one.
  std::optional<int> wait(std::span<const int> descriptors);

 private:
  void watch_folders();
  void watch(const std::filesystem::path& folder);
  bool take_events();

  std::filesystem::path root_;
  int notifications_ = -1;
};

/// Whether a workspace reads files of that name: not what editors put beside them, nor databases and mails.
bool is_workspace_file(std::string_view name);

}  // namespace caravan::tools
