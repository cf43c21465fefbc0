#include "journeys/loader/loading.hpp"
#include "journeys/yaml/scalar_places.hpp"

namespace caravan::loader {
namespace {

/// The compiler may put what was meant into its message; to an author it is the hint, as everywhere else.
void report(const yaml::Node& scalar, const cel::Diagnostic& fault, Diagnostics& diagnostics) {
  std::string message = fault.message;
  std::string hint = fault.hint;
  const std::size_t meant = message.rfind(", did you mean ");
  if (meant != std::string::npos && hint.empty()) {
    hint = message.substr(meant + 2);
    message.erase(meant);
  }
  diagnostics.error(yaml::place_within(scalar, fault.offset, fault.length), std::move(message), std::move(hint));
}

}  // namespace

Expression read_expression(const Checking& checking, const yaml::Node& scalar, const ExpressionUse& use) {
  Expression expression{scalar.text, scalar.place, nullptr};
  const cel::Environment& environment =
      checking.workspace.vocabulary->environment(use.scope, use.within, use.event_type);
  cel::CompileResult result = cel::compile(scalar.text, environment, {.expected = use.expected});
  for (const cel::Diagnostic& fault : result.diagnostics)
    report(scalar, fault, checking.diagnostics);
  expression.program = std::move(result.program);
  return expression;
}

std::optional<Expression> read_expression(const Checking& checking, const yaml::Entry& entry,
                                          const ExpressionUse& use) {
  if (!has_value(entry, checking.diagnostics)) return std::nullopt;
  if (!entry.value.is(yaml::Kind::scalar)) {
    checking.diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be an expression",
                               "quote an expression that begins with a bracket");
    return std::nullopt;
  }
  if (entry.value.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    checking.diagnostics.error(entry.key_place, in_ticks(entry.key) + " has no value");
    return std::nullopt;
  }
  return read_expression(checking, entry.value, use);
}

}  // namespace caravan::loader
