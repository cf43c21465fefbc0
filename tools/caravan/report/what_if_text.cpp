// The difference as tables: a journey after the other, then sales and buying groups, then what must be known to judge
// the figures.

#include "tools/caravan/report/what_if_report.hpp"

namespace caravan::tools {
namespace {

using Kind = FigureKey::Kind;

/// Of the accounts behind a figure so many are named.
constexpr std::size_t kNamed = 3;

std::string listed(const WhoBehind& who, std::string_view sign) {
  if (who.count == 0) return {};
  std::string text(sign);
  const std::size_t named = std::min(who.keys.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i)
    text += (i == 0 ? "" : ", ") + printable(who.keys[i]);
  const std::int64_t rest = who.count - static_cast<std::int64_t>(named);
  return rest > 0 ? text + " and " + with_separators(rest) + " more" : text;
}

std::string listed(const WhoBehind& more, const WhoBehind& fewer) {
  const std::string left = listed(more, "+ ");
  const std::string right = listed(fewer, "− ");
  return left + (left.empty() || right.empty() ? "" : "; ") + right;
}

TableCell change(std::int64_t before, std::int64_t after) {
  if (before == after) return {"·", Style::faint};
  const std::string number = with_separators(std::abs(after - before));
  return after > before ? TableCell{"+" + number, Style::good} : TableCell{"−" + number, Style::bad};
}

/// A line of a table: the figure of both lives, and who makes the difference.
void add_row(Table& table, std::string name, Style style, std::string what, const WhatIfFigure* figure) {
  static const WhatIfFigure nothing;
  const WhatIfFigure& shown = figure ? *figure : nothing;
  table.add_row({{std::move(name), style},
                 {std::move(what), Style::faint},
                 caravan::tools::figure(shown.before),
                 caravan::tools::figure(shown.after),
                 change(shown.before, shown.after),
                 {listed(shown.more, shown.fewer), Style::faint}});
}

Table make_table(const std::string& what) {
  return Table(
      {{what}, {"what"}, {"before", Align::right}, {"after", Align::right}, {"change", Align::right}, {"who"}});
}

class JourneyTables {
 public:
  JourneyTables(const WhatIfReport& report, std::string journey) : report_(report), journey_(std::move(journey)) {}

  std::string render(const JourneyDefinition* definition, const Terminal& terminal) {
    Table outcomes = make_table("accounts");
    for (const auto& [kind, name] :
         {std::pair(Kind::entered, "entered"), std::pair(Kind::completed, "completed"),
          std::pair(Kind::under_way, "under way"), std::pair(Kind::left, "left on the way"),
          std::pair(Kind::failed, "failed"), std::pair(Kind::reached_goal, "reached the goal")}) {
      const WhatIfFigure* figure = find({kind, journey_, {}, {}});
      if (figure || kind == Kind::entered) add_row(outcomes, name, Style::plain, "", figure);
    }
    Table map = make_table("node");
    if (definition) add_nodes(map, definition->nodes, 0);
    add_gone(map);
    Table messages = make_table("message");
    for (const WhatIfFigure& figure : report_.figures) {
      if (figure.key.kind == Kind::message && figure.key.of == journey_)
        add_row(messages, printable(figure.key.node), Style::plain, "", &figure);
    }
    std::string text = terminal.paint(Style::strong, printable(journey_)) + "\n\n" + outcomes.render(terminal);
    if (!map.empty()) text += "\n" + map.render(terminal);
    if (!messages.empty()) text += "\n" + messages.render(terminal);
    return text + "\n";
  }

 private:
  const WhatIfFigure* find(const FigureKey& key) {
    shown_.insert(key);
    return report_.find(key);
  }

  void add_nodes(Table& table, const std::vector<NodeDefinition>& nodes, std::size_t depth) {
    const std::string indent(4 * depth, ' ');
    for (const NodeDefinition& node : nodes) {
      add_row(table, indent + printable(node.id), Style::plain, std::string(node.shape->type),
              find({Kind::visited, journey_, node.id, {}}));
      add_standing(table, node.id, indent);
      for (const PathDefinition& path : node.paths) {
        add_row(table, indent + "  → " + printable(path.name), Style::accent, "",
                find({Kind::taken, journey_, node.id, path.name}));
        add_nodes(table, path.nodes, depth + 1);
      }
    }
  }

  /// Only where somebody stands in either life.
  void add_standing(Table& table, const std::string& node, const std::string& indent) {
    if (const WhatIfFigure* figure = find({Kind::standing, journey_, node, {}}))
      add_row(table, indent + "  standing at the end", Style::faint, "", figure);
  }

  /// Nodes and paths that the other journey has not.
  void add_gone(Table& table) {
    for (const WhatIfFigure& figure : report_.figures) {
      const bool is_place = figure.key.kind == Kind::visited || figure.key.kind == Kind::taken;
      if (!is_place || figure.key.of != journey_ || shown_.contains(figure.key)) continue;
      const std::string path = figure.key.path.empty() ? "" : " → " + figure.key.path;
      add_row(table, printable(figure.key.node + path), Style::faint, "not there any more", &figure);
    }
  }

  const WhatIfReport& report_;
  const std::string journey_;
  std::set<FigureKey> shown_;
};

std::string shifts_in_words(const WhatIfShifts& shifts, std::string_view word) {
  if (shifts.count == 0) return {};
  std::string text = counted(shifts.count, "account", "accounts") + " " + std::string(word) + ", by " +
                     to_words(shifts.sum / shifts.count) + " on average: ";
  const std::size_t named = std::min(shifts.largest.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i)
    text += (i == 0 ? "" : ", ") + printable(shifts.largest[i].account) + " (" + to_words(shifts.largest[i].by) + ")";
  const std::int64_t rest = shifts.count - static_cast<std::int64_t>(named);
  if (rest > 0) text += " and " + with_separators(rest) + " more";
  return text + "\n";
}

std::string mean(double sum, std::int64_t count) {
  return count == 0 ? "–" : std::to_string(std::lround(sum / static_cast<double>(count))) + " %";
}

std::string interest_in_words(const WhatIfReport& report, const std::string& name, const WhatIfInterest* interest,
                              const Terminal& terminal) {
  Table table = make_table("accounts");
  if (const WhatIfFigure* figure = report.find({Kind::handed_over, name, {}, {}}))
    add_row(table, "handed to sales", Style::plain, "", figure);
  if (const WhatIfFigure* figure = report.find({Kind::grouped, name, {}, {}}))
    add_row(table, "with a buying group", Style::plain, "", figure);
  for (const WhatIfFigure& figure : report.figures) {
    if (figure.key.kind == Kind::stage && figure.key.of == name)
      add_row(table, printable(figure.key.node), Style::plain, "stage", &figure);
  }
  std::string text = terminal.paint(Style::strong, printable(name)) + "\n\n" + table.render(terminal);
  if (interest) {
    if (interest->groups_before + interest->groups_after > 0) {
      text += "complete on average: " + mean(interest->completeness_before, interest->groups_before) + " before, " +
              mean(interest->completeness_after, interest->groups_after) + " after";
      const std::string who = listed(interest->more_complete, interest->less_complete);
      text += (who.empty() ? "" : "; " + who) + "\n";
    }
    text += shifts_in_words(interest->earlier, "handed over earlier");
    text += shifts_in_words(interest->later, "handed over later");
  }
  return text + "\n";
}

/// What must be known to judge the figures.
std::string caveats(const WhatIfNotes& notes) {
  std::string text =
      "What people did (opens, clicks, forms) is what was recorded: nobody knows what they would have done.\n";
  const auto add = [&](std::int64_t count, std::string_view one, std::string_view many, std::string_view rest) {
    if (count > 0) text += counted(count, one, many) + std::string(rest) + "\n";
  };
  add(notes.messages_assumed, "message", "messages", " that production never had: taken as delivered at once.");
  add(notes.answers_assumed, "call", "calls",
      " whose answer nobody has recorded: taken as answered with 200 and no body.");
  add(notes.publications_left_out, "later publication", "later publications",
      " left out: the workspace stands for all.");
  add(notes.refused, "thing", "things", " that was done then is refused now:");
  for (const WhatIfRefusal& refusal : notes.refusals)
    text += "  " + short_time(refusal.at) + "  " + printable(refusal.what) + ": " + printable(refusal.why) + "\n";
  const std::int64_t untold = notes.refused - static_cast<std::int64_t>(notes.refusals.size());
  if (untold > 0) text += "  and " + with_separators(untold) + " more\n";
  return text;
}

bool differs(const WhatIfReport& report, const std::string& journey) {
  return std::any_of(report.figures.begin(), report.figures.end(), [&](const WhatIfFigure& figure) {
    return figure.key.kind <= Kind::message && figure.key.of == journey && figure.differs();
  });
}

}  // namespace

std::string as_text(const WhatIfReport& report, const Workspace& workspace, const Terminal& terminal) {
  const WhatIfNotes& notes = report.notes;
  std::string text = "from " + short_time(notes.from) + " to " + short_time(notes.to) + ": " +
                     counted(notes.inputs, "input", "inputs") + " again, " +
                     counted(report.accounts, "account", "accounts") + "\n";
  if (report.untold > 0)
    text += "left out: " + counted(report.untold, "account", "accounts") + "; of the first, " +
            printable(report.why_untold) + "\n";
  if (!report.differs()) return text + terminal.paint(Style::good, "no difference") + "\n\n" + caveats(notes);
  text += terminal.paint(Style::strong, counted(report.differing.count, "account differs", "accounts differ")) + ": " +
          listed(report.differing, "") + "\n\n";
  std::set<std::string> journeys;
  std::set<std::string> interests;
  for (const WhatIfFigure& figure : report.figures)
    (figure.key.kind <= Kind::message ? journeys : interests).insert(figure.key.of);
  std::string same;
  for (const std::string& journey : journeys) {
    const auto definition = workspace.journeys.find(journey);
    if (differs(report, journey)) {
      text += JourneyTables(report, journey)
                  .render(definition == workspace.journeys.end() ? nullptr : &definition->second, terminal);
    } else {
      same += (same.empty() ? "" : ", ") + printable(journey);
    }
  }
  for (const std::string& name : interests) {
    const auto interest = std::find_if(report.interests.begin(), report.interests.end(),
                                       [&](const WhatIfInterest& each) { return each.interest == name; });
    text += interest_in_words(report, name, interest == report.interests.end() ? nullptr : &*interest, terminal);
  }
  if (!same.empty()) text += "no difference in " + same + "\n\n";
  return text + caveats(notes);
}

std::vector<std::string> figure_names(const WhatIfReport& report) {
  std::vector<std::string> names;
  for (const WhatIfFigure& figure : report.figures) {
    if (figure.differs()) names.push_back(to_text(figure.key));
  }
  for (const WhatIfInterest& interest : report.interests) {
    if (interest.earlier.count > 0) names.push_back("sales/" + interest.interest + "/earlier");
    if (interest.later.count > 0) names.push_back("sales/" + interest.interest + "/later");
    if (interest.more_complete.count > 0) names.push_back("groups/" + interest.interest + "/more-complete");
    if (interest.less_complete.count > 0) names.push_back("groups/" + interest.interest + "/less-complete");
  }
  return names;
}

std::string as_picture(const WhatIfReport& report, const JourneyDefinition& journey, DiagramFormat format,
                       const std::string& timezone) {
  const auto both = [&](const FigureKey& key) {
    const WhatIfFigure* figure = report.find(key);
    return with_separators(figure ? figure->before : 0) + " → " + with_separators(figure ? figure->after : 0);
  };
  DiagramFigures figures;
  figures.of_node = [&](const NodeDefinition& node) { return both({Kind::visited, journey.name, node.id, {}}); };
  figures.of_path = [&](const NodeDefinition& node, const PathDefinition& path) {
    return both({Kind::taken, journey.name, node.id, path.name});
  };
  figures.timezone = timezone;
  return diagram_of(journey, format, figures);
}

}  // namespace caravan::tools
