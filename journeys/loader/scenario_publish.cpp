// The step `publish`: from here on another workspace, which is loaded and checked like any other.
#include "journeys/loader/scenario_reader.hpp"
#include "journeys/yaml/scalar_places.hpp"

namespace caravan::loader {
namespace {

std::string shown_path(const Workspace& workspace, std::string_view path) {
  return (workspace.root / path).lexically_normal().generic_string();
}

void collect_ids(const std::vector<NodeDefinition>& nodes, std::vector<std::string>& ids) {
  for (const NodeDefinition& node : nodes) {
    ids.push_back(node.id);
    for (const PathDefinition& path : node.paths)
      collect_ids(path.nodes, ids);
  }
}

}  // namespace

std::string published_folder(std::string_view file, std::string_view with) {
  const std::filesystem::path folder =
      (std::filesystem::path(file).parent_path() / std::filesystem::path(with)).lexically_normal();
  std::string path = folder.generic_string();
  if (!path.ends_with('/')) path += '/';
  const bool is_below = path.starts_with(scenario_folder) && path.size() > scenario_folder.size();
  return is_below && !file.starts_with(path) ? path : std::string();
}

std::optional<ScenarioReader::What> ScenarioReader::read_publish(const yaml::Entry& entry) {
  if (!is_mapping(entry, diagnostics_)) return std::nullopt;
  PublishStep step;
  Publication publication{loading_.workspace.texts, {}};
  Fields fields(entry.value, diagnostics_);
  const std::size_t errors = diagnostics_.errors();
  const yaml::Entry* with = fields.find("with");
  const yaml::Entry* texts = fields.find("texts");
  if (with != nullptr) take_folder(*with, publication);
  if (texts != nullptr) take_texts(*texts, publication);
  if (with == nullptr && texts == nullptr) {
    diagnostics_.error(entry.key_place, "nothing is published",
                       "name a folder of changed files in `with`, or write them into `texts`");
  }
  fields.take_flag("move", step.move);
  const yaml::Entry* gone = fields.find("gone");
  fields.finish();
  if (diagnostics_.errors() == errors) {
    step.workspace = load(publication.texts);
    report_published(*step.workspace, publication, entry.key_place);
    workspaces_.push_back(step.workspace.get());
  } else {
    // Not owned: it outlives the scenario.
    step.workspace = std::shared_ptr<const Workspace>(std::shared_ptr<const Workspace>(), &loading_.workspace);
  }
  if (gone != nullptr) read_gone(*gone, step);
  return step;
}

void ScenarioReader::take_folder(const yaml::Entry& entry, Publication& publication) {
  const std::optional<std::string> with = read_text(entry, diagnostics_);
  if (!with) return;
  const std::string folder = published_folder(file_, *with);
  if (folder.empty()) {
    diagnostics_.error(entry.value.place, in_ticks(*with) + " is no folder of its own below scenarios/",
                       "changed files stand in a folder beside the scenario's file: `with: variants/shorter`");
    return;
  }
  bool has_files = false;
  for (auto text = loading_.texts.lower_bound(folder); text != loading_.texts.end(); ++text) {
    if (!text->first.starts_with(folder)) break;
    has_files = true;
    const std::string path = text->first.substr(folder.size());
    if (is_workspace_file(path)) {
      publication.texts[path] = text->second;
      publication.origins[path] = {text->first, nullptr};
    } else if (loading_.told.insert({nullptr, text->first}).second) {
      loading_.set.files.push_back(
          std::make_unique<const SourceFile>(SourceFile{shown_path(loading_.workspace, text->first), text->second}));
      loading_.set.diagnostics.error({loading_.set.files.back().get(), 0, 0},
                                     "a workspace has no file " + in_ticks(path),
                                     "this folder is published, and its files stand where the workspace has them");
    }
  }
  if (!has_files) {
    diagnostics_.error(entry.value.place, "there is no folder " + in_ticks(folder) + " with files",
                       "`with` is relative to the folder of the scenario's file");
  }
}

void ScenarioReader::take_texts(const yaml::Entry& entry, Publication& publication) {
  if (!is_mapping(entry, diagnostics_)) return;
  for (const yaml::Entry& text : entry.value.entries) {
    if (text.value.is(yaml::Kind::broken)) continue;
    Names paths;
    for (const auto& [path, before] : publication.texts)
      paths.push_back(path);
    if (!is_workspace_file(text.key)) {
      const std::string meant = did_you_mean(text.key, paths);
      diagnostics_.error(
          text.key_place, "a workspace has no file " + in_ticks(text.key),
          meant.empty() ? "write its path in the workspace, for example `journeys/welcome.yaml`" : meant);
    } else if (text.value.is(yaml::Kind::scalar)) {
      publication.texts[text.key] = text.value.text;
      publication.origins[text.key] = {"", &text.value};
    } else if (!text.value.is(yaml::Kind::null)) {
      diagnostics_.error(text.value.place, "a file is a text", "write it as a block behind `|`");
    } else if (publication.texts.erase(text.key) == 0) {
      diagnostics_.error(text.key_place, "there is no file " + in_ticks(text.key) + " to take out",
                         did_you_mean(text.key, paths));
    }
  }
}

std::shared_ptr<const Workspace> ScenarioReader::load(const SourceTexts& texts) {
  std::shared_ptr<const Workspace>& loaded = loading_.published[texts];
  if (loaded == nullptr) {
    const ScenarioLoad& load = loading_.load;
    std::unique_ptr<Workspace> fresh =
        load_workspace(texts, loading_.workspace.root, load.shapes, load.names, load.limits);
    if (load.also_check) load.also_check(*fresh);
    loaded = std::move(fresh);
  }
  return loaded;
}

void ScenarioReader::report_published(const Workspace& workspace, const Publication& publication, const Place& step) {
  std::map<std::string, const Origin*> origins;
  std::map<const SourceFile*, const SourceFile*> files;  // as they were loaded, and as they stand
  for (const auto& [path, origin] : publication.origins)
    origins.emplace(shown_path(workspace, path), &origin);
  const auto tell = [](Diagnostics& to, const Diagnostic& fault, const Place& place, std::string message) {
    if (fault.severity == Severity::error) {
      to.error(place, std::move(message), fault.hint);
    } else {
      to.warning(place, std::move(message), fault.hint);
    }
  };
  std::set<std::string> told;
  for (const Diagnostic& fault : workspace.diagnostics.sorted()) {
    const auto found = fault.place.file == nullptr ? origins.end() : origins.find(fault.place.file->path);
    if (found == origins.end()) {
      if (fault.severity == Severity::warning) continue;  // of files that stay as they are
      const std::string at = fault.place.file == nullptr ? std::string() : fault.place.file->path;
      const Position position = fault.place.file == nullptr ? Position() : position_of(fault.place);
      tell(diagnostics_, fault, step,
           "with these files there is a fault at " + at + ":" + std::to_string(position.line) + ":" +
               std::to_string(position.column) + ": " + fault.message);
    } else if (found->second->scalar != nullptr) {
      tell(diagnostics_, fault, yaml::place_within(*found->second->scalar, fault.place.offset, fault.place.length),
           fault.message);
    } else if (told.contains(found->second->path) || loading_.told.insert({&workspace, found->second->path}).second) {
      told.insert(found->second->path);
      const SourceFile*& file = files[fault.place.file];
      if (file == nullptr) {
        loading_.set.files.push_back(std::make_unique<const SourceFile>(
            SourceFile{shown_path(loading_.workspace, found->second->path), fault.place.file->text}));
        file = loading_.set.files.back().get();
      }
      tell(loading_.set.diagnostics, fault, {file, fault.place.offset, fault.place.length}, fault.message);
    }
  }
}

void ScenarioReader::read_gone(const yaml::Entry& entry, PublishStep& step) {
  Names names = {"leave", "stay"};
  for (const auto& [name, journey] : step.workspace->journeys)
    collect_ids(journey.nodes, names);
  step.gone = read_known(entry, names, "node", "it is `leave`, `stay` or the id of a node");
  if (!step.move) {
    diagnostics_.error(entry.key_place, "`gone` says what becomes of those who are moved", "add `move: true`");
  }
}

}  // namespace caravan::loader
