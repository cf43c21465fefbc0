#include "engine/tally.hpp"

namespace caravan {

Tally::Tally(Reader& reader) {
  for (const auto& [key, amount] : reader.counters())
    add(key, amount);
}

void Tally::add(const CounterKey& key, std::int64_t by) {
  switch (key.kind) {
    case CounterKind::taken: taken_[pack(key)] += by; return;
    case CounterKind::entered:
    case CounterKind::moved_in: under_way_[key.version] += by; return;
    case CounterKind::completed:
    case CounterKind::left:
    case CounterKind::failed:
    case CounterKind::moved_out: under_way_[key.version] -= by; return;
    default: return;
  }
}

std::int64_t Tally::taken(VersionId version, NodeIndex node, PathIndex path) const {
  const auto found = taken_.find(pack({version, CounterKind::taken, static_cast<std::uint16_t>(node), path}));
  return found == taken_.end() ? 0 : found->second;
}

std::int64_t Tally::under_way(VersionId version) const {
  const auto found = under_way_.find(version);
  return found == under_way_.end() ? 0 : found->second;
}

std::vector<VersionId> Tally::versions_under_way() const {
  std::vector<VersionId> versions;
  for (const auto& [version, count] : under_way_) {
    if (count > 0) versions.push_back(version);
  }
  return versions;
}

}  // namespace caravan
