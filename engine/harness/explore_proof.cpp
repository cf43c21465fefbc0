// First which paths of which splits nobody takes, then which nodes only these lead to, then which outcomes conditions
// cannot have.

#include "engine/harness/explore_proof.hpp"

#include "journeys/expressions.hpp"
#include "journeys/graph.hpp"

namespace caravan::exploring {
namespace {

using Of = std::function<Truth(std::size_t)>;

/// What can vary: the classes of one attribute's values, or one leaf that may come to anything.
struct Dimension {
  std::vector<std::size_t> leaves;
  std::vector<std::vector<Truth>> classes;  ///< each: what these leaves come to
};

std::vector<Dimension> dimensions_of(const Leaves& leaves, const std::set<std::size_t>& used) {
  std::vector<Dimension> dimensions;
  std::map<Quality, Dimension> by_quality;
  for (const std::size_t leaf : used) {
    if (leaves.all()[leaf].exact)
      by_quality[*leaves.all()[leaf].quality].leaves.push_back(leaf);
    else
      dimensions.push_back({{leaf}, {{Truth::no}, {Truth::yes}, {Truth::failed}}});
  }
  for (auto& [quality, dimension] : by_quality) {
    std::set<std::vector<Truth>> classes;
    for (std::size_t value = 0; value < leaves.values(quality).size(); ++value) {
      std::vector<Truth> answers;
      for (const std::size_t leaf : dimension.leaves)
        answers.push_back(leaves.all()[leaf].answers[value]);
      classes.insert(std::move(answers));
    }
    dimension.classes.assign(classes.begin(), classes.end());
    dimensions.push_back(std::move(dimension));
  }
  return dimensions;
}

bool fits(const Wanted& wanted, const Of& of) {
  return std::find(wanted.to.begin(), wanted.to.end(), truth_of(*wanted.logic, of)) != wanted.to.end();
}

const std::vector<Truth> kNotYes = {Truth::no, Truth::failed};

/// A split with its conditions taken apart, and with those that were met on the way to it at the same instant.
struct Branching {
  const NodeDefinition* node = nullptr;
  std::vector<Wanted> before;                      ///< whoever comes here fits these
  std::string came_by;                             ///< `by-size/large`, where `before` says anything
  std::vector<std::unique_ptr<Logic>> conditions;  ///< by path; null: everyone else
};

bool chooses_by_condition(const NodeDefinition& node) {
  return node.shape->type == "split" || node.shape->type == "split_people";
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += '"' + names[i] + '"';
  }
  return text;
}

}  // namespace

bool each_combination(const Leaves& leaves, std::span<const Logic* const> logics,
                      const std::function<bool(const Of&)>& visit) {
  std::set<std::size_t> used;
  for (const Logic* logic : logics)
    leaves_of(*logic, used);
  const std::vector<Dimension> dimensions = dimensions_of(leaves, used);
  std::size_t combinations = 1;
  for (const Dimension& dimension : dimensions) {
    combinations *= dimension.classes.size();
    if (combinations > kMostCombinations) return false;
  }
  std::vector<Truth> now(leaves.all().size(), Truth::failed);
  const Of of = [&](std::size_t leaf) { return now[leaf]; };
  for (std::size_t combination = 0; combination < combinations; ++combination) {
    std::size_t rest = combination;
    for (const Dimension& dimension : dimensions) {
      const std::vector<Truth>& answers = dimension.classes[rest % dimension.classes.size()];
      rest /= dimension.classes.size();
      for (std::size_t i = 0; i < answers.size(); ++i)
        now[dimension.leaves[i]] = answers[i];
    }
    if (!visit(of)) return true;
  }
  return true;
}

struct Proofs::Findings {
  explicit Findings(const Workspace& workspace, const JourneyDefinition& the_journey)
      : journey(the_journey), leaves({}), graph(graph_of(the_journey)) {
    gather();
    leaves.evaluate();
    for (const auto& branching : branchings)
      prove_paths(*branching);
    prove_nodes();
    prove_outcomes(workspace);
  }

  // Which conditions there are.

  void gather() {
    // In the order of the graph a split comes before what stands in its paths.
    for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
      if (!chooses_by_condition(*graph.nodes[node])) continue;
      auto branching = std::make_unique<Branching>();
      branching->node = graph.nodes[node];
      come_by(node, *branching);
      for (const PathDefinition& path : branching->node->paths)
        branching->conditions.push_back(path.when ? std::make_unique<Logic>(leaves.add(*path.when)) : nullptr);
      branchings.push_back(std::move(branching));
    }
  }

  /// Where the one way to a split is a path of another split, whoever comes has just fitted that path.
  void come_by(std::size_t node, Branching& branching) {
    const Edge* way = nullptr;
    for (const Edge& edge : graph.edges) {
      if (edge.to != node) continue;
      if (way != nullptr) return;
      way = &edge;
    }
    if (node == 0 || way == nullptr || way->kind != EdgeKind::path) return;
    const Branching* from = branching_at(*graph.nodes[way->from]);
    if (from == nullptr || way->path == nullptr) return;
    branching.before = from->before;
    const auto path = static_cast<std::size_t>(way->path - from->node->paths.data());
    if (path >= from->node->paths.size()) return;
    add_way(*from, path, branching.before);
    branching.came_by = from->node->id + "/" + way->path->name;
  }

  const Branching* branching_at(const NodeDefinition& node) const {
    for (const auto& each : branchings)
      if (each->node == &node) return each.get();
    return nullptr;
  }

  /// That somebody takes a path: its condition holds, and those before it do not.
  static void add_way(const Branching& branching, std::size_t path, std::vector<Wanted>& to) {
    for (std::size_t i = 0; i < path; ++i)
      if (branching.conditions[i]) to.push_back({branching.conditions[i].get(), kNotYes});
    if (path < branching.conditions.size() && branching.conditions[path])
      to.push_back({branching.conditions[path].get()});
  }

  // What can come of them.

  /// Whether values can bring all of that. Where there are too many to go through, they can.
  bool is_possible(const std::vector<Wanted>& wanted) const {
    std::vector<const Logic*> logics;
    for (const Wanted& each : wanted)
      logics.push_back(each.logic);
    bool found = false;
    const bool through = each_combination(leaves, logics, [&](const Of& of) {
      found = std::all_of(wanted.begin(), wanted.end(), [&](const Wanted& each) { return fits(each, of); });
      return !found;
    });
    return found || !through;
  }

  std::string subject(const NodeDefinition& node) const {
    const auto at = std::find(graph.nodes.begin(), graph.nodes.end(), &node);
    const bool within_people = at != graph.nodes.end() &&
                               graph.people_split[static_cast<std::size_t>(at - graph.nodes.begin())] != Graph::none;
    const bool is_person = within_people || node.divides_people || journey.subject == JourneySubject::person;
    return is_person ? "person" : "account";
  }

  void prove_paths(const Branching& branching) {
    const NodeDefinition& node = *branching.node;
    const std::string who = subject(node);
    const std::string here = branching.came_by.empty() ? who : who + " that comes here by " + branching.came_by;
    for (std::size_t path = 0; path <= node.paths.size(); ++path) {
      const bool is_none = path == node.paths.size();
      if (is_none && (node.paths.empty() || !node.paths.back().when)) continue;
      std::vector<Wanted> wanted = branching.before;
      add_way(branching, path, wanted);
      if (is_possible(wanted)) continue;
      const std::string name = is_none ? std::string(kNoPathTaken) : node.paths[path].name;
      taken_by_nobody[{node.id, name}] = reason(branching, path, who, here);
    }
  }

  std::string reason(const Branching& branching, std::size_t path, const std::string& who,
                     const std::string& here) const {
    const NodeDefinition& node = *branching.node;
    if (path == node.paths.size()) return "every " + here + " fits one of its paths";
    const Logic* condition = branching.conditions[path].get();
    if (condition != nullptr && !is_possible({{condition}})) return "its condition holds for no " + who;
    std::vector<Wanted> alone = branching.before;
    if (condition != nullptr) alone.push_back({condition});
    if (!is_possible(alone)) return "its condition holds for no " + here;
    const std::vector<std::string> takers = who_takes(branching, path, alone);
    const std::string fitting = condition == nullptr ? "every " + here : "every " + here + " that fits it";
    return fitting + " takes the path " + quoted_list(takers) + " before";
  }

  /// The paths that those take first who fit `wanted`, which is no more than what is asked for.
  std::vector<std::string> who_takes(const Branching& branching, std::size_t path,
                                     const std::vector<Wanted>& wanted) const {
    std::vector<const Logic*> logics;
    for (const Wanted& each : wanted)
      logics.push_back(each.logic);
    for (std::size_t i = 0; i < path; ++i)
      if (branching.conditions[i]) logics.push_back(branching.conditions[i].get());
    std::set<std::size_t> takers;
    each_combination(leaves, logics, [&](const Of& of) {
      if (!std::all_of(wanted.begin(), wanted.end(), [&](const Wanted& each) { return fits(each, of); })) return true;
      for (std::size_t i = 0; i < path; ++i) {
        if (!branching.conditions[i] || truth_of(*branching.conditions[i], of) == Truth::yes) {
          takers.insert(i);
          break;
        }
      }
      return true;
    });
    std::vector<std::string> names;
    for (const std::size_t taker : takers)
      names.push_back(branching.node->paths[taker].name);
    return names;
  }

  void prove_nodes() {
    std::vector<bool> reached(graph.nodes.size(), false);
    std::vector<std::size_t> open;
    if (!graph.nodes.empty()) open.push_back(0);
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      if (reached[node]) continue;
      reached[node] = true;
      for (const Edge& edge : graph.edges_of(node)) {
        if (edge.to == Graph::end || is_closed(edge)) continue;
        open.push_back(edge.to);
      }
    }
    for (std::size_t node = 0; node < graph.nodes.size(); ++node)
      if (!reached[node]) closed_nodes[graph.nodes[node]->id] = why_closed(node, reached);
  }

  bool is_closed(const Edge& edge) const {
    return edge.path != nullptr && taken_by_nobody.contains({graph.nodes[edge.from]->id, edge.path->name});
  }

  std::string why_closed(std::size_t node, const std::vector<bool>& reached) const {
    std::vector<std::string> ways;
    for (const Edge& edge : graph.edges) {
      if (edge.to != node) continue;
      const std::string& from = graph.nodes[edge.from]->id;
      ways.push_back(reached[edge.from] && edge.path != nullptr ? from + "/" + edge.path->name : from);
    }
    return "only " + quoted_list(ways) + (ways.size() > 1 ? " lead" : " leads") + " here, where nobody can go";
  }

  // The outcomes of conditions and of their parts.

  void prove_outcomes(const Workspace& workspace) {
    for (const auto& branching : branchings) {
      const std::vector<PathDefinition>& paths = branching->node->paths;
      std::vector<Wanted> wanted = branching->before;
      for (std::size_t path = 0; path < paths.size(); ++path) {
        const Logic* logic = branching->conditions[path].get();
        if (logic == nullptr) continue;
        prove_outcomes_of(*paths[path].when, *logic, wanted, "who is asked");
        wanted.push_back({logic, kNotYes});
      }
    }
    // What stands alone, each with leaves of its own.
    const auto alone = [&](const Expression& expression) {
      if (expression.conditions.empty() || outcomes_proved.contains(key_of(expression.conditions.back()))) return;
      Leaves own({});
      const Logic logic = own.add(expression);
      own.evaluate();
      std::swap(leaves, own);
      prove_outcomes_of(expression, logic, {}, "anybody");
      std::swap(leaves, own);
    };
    each_expression(journey, alone);
    if (const auto audience = workspace.audiences.find(journey.audience); audience != workspace.audiences.end())
      alone(audience->second.when);
  }

  using PlaceKey = std::tuple<const SourceFile*, std::size_t, std::size_t>;
  static PlaceKey key_of(const Place& place) { return {place.file, place.offset, place.length}; }

  void prove_outcomes_of(const Expression& expression, const Logic& logic, const std::vector<Wanted>& asked,
                         const char* whom) {
    for (std::size_t i = 0; i < expression.conditions.size(); ++i) {
      outcomes_proved.insert(key_of(expression.conditions[i]));
      const Logic* part = part_at(logic, expression.program->conditions()[i]);
      if (part == nullptr) continue;
      for (const bool outcome : {true, false}) {
        std::vector<Wanted> wanted = asked;
        wanted.push_back({part, {outcome ? Truth::yes : Truth::no}});
        if (is_possible(wanted)) continue;
        impossible_outcomes[{key_of(expression.conditions[i]), outcome}] =
            std::string("it is ") + (outcome ? "true" : "false") + " for nobody" +
            (asked.empty() ? "" : std::string(" ") + whom);
      }
    }
  }

  const JourneyDefinition& journey;
  Leaves leaves;
  Graph graph;
  std::vector<std::unique_ptr<Branching>> branchings;
  std::map<std::pair<std::string, std::string>, std::string> taken_by_nobody;  ///< by node and path: why
  std::map<std::string, std::string> closed_nodes;
  std::set<PlaceKey> outcomes_proved;
  std::map<std::pair<PlaceKey, bool>, std::string> impossible_outcomes;
};

Proofs::Proofs(const Workspace& workspace, const JourneyDefinition& journey)
    : findings_(std::make_unique<const Findings>(workspace, journey)) {}

Proofs::~Proofs() = default;

std::optional<std::string> Proofs::why_not(const CoverPoint& point) const {
  if (point.kind == CoverPoint::Kind::node || !point.node.empty()) {
    const auto closed = findings_->closed_nodes.find(point.node);
    if (closed != findings_->closed_nodes.end())
      return point.kind == CoverPoint::Kind::node ? closed->second : "nobody can come to the node " + point.node;
  }
  if (point.kind == CoverPoint::Kind::path) {
    const auto nobody = findings_->taken_by_nobody.find({point.node, point.path});
    if (nobody != findings_->taken_by_nobody.end()) return nobody->second;
  }
  if (point.kind == CoverPoint::Kind::condition) {
    const auto never = findings_->impossible_outcomes.find({Findings::key_of(point.place), point.outcome});
    if (never != findings_->impossible_outcomes.end()) return never->second;
  }
  return std::nullopt;
}

}  // namespace caravan::exploring
