#pragma once
// How a variant split chooses: by a hash, so that a subject always takes the same path of the same journey, or by
// quota, so that the counts are as near to the percentages as whole numbers can be.

#include "storage/records.hpp"

namespace caravan {

/// The path of a bucket from 0 to 9,999: the first whose percentages, summed up to it, are more than the bucket.
/// `percentages` add up to 100.
PathIndex path_of_bucket(std::span<const std::int64_t> percentages, std::uint32_t bucket);

/// The path of the next subject after those counted in `taken`, by Balinski and Young's quota method: of the paths that
/// have fewer than their percentage of one subject more, the one with the greatest percentage for its count plus one,
/// the earlier of two. So after any number of subjects each count is less than one from its percentage of them.
/// (Simply taking the path furthest behind does not promise that for three paths and more.)
PathIndex path_of_quota(std::span<const std::int64_t> percentages, std::span<const std::int64_t> taken);

}  // namespace caravan
