// What publishing would change, as a person reads it.

#include "tools/caravan/report/publication_text.hpp"

#include "engine/report/state_words.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr std::size_t widest_text = 48;

std::string short_text(const std::string& text) {
  return printable(shortened(text, widest_text));
}

std::string words_of(const SettingDifference& setting) {
  const std::string what = printable(setting.what);
  if (setting.before.empty() && setting.after.empty()) return what;
  if (setting.before.empty()) return what + " is new: " + short_text(setting.after);
  if (setting.after.empty()) return what + " is gone";
  return what + ": " + short_text(setting.before) + " → " + short_text(setting.after);
}

std::string line_of(const NodeDifference& node, const Terminal& terminal) {
  const std::string id = printable(node.id);
  const std::string type = terminal.paint(Style::faint, node.type);
  switch (node.kind) {
    case NodeDifference::Kind::added: return terminal.paint(Style::good, "+ " + id) + "  " + type + "\n";
    case NodeDifference::Kind::removed: return terminal.paint(Style::bad, "- " + id) + "  " + type + "\n";
    case NodeDifference::Kind::replaced:
      return terminal.paint(Style::warning, "! " + id) + "  " + type + ", was a " + node.type_before + "\n";
    case NodeDifference::Kind::changed: break;
  }
  std::string line = terminal.paint(Style::accent, "~ " + id) + "  " + type;
  if (node.settings.size() == 1) return line + "  " + words_of(node.settings.front()) + "\n";
  line += "\n";
  for (const SettingDifference& setting : node.settings)
    line += "      " + words_of(setting) + "\n";
  return line;
}

std::string words_of(const JourneyReport& journey) {
  const std::string version = "version " + std::to_string(journey.version);
  std::string words;
  switch (journey.kind) {
    case JourneyReport::Kind::first: words = version + ", its first"; break;
    case JourneyReport::Kind::changed: words = version + ", changed"; break;
    case JourneyReport::Kind::unchanged: words = version + ", as before"; break;
    case JourneyReport::Kind::reopened: words = version + ", takes entries again"; break;
    case JourneyReport::Kind::closed: return version + " is closed to new entries: the workspace no longer has it";
  }
  if (journey.state == JourneyState::paused) return words + "; the journey stays paused";
  if (journey.state && *journey.state >= JourneyState::closed && journey.kind == JourneyReport::Kind::unchanged)
    return words + "; the journey is " + std::string(word_for(*journey.state));
  return words;
}

/// What becomes of those who stand at a node.
TableCell fate_of(const StandingReport& node) {
  if (!node.move) return {"stays on its version", Style::faint};
  switch (node.move->kind) {
    case NodeMove::Kind::stand: return {"goes along", Style::good};
    case NodeMove::Kind::visit: return {"goes on at " + printable(node.to), Style::warning};
    case NodeMove::Kind::leave: return {"leaves", Style::warning};
    case NodeMove::Kind::stay: return {"stays on its version", Style::warning};
    case NodeMove::Kind::refuse: return {printable(node.move->reason), Style::bad};
  }
  return {};
}

std::string indented(const std::string& lines) {
  std::string out;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    out += "    " + lines.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

std::string text_of(const UnderWayReport& under, const Terminal& terminal) {
  std::string out = "  " + terminal.paint(Style::strong, "Under way in version " + std::to_string(under.version)) +
                    ": " + with_separators(under.accounts) + "\n";
  Table table({{"node"}, {"what"}, {"standing", Align::right}, {"held", Align::right}, {"then"}});
  for (const StandingReport& node : under.nodes) {
    table.add_row(
        {{printable(node.node)}, {node.type, Style::faint}, figure(node.standing), figure(node.held), fate_of(node)});
  }
  if (!table.empty()) out += indented(table.render(terminal));
  for (const std::string& warning : under.warnings)
    out += "    " + terminal.paint(Style::warning, printable(warning)) + "\n";
  return out;
}

std::string text_of(const JourneyReport& journey, const Terminal& terminal) {
  std::string out = terminal.paint(Style::strong, printable(journey.journey));
  if (!journey.title.empty() && journey.title != journey.journey) out += "  " + printable(journey.title);
  out += ": " + words_of(journey) + "\n";
  for (const SettingDifference& setting : journey.difference.settings)
    out += "  " + terminal.paint(Style::accent, "~") + " " + words_of(setting) + "\n";
  for (const NodeDifference& node : journey.difference.nodes)
    out += "  " + line_of(node, terminal);
  if (!journey.texts.empty()) {
    std::string files;
    for (const std::string& text : journey.texts)
      files += (files.empty() ? "" : ", ") + printable(text);
    out += terminal.paint(Style::faint, "  changed in " + files) + "\n";
  }
  if (!journey.unreadable.empty()) {
    out +=
        "  " + terminal.paint(Style::warning, "what changed cannot be told: " + printable(journey.unreadable)) + "\n";
  }
  for (const UnderWayReport& under : journey.under_way)
    out += text_of(under, terminal);
  return out;
}

}  // namespace

std::string as_text(const PublicationReport& report, const Terminal& terminal) {
  std::string out;
  for (const JourneyReport& journey : report.journeys)
    out += text_of(journey, terminal);
  return out;
}

}  // namespace caravan::tools
