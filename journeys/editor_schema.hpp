#pragma once
// JSON Schema (draft 2020-12) of what authors write, so that editors complete keys and mark mistakes while somebody
// types. It is made from the shapes of the node types and from one table of the documents' other keys
// (editor_documents.cpp). `caravan check` finds more: a schema does not know names, expressions and ways.

#include "journeys/node_shape.hpp"

namespace caravan {

/// What a schema is offered for.
struct EditorSchemaType {
  std::string_view name;     ///< `journey`
  std::string_view files;    ///< where such documents stand: `journeys/*.yaml`
  std::string_view summary;  ///< one sentence
};

/// All of them, in the order in which they are listed. `any` is every document that says by its first key what it is.
std::span<const EditorSchemaType> editor_schema_types();

/// The schema of a type by its name, as indented JSON that ends in a line break. Its order is the same each time.
std::string editor_schema(std::string_view type, NodeShapes shapes);

}  // namespace caravan
