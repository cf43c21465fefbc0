// Loads the scenarios of a workspace: texts become documents, documents rows, and rows scenarios.
#include "journeys/loader/scenario_reader.hpp"
#include "journeys/loader/scenario_table.hpp"
#include "journeys/yaml/reader.hpp"

namespace caravan {
namespace loader {
namespace {

constexpr std::size_t most_bytes_of_rows = std::size_t{128} << 20U;

/// A file below scenarios/, read as YAML.
struct ScenarioFile {
  std::string path;  ///< relative to the workspace
  const SourceFile* file = nullptr;
  std::vector<yaml::Node> documents;
  Diagnostics faults;
};

void add_all(const Diagnostics& from, Diagnostics& to) {
  for (Diagnostic& fault : from.sorted()) {
    if (fault.severity == Severity::error) {
      to.error(fault.place, std::move(fault.message), std::move(fault.hint));
    } else {
      to.warning(fault.place, std::move(fault.message), std::move(fault.hint));
    }
  }
}

/// The folders that steps of the documents publish.
void collect_folders(const ScenarioFile& file, std::set<std::string>& folders) {
  for (const yaml::Node& document : file.documents) {
    const yaml::Node* steps = document.find("steps");
    if (steps == nullptr) continue;
    for (const yaml::Node& step : steps->items) {
      const yaml::Node* publish = step.find("publish");
      const yaml::Node* with = publish == nullptr ? nullptr : publish->find("with");
      if (with == nullptr || !with->is(yaml::Kind::scalar)) continue;
      for (const std::string& text : texts_of_rows(document, *with)) {
        std::string folder = published_folder(file.path, text);
        if (!folder.empty()) folders.insert(std::move(folder));
      }
    }
  }
}

class SetReader {
 public:
  SetReader(const Workspace& workspace, const SourceTexts& texts, const ScenarioLoad& load, ScenarioSet& set)
      : loading_{workspace, texts, load, set}, diagnostics_(set.diagnostics) {}

  void read() {
    std::vector<ScenarioFile> files = read_files();
    std::set<std::string> folders;
    for (const ScenarioFile& file : files)
      collect_folders(file, folders);
    const auto is_published = [&](std::string_view path) {
      return std::any_of(folders.begin(), folders.end(),
                         [&](const std::string& folder) { return path.starts_with(folder); });
    };
    for (const auto& [path, text] : loading_.texts) {
      if (path.ends_with(".yaml") || is_published(path)) continue;
      diagnostics_.warning({add_file(path, text), 0, 0}, "this file is not read", "no step publishes its folder");
    }
    for (const ScenarioFile& file : files) {
      if (is_published(file.path)) continue;
      add_all(file.faults, diagnostics_);
      for (const yaml::Node& document : file.documents)
        read_document(file, document);
    }
  }

 private:
  const SourceFile* add_file(const std::string& path, const std::string& text) {
    const std::filesystem::path shown = loading_.workspace.root / path;
    loading_.set.files.push_back(
        std::make_unique<const SourceFile>(SourceFile{shown.lexically_normal().generic_string(), text}));
    return loading_.set.files.back().get();
  }

  std::vector<ScenarioFile> read_files() {
    std::vector<ScenarioFile> files;
    const WorkspaceLimits& limits = loading_.load.limits;
    for (const auto& [path, text] : loading_.texts) {
      if (!path.ends_with(".yaml")) continue;
      ScenarioFile& file = files.emplace_back();
      file.path = path;
      file.file = add_file(path, text);
      file.documents = yaml::read(*file.file, {limits.file_bytes, limits.depth}, file.faults);
    }
    return files;
  }

  void read_document(const ScenarioFile& file, const yaml::Node& document) {
    if (document.is(yaml::Kind::broken)) return;
    if (!document.is(yaml::Kind::mapping) || document.entries.empty()) {
      diagnostics_.error(document.place, "a document must be a mapping that begins with what it is",
                         "for example `scenario: a grower reaches sales`");
      return;
    }
    const yaml::Entry* name = find_name(document);
    if (name == nullptr) return;
    check_name(*name);
    each_row(document, diagnostics_, left_, [&](const ScenarioRow& row, Diagnostics& faults) {
      ScenarioDefinition scenario = ScenarioReader(loading_, file.path, faults).read(row.document);
      scenario.row = row.name;
      scenario.row_place = row.place;
      loading_.set.scenarios.push_back(std::move(scenario));
    });
  }

  /// The entry `scenario`, by rights the first.
  const yaml::Entry* find_name(const yaml::Node& document) {
    const yaml::Entry& first = document.entries.front();
    if (first.key == "scenario") return &first;
    for (const yaml::Entry& entry : document.entries) {
      if (entry.key != "scenario") continue;
      diagnostics_.error(entry.key_place, "`scenario` must be the first key of its document");
      return &entry;
    }
    const std::string_view home = home_of(first.key);
    if (!home.empty()) {
      diagnostics_.error(first.key_place, in_ticks(first.key) + " does not belong here",
                         "its place is " + std::string(home) + ", or a folder that a step publishes");
      return nullptr;
    }
    const std::array<std::string, 1> known = {"scenario"};
    const std::string meant = did_you_mean(first.key, known);
    diagnostics_.error(first.key_place, "unknown document type " + in_ticks(first.key),
                       meant.empty() ? "a document in scenarios/ begins with `scenario`" : meant);
    return nullptr;
  }

  void check_name(const yaml::Entry& entry) {
    const std::optional<std::string> name = read_text(entry, diagnostics_);
    if (!name) return;
    const bool is_line = std::none_of(name->begin(), name->end(), [](char c) { return c >= 0 && c < ' '; });
    const bool is_blank = name->find_first_not_of(' ') == std::string::npos;
    if (!is_line || is_blank || name->size() > kLongestScenarioName) {
      diagnostics_.error(
          entry.value.place,
          "the name of a scenario is one line of at most " + std::to_string(kLongestScenarioName) + " bytes",
          "say what it shows: `an enterprise grower reaches sales`");
      return;
    }
    const auto [before, is_new] = names_.try_emplace(*name, entry.value.place);
    if (is_new) return;
    diagnostics_.warning(
        entry.value.place, "there is already a scenario " + in_ticks(*name),
        "the first is at " + before->second.file->path + ":" + std::to_string(position_of(before->second).line));
  }

  ScenarioLoading loading_;
  Diagnostics& diagnostics_;
  std::map<std::string, Place> names_;
  std::size_t left_ = most_bytes_of_rows;
};

}  // namespace
}  // namespace loader

ScenarioSet load_scenarios(const Workspace& workspace, SourceTexts texts, const ScenarioLoad& load) {
  ScenarioSet set;
  std::erase_if(texts, [](const auto& each) { return !each.first.starts_with(loader::scenario_folder); });
  loader::SetReader(workspace, texts, load, set).read();
  return set;
}

ScenarioSet load_scenarios(const Workspace& workspace, const ScenarioLoad& load) {
  loader::FolderContents contents = loader::read_scenario_folder(workspace.root, load.limits);
  ScenarioSet set = load_scenarios(workspace, std::move(contents.texts), load);
  for (const loader::FileFault& fault : contents.faults) {
    const std::filesystem::path shown = workspace.root / fault.path;
    set.files.push_back(std::make_unique<const SourceFile>(SourceFile{shown.lexically_normal().generic_string(), ""}));
    const Place place{set.files.back().get(), 0, 0};
    if (fault.severity == Severity::error) {
      set.diagnostics.error(place, fault.message, fault.hint);
    } else {
      set.diagnostics.warning(place, fault.message, fault.hint);
    }
  }
  return set;
}

}  // namespace caravan
