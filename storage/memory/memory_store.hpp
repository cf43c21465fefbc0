#pragma once
// A store that lasts as long as the process: plain containers behind the same door as the file, with the same answers
// to the same questions in the same order. Scenarios, explorations and tests of journeys run in it, thousands a second.

#include "storage/store.hpp"

namespace caravan {

/// One thread at a time uses the store and its readers. A reader sees each commit at once: between two refreshes its
/// state may change, which nobody who commits and reads on one thread can tell from a refresh.
class MemoryStore final : public Store {
 public:
  MemoryStore();
  ~MemoryStore() override;

  void commit(const Changes& changes) override;
  std::unique_ptr<Reader> reader() override;
  std::string installation() override { return "rehearsal"; }

  /// A second store that holds the same, from which on both go their own ways.
  std::unique_ptr<MemoryStore> copy() const;

  struct State;

 private:
  std::shared_ptr<State> state_;  ///< shared with its readers
};

}  // namespace caravan
