#include "engine/harness/coverage_points.hpp"

#include "journeys/expressions.hpp"

namespace caravan {
namespace {

using Kind = CoverPoint::Kind;

class Collector {
 public:
  Collector(CoverPoints& points, const JourneyDefinition& journey)
      : points_(points), journey_(journey), own_(points.journeys[journey.name]) {
    own_.definition = &journey;
  }

  void collect() {
    if (journey_.event) conditions_of(journey_.event->where, {});
    conditions_of(journey_.exit_when, {});
    conditions_of(journey_.goal, {});
    for (const NodeDefinition& node : journey_.nodes)
      collect(node);
    const auto audience = points_.workspace->audiences.find(journey_.audience);
    if (audience != points_.workspace->audiences.end()) conditions_of(audience->second.when, {}, Shared::yes);
  }

 private:
  enum class Shared { no, yes };

  void collect(const NodeDefinition& node) {
    const std::size_t position = own_.nodes.size();
    own_.by_id.emplace(node.id, position);
    own_.definitions.push_back(&node);
    own_.nodes.emplace_back();
    own_.nodes[position].node = add({.kind = Kind::node, .node = node.id, .place = node.place});
    each_expression(node, [&](const Expression& expression) { conditions_of(expression, node.id); });
    const bool is_listen = node.shape->type == "listen";
    if (is_listen) {
      own_.nodes[position].heard =
          add({.kind = Kind::path, .node = node.id, .path = std::string(kHeard), .place = node.place});
    }
    if (const auto found = node.settings.find("timeout"); found != node.settings.end()) {
      own_.nodes[position].time_out = add({.kind = Kind::time_out, .node = node.id, .place = found->second.place});
    }
    for (const PathDefinition& path : node.paths) {
      // The way of a listen's time-out is its time-out.
      const bool is_time_out = is_listen && path.name == "timeout";
      const std::size_t point =
          is_time_out ? kNoPoint : add({.kind = Kind::path, .node = node.id, .path = path.name, .place = path.place});
      own_.nodes[position].paths.push_back(point);
      conditions_of(path.when, node.id);
      for (const NodeDefinition& inner : path.nodes)
        collect(inner);
    }
    may_match_none(node);
  }

  /// Nobody fits a split's paths exactly when the condition of its last one was asked and does not hold.
  void may_match_none(const NodeDefinition& node) {
    if (node.shape->continues != Continues::by_paths || node.paths.empty()) return;
    const std::optional<Expression>& last = node.paths.back().when;
    if (!last || last->conditions.empty() || always_holds(*last)) return;
    add({.kind = Kind::path, .node = node.id, .path = std::string(kNoPathTaken), .place = node.place},
        CoverPoints::Seen{.probe = probe_of_whole(*last), .no = true, .failed = true});
  }

  void conditions_of(const std::optional<Expression>& expression, const std::string& node) {
    if (expression) conditions_of(*expression, node);
  }

  /// A condition that is always the same is none.
  void conditions_of(const Expression& expression, const std::string& node, Shared shared = Shared::no) {
    if (expression.conditions.empty() || expression.program->constant()) return;
    for (std::size_t part = 0; part < expression.conditions.size(); ++part) {
      const auto probe = expression.first_probe + static_cast<std::uint32_t>(part);
      for (const bool outcome : {true, false}) {
        add({.kind = Kind::condition, .node = node, .place = expression.conditions[part], .outcome = outcome},
            CoverPoints::Seen{.probe = probe, .yes = outcome, .no = !outcome}, shared);
      }
    }
  }

  static std::uint32_t probe_of_whole(const Expression& expression) {
    return expression.first_probe + static_cast<std::uint32_t>(expression.conditions.size() - 1);
  }

  static bool always_holds(const Expression& expression) {
    const std::optional<cel::Value>& constant = expression.program->constant();
    return constant && constant->is(cel::Kind::boolean) && constant->as_boolean();
  }

  std::size_t add(CoverPoint point, std::optional<CoverPoints::Seen> seen = {}, Shared shared = Shared::no) {
    point.journey = journey_.name;
    points_.all.push_back({std::move(point), seen, shared == Shared::yes});
    return points_.all.size() - 1;
  }

  CoverPoints& points_;
  const JourneyDefinition& journey_;
  JourneyPoints& own_;
};

void renumber(std::size_t& point, const std::vector<std::size_t>& to) {
  if (point != kNoPoint) point = to[point];
}

/// By journey, its own file first, then by offset, a whole before its parts; what was collected first stays first.
void put_in_order(CoverPoints& points) {
  const auto rank = [](const CoverPoints::Entry& entry) {
    const Place& place = entry.point.place;
    const std::size_t shortness = std::numeric_limits<std::size_t>::max() - place.length;
    return std::tuple(std::string_view(entry.point.journey), entry.is_shared, place.offset, shortness);
  };
  std::vector<std::size_t> order(points.all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank(points.all[a]) < rank(points.all[b]); });
  std::vector<std::size_t> to(order.size());
  std::vector<CoverPoints::Entry> sorted;
  for (std::size_t place = 0; place < order.size(); ++place) {
    to[order[place]] = place;
    sorted.push_back(std::move(points.all[order[place]]));
  }
  points.all = std::move(sorted);
  for (auto& [name, journey] : points.journeys) {
    for (NodePoints& node : journey.nodes) {
      renumber(node.node, to);
      renumber(node.time_out, to);
      renumber(node.heard, to);
      for (std::size_t& path : node.paths)
        renumber(path, to);
    }
  }
}

}  // namespace

std::shared_ptr<const CoverPoints> cover_points_of(const Workspace& workspace) {
  auto points = std::make_shared<CoverPoints>();
  points->workspace = &workspace;
  for (const auto& [name, journey] : workspace.journeys)
    Collector(*points, journey).collect();
  put_in_order(*points);
  return points;
}

}  // namespace caravan
