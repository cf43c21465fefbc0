// Who asked for what, and the keys by which that is known when it comes again.

#include "storage/memory/reader.hpp"
#include "storage/memory/writer.hpp"

namespace caravan::memory {

std::optional<AskedKeyRecord> MemoryReader::asked_key(std::string_view caller, std::string_view key) {
  const auto at = state_->asked_keys.find({std::string(caller), std::string(key)});
  if (at == state_->asked_keys.end()) return std::nullopt;
  return at->second;
}

void Writer::write_audit(const Changes& changes) {
  for (const AuditRecord& line : changes.audit) {
    state_.audit.push_back(line);
    state_.audit.back().sequence = static_cast<std::int64_t>(state_.audit.size());
  }
}

void Writer::write_asked_keys(const Changes& changes) {
  for (const AskedKeyRecord& asked : changes.asked_keys)
    state_.asked_keys.insert_or_assign({asked.caller, asked.key}, asked);
  std::vector<std::tuple<Instant, std::string, std::string>> old;
  for (const auto& [key, asked] : state_.asked_keys)
    if (asked.at < changes.asked_keys_since) old.emplace_back(asked.at, key.first, key.second);
  std::sort(old.begin(), old.end());
  old.resize(std::min(old.size(), 2 * changes.asked_keys.size()));
  for (const auto& [at, caller, key] : old)
    state_.asked_keys.erase({caller, key});
}

}  // namespace caravan::memory
