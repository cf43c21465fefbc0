// Packs visits into the few bytes that history costs, and back.

#include "storage/sqlite/visits.hpp"

namespace caravan::sqlite {
namespace {

constexpr unsigned kOutcomeMask = 7;
constexpr unsigned kPathTaken = 8;
constexpr unsigned kNodeShift = 4;

void put(std::string& to, std::uint32_t value) {
  for (; value >= 0x80U; value >>= 7U)
    to.push_back(static_cast<char>(value | 0x80U));
  to.push_back(static_cast<char>(value));
}

std::optional<std::uint32_t> take(std::string_view& from) {
  std::uint32_t value = 0;
  for (unsigned shift = 0; !from.empty() && shift < 28; shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    value |= (byte & 0x7fU) << shift;
    if (byte < 0x80U) return value;
  }
  return std::nullopt;
}

}  // namespace

void pack_visits(std::span<const VisitRecord> visits, std::string& to) {
  for (const VisitRecord& visit : visits) {
    const bool taken = visit.path != kNoPath;
    put(to, static_cast<std::uint32_t>(visit.node) << kNodeShift | (taken ? kPathTaken : 0U) |
                static_cast<std::uint32_t>(visit.outcome));
    if (taken) put(to, static_cast<std::uint32_t>(visit.path));
  }
}

std::optional<std::vector<VisitRecord>> unpack_visits(std::string_view bytes) {
  std::vector<VisitRecord> visits;
  while (!bytes.empty()) {
    const std::optional<std::uint32_t> head = take(bytes);
    if (!head || *head >> kNodeShift > 0xffffU) return std::nullopt;
    VisitRecord& visit = visits.emplace_back();
    visit.node = static_cast<NodeIndex>(*head >> kNodeShift);
    visit.outcome = static_cast<VisitOutcome>(*head & kOutcomeMask);
    if ((*head & kPathTaken) == 0) continue;
    const std::optional<std::uint32_t> path = take(bytes);
    if (!path || *path >= 0xffffU) return std::nullopt;
    visit.path = static_cast<PathIndex>(*path);
  }
  return visits;
}

}  // namespace caravan::sqlite
