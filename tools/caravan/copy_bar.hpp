#pragma once
// The progress bar of backups, restores, migrations and checks: one for each file that is gone through.

#include "storage/copying.hpp"
#include "tools/caravan/terminal/progress.hpp"

namespace caravan::tools {

class CopyBar {
 public:
  /// To be handed to what copies; this outlives it.
  CopyProgress listener() {
    return [this](const std::string& what, std::uint64_t done, std::uint64_t total) { update(what, done, total); };
  }

 private:
  void update(const std::string& what, std::uint64_t done, std::uint64_t total) {
    if (!bar_ || what != what_) {
      bar_.reset();
      bar_.emplace(what, total > 0 ? std::optional(total) : std::nullopt);
      what_ = what;
    }
    bar_->update(done, done / 1'000'000);  // megabytes a second
  }

  std::optional<Progress> bar_;
  std::string what_;
};

}  // namespace caravan::tools
