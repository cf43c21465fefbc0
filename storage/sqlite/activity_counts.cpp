// Packs counts of activity into the few bytes that a person's engagement costs, and back.

#include "storage/sqlite/activity_counts.hpp"

#include "storage/varint.hpp"

namespace caravan::sqlite {

void pack_counts(std::span<const ActivityCount> counts, std::string& to) {
  for (const ActivityCount& each : counts) {
    put_varint(to, static_cast<std::uint32_t>(each.type));
    put_varint(to, static_cast<std::uint64_t>(each.count));
  }
}

std::optional<std::vector<ActivityCount>> unpack_counts(std::string_view bytes) {
  std::vector<ActivityCount> counts;
  while (!bytes.empty()) {
    const std::optional<std::uint64_t> type = take_varint(bytes);
    const std::optional<std::uint64_t> count = take_varint(bytes);
    if (!type || !count || *type > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    counts.push_back({static_cast<NameId>(*type), static_cast<std::int64_t>(*count)});
  }
  return counts;
}

}  // namespace caravan::sqlite
