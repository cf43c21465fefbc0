#pragma once
// What update_account and update_person have in common: attributes by name, each with an expression for its value.

#include "nodes/registry.hpp"

namespace caravan {

class AttributeUpdates {
 public:
  /// From the key `set` of a node.
  AttributeUpdates(const NodeDefinition& definition, NodeCompiler& compiler);

  /// The values as they are now, of a person, or of whom the token runs for (null). Those that fail are left out.
  std::vector<std::pair<NameId, AttributeInput>> values(Scene& scene, const PersonRecord* person) const;

 private:
  struct Update {
    NameId attribute{};
    std::shared_ptr<const cel::Program> value;
  };
  std::vector<Update> updates_;
};

/// Reports a map without attributes.
void check_attribute_updates(const NodeDefinition& definition, Diagnostics& diagnostics);

}  // namespace caravan
