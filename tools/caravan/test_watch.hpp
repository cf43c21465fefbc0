#pragma once
// `caravan test --watch`: a round of tests now, and another each time a file of the workspace is saved, until somebody
// says that it is enough.

#include <functional>
#include <string>

namespace caravan::tools {

/// Whether SIGINT or SIGTERM has come, or `q` on a terminal. Signals are kept for it as long as it lives, on threads
/// that begin meanwhile too.
class EndOfWatch {
 public:
  EndOfWatch();
  ~EndOfWatch();
  EndOfWatch(const EndOfWatch&) = delete;
  EndOfWatch& operator=(const EndOfWatch&) = delete;

  /// Without waiting.
  bool has_come();
  /// What can be read when it may have come: has_come() says whether it has.
  const std::vector<int>& descriptors() const { return descriptors_; }

 private:
  struct Before;
  std::unique_ptr<Before> before_;
  int signals_ = -1;
  std::vector<int> descriptors_;
  bool has_come_ = false;
};

/// Runs `round`, which is told whether to end at once, whenever something is saved below `folder`.
void watch_and_run(const std::string& folder, const std::function<void(EndOfWatch& end)>& round);

}  // namespace caravan::tools
