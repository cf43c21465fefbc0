// What is said of the database's file and of what is around it.

#include "tools/caravan/doctor/finding.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

namespace fs = std::filesystem;

/// The engine copies its log back at 32 MB; so much of it means that something holds an old state.
constexpr std::uintmax_t kLongLog = std::uintmax_t{256} << 20U;
/// With less the engine may stop at any moment.
constexpr std::uintmax_t kLastRoom = std::uintmax_t{256} << 20U;

void check_state(const fs::path& database, const StoreInspection& found, Findings& to) {
  const std::string name = database.string();
  if (found.restore_is_cut_off) {
    to.push_back({Health::fault, "restore", name + ": a restore was cut off before all was in its place",
                  "`caravan restore --finish` ends it, and so does starting the engine"});
  }
  if (!found.is_there) {
    if (found.restore_is_cut_off) return;
    to.push_back({Health::fault, "database", "there is no database " + name,
                  "`caravan import` or `caravan serve --publish` makes one, `caravan restore` brings one back"});
  } else if (!found.problem.empty() && found.layout > 0 && found.layout < found.present_layout) {
    to.push_back({Health::warning, "database",
                  name + ": layout " + std::to_string(found.layout) + ", this Caravan's is " +
                      std::to_string(found.present_layout),
                  "`caravan migrate --dry-run` says what bringing it up to date takes; the next start does it"});
  } else if (!found.problem.empty()) {
    to.push_back({Health::fault, "database", found.problem, "`caravan restore` puts a backup in its place"});
  } else {
    to.push_back({Health::ok, "database",
                  name + ": " + human_bytes(found.bytes) + ", layout " + std::to_string(found.layout) + ", " +
                      human_bytes(found.free_bytes) + " of it free"});
  }
}

void check_integrity(const StoreInspection& found, Thoroughness thoroughness, Findings& to) {
  if (found.layout == 0) return;
  if (found.damage.empty()) {
    to.push_back({Health::ok, "integrity",
                  thoroughness == Thoroughness::full ? "SQLite finds nothing wrong, in no table and no index"
                                                     : "SQLite finds nothing wrong with its pages"});
    return;
  }
  to.push_back({Health::fault, "integrity",
                counted(static_cast<std::int64_t>(found.damage.size()), "fault", "faults") +
                    " in the file: " + found.damage.front(),
                "stop the engine, look at the disk, and `caravan restore` a backup"});
}

void check_log(const StoreInspection& found, Findings& to) {
  if (!found.is_there) return;
  if (found.log_bytes > kLongLog) {
    to.push_back({Health::warning, "log",
                  "the write-ahead log is " + human_bytes(found.log_bytes) + ": something holds an old state",
                  "end reports and `sqlite3` sessions that are open on it; it shrinks by itself then"});
  } else {
    to.push_back({Health::ok, "log", human_bytes(found.log_bytes) + " in the write-ahead log"});
  }
}

void check_writer(const StoreInspection& found, Findings& to) {
  if (!found.writer) {
    to.push_back({Health::ok, "engine", "none runs on it, as far as this user can tell"});
    return;
  }
  to.push_back({Health::ok, "engine",
                "process " + std::to_string(found.writer->process) + " runs on it" +
                    (found.writer->since ? ", since " + short_time(*found.writer->since) : "")});
}

void check_disk(const fs::path& database, const StoreInspection& found, Findings& to) {
  const std::string free = human_bytes(found.disk_free) + " free";
  if (found.disk_free < kLastRoom) {
    to.push_back({Health::fault, "disk", free + ": the engine stops when there is none",
                  "make room on the disk of " + database.string()});
  } else if (found.disk_free < found.bytes) {
    to.push_back({Health::warning, "disk",
                  free + ", less than the database takes: none for a copy, which a migration keeps, and a restore, a "
                         "snapshot and compacting need",
                  "make room on the disk of " + database.string()});
  } else {
    to.push_back({Health::ok, "disk", free});
  }
  if (found.is_there && !found.is_writable)
    to.push_back({Health::warning, "access", "this user cannot write the database, or not in its folder",
                  "run the engine, and commands that change something, as the user to whom it belongs"});
}

void check_beside(const StoreInspection& found, Findings& to) {
  for (const FileBeside& each : found.beside) {
    const std::string name = each.path.string();
    switch (each.kind) {
      case FileBeside::Kind::half:
        // A restore that is ready has a line of its own.
        if (name.ends_with("-restore")) break;
        to.push_back({found.writer ? Health::ok : Health::warning, "beside",
                      name + ": half of a copy, which is being made or was cut off",
                      "remove it where nothing is under way; the next of its kind does so too"});
        break;
      case FileBeside::Kind::kept:
        to.push_back({Health::ok, "beside", name + ": the copy of before a migration",
                      "remove it when you do not need it any more"});
        break;
      case FileBeside::Kind::replaced:
        to.push_back({Health::ok, "beside", name + ": what was there before a restore",
                      "remove it when you do not need it any more"});
        break;
      case FileBeside::Kind::stranger:
        to.push_back({Health::warning, "beside", name + ": no file of this database, or of another history of it",
                      "remove it, unless you know what it is for"});
        break;
    }
  }
}

}  // namespace

void check_file(const fs::path& database, const StoreInspection& inspection, Thoroughness thoroughness, Findings& to) {
  check_state(database, inspection, to);
  check_integrity(inspection, thoroughness, to);
  check_log(inspection, to);
  check_writer(inspection, to);
  check_disk(database, inspection, to);
  check_beside(inspection, to);
}

}  // namespace caravan::tools
