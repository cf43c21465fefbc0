#include "journeys/loader/loading.hpp"
#include "journeys/yaml/scalar_places.hpp"

namespace caravan::loader {

Expression read_expression(Loading& loading, const yaml::Node& scalar, const ExpressionUse& use) {
  Expression expression{scalar.text, scalar.place, nullptr};
  const cel::Environment& environment = loading.workspace.vocabulary->environment(use.scope, use.within);
  cel::CompileResult result = cel::compile(scalar.text, environment, {.expected = use.expected});
  for (const cel::Diagnostic& fault : result.diagnostics) {
    loading.diagnostics.error(yaml::place_within(scalar, fault.offset, fault.length), fault.message, fault.hint);
  }
  expression.program = std::move(result.program);
  return expression;
}

std::optional<Expression> read_expression(Loading& loading, const yaml::Entry& entry, const ExpressionUse& use) {
  if (!has_value(entry, loading.diagnostics)) return std::nullopt;
  if (!entry.value.is(yaml::Kind::scalar)) {
    loading.diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be an expression",
                              "quote an expression that begins with a bracket");
    return std::nullopt;
  }
  if (entry.value.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    loading.diagnostics.error(entry.key_place, in_ticks(entry.key) + " has no value");
    return std::nullopt;
  }
  return read_expression(loading, entry.value, use);
}

}  // namespace caravan::loader
