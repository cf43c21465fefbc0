#include "engine/compiled_workspace.hpp"

#include "engine/fingerprint.hpp"
#include "journeys/expressions.hpp"

namespace caravan {
namespace {

void read_dependencies(JourneyParts& parts, const Workspace& workspace) {
  const JourneyDefinition& definition = *parts.journey.definition;
  const Vocabulary& vocabulary = *workspace.vocabulary;
  if (definition.exit_when) parts.exit_reads = dependencies_of(*definition.exit_when->program, vocabulary);
  if (definition.goal) parts.goal_reads = dependencies_of(*definition.goal->program, vocabulary);
  const auto add = [&](const Expression& expression) {
    const Dependencies reads = dependencies_of(*expression.program, vocabulary);
    parts.activity_read.insert(parts.activity_read.end(), reads.activity_types.begin(), reads.activity_types.end());
    parts.reads_any_activity = parts.reads_any_activity || reads.any_activity;
  };
  each_expression(definition, add);
  each_shared_expression(workspace, add);
}

/// What there is of one workspace so far.
struct Compiled {
  std::weak_ptr<const Workspace> workspace;
  std::map<std::string, std::shared_ptr<const JourneyParts>> journeys;
  std::shared_ptr<const DefinitionParts> definitions;
};

/// Of all workspaces that are in use. What is kept of one ends with it, at the latest when the next one comes.
class Shelf {
 public:
  static Shelf& instance() {
    static Shelf shelf;
    return shelf;
  }

  template <class Function>
  auto with(const std::shared_ptr<const Workspace>& workspace, const NameBook& names, Function function) {
    const std::lock_guard lock(mutex_);
    const auto key = std::pair(workspace.get(), &names);
    auto found = compiled_.find(key);
    // Another one may stand where one has been.
    if (found == compiled_.end() || found->second.workspace.lock() != workspace) {
      std::erase_if(compiled_, [](const auto& each) { return each.second.workspace.expired(); });
      found = compiled_.insert_or_assign(key, Compiled{workspace, {}, {}}).first;
    }
    return function(found->second);
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<const Workspace*, const NameBook*>, Compiled> compiled_;
};

}  // namespace

std::shared_ptr<const JourneyParts> compile_parts(const Workspace& workspace, const std::string& name, NameBook& names,
                                                  const NodeTypeFinder& find_type) {
  const JourneyDefinition& definition = workspace.journeys.at(name);
  auto parts = std::make_shared<JourneyParts>();
  parts->fingerprint = fingerprint(workspace, definition);
  parts->journey = compile_journey(workspace, definition, names, find_type);
  for (const CompiledNode& node : parts->journey.nodes)
    parts->authors.push_back(names.id_of(name + "/" + node.id));
  parts->interests = interest_plans(workspace, names);
  for (const MessageDefinition& message : parts->journey.messages)
    parts->messages.push_back(compile_message(message, workspace, names));
  read_dependencies(*parts, workspace);
  return parts;
}

std::shared_ptr<const JourneyParts> compiled_journey(const std::shared_ptr<const Workspace>& workspace,
                                                     const std::string& journey, NameBook& names) {
  return Shelf::instance().with(workspace, names, [&](Compiled& compiled) {
    std::shared_ptr<const JourneyParts>& parts = compiled.journeys[journey];
    if (!parts) parts = compile_parts(*workspace, journey, names);
    return parts;
  });
}

std::shared_ptr<const DefinitionParts> compiled_definitions(const std::shared_ptr<const Workspace>& workspace,
                                                            NameBook& names) {
  return Shelf::instance().with(workspace, names, [&](Compiled& compiled) {
    if (!compiled.definitions) {
      compiled.definitions = std::make_shared<const DefinitionParts>(
          DefinitionParts{fingerprint_of_definitions(*workspace), interest_plans(*workspace, names),
                          engagement_plan(*workspace, names)});
    }
    return compiled.definitions;
  });
}

}  // namespace caravan
