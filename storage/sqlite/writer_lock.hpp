#pragma once
// Keeps a second writer out of a store for as long as the first one lives: an exclusive lock on `<file>.lock`, which
// the kernel takes back when the process ends, however it ends. The process number inside is for the message only.
// Whoever has it has a whole store: a restore that was cut off before its end is ended first.

#include <filesystem>

namespace caravan::sqlite {

class WriterLock {
 public:
  /// Throws StoreError when another process, or another store of this one, holds it.
  explicit WriterLock(const std::filesystem::path& store_file);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace caravan::sqlite
