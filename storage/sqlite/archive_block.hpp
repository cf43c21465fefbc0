#pragma once
// What many enrollments did as one text, and back.

#include "storage/archive.hpp"

namespace caravan::sqlite {

std::string pack_block(std::span<const EnrollmentHistory> history);
/// Nothing for what pack_block() has not made: a damaged file, or one of a newer program.
std::optional<std::vector<EnrollmentHistory>> unpack_block(std::string_view bytes);

}  // namespace caravan::sqlite
