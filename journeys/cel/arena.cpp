#include "journeys/cel/arena.hpp"

#include <cstring>
#include <new>

namespace caravan::cel {

void Arena::enter(const Block& block) noexcept {
  used_before_ += next_ - begin_;
  begin_ = next_ = reinterpret_cast<std::uintptr_t>(block.memory.get());
  end_ = begin_ + block.size;
}

void* Arena::allocate_slowly(std::size_t size, std::size_t alignment) noexcept {
  if (size > limit_ || used() > limit_ - size) return nullptr;
  while (!blocks_.empty() && current_ + 1 < blocks_.size()) {
    ++current_;
    enter(blocks_[current_]);
    if (size + alignment <= blocks_[current_].size) return allocate(size, alignment);
  }
  std::size_t wanted = blocks_.empty() ? first_block : blocks_.back().size * 2;
  while (wanted < size + alignment)
    wanted *= 2;
  if (wanted > max_block) return nullptr;
  std::unique_ptr<std::byte[]> memory{new (std::nothrow) std::byte[wanted]};
  if (!memory) return nullptr;
  try {
    blocks_.push_back({std::move(memory), wanted});
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  current_ = blocks_.size() - 1;
  enter(blocks_.back());
  return allocate(size, alignment);
}

std::string_view Arena::copy(std::string_view text) noexcept {
  if (text.empty()) return std::string_view{""};
  char* memory = static_cast<char*>(allocate(text.size(), 1));
  if (!memory) return {};
  std::memcpy(memory, text.data(), text.size());
  return {memory, text.size()};
}

void Arena::reset() noexcept {
  constexpr std::size_t kept = 256 * 1024;
  while (!blocks_.empty() && blocks_.back().size > kept)
    blocks_.pop_back();
  begin_ = next_ = end_ = 0;
  used_before_ = 0;
  current_ = 0;
  if (!blocks_.empty()) {
    enter(blocks_.front());
    used_before_ = 0;
  }
}

}  // namespace caravan::cel
