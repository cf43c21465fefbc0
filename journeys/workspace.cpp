#include "journeys/workspace.hpp"

#include "journeys/loader/loading.hpp"
#include "journeys/vocabulary.hpp"

namespace caravan {
namespace {

using loader::Document;
using loader::DocumentType;
using loader::Loading;

using ReadDocument = void (*)(Loading&, const Document&);

void read_all(Loading& loading, DocumentType type, ReadDocument read) {
  for (const Document& document : loading.documents) {
    if (document.type == type) read(loading, document);
  }
}

/// In the order in which definitions need each other: caravan.yaml and engagement models name what the schema has,
/// expressions need the schema, the names of interests and roles and whether engagement is scored, journeys need the
/// roles and stages of their interests.
void read_definitions(Loading& loading, AttributeNames& names) {
  read_all(loading, DocumentType::schema, loader::read_schema);
  read_all(loading, DocumentType::configuration, loader::read_configuration);
  const bool scores_engagement = loader::read_engagement_models(loading);
  const KnownNames known{loader::names_of(loading, DocumentType::solution_interest), loader::role_names(loading),
                         scores_engagement};
  loading.workspace.vocabulary = std::make_shared<const Vocabulary>(loading.workspace.schema, known, names);
  read_all(loading, DocumentType::audience, loader::read_audience);
  read_all(loading, DocumentType::role_template, loader::read_role_template);
  read_all(loading, DocumentType::stage_model, loader::read_stage_model);
  read_all(loading, DocumentType::solution_interest, loader::read_solution_interest);
  read_all(loading, DocumentType::email, loader::read_email);
  loader::check_topics(loading);
  read_all(loading, DocumentType::text_template, loader::read_text_template);
  read_all(loading, DocumentType::journey, loader::read_journey);
}

void report(Workspace& workspace, const loader::FileFault& fault) {
  const std::filesystem::path shown = fault.path.empty() ? workspace.root : workspace.root / fault.path;
  const std::string path = shown.lexically_normal().generic_string();
  workspace.files.push_back(std::make_unique<const SourceFile>(SourceFile{path.empty() ? "." : path, ""}));
  const Place place{workspace.files.back().get(), 0, 0};
  if (fault.severity == Severity::error) {
    workspace.diagnostics.error(place, fault.message, fault.hint);
  } else {
    workspace.diagnostics.warning(place, fault.message, fault.hint);
  }
}

std::unique_ptr<Workspace> load(loader::FolderContents contents, const std::filesystem::path& shown_root,
                                NodeShapes shapes, AttributeNames& names, const WorkspaceLimits& limits,
                                Probes probes) {
  auto workspace = std::make_unique<Workspace>();
  workspace->root = shown_root;
  workspace->texts = std::move(contents.texts);
  // Scenarios are about a workspace and no part of it: load_scenarios() reads them.
  std::erase_if(workspace->texts, [](const auto& each) { return each.first.starts_with(loader::scenario_folder); });
  for (const loader::FileFault& fault : contents.faults)
    report(*workspace, fault);
  Loading loading{*workspace, shapes, limits, workspace->diagnostics, probes};
  loader::read_documents(loading);
  read_definitions(loading, names);
  return workspace;
}

}  // namespace

const EngagementModelDefinition* Workspace::engagement_model() const {
  for (const auto& [name, model] : engagement_models) {
    if (model.active) return &model;
  }
  return nullptr;
}

std::unique_ptr<Workspace> load_workspace(const std::filesystem::path& root, NodeShapes shapes, AttributeNames& names,
                                          const WorkspaceLimits& limits, Probes probes) {
  return load(loader::read_folder(root, limits), root, shapes, names, limits, probes);
}

std::unique_ptr<Workspace> load_workspace(SourceTexts texts, const std::filesystem::path& shown_root, NodeShapes shapes,
                                          AttributeNames& names, const WorkspaceLimits& limits, Probes probes) {
  return load({std::move(texts), {}}, shown_root, shapes, names, limits, probes);
}

}  // namespace caravan
