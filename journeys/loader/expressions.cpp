#include "journeys/loader/loading.hpp"
#include "journeys/yaml/scalar_places.hpp"

namespace caravan::loader {
namespace {

/// What to write instead of a variable that the language has and that is not known in this place; empty where the
/// message is about something else.
std::string_view hint_for_absent(std::string_view message) {
  const auto is_about = [&](Variable variable) {
    const std::string_view name = variable_names[static_cast<std::size_t>(variable)];
    return message == "unknown variable \"" + std::string(name) + "\"";
  };
  if (is_about(Variable::person))
    return "nobody in particular is at hand here: `people.exists(p, ...)` asks about the account's people, and in a "
           "journey `split_people` gives each their own path";
  if (is_about(Variable::event))
    return "no event is at hand here, but in the `where` of an entry and of a listen: `account.activity(type, "
           "window)` finds those that have happened";
  if (is_about(Variable::journey)) return "`journey` is known inside a journey alone";
  return {};
}

/// The compiler may put what was meant into its message; to an author it is the hint, as everywhere else.
void report(const yaml::Node& scalar, const cel::Diagnostic& fault, Diagnostics& diagnostics) {
  std::string message = fault.message;
  std::string hint = fault.hint;
  const std::size_t meant = message.rfind(", did you mean ");
  if (meant != std::string::npos && hint.empty()) {
    hint = message.substr(meant + 2);
    message.erase(meant);
  }
  if (const std::string_view absent = hint_for_absent(message); !absent.empty()) hint = absent;
  diagnostics.error(yaml::place_within(scalar, fault.offset, fault.length), std::move(message), std::move(hint));
}

/// Whether the place wants a condition.
bool is_condition(const ExpressionUse& use) {
  return use.expected.is(cel::Type::Form::boolean);
}

/// Notes what the probes of the expression's program watch.
void place_probes(const yaml::Node& scalar, Workspace& workspace, Expression& expression) {
  expression.first_probe = workspace.probes;
  for (const cel::Condition& condition : expression.program->conditions())
    expression.conditions.push_back(yaml::place_within(scalar, condition.offset, condition.length));
  workspace.probes += static_cast<std::uint32_t>(expression.conditions.size());
}

}  // namespace

Expression read_expression(const Checking& checking, const yaml::Node& scalar, const ExpressionUse& use) {
  Expression expression{scalar.text, scalar.place, nullptr};
  cel::CompileOptions options{.expected = use.expected};
  const bool has_probes = checking.probed != nullptr && is_condition(use);
  if (has_probes) options.first_probe = checking.probed->probes;
  const cel::Environment& environment =
      checking.workspace.vocabulary->environment(use.scope, use.within, use.event_type);
  cel::CompileResult result = cel::compile(scalar.text, environment, options);
  for (const cel::Diagnostic& fault : result.diagnostics)
    report(scalar, fault, checking.diagnostics);
  expression.program = std::move(result.program);
  if (has_probes && expression.program) place_probes(scalar, *checking.probed, expression);
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
