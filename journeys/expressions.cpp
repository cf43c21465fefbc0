#include "journeys/expressions.hpp"

namespace caravan {
namespace {

using Visit = std::function<void(const Expression&)>;

void each_in(const std::optional<Expression>& expression, const Visit& visit) {
  if (expression && expression->program) visit(*expression);
}

void each_in(const Moment& moment, const Visit& visit) {
  each_in(moment.expression, visit);
}

struct SettingVisitor {
  const Visit& visit;

  void operator()(const Expression& expression) const { each_in(expression, visit); }
  void operator()(const ValueMap& values) const {
    for (const NamedExpression& each : values)
      each_in(each.expression, visit);
  }
  void operator()(const Recipients& recipients) const {
    for (const Recipient& each : recipients)
      each_in(each.expression, visit);
  }
  void operator()(const Moment& moment) const { each_in(moment, visit); }
  void operator()(const WaitDefinition& wait) const {
    if (wait.until) each_in(*wait.until, visit);
  }
  void operator()(const EventPatterns& patterns) const {
    for (const EventPattern& each : patterns)
      each_in(each.where, visit);
  }
  template <class Plain>
  void operator()(const Plain&) const {}
};

void each_in_nodes(const std::vector<NodeDefinition>& nodes, const Visit& visit) {
  for (const NodeDefinition& node : nodes) {
    each_expression(node, visit);
    for (const PathDefinition& path : node.paths) {
      each_in(path.when, visit);
      each_in_nodes(path.nodes, visit);
    }
  }
}

}  // namespace

void each_expression(const JourneyDefinition& journey, const Visit& visit) {
  if (journey.event) each_in(journey.event->where, visit);
  each_in(journey.exit_when, visit);
  each_in(journey.goal, visit);
  each_in_nodes(journey.nodes, visit);
}

void each_expression(const NodeDefinition& node, const Visit& visit) {
  for (const auto& [key, setting] : node.settings)
    std::visit(SettingVisitor{visit}, setting.value);
}

void each_shared_expression(const Workspace& workspace, const Visit& visit) {
  for (const auto& [name, audience] : workspace.audiences)
    each_in(std::optional(audience.when), visit);
  for (const auto& [name, role_template] : workspace.role_templates) {
    for (const RoleDefinition& role : role_template.roles)
      each_in(role.when, visit);
  }
}

}  // namespace caravan
