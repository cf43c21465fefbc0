#pragma once
// The visits of a run as the blob of its row. A visit is a varint (7 bits a byte, the lowest first, the top bit says
// that more follow) of `node << 4 | path taken << 3 | outcome`, and when a path was taken the path as another varint.

#include "storage/records.hpp"

namespace caravan::sqlite {

/// Appends.
void pack_visits(std::span<const VisitRecord> visits, std::string& to);

/// Nothing when the bytes are no visits (a damaged file).
std::optional<std::vector<VisitRecord>> unpack_visits(std::string_view bytes);

}  // namespace caravan::sqlite
