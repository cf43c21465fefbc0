#include "engine/name_book.hpp"

#include <cassert>
#include <stdexcept>

namespace caravan {

NameBook::NameBook(Reader& reader) {
  auto stored = reader.names();
  std::sort(stored.begin(), stored.end());
  for (const auto& [id, text] : stored) {
    const NameId given = add(text);
    if (given != id) throw StoreError("the dictionary of names has a gap: the database is damaged; restore a backup");
  }
  written_ = texts_.size();
}

NameId NameBook::add(std::string_view name) {
  if (texts_.size() == kMostNames) {
    throw std::length_error("more than " + std::to_string(kMostNames) + " different names");
  }
  texts_.emplace_back(name);
  const NameId id{static_cast<std::uint32_t>(texts_.size())};
  ids_.emplace(texts_.back(), id);
  return id;
}

NameId NameBook::id_of(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(name);
  return found != ids_.end() ? found->second : add(name);
}

std::optional<NameId> NameBook::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(name);
  return found != ids_.end() ? std::optional(found->second) : std::nullopt;
}

std::string_view NameBook::text_of(NameId id) const {
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<std::size_t>(id);
  return number >= 1 && number <= texts_.size() ? std::string_view(texts_[number - 1]) : std::string_view();
}

std::vector<std::pair<NameId, std::string>> NameBook::take_new() {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<NameId, std::string>> fresh;
  for (; written_ < texts_.size(); ++written_) {
    fresh.emplace_back(NameId{static_cast<std::uint32_t>(written_ + 1)}, texts_[written_]);
  }
  return fresh;
}

void NameBook::put_back(std::size_t count) {
  const std::lock_guard lock(mutex_);
  assert(count <= written_);
  written_ -= count;
}

}  // namespace caravan
