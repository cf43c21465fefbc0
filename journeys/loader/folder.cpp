#include <fstream>

#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

namespace fs = std::filesystem;

struct Folder {
  std::string_view name;
  std::string_view extension;
};
constexpr std::array<Folder, 5> folders = {{{"audiences", ".yaml"},
                                            {"buying-groups", ".yaml"},
                                            {"emails", ".html"},
                                            {"journeys", ".yaml"},
                                            {"messages", ".txt"}}};
/// Read by others, or by people; scenarios with the functions below.
constexpr std::array<std::string_view, 3> other_folders = {"data", "scenarios", "outbox"};
constexpr std::array<std::string_view, 2> root_files = {"caravan.yaml", "schema.yaml"};

bool is_scenario_extension(std::string_view extension) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](const Folder& folder) { return folder.extension == extension; });
}

bool is_passed_over(const std::string& name) {
  return name.starts_with('.') || name == "README.md";
}

/// The entries of a folder by name. An error leaves the reason in `error`.
std::vector<fs::directory_entry> sorted_entries(const fs::path& folder, std::error_code& error) {
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    entries.push_back(*it);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path() < b.path(); });
  return entries;
}

class Reader {
 public:
  Reader(const fs::path& root, const WorkspaceLimits& limits) : root_(root), limits_(limits) {}

  FolderContents read() {
    std::error_code error;
    const std::vector<fs::directory_entry> entries = sorted_entries(root_, error);
    if (error) {
      fault("", Severity::error, "this folder cannot be read: " + error.message());
      return std::move(contents_);
    }
    for (const fs::directory_entry& entry : entries)
      read_root_entry(entry);
    if (contents_.texts.empty() && contents_.faults.empty()) {
      fault("", Severity::error, "this is no workspace: it has neither a caravan.yaml nor a folder journeys");
    }
    return std::move(contents_);
  }

  FolderContents read_scenarios() {
    std::error_code error;
    const std::string name(scenario_folder.substr(0, scenario_folder.size() - 1));
    if (fs::exists(root_ / name, error)) read_deep(root_ / name, name, 0);
    return std::move(contents_);
  }

 private:
  void fault(std::string path, Severity severity, std::string message, std::string hint = {}) {
    contents_.faults.push_back({std::move(path), severity, std::move(message), std::move(hint)});
  }

  void read_root_entry(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    std::error_code error;
    if (entry.is_directory(error)) {
      read_root_folder(entry.path(), name);
    } else if (std::find(root_files.begin(), root_files.end(), name) != root_files.end()) {
      read_file(entry.path(), name);
    } else if (!is_passed_over(name) && (name.ends_with(".yaml") || name.ends_with(".yml"))) {
      fault(name, Severity::warning, "this file is not read", did_you_mean(name, owned(root_files)));
    }
  }

  void read_root_folder(const fs::path& path, const std::string& name) {
    const auto* folder =
        std::find_if(folders.begin(), folders.end(), [&](const Folder& known) { return known.name == name; });
    if (folder == folders.end()) {
      if (std::find(other_folders.begin(), other_folders.end(), name) != other_folders.end()) return;
      std::vector<std::string> known = owned(other_folders);
      for (const Folder& one : folders)
        known.emplace_back(one.name);
      const std::string hint = did_you_mean(name, known);
      if (!hint.empty()) fault(name, Severity::warning, "this folder is not read", hint);
      return;
    }
    std::error_code error;
    for (const fs::directory_entry& entry : sorted_entries(path, error)) {
      const std::string file = entry.path().filename().string();
      const std::string shown = name + "/" + file;
      if (is_passed_over(file)) continue;
      std::error_code unknown;
      if (entry.is_directory(unknown)) {
        fault(shown, Severity::warning, "a folder within " + name + " is not read");
      } else if (entry.path().extension() == folder->extension) {
        read_file(entry.path(), shown);
      } else {
        fault(shown, Severity::warning, "this file is not read",
              "files in " + name + " end in " + std::string(folder->extension));
      }
    }
    if (error) fault(name, Severity::error, "this folder cannot be read: " + error.message());
  }

  /// A folder of scenarios, and of files that they publish.
  void read_deep(const fs::path& folder, const std::string& shown, std::size_t depth) {
    constexpr std::size_t deepest = 8;  // a link to a folder around it would have no end
    if (depth > deepest) {
      fault(shown, Severity::error, "folders of scenarios are at most " + std::to_string(deepest) + " deep");
      return;
    }
    std::error_code error;
    for (const fs::directory_entry& entry : sorted_entries(folder, error)) {
      const std::string name = entry.path().filename().string();
      if (is_passed_over(name)) continue;
      std::error_code unknown;
      if (entry.is_directory(unknown)) {
        read_deep(entry.path(), shown + "/" + name, depth + 1);
      } else if (is_scenario_extension(entry.path().extension().string())) {
        read_file(entry.path(), shown + "/" + name);
      } else {
        fault(shown + "/" + name, Severity::warning, "this file is not read",
              "files of scenarios end in .yaml, those that a step publishes also in .html or .txt");
      }
    }
    if (error) fault(shown, Severity::error, "this folder cannot be read: " + error.message());
  }

  void read_file(const fs::path& path, const std::string& shown) {
    if (contents_.texts.size() >= limits_.files) {
      if (!is_full_)
        fault(shown, Severity::error, "the workspace has more than " + std::to_string(limits_.files) + " files");
      is_full_ = true;
      return;
    }
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
      fault(shown, Severity::error, "this is not a regular file");
      return;
    }
    const std::uintmax_t size = fs::file_size(path, error);
    if (!error && size > limits_.file_bytes) {
      fault(shown, Severity::error,
            "the file has " + std::to_string(size) + " bytes; at most " + std::to_string(limits_.file_bytes) +
                " are read");
      return;
    }
    std::ifstream in(path, std::ios::binary);
    // One byte more than allowed, should the file grow meanwhile: then the reader refuses it.
    std::string text(static_cast<std::size_t>(error ? 0 : size) + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (error || in.bad() || (!in && !in.eof())) {
      fault(shown, Severity::error, "this file cannot be read");
      return;
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    contents_.texts.emplace(shown, std::move(text));
  }

  fs::path root_;
  const WorkspaceLimits& limits_;
  FolderContents contents_;
  bool is_full_ = false;
};

}  // namespace

FolderContents read_folder(const fs::path& root, const WorkspaceLimits& limits) {
  return Reader(root, limits).read();
}

FolderContents read_scenario_folder(const fs::path& root, const WorkspaceLimits& limits) {
  return Reader(root, limits).read_scenarios();
}

bool is_workspace_file(std::string_view path) {
  if (std::find(root_files.begin(), root_files.end(), path) != root_files.end()) return true;
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || path.find('/', slash + 1) != std::string_view::npos) return false;
  return std::any_of(folders.begin(), folders.end(), [&](const Folder& folder) {
    return folder.name == path.substr(0, slash) && path.size() > slash + 1 + folder.extension.size() &&
           path.ends_with(folder.extension);
  });
}

}  // namespace caravan::loader
