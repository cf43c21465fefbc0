#include "journeys/diagram.hpp"

#include "journeys/graph.hpp"
#include "journeys/utf8.hpp"

namespace caravan {
namespace {

constexpr std::size_t longest_setting = 40;

std::string cut(std::string_view text, std::size_t longest) {
  std::string out;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (++characters > longest) return out + "…";
    const bool is_break = point.valid && point.value < 0x20;
    out += is_break ? " " : std::string(text.substr(at, point.length));
    at += point.length;
  }
  return out;
}

std::string text_of(const SettingValue& value) {
  struct Say {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
    std::string operator()(const CalendarDuration& duration) const { return to_text(duration); }
    std::string operator()(const Expression& expression) const { return expression.text; }
    std::string operator()(const ValueMap& values) const {
      std::string out;
      for (const NamedExpression& one : values)
        out += (out.empty() ? "" : ", ") + one.name;
      return out;
    }
    std::string operator()(const Recipients& recipients) const {
      std::string out;
      for (const Recipient& one : recipients) {
        out += (out.empty() ? "" : ", ") + (one.expression ? one.expression->text : one.address);
      }
      return out;
    }
  };
  return std::visit(Say{}, value);
}

/// The settings in a few words, those of the shape's first keys first.
std::string settings_of(const NodeDefinition& node) {
  std::string out;
  if (node.shape == nullptr) return out;
  for (const KeyShape& key : node.shape->keys) {
    const auto found = node.settings.find(key.name);
    if (found == node.settings.end()) continue;
    out += (out.empty() ? "" : ", ") + text_of(found->second.value);
  }
  return cut(out, longest_setting);
}

std::vector<std::string> lines_of(const NodeDefinition& node, const DiagramFigures& figures) {
  std::vector<std::string> lines = {node.id};
  const std::string settings = settings_of(node);
  std::string type = node.shape == nullptr ? std::string("?") : std::string(node.shape->type);
  if (!settings.empty()) type += ": " + settings;
  lines.push_back(std::move(type));
  if (figures.of_node) {
    std::string figure = figures.of_node(node);
    if (!figure.empty()) lines.push_back(std::move(figure));
  }
  return lines;
}

std::vector<std::string> lines_of(const NodeDefinition& node, const PathDefinition& path,
                                  const DiagramFigures& figures) {
  std::vector<std::string> lines = {path.name};
  if (figures.of_path) {
    std::string figure = figures.of_path(node, path);
    if (!figure.empty()) lines.push_back(std::move(figure));
  }
  return lines;
}

/// What the two formats write differently.
struct Notation {
  std::string (*escaped)(std::string_view text);
  std::string_view line_break;
  std::string (*node)(std::size_t index, const std::string& label, const NodeDefinition& node);
  std::string (*edge)(const std::string& from, const std::string& to, const std::string& label);
  std::string (*opening)(const std::string& title);
  std::string (*start)(const std::string& label);
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

std::string dot_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return out;
}

bool is_split(const NodeDefinition& node) {
  return node.shape != nullptr && node.shape->continues == Continues::by_paths;
}

std::string node_name(std::size_t index) {
  return "n" + std::to_string(index);
}

const Notation& mermaid() {
  static const Notation notation{
      .escaped = mermaid_escaped,
      .line_break = "<br/>",
      .node =
          [](std::size_t index, const std::string& label, const NodeDefinition& node) {
            const bool waits = node.shape != nullptr && node.shape->stops == Stops::always;
            const std::string_view open = is_split(node) ? "{{\"" : waits ? "([\"" : "[\"";
            const std::string_view close = is_split(node) ? "\"}}" : waits ? "\"])" : "\"]";
            return "  " + node_name(index) + std::string(open) + label + std::string(close) + "\n";
          },
      .edge =
          [](const std::string& from, const std::string& to, const std::string& label) {
            return "  " + from + (label.empty() ? " --> " : " -->|\"" + label + "\"| ") + to + "\n";
          },
      .opening = [](const std::string&) { return std::string("flowchart TD\n"); },
      .start = [](const std::string& label) { return "  start((\"" + label + "\"))\n"; },
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
          [](std::size_t index, const std::string& label, const NodeDefinition& node) {
            const bool waits = node.shape != nullptr && node.shape->stops == Stops::always;
            const std::string_view shape = is_split(node) ? "hexagon" : waits ? "ellipse" : "box";
            return "  " + node_name(index) + " [shape=" + std::string(shape) + ", label=\"" + label + "\"];\n";
          },
      .edge =
          [](const std::string& from, const std::string& to, const std::string& label) {
            return "  " + from + " -> " + to + (label.empty() ? "" : " [label=\"" + label + "\"]") + ";\n";
          },
      .opening =
          [](const std::string& title) {
            return "digraph \"" + title +
                   "\" {\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n";
          },
      .start = [](const std::string& label) { return "  start [shape=circle, label=\"" + label + "\"];\n"; },
      .end_node = "  finish [shape=doublecircle, label=\"end\"];\n",
      .closing = "}\n",
  };
  return notation;
}

std::string joined(const std::vector<std::string>& lines, const Notation& notation) {
  std::string out;
  for (const std::string& line : lines) {
    if (&line != &lines.front()) out += notation.line_break;
    out += notation.escaped(line);
  }
  return out;
}

}  // namespace

std::string diagram_of(const JourneyDefinition& journey, DiagramFormat format, const DiagramFigures& figures) {
  const Notation& notation = format == DiagramFormat::mermaid ? mermaid() : dot();
  const Graph graph = graph_of(journey);
  std::string out = notation.opening(notation.escaped(journey.title));
  out += notation.start(notation.escaped(journey.audience.empty() ? "start" : journey.audience));
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    out += notation.node(i, joined(lines_of(*graph.nodes[i], figures), notation), *graph.nodes[i]);
  }
  out += notation.end_node;
  if (!graph.nodes.empty()) out += notation.edge("start", node_name(0), "");
  for (const Edge& edge : graph.edges) {
    const std::string to = edge.to == Graph::end ? "finish" : node_name(edge.to);
    const std::string label =
        edge.path == nullptr ? "" : joined(lines_of(*graph.nodes[edge.from], *edge.path, figures), notation);
    out += notation.edge(node_name(edge.from), to, label);
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const NodeDefinition& node = *graph.nodes[i];
    const bool has_way_out = graph.first_edge[i] != graph.first_edge[i + 1];
    if (!has_way_out) out += notation.edge(node_name(i), "finish", "");
    const bool may_match_none = is_split(node) && !node.paths.empty() && node.paths.back().when;
    if (has_way_out && may_match_none) out += notation.edge(node_name(i), "finish", notation.escaped("no match"));
  }
  return out + std::string(notation.closing);
}

}  // namespace caravan
