#pragma once
// Bytes from the I/O thread to a thread that reads them as a source: bounded, so that whoever sends faster than they
// are read waits.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "engine/intake/source.hpp"

namespace caravan::api {

class Pipe final : public ByteSource {
 public:
  /// `room` is called on the reading thread once there is room again after push() has said that there is none.
  explicit Pipe(std::function<void()> room, std::size_t most = std::size_t{512} << 10U)
      : room_(std::move(room)), most_(most) {}

  /// Takes them all; false when it is full now.
  bool push(std::string bytes);
  /// No more will come.
  void end();
  /// Whoever reads is told that it is over, whatever is left.
  void break_off();

  std::size_t read(std::span<char> to) override;

 private:
  const std::function<void()> room_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::string> parts_;
  std::size_t begin_ = 0;  ///< what was read of the first part
  std::size_t size_ = 0;   ///< unread bytes
  bool is_ended_ = false;
  bool is_awaited_ = false;  ///< somebody waits for room
};

}  // namespace caravan::api
