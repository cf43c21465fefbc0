#pragma once
// A workspace: a folder of documents, read strictly, checked whole, and then immutable. `caravan check` prints what
// is wrong with one; the engine runs one that has no errors. It can be loaded from a folder or from texts kept
// elsewhere (a published version in the store), with the same result.

#include "journeys/definitions.hpp"

namespace caravan {

/// Limits on what an author may hand in; beyond them is an error at the file, found before anything is parsed.
struct WorkspaceLimits {
  std::size_t file_bytes = std::size_t{1} << 20U;
  std::size_t files = 10'000;
  std::size_t depth = 64;
};

/// The texts of a workspace, by path relative to its root: what the loader reads, and what a published version keeps.
using SourceTexts = std::map<std::string, std::string>;

/// Gives attribute names their numbers. The engine's are those of the store; the checker's are made up.
class AttributeNames {
 public:
  virtual ~AttributeNames() = default;
  /// The number of a name, the same for the life of the store. Names are shared by accounts, people and events.
  virtual std::uint32_t number_of(std::string_view name) = 0;
};

/// Whether conditions are compiled with probes (journeys/cel/probes.hpp), which cost time and are for tests alone.
enum class Probes { none, conditions };

class Vocabulary;

class Workspace {
 public:
  ConfigurationDefinition configuration;
  SchemaDefinition schema;
  std::map<std::string, AudienceDefinition, std::less<>> audiences;
  std::map<std::string, RoleTemplateDefinition, std::less<>> role_templates;
  std::map<std::string, SolutionInterestDefinition, std::less<>> solution_interests;
  std::map<std::string, StageModelDefinition, std::less<>> stage_models;
  std::map<std::string, EngagementModelDefinition, std::less<>> engagement_models;
  std::map<std::string, EmailTemplateDefinition, std::less<>> emails;
  std::map<std::string, TextTemplateDefinition, std::less<>> text_templates;
  std::map<std::string, JourneyDefinition, std::less<>> journeys;

  /// What its expressions were compiled in, and the types of the objects they read. Never null.
  std::shared_ptr<const Vocabulary> vocabulary;

  Diagnostics diagnostics;
  std::filesystem::path root;
  SourceTexts texts;         ///< what it was read from
  std::uint32_t probes = 0;  ///< how many its conditions have; 0 where it was loaded without

  std::vector<std::unique_ptr<const SourceFile>> files;

  /// The model by which engagement is scored; null when there is none.
  const EngagementModelDefinition* engagement_model() const;
};

/// Reads and checks a folder. Never throws for what an author wrote: everything wrong, an unreadable folder included,
/// is in `diagnostics`. Expressions are compiled with the numbers that `names` gives.
std::unique_ptr<Workspace> load_workspace(const std::filesystem::path& root, NodeShapes shapes, AttributeNames& names,
                                          const WorkspaceLimits& limits = {}, Probes probes = Probes::none);

/// The same from texts; `shown_root` is what paths in messages begin with. Scenarios among them are left out.
std::unique_ptr<Workspace> load_workspace(SourceTexts texts, const std::filesystem::path& shown_root, NodeShapes shapes,
                                          AttributeNames& names, const WorkspaceLimits& limits = {},
                                          Probes probes = Probes::none);

}  // namespace caravan
