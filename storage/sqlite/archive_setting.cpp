#include "storage/sqlite/archive_setting.hpp"

namespace caravan::sqlite {
namespace {

constexpr std::string_view kPrefix = "history/archive/";

/// Takes a number off the front, with the blank behind it.
bool take(std::string_view& text, std::int64_t& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}

}  // namespace

std::string archive_setting_name(const ArchiveRecord& archive) {
  return std::string(kPrefix) + archive.file;
}

std::string archive_setting_value(const ArchiveRecord& archive) {
  return std::to_string(archive.past) + " " + std::to_string(archive.blocks) + " " +
         std::to_string(archive.enrollments);
}

std::optional<ArchiveRecord> parse_archive_setting(std::string_view name, std::string_view value) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  ArchiveRecord archive;
  archive.file = name.substr(kPrefix.size());
  const bool is_whole = take(value, archive.past) && take(value, archive.blocks) && take(value, archive.enrollments);
  return is_whole && value.empty() ? std::optional(std::move(archive)) : std::nullopt;
}

}  // namespace caravan::sqlite
