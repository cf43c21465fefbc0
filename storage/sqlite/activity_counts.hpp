#pragma once
// What a person has done within the window as the blob of its row: for each type a varint of its number and one of how
// often, in the order of types.

#include "storage/records.hpp"

namespace caravan::sqlite {

/// Appends.
void pack_counts(std::span<const ActivityCount> counts, std::string& to);

/// Nothing when the bytes are no counts (a damaged file).
std::optional<std::vector<ActivityCount>> unpack_counts(std::string_view bytes);

}  // namespace caravan::sqlite
