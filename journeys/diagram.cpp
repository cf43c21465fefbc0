#include "journeys/diagram.hpp"

#include "journeys/diagram_labels.hpp"
#include "journeys/graph.hpp"

namespace caravan {
namespace {

/// How a node looks.
enum class Look { plain, stop, split, people_split, join, start, long_start };

enum class Line { whole, dashed };

struct Paint {
  std::string_view name;
  std::string_view fill;
  std::string_view stroke;
};
/// By Shade; text on these fills stays dark, whatever the theme is.
constexpr std::array<Paint, 4> paints = {
    {{"", "", ""}, {"good", "#e0f2e1", "#2e7d32"}, {"middling", "#fff3cd", "#b26a00"}, {"bad", "#fde2e1", "#c62828"}}};
constexpr const Paint& paint_of(Shade shade) {
  return paints[static_cast<std::size_t>(shade)];
}

/// What has been given a shade, by Shade: names of nodes, and numbers of edges in the order they were drawn.
struct Shaded {
  std::array<std::string, paints.size()> nodes;
  std::array<std::string, paints.size()> edges;
};

/// What the two formats write differently. Labels are escaped.
struct Notation {
  std::string (*escaped)(std::string_view text);
  std::string_view line_break;
  std::string (*node)(const std::string& name, const std::string& label, Look look, Shade shade);
  std::string (*edge)(const std::string& from, const std::string& to, const std::string& label, Line line, Shade shade);
  /// What tells of shades behind all nodes and edges, where these do not tell of them themselves.
  std::string (*shades)(const Shaded& shaded);
  std::string (*opening)(const std::string& title);
  std::string_view end_node;
  std::string_view closing;
};

/// Mermaid reads entities in quoted labels; everything that could be markup becomes one.
std::string mermaid_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte >= 0x80 || std::isalnum(byte) != 0 ||
                          std::string_view(" .,:-_/@+=()!?%*'").find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
    } else if (byte >= 0x20 && byte != 0x7F) {
      out += "#" + std::to_string(byte) + ";";
    } else {
      out += ' ';
    }
  }
  return out;
}

std::string mermaid_shades(const Shaded& shaded) {
  std::string out;
  for (std::size_t shade = 1; shade < paints.size(); ++shade) {
    const Paint& paint = paints[shade];
    const std::string name(paint.name);
    const std::string stroke = "stroke:" + std::string(paint.stroke);
    if (!shaded.nodes[shade].empty()) {
      out += "  classDef " + name + " fill:" + std::string(paint.fill) + "," + stroke + ",color:#1b1b1b\n  class " +
             shaded.nodes[shade] + " " + name + "\n";
    }
    if (!shaded.edges[shade].empty())
      out += "  linkStyle " + shaded.edges[shade] + " " + stroke + ",stroke-width:2px\n";
  }
  return out;
}

std::string dot_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return out;
}

const Notation& mermaid() {
  static const Notation notation{
      .escaped = mermaid_escaped,
      .line_break = "<br/>",
      .node =
          [](const std::string& name, const std::string& label, Look look, Shade) {
            constexpr std::array<std::pair<std::string_view, std::string_view>, 7> brackets = {{{"[\"", "\"]"},
                                                                                                {"([\"", "\"])"},
                                                                                                {"{{\"", "\"}}"},
                                                                                                {"[/\"", "\"\\]"},
                                                                                                {"[\\\"", "\"/]"},
                                                                                                {"((\"", "\"))"},
                                                                                                {"(\"", "\")"}}};
            const auto& [open, close] = brackets[static_cast<std::size_t>(look)];
            return "  " + name + std::string(open) + label + std::string(close) + "\n";
          },
      .edge =
          [](const std::string& from, const std::string& to, const std::string& label, Line line, Shade) {
            const std::string arrow = line == Line::dashed ? " -.->" : " -->";
            return "  " + from + arrow + (label.empty() ? " " : "|\"" + label + "\"| ") + to + "\n";
          },
      .shades = mermaid_shades,
      .opening = [](const std::string&) { return std::string("flowchart TD\n"); },
      .end_node = "  finish(((\"end\")))\n",
      .closing = "",
  };
  return notation;
}

const Notation& dot() {
  static const Notation notation{
      .escaped = dot_escaped,
      .line_break = "\\n",
      .node =
          [](const std::string& name, const std::string& label, Look look, Shade shade) {
            constexpr std::array<std::string_view, 7> shapes = {
                "box", "ellipse", "hexagon", "trapezium", "invtrapezium", "circle", "box, style=rounded"};
            const Paint& paint = paint_of(shade);
            const std::string colours = shade == Shade::plain
                                            ? ""
                                            : ", style=filled, fillcolor=\"" + std::string(paint.fill) +
                                                  "\", color=\"" + std::string(paint.stroke) + "\"";
            return "  " + name + " [shape=" + std::string(shapes[static_cast<std::size_t>(look)]) + colours +
                   ", label=\"" + label + "\"];\n";
          },
      .edge =
          [](const std::string& from, const std::string& to, const std::string& label, Line line, Shade shade) {
            std::string attributes = label.empty() ? "" : "label=\"" + label + "\"";
            const auto add = [&](const std::string& more) { attributes += (attributes.empty() ? "" : ", ") + more; };
            if (line == Line::dashed) add("style=dashed");
            if (shade != Shade::plain) add("color=\"" + std::string(paint_of(shade).stroke) + "\", penwidth=2");
            return "  " + from + " -> " + to + (attributes.empty() ? "" : " [" + attributes + "]") + ";\n";
          },
      .shades = [](const Shaded&) { return std::string(); },
      .opening =
          [](const std::string& title) {
            return "digraph \"" + title +
                   "\" {\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n";
          },
      .end_node = "  finish [shape=doublecircle, label=\"end\"];\n",
      .closing = "}\n",
  };
  return notation;
}

bool is_split(const NodeDefinition& node) {
  return node.shape != nullptr && node.shape->continues == Continues::by_paths;
}

Look look_of(const NodeDefinition& node) {
  if (node.divides_people) return Look::people_split;
  if (is_split(node)) return Look::split;
  return node.shape != nullptr && node.shape->stops != Stops::never ? Look::stop : Look::plain;
}

std::string node_name(std::size_t index) {
  return "n" + std::to_string(index);
}

std::string join_name(std::size_t people_split) {
  return "j" + std::to_string(people_split);
}

class Drawing {
 public:
  Drawing(const JourneyDefinition& journey, const Notation& notation, const DiagramFigures& figures)
      : journey_(journey),
        notation_(notation),
        figures_(figures),
        zone_(journey.timezone.empty() ? figures.timezone : journey.timezone),
        graph_(graph_of(journey)) {}

  std::string draw() {
    out_ = notation_.opening(notation_.escaped(journey_.title));
    // A circle around much text is larger than the rest of the picture.
    const Lines start = start_label(journey_, zone_);
    out_ += notation_.node("start", joined(start), start.size() == 1 ? Look::start : Look::long_start, Shade::plain);
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
      draw_node(node);
    out_ += notation_.end_node;
    if (!graph_.nodes.empty()) add("start", node_name(0), {}, Line::whole);
    for (const Edge& edge : graph_.edges)
      draw_edge(edge);
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
      draw_unwritten(node);
    out_ += notation_.shades(shaded_);
    return out_ + std::string(notation_.closing);
  }

 private:
  void draw_node(std::size_t node) {
    const NodeDefinition& definition = *graph_.nodes[node];
    const Shade shade = figures_.shade_of_node ? figures_.shade_of_node(definition) : Shade::plain;
    note(shaded_.nodes, shade, node_name(node));
    out_ +=
        notation_.node(node_name(node), joined(node_label(definition, zone_, figures_)), look_of(definition), shade);
    if (definition.divides_people) out_ += notation_.node(join_name(node), "together", Look::join, Shade::plain);
  }

  /// The way from a people split straight to its join is drawn as the way on from the join.
  void draw_edge(const Edge& edge) {
    const NodeDefinition& from = *graph_.nodes[edge.from];
    const bool is_from_join = edge.kind == EdgeKind::join && edge.path == nullptr && from.divides_people;
    const std::string begin = is_from_join ? join_name(edge.from) : node_name(edge.from);
    const bool ends_at_join = edge.kind == EdgeKind::join && !is_from_join;
    const std::string target = edge.to == Graph::end ? "finish" : node_name(edge.to);
    const bool is_exit = edge.path != nullptr && !is_split(from);
    const std::string end = ends_at_join ? join_name(graph_.begins_in(edge)) : target;
    if (edge.path != nullptr) {
      const Shade shade = figures_.shade_of_path ? figures_.shade_of_path(from, *edge.path) : Shade::plain;
      add(begin, end, path_label(from, *edge.path, figures_), is_exit ? Line::dashed : Line::whole, shade);
    } else if (is_from_join) {
      add(begin, end, {}, Line::whole);
    } else {
      add_way(from, Way::onward, begin, end, {});
    }
  }

  /// Ways that nobody has written: out of the journey, or of a person's way through it.
  void draw_unwritten(std::size_t node) {
    const NodeDefinition& definition = *graph_.nodes[node];
    const std::size_t people_split = graph_.people_split[node];
    const std::string out = people_split == Graph::none ? "finish" : join_name(people_split);
    if (graph_.edges_of(node).empty()) {
      add_way(definition, Way::onward, node_name(node), out, {});
    } else if (may_match_none(definition)) {
      const std::string past = definition.divides_people ? join_name(node) : out;
      add_way(definition, Way::no_match, node_name(node), past, {"no match"});
    } else if (may_time_out(definition)) {
      add_way(definition, Way::time_out, node_name(node), out, {"timeout"});
    }
  }

  static bool may_match_none(const NodeDefinition& node) {
    return is_split(node) && !node.paths.empty() && node.paths.back().when;
  }

  static bool may_time_out(const NodeDefinition& node) {
    const bool is_listen = node.shape != nullptr && node.shape->stops == Stops::with_timeout;
    const auto is_timeout = [](const PathDefinition& path) { return path.name == "timeout"; };
    return is_listen && node.settings.contains("timeout") &&
           std::none_of(node.paths.begin(), node.paths.end(), is_timeout);
  }

  void add_way(const NodeDefinition& node, Way way, const std::string& from, const std::string& to, Lines label) {
    if (figures_.of_way) {
      if (std::string figure = figures_.of_way(node, way); !figure.empty()) label.push_back(std::move(figure));
    }
    add(from, to, label, way == Way::time_out ? Line::dashed : Line::whole,
        figures_.shade_of_way ? figures_.shade_of_way(node, way) : Shade::plain);
  }

  void add(const std::string& from, const std::string& to, const Lines& label, Line line, Shade shade = Shade::plain) {
    note(shaded_.edges, shade, std::to_string(edges_++));
    out_ += notation_.edge(from, to, joined(label), line, shade);
  }

  static void note(std::array<std::string, paints.size()>& to, Shade shade, const std::string& what) {
    if (shade == Shade::plain) return;
    std::string& list = to[static_cast<std::size_t>(shade)];
    list += (list.empty() ? "" : ",") + what;
  }

  std::string joined(const Lines& lines) const {
    std::string out;
    for (const std::string& line : lines) {
      if (&line != &lines.front()) out += notation_.line_break;
      out += notation_.escaped(line);
    }
    return out;
  }

  const JourneyDefinition& journey_;
  const Notation& notation_;
  const DiagramFigures& figures_;
  std::string zone_;  ///< in which times are shown
  Graph graph_;
  Shaded shaded_;
  std::size_t edges_ = 0;  ///< drawn so far
  std::string out_;
};

}  // namespace

std::string diagram_of(const JourneyDefinition& journey, DiagramFormat format, const DiagramFigures& figures) {
  return Drawing(journey, format == DiagramFormat::mermaid ? mermaid() : dot(), figures).draw();
}

}  // namespace caravan
