#pragma once
// Memory for the values of an evaluation: a bump allocator that keeps its blocks from one use to the next, so that
// evaluating many subjects allocates from the heap only until the largest has been seen. Bounded.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace caravan::cel {

class Arena {
 public:
  /// Memory of `size` bytes at `alignment` (a power of two, at most 16), or nullptr when the limit would be passed.
  void* allocate(std::size_t size, std::size_t alignment) noexcept {
    const std::size_t start = (next_ + alignment - 1) & ~(alignment - 1);
    if (size <= end_ && start <= end_ - size) {
      next_ = start + size;
      return reinterpret_cast<void*>(start);
    }
    return allocate_slowly(size, alignment);
  }

  /// `count` uninitialised objects of a trivially destructible type, or nullptr.
  template <class T>
  T* array(std::size_t count) noexcept {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return reinterpret_cast<T*>(alignof(T));  // No object, but not null either.
    if (count > max_block / sizeof(T)) return nullptr;
    return static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
  }

  /// An object that lives until reset(); its destructor is never run. nullptr when the limit would be passed.
  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    void* memory = allocate(sizeof(T), alignof(T));
    return memory ? ::new (memory) T{std::forward<Args>(args)...} : nullptr;
  }

  /// A copy of the text, or a view with a null pointer when the limit would be passed. An empty text is never null.
  std::string_view copy(std::string_view text) noexcept;

  /// Everything handed out becomes invalid; the blocks are kept, up to a few hundred kilobytes.
  void reset() noexcept;

  /// Bytes handed out since the last reset, blocks' unused ends included.
  std::size_t used() const noexcept { return used_before_ + (next_ - begin_); }

  /// From here on at most `bytes` more may be handed out.
  void allow(std::size_t bytes) noexcept { limit_ = used() + bytes; }

 private:
  static constexpr std::size_t first_block = 4 * 1024;
  static constexpr std::size_t max_block = 64 * 1024 * 1024;
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size;
  };
  void* allocate_slowly(std::size_t size, std::size_t alignment) noexcept;
  void enter(const Block& block) noexcept;

  std::uintptr_t next_ = 0;
  std::uintptr_t end_ = 0;
  std::uintptr_t begin_ = 0;
  std::size_t used_before_ = 0;
  std::size_t current_ = 0;
  std::size_t limit_ = max_block;
  std::vector<Block> blocks_;
};

}  // namespace caravan::cel
