// A journey's picture, coloured by what scenarios have taken of it.

#include "tools/caravan/report/coverage_report.hpp"

namespace caravan::tools {
namespace {

using Kind = CoverPoint::Kind;

/// What is known of one node.
struct NodeCover {
  std::int64_t visits = 0;
  std::int64_t taken = 0;  ///< of its ways and of the outcomes of its conditions
  std::int64_t of = 0;
  std::map<std::string, std::int64_t, std::less<>> paths;
  std::optional<std::int64_t> time_outs;
};

std::string times(std::int64_t count) {
  return count == 0 ? "✗ never" : "✓ " + counted(count, "time", "times");
}

Shade shade_of(std::int64_t count) {
  return count == 0 ? Shade::bad : Shade::good;
}

class JourneyCover {
 public:
  JourneyCover(const Coverage& coverage, const std::string& journey) {
    for (const auto& [point, count] : coverage.counts()) {
      if (point.journey != journey || point.node.empty()) continue;
      NodeCover& node = nodes_[point.node];
      if (point.kind == Kind::node) {
        node.visits = count;
        continue;
      }
      if (point.kind == Kind::path) node.paths[point.path] = count;
      if (point.kind == Kind::time_out) node.time_outs = count;
      ++node.of;
      node.taken += count > 0 ? 1 : 0;
    }
  }

  const NodeCover& of(const NodeDefinition& node) const {
    static const NodeCover nothing;
    const auto found = nodes_.find(node.id);
    return found == nodes_.end() ? nothing : found->second;
  }

  /// How often a way was taken; nothing for one that is not counted.
  std::optional<std::int64_t> taken(const NodeDefinition& node, std::string_view path) const {
    const NodeCover& cover = of(node);
    const auto found = cover.paths.find(path);
    return found == cover.paths.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::int64_t> taken(const NodeDefinition& node, const PathDefinition& path) const {
    const std::optional<std::int64_t> by_name = taken(node, path.name);
    return by_name ? by_name : of(node).time_outs;
  }
  std::optional<std::int64_t> taken(const NodeDefinition& node, Way way) const {
    switch (way) {
      case Way::onward: return taken(node, kHeard);
      case Way::no_match: return taken(node, kNoPathTaken);
      case Way::time_out: return of(node).time_outs;
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, NodeCover, std::less<>> nodes_;
};

bool is_partly(const NodeCover& node) {
  return node.visits > 0 && node.taken < node.of;
}

/// `✓ 12 times`, `◐ 12 times, 5 of 8 ways and outcomes`, `✗ never`
std::string figure_of(const NodeCover& node) {
  if (!is_partly(node)) return times(node.visits);
  return "◐ " + counted(node.visits, "time", "times") + ", " + std::to_string(node.taken) + " of " +
         std::to_string(node.of) + " ways and outcomes";
}

}  // namespace

std::string picture_of(const Coverage& coverage, const JourneyDefinition& journey, DiagramFormat format,
                       const std::string& timezone) {
  const JourneyCover cover(coverage, journey.name);
  const auto words = [](std::optional<std::int64_t> count) { return count ? times(*count) : std::string(); };
  const auto shade = [](std::optional<std::int64_t> count) { return count ? shade_of(*count) : Shade::plain; };
  DiagramFigures figures;
  figures.timezone = timezone;
  figures.of_node = [&](const NodeDefinition& node) { return figure_of(cover.of(node)); };
  figures.of_path = [&](const NodeDefinition& node, const PathDefinition& path) {
    return words(cover.taken(node, path));
  };
  figures.of_way = [&](const NodeDefinition& node, Way way) { return words(cover.taken(node, way)); };
  figures.shade_of_node = [&](const NodeDefinition& node) {
    return is_partly(cover.of(node)) ? Shade::middling : shade_of(cover.of(node).visits);
  };
  figures.shade_of_path = [&](const NodeDefinition& node, const PathDefinition& path) {
    return shade(cover.taken(node, path));
  };
  figures.shade_of_way = [&](const NodeDefinition& node, Way way) { return shade(cover.taken(node, way)); };
  return diagram_of(journey, format, figures);
}

}  // namespace caravan::tools
