#include "nodes/attribute_updates.hpp"

namespace caravan {
AttributeUpdates::AttributeUpdates(const NodeDefinition& definition, NodeCompiler& compiler) {
  for (const NamedExpression& each : *definition.setting<ValueMap>("set"))
    updates_.push_back({compiler.name(each.name), each.expression.program});
}

std::vector<std::pair<NameId, AttributeInput>> AttributeUpdates::values(Scene& scene,
                                                                        const PersonRecord* person) const {
  std::vector<std::pair<NameId, AttributeInput>> values;
  for (const Update& update : updates_) {
    if (std::optional<AttributeInput> value = scene.value_of(*update.value, person))
      values.emplace_back(update.attribute, std::move(*value));
  }
  return values;
}

void check_attribute_updates(const NodeDefinition& definition, Diagnostics& diagnostics) {
  if (!definition.setting<ValueMap>("set")->empty()) return;
  diagnostics.error(definition.place, "`" + std::string(definition.shape->type) + "` sets nothing", "add an attribute");
}

}  // namespace caravan
