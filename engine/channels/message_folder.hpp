#pragma once
// A folder that messages are written into as files, a folder a day; what the file channels have in common.

#include "storage/records.hpp"

namespace caravan {

class MessageFolder {
 public:
  /// Makes the folder. Throws std::runtime_error when it cannot be made or written to.
  explicit MessageFolder(std::filesystem::path folder);

  /// Writes `<folder>/<day of date>/<name>`, whole or not at all; one that is there already is replaced. The file
  /// survives the end of the process at any instant, but is not forced onto the disk. Throws std::filesystem_error.
  void write(Instant date, const std::string& name, std::string_view bytes);

 private:
  const std::filesystem::path folder_;
  std::filesystem::path made_;  ///< the day's folder that was used last
};

}  // namespace caravan
