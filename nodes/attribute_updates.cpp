#include "nodes/attribute_updates.hpp"

namespace caravan {
namespace {

/// Whether an expression can name it: letters, digits and `_`, not a digit first.
bool is_attribute_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

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
  const std::string type(definition.shape->type);
  const ValueMap& updates = *definition.setting<ValueMap>("set");
  if (updates.empty()) diagnostics.error(definition.place, "`" + type + "` sets nothing", "add an attribute");
  for (const NamedExpression& each : updates) {
    if (each.name == "key") {
      diagnostics.error(each.expression.place, "the key of a record never changes", "set another attribute");
    } else if (!is_attribute_name(each.name)) {
      diagnostics.error(each.expression.place, "`" + each.name + "` cannot be the name of an attribute",
                        "names are letters, digits and `_`, and do not begin with a digit");
    }
  }
}

}  // namespace caravan
