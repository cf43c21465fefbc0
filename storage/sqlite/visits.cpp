// Packs visits into the few bytes that history costs, and back.

#include "storage/sqlite/visits.hpp"

#include "storage/varint.hpp"

namespace caravan::sqlite {
namespace {

constexpr unsigned kOutcomeMask = 7;
constexpr unsigned kPathTaken = 8;
constexpr unsigned kNodeShift = 4;

}  // namespace

void pack_visits(std::span<const VisitRecord> visits, std::string& to) {
  for (const VisitRecord& visit : visits) {
    const bool taken = visit.path != kNoPath;
    put_varint(to, static_cast<std::uint32_t>(visit.node) << kNodeShift | (taken ? kPathTaken : 0U) |
                       static_cast<std::uint32_t>(visit.outcome));
    if (taken) put_varint(to, static_cast<std::uint32_t>(visit.path));
  }
}

std::optional<std::vector<VisitRecord>> unpack_visits(std::string_view bytes) {
  std::vector<VisitRecord> visits;
  while (!bytes.empty()) {
    const std::optional<std::uint64_t> head = take_varint(bytes);
    if (!head || *head >> kNodeShift > 0xffffU) return std::nullopt;
    VisitRecord& visit = visits.emplace_back();
    visit.node = static_cast<NodeIndex>(*head >> kNodeShift);
    visit.outcome = static_cast<VisitOutcome>(*head & kOutcomeMask);
    if ((*head & kPathTaken) == 0) continue;
    const std::optional<std::uint64_t> path = take_varint(bytes);
    if (!path || *path >= 0xffffU) return std::nullopt;
    visit.path = static_cast<PathIndex>(*path);
  }
  return visits;
}

}  // namespace caravan::sqlite
