// Conditions are taken apart with all that stands on the way to them, and the values that they name are tried until
// they come to what is wanted. What values alone do not decide (groups, activity) is taken to be as it must.

#include "engine/harness/explore_recipes.hpp"

#include "engine/harness/explore_solver.hpp"
#include "journeys/events.hpp"
#include "journeys/expressions.hpp"

namespace caravan::exploring {
namespace {

const std::vector<Truth> kNotYes = {Truth::no, Truth::failed};

ScenarioFields fields_of(const std::map<Quality, ScenarioValue>& values, Quality::Of of) {
  ScenarioFields fields;
  for (const auto& [quality, value] : values)
    if (quality.of == of) fields.push_back({quality.name, {}, value});
  return fields;
}

EventPatterns patterns_of(const NodeDefinition& listen) {
  if (const auto* any_of = listen.setting<EventPatterns>("any_of")) return *any_of;
  const auto* event = listen.setting<std::string>("event");
  if (event == nullptr) return {};
  const auto* where = listen.setting<Expression>("where");
  const auto* at_least = listen.setting<std::int64_t>("at_least");
  return {{.place = listen.place,
           .type = *event,
           .where = where ? std::optional(*where) : std::nullopt,
           .at_least = at_least ? *at_least : 1}};
}

class Cook {
 public:
  Cook(const Workspace& workspace, const JourneyDefinition& journey, Instant at)
      : workspace_(workspace), journey_(journey), at_(at), leaves_(at) {}

  Recipes cook() {
    gather();
    leaves_.evaluate();
    Solver solver(leaves_, workspace_.schema);
    for (const Want& want : wants_)
      solve(want, solver);
    add_roles();
    add_values();
    return std::move(recipes_);
  }

 private:
  struct Want {
    CoverPoint target;
    std::vector<Wanted> base;  ///< would be good as well
    std::vector<Wanted> wanted;
    std::string event_type;
    enum class For { point, event_of_node, entry } what = For::point;
  };

  void gather() {
    if (const auto audience = workspace_.audiences.find(journey_.audience); audience != workspace_.audiences.end()) {
      const Logic* logic = take(audience->second.when);
      add_outcomes(audience->second.when, *logic, {}, {});
      base_.push_back({logic});
    }
    if (journey_.exit_when) {
      const Logic* logic = take(*journey_.exit_when);
      add_outcomes(*journey_.exit_when, *logic, {}, {});
      base_.push_back({logic, kNotYes});
    }
    if (journey_.goal) add_outcomes(*journey_.goal, *take(*journey_.goal), {}, {});
    if (journey_.event)
      add_pattern({journey_.event->place, journey_.event->type, journey_.event->where, 1}, {}, Want::For::entry);
    gather(journey_.nodes, {});
    // Somebody who only comes in.
    Want plain;
    plain.target.journey = journey_.name;
    plain.base = base_;
    wants_.insert(wants_.begin(), std::move(plain));
  }

  void gather(const std::vector<NodeDefinition>& nodes, const std::vector<Wanted>& way) {
    for (const NodeDefinition& node : nodes) {
      const bool chooses = node.shape->type == "split" || node.shape->type == "split_people";
      if (node.shape->type == "listen") gather_listen(node);
      if (!chooses && node.shape->type != "listen") {
        each_expression(
            node, [&](const Expression& expression) { add_outcomes(expression, *take(expression), node.id, way); });
      }
      add_recipients(node);
      std::vector<Wanted> asked = way;
      for (const PathDefinition& path : node.paths) {
        std::vector<Wanted> taken = asked;
        if (path.when && chooses) {
          const Logic* logic = take(*path.when);
          add_outcomes(*path.when, *logic, node.id, asked);
          taken.push_back({logic});
          asked.push_back({logic, kNotYes});
        }
        if (chooses) add(CoverPoint::Kind::path, node.id, path.name, taken);
        gather(path.nodes, chooses ? taken : way);
      }
      if (chooses && !node.paths.empty() && node.paths.back().when)
        add(CoverPoint::Kind::path, node.id, std::string(kNoPathTaken), asked);
    }
  }

  void gather_listen(const NodeDefinition& node) {
    for (const EventPattern& pattern : patterns_of(node)) {
      add_pattern(pattern, node.id, Want::For::event_of_node);
      std::int64_t& at_least = recipes_.at_least[node.id];
      at_least = std::max(at_least, pattern.at_least);
    }
  }

  void add_pattern(const EventPattern& pattern, const std::string& node, Want::For what) {
    Want want;
    want.target = point(CoverPoint::Kind::node, node);
    want.event_type = pattern.type;
    want.what = what;
    if (pattern.where) {
      const Logic* logic = take(*pattern.where, pattern.type);
      want.wanted.push_back({logic});
      add_outcomes(*pattern.where, *logic, node, {}, pattern.type);
    }
    wants_.push_back(std::move(want));
  }

  void add_recipients(const NodeDefinition& node) {
    for (const auto& [key, setting] : node.settings) {
      const auto* recipients = std::get_if<Recipients>(&setting.value);
      if (recipients == nullptr) continue;
      for (const Recipient& each : *recipients) {
        const cel::ExpressionPtr tree = each.expression ? tree_of(*each.expression) : nullptr;
        const std::optional<Quality> quality = tree ? quality_of(*tree, {}) : std::nullopt;
        if (quality && quality->of == Quality::Of::account)
          recipes_.everybody.push_back({quality->name, {}, {{}, std::string("owner@example.com")}});
      }
    }
  }

  void add(CoverPoint::Kind kind, const std::string& node, const std::string& path, std::vector<Wanted> wanted) {
    Want want;
    want.target = point(kind, node);
    want.target.path = path;
    want.base = base_;
    want.wanted = std::move(wanted);
    wants_.push_back(std::move(want));
  }

  /// Each outcome of the condition and of its parts.
  void add_outcomes(const Expression& expression, const Logic& logic, const std::string& node,
                    const std::vector<Wanted>& asked, const std::string& event_type = {}) {
    for (std::size_t i = 0; i < expression.conditions.size(); ++i) {
      const Logic* part = part_at(logic, expression.program->conditions()[i]);
      if (part == nullptr) continue;
      for (const bool outcome : {true, false}) {
        Want want;
        want.target = point(CoverPoint::Kind::condition, node);
        want.target.place = expression.conditions[i];
        want.target.outcome = outcome;
        want.base = base_;
        want.wanted = asked;
        want.wanted.push_back({part, {outcome ? Truth::yes : Truth::no}});
        want.event_type = event_type;
        wants_.push_back(std::move(want));
      }
    }
  }

  CoverPoint point(CoverPoint::Kind kind, const std::string& node) const {
    CoverPoint point;
    point.kind = kind;
    point.journey = journey_.name;
    point.node = node;
    return point;
  }

  const Logic* take(const Expression& expression, const std::string& event_type = {}) {
    logics_.push_back(leaves_.add(expression, event_type));
    return &logics_.back();
  }

  void solve(const Want& want, Solver& solver) {
    std::vector<Wanted> all = want.base;
    all.insert(all.end(), want.wanted.begin(), want.wanted.end());
    auto values = solver.solve(all);
    if (!values && !want.base.empty()) values = solver.solve(want.wanted);
    if (!values) return;
    ScenarioFields event = fields_of(*values, Quality::Of::event);
    if (!want.event_type.empty() && may_be_told(want.event_type)) recipes_.events.push_back({want.event_type, event});
    if (want.what == Want::For::event_of_node) {
      recipes_.of_patterns[want.target.node].push_back({want.event_type, std::move(event)});
      return;
    }
    if (want.what == Want::For::entry) {
      recipes_.of_entry.push_back({want.event_type, std::move(event)});
      return;
    }
    Recipe recipe{want.target, fields_of(*values, Quality::Of::account), {}, {}};
    if (ScenarioFields person = fields_of(*values, Quality::Of::person); !person.empty())
      recipe.person = std::move(person);
    recipes_.of_points.push_back(std::move(recipe));
  }

  void add_roles() {
    for (const auto& [name, interest] : workspace_.solution_interests) {
      const auto found = workspace_.role_templates.find(interest.role_template);
      if (found == workspace_.role_templates.end()) continue;
      Leaves leaves(at_);
      std::deque<Logic> logics;
      std::vector<Wanted> before;
      std::vector<std::vector<Wanted>> wanted;
      for (const RoleDefinition& role : found->second.roles) {
        wanted.push_back(before);
        if (!role.when) continue;
        logics.push_back(leaves.add(*role.when));
        wanted.back().push_back({&logics.back()});
        before.push_back({&logics.back(), kNotYes});
      }
      leaves.evaluate();
      Solver solver(leaves, workspace_.schema);
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const RoleDefinition& role = found->second.roles[i];
        if (const auto values = solver.solve(wanted[i]))
          recipes_.roles.push_back({name, role.name, role.members_required, fields_of(*values, Quality::Of::person)});
      }
    }
  }

  void add_values() {
    for (const auto& [quality, values] : leaves_.questions().qualities) {
      if (quality.of == Quality::Of::event) continue;
      auto& to = (quality.of == Quality::Of::account ? recipes_.account_values : recipes_.person_values)[quality.name];
      for (const AttributeInput& value : values)
        if (auto written = to_scenario_value(value, type_of(workspace_.schema, quality)))
          to.push_back(std::move(*written));
      if (to.empty()) to.push_back({{}, std::string("something")});
    }
    for (const auto& [name, interest] : workspace_.solution_interests) {
      const auto model = workspace_.stage_models.find(interest.stage_model);
      if (model == workspace_.stage_models.end()) continue;
      for (const StageDefinition& stage : model->second.stages)
        recipes_.stages.emplace_back(name, stage.name);
    }
    for (const std::string& interest : leaves_.questions().solution_interests)
      for (const std::string& status : leaves_.questions().statuses)
        if (!status.empty()) recipes_.statuses.emplace_back(interest, status);
    for (const std::string& type : leaves_.questions().event_types)
      if (may_be_told(type)) recipes_.events.push_back({type, {}});
  }

  const Workspace& workspace_;
  const JourneyDefinition& journey_;
  Instant at_;
  Leaves leaves_;
  std::deque<Logic> logics_;
  std::vector<Wanted> base_;
  std::vector<Want> wants_;
  Recipes recipes_;
};

}  // namespace

Recipes recipes_of(const Workspace& workspace, const JourneyDefinition& journey, Instant at) {
  return Cook(workspace, journey, at).cook();
}

bool may_be_told(std::string_view type) {
  const EventType* builtin = find_event_type(type);
  return builtin == nullptr || builtin->source != EventSource::engine;
}

}  // namespace caravan::exploring
