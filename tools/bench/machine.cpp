#include "tools/bench/machine.hpp"

#include <fstream>

#include <sqlite3.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::bench {
namespace {

/// What stands behind the colon of the first line that begins so.
std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

/// The type of the mount that holds the folder: the longest of those above it.
std::string file_system_of(const std::filesystem::path& folder) {
  const std::string path = std::filesystem::weakly_canonical(folder).string() + "/";
  std::ifstream file("/proc/mounts");
  std::string found = "unknown";
  std::size_t longest = 0;
  for (std::string device, mount, type, rest; file >> device >> mount >> type && std::getline(file, rest);) {
    if (!mount.ends_with('/')) mount += '/';
    if (path.starts_with(mount) && mount.size() >= longest) {
      found = type;
      longest = mount.size();
    }
  }
  return found;
}

std::string kernel() {
  utsname name{};
  if (::uname(&name) != 0) return "unknown";
  return std::string(name.sysname) + " " + name.release;
}

}  // namespace

boost::json::object describe_machine(const std::filesystem::path& folder) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return {{"cpu", cpu_model()},
          {"cores", std::thread::hardware_concurrency()},
          {"memory_bytes", std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE)},
          {"kernel", kernel()},
          {"file_system", file_system_of(folder.empty() ? std::filesystem::temp_directory_path() : folder)},
          {"sqlite", sqlite3_libversion()},
          {"compiler", "g++ " __VERSION__},
          {"date", tools::day_of(now)}};
}

std::string in_a_line(const boost::json::object& machine) {
  const auto text = [&](const char* key) { return std::string(machine.at(key).as_string()); };
  return text("cpu") + ", " + std::to_string(machine.at("cores").to_number<std::int64_t>()) + " cores, " +
         tools::human_bytes(machine.at("memory_bytes").to_number<std::uint64_t>()) + " of memory, " + text("kernel") +
         ", " + text("file_system") + ", SQLite " + text("sqlite") + ", " + text("compiler") + ", " + text("date");
}

}  // namespace caravan::bench
