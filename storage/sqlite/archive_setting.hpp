#pragma once
// The setting by which a store knows how far an archive file goes: `history/archive/2026-11.db` is `PAST BLOCKS
// ENROLLMENTS`.

#include "storage/records.hpp"

namespace caravan::sqlite {

std::string archive_setting_name(const ArchiveRecord& archive);
std::string archive_setting_value(const ArchiveRecord& archive);
/// Nothing for what is no such setting.
std::optional<ArchiveRecord> parse_archive_setting(std::string_view name, std::string_view value);

}  // namespace caravan::sqlite
