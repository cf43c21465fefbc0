// The store in memory: a state, the writer that changes it, and readers that look at it.

#include "storage/memory/memory_store.hpp"

#include "storage/memory/reader.hpp"
#include "storage/memory/writer.hpp"

namespace caravan {

MemoryStore::MemoryStore() : MemoryStore(std::make_shared<memory::State>()) {}

MemoryStore::MemoryStore(std::shared_ptr<memory::State> state)
    : state_(std::move(state)), writer_(std::make_unique<memory::Writer>(*state_)) {}

MemoryStore::~MemoryStore() = default;

void MemoryStore::commit(const Changes& changes) {
  writer_->commit(changes);
}

std::unique_ptr<Reader> MemoryStore::reader() {
  return std::make_unique<memory::MemoryReader>(state_);
}

std::unique_ptr<MemoryStore> MemoryStore::copy() const {
  return std::unique_ptr<MemoryStore>(new MemoryStore(std::make_shared<memory::State>(*state_)));
}

}  // namespace caravan
