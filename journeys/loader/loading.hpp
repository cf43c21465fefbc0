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
  solution_interest,
  journey,
  email,
};

/// A document whose type is known. A mail has its front matter as its root, and `body` behind it.
struct Document {
  DocumentType type;
  const SourceFile* file = nullptr;
  yaml::Node root;
  std::string name;  ///< empty for those that have none, or when it could not be read
  Place name_place;
  std::string_view body;  ///< of a mail
};

/// What there is, by type and name, whether or not it has faults of its own.
using Catalog = std::map<DocumentType, std::map<std::string, Place, std::less<>>>;

struct Loading {
  Workspace& workspace;
  NodeShapes shapes;
  const WorkspaceLimits& limits;
  Diagnostics& diagnostics;
  Catalog catalog{};
  std::vector<Document> documents{};
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

/// Texts to documents, each of a known type, and the catalogue of their names.
void read_documents(Loading& loading);

void read_configuration(Loading& loading, const Document& document);
void read_schema(Loading& loading, const Document& document);
void read_audience(Loading& loading, const Document& document);
void read_role_template(Loading& loading, const Document& document);
void read_solution_interest(Loading& loading, const Document& document);
void read_email(Loading& loading, const Document& document);
void read_journey(Loading& loading, const Document& document);

/// The names of roles in all role templates, before those are read.
std::vector<std::string> role_names(const Loading& loading);

/// The names of a type's definitions.
std::vector<std::string> names_of(const Loading& loading, DocumentType type);

/// The text of a key that names a definition; reports a name that is not in the catalogue. `what` is the type as
/// authors call it: `e-mail template`.
std::optional<std::string> read_reference(Loading& loading, const yaml::Entry& entry, DocumentType type,
                                          std::string_view what);

/// Where an expression stands and what it must yield.
struct ExpressionUse {
  Scope scope = Scope::account;
  Within within = Within::workspace;
  cel::Type expected = cel::Type::dyn();
};

/// Compiles the expression that a scalar holds; every fault is reported at its own column.
Expression read_expression(Loading& loading, const yaml::Node& scalar, const ExpressionUse& use);
/// The same for the value of a key, which must be a scalar.
std::optional<Expression> read_expression(Loading& loading, const yaml::Entry& entry, const ExpressionUse& use);

}  // namespace caravan::loader
