#pragma once
// What `caravan doctor` finds: a line for each thing that was looked at, how it stands, and what to do about it.

#include "storage/inspection.hpp"
#include "tools/caravan/data_place.hpp"

namespace caravan::tools {

enum class Health {
  ok,
  warning,  ///< it works, and somebody should look
  fault,    ///< something does not work, or will not
};

struct Finding {
  Health health = Health::ok;
  std::string check;  ///< a word: `database`, `disk`, ...
  std::string what;
  std::string to_do = {};  ///< empty where nothing is to be done
};
using Findings = std::vector<Finding>;

/// The file, its layout, its log, what lies beside it, who writes it, and the disk.
void check_file(const std::filesystem::path& database, const StoreInspection& inspection, Thoroughness thoroughness,
                Findings& to);

/// What the engine's rows say: its time, what is due and has not been done, who is held, what is not delivered, what
/// expressions fail, versions that do not check any more, archives. `now` is the machine's time.
void check_engine(Store& store, const std::filesystem::path& database, const std::optional<StoreWriter>& writer,
                  Instant now, Findings& to);

/// caravan.yaml and the other files, and the secrets that they name.
void check_workspace(const Workspace& workspace, const std::optional<StoreWriter>& writer, Findings& to);

/// Whether a process was started with `--speed`: its time is not the machine's. Nothing where this user may not know.
std::optional<bool> is_time_lapse(std::int64_t process);

}  // namespace caravan::tools
