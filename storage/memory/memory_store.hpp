#pragma once
// A store that lasts as long as the process: plain containers behind the same door as the file, with the same answers
// to the same questions in the same order. Scenarios, explorations and tests of journeys run in it, thousands a second.

#include "storage/store.hpp"

namespace caravan {
namespace memory {
struct State;
class Writer;
}  // namespace memory

/// One thread at a time uses the store and its readers. A reader sees each commit at once: between two refreshes its
/// state may change, which nobody who commits and reads on one thread can tell from a refresh. Readers may outlive the
/// store.
class MemoryStore final : public Store {
 public:
  MemoryStore();
  ~MemoryStore() override;

  /// Throws StoreError, and has done nothing, where the write set contradicts what is there: where it changes or
  /// removes what is not there, or adds what is. Only that no two names have one text is taken for granted.
  void commit(const Changes& changes) override;
  std::unique_ptr<Reader> reader() override;
  std::string installation() override { return "rehearsal"; }

  /// A second store that holds the same, from which on both go their own ways.
  std::unique_ptr<MemoryStore> copy() const;

 private:
  explicit MemoryStore(std::shared_ptr<memory::State> state);

  std::shared_ptr<memory::State> state_;  ///< shared with its readers
  std::unique_ptr<memory::Writer> writer_;
};

}  // namespace caravan
