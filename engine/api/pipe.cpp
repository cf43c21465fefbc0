#include "engine/api/pipe.hpp"

#include <algorithm>
#include <cstring>

namespace caravan::api {
namespace {

/// Many small parts become few of this size.
constexpr std::size_t kPart = 65'536;

}  // namespace

bool Pipe::push(std::string bytes) {
  const std::lock_guard lock(mutex_);
  if (is_ended_ || bytes.empty()) return true;
  size_ += bytes.size();
  if (!parts_.empty() && parts_.back().size() + bytes.size() <= kPart) {
    parts_.back() += bytes;
  } else {
    parts_.push_back(std::move(bytes));
  }
  filled_.notify_one();
  is_awaited_ = size_ >= most_;
  return !is_awaited_;
}

void Pipe::end() {
  const std::lock_guard lock(mutex_);
  is_ended_ = true;
  filled_.notify_one();
}

void Pipe::break_off() {
  const std::lock_guard lock(mutex_);
  is_ended_ = true;
  parts_.clear();
  begin_ = size_ = 0;
  filled_.notify_one();
}

std::size_t Pipe::read(std::span<char> to) {
  bool has_room = false;
  std::size_t taken = 0;
  {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return size_ > 0 || is_ended_; });
    while (taken < to.size() && size_ > 0) {
      const std::string& part = parts_.front();
      const std::size_t bytes = std::min(to.size() - taken, part.size() - begin_);
      std::memcpy(to.data() + taken, part.data() + begin_, bytes);
      taken += bytes;
      begin_ += bytes;
      size_ -= bytes;
      if (begin_ < part.size()) continue;
      parts_.pop_front();
      begin_ = 0;
    }
    if (size_ < most_ / 2) has_room = std::exchange(is_awaited_, false);
  }
  if (has_room) room_();
  return taken;
}

}  // namespace caravan::api
