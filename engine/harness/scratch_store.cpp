#include <unistd.h>

#include "engine/harness/replay.hpp"

namespace caravan {

ScratchStore::ScratchStore(const std::filesystem::path& parent, const std::filesystem::path& base) {
  const std::filesystem::path place = parent.empty() ? std::filesystem::temp_directory_path() : parent;
  std::string pattern = (place / "caravan-replay-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw StoreError(place.string() + ": no folder can be made in it: name another place for scratch files");
  folder_ = pattern;
  try {
    if (!base.empty()) std::filesystem::copy_file(base, file());
    // Nothing here must outlive a power cut.
    store_ = open_sqlite(file(), OpenMode::write, {SqliteSettings::Synchronous::off});
  } catch (const std::filesystem::filesystem_error& error) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    throw StoreError(base.string() + ": cannot be copied to " + place.string() + ": " + error.code().message());
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    throw;
  }
}

ScratchStore::~ScratchStore() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace caravan
