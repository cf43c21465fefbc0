#pragma once
// The state of one load, and the steps of the loader: texts become documents, documents are catalogued by type and
// name, then definitions are read in the order in which they need each other.

#include "journeys/loader/reading.hpp"
#include "journeys/vocabulary.hpp"
#include "journeys/workspace.hpp"
#include "journeys/yaml/node.hpp"

namespace caravan::loader {

enum class DocumentType {
  configuration,
  schema,
  audience,
  role_template,
  stage_model,
  engagement_model,
  solution_interest,
  journey,
  email,
  text_template,
};

/// A document whose type is known. A mail has its front matter as its root, and `body` behind it; a text is all body.
struct Document {
  DocumentType type;
  const SourceFile* file = nullptr;
  yaml::Node root;
  std::string name;  ///< empty for those that have none, or when it could not be read
  Place name_place;
  std::string_view body;  ///< of a mail or a text
};

/// What there is, by type and name, whether or not it has faults of its own.
using Catalog = std::map<DocumentType, std::map<std::string, Place, std::less<>>>;

struct Loading {
  Workspace& workspace;
  NodeShapes shapes;
  const WorkspaceLimits& limits;
  Diagnostics& diagnostics;
  Probes probes = Probes::none;
  Catalog catalog{};
  std::vector<Document> documents{};
};

/// What names and expressions are held to: the part of a load that reads a workspace and does not make it.
struct Checking {
  const Workspace& workspace;
  Diagnostics& diagnostics;
  Workspace* probed = nullptr;  ///< the workspace where the conditions of its own expressions are to have probes

  Checking(const Workspace& of, Diagnostics& to) : workspace(of), diagnostics(to) {}
  Checking(const Loading& loading) : Checking(loading.workspace, loading.diagnostics) {
    if (loading.probes == Probes::conditions) probed = &loading.workspace;
  }
};

/// A file of a folder that is not taken in, and why.
struct FileFault {
  std::string path;
  Severity severity = Severity::error;
  std::string message;
  std::string hint;
};
struct FolderContents {
  SourceTexts texts;
  std::vector<FileFault> faults;
};
/// The texts of a workspace's files, each checked for its size before it is read.
FolderContents read_folder(const std::filesystem::path& root, const WorkspaceLimits& limits);
/// The same for the folder of the scenarios, with the folders in it.
FolderContents read_scenario_folder(const std::filesystem::path& root, const WorkspaceLimits& limits);
/// Where scenarios stand, within a workspace.
inline constexpr std::string_view scenario_folder = "scenarios/";
/// Whether a workspace has a file of that path.
bool is_workspace_file(std::string_view path);

/// Texts to documents, each of a known type, and the catalogue of their names.
void read_documents(Loading& loading);

void read_configuration(Loading& loading, const Document& document);
void read_schema(Loading& loading, const Document& document);
void read_audience(Loading& loading, const Document& document);
void read_role_template(Loading& loading, const Document& document);
void read_stage_model(Loading& loading, const Document& document);
/// All of them: which one is active depends on the others. True when one is, or would be if it could be read.
bool read_engagement_models(Loading& loading);
void read_solution_interest(Loading& loading, const Document& document);
void read_email(Loading& loading, const Document& document);
/// After all mails: warns of topics that none of them is about.
void check_topics(const Loading& loading);
void read_text_template(Loading& loading, const Document& document);
void read_journey(Loading& loading, const Document& document);

/// Where documents that begin with `key` belong: `journeys/`. Empty when there are none.
std::string_view home_of(std::string_view key);

/// The names of roles in all role templates, before those are read.
std::vector<std::string> role_names(const Loading& loading);

/// The names of a type's definitions.
std::vector<std::string> names_of(const Loading& loading, DocumentType type);

/// The text of a key that names a definition; reports a name that is not in the catalogue. `what` is the type as
/// authors call it: `e-mail template`.
std::optional<std::string> read_reference(Loading& loading, const yaml::Entry& entry, DocumentType type,
                                          std::string_view what);

/// The text of a key that must be one of `names`; `hint` says where they stand, should none be near.
std::optional<std::string> read_one_of(const Checking& checking, const yaml::Entry& entry,
                                       std::span<const std::string> names, std::string_view what,
                                       std::string_view hint);

/// The same for what has a name in caravan.yaml: connections, lists, destinations.
template <class Definition>
std::optional<std::string> read_configured(const Checking& checking, const yaml::Entry& entry,
                                           const std::map<std::string, Definition, std::less<>>& known,
                                           std::string_view what) {
  std::vector<std::string> names;
  for (const auto& [name, definition] : known)
    names.push_back(name);
  return read_one_of(checking, entry, names, what, std::string(what) + "s stand in caravan.yaml");
}

/// The type as a schema writes it: `whole_number`.
std::string_view name_of(AttributeType type);

enum class AttributeOf {
  accounts,
  people,
  either,  ///< whose it is turns out later
};
/// The name of an attribute. With a schema it must be one of the schema's, and of type `wanted` unless that is `any`.
std::optional<std::string> read_attribute_name(const Checking& checking, const yaml::Entry& entry, AttributeOf of,
                                               AttributeType wanted = AttributeType::any);
/// The same for a name that stands as a key.
void check_attribute_name(const Checking& checking, std::string_view name, const Place& place, AttributeOf of,
                          AttributeType wanted = AttributeType::any);

/// Reports an expression whose value can never be one of that attribute: by the schema, or of those that every person
/// may have. What may be anything, and null, which takes the attribute out, is seen when it is set.
void check_attribute_value(const Checking& checking, std::string_view name, const Expression& value, AttributeOf of);

/// Whether a text may be a type of event: `form.submitted`.
bool is_event_type(std::string_view text);
/// Reports a text that is no type of event, or one that nothing raises; false when it is no type at all.
bool check_event_type(const Checking& checking, std::string_view type, const Place& place);
/// A type of event. With a schema that has events it must be one of those, or one that the engine knows.
std::optional<std::string> read_event_type(const Checking& checking, const yaml::Entry& entry);

/// Where an expression stands and what it must yield.
struct ExpressionUse {
  Scope scope = Scope::account;
  Within within = Within::workspace;
  cel::Type expected = cel::Type::dyn();
  std::string event_type = {};  ///< in event scope: the type of the event; empty: any
};

/// Compiles the expression that a scalar holds; every fault is reported at its own column.
Expression read_expression(const Checking& checking, const yaml::Node& scalar, const ExpressionUse& use);
/// The same for the value of a key, which must be a scalar.
std::optional<Expression> read_expression(const Checking& checking, const yaml::Entry& entry, const ExpressionUse& use);

}  // namespace caravan::loader
