// An account's story as a page for people.

#include <boost/json/serialize.hpp>

#include "tools/caravan/report/account_story.hpp"
#include "tools/caravan/report/attribute_text.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr std::size_t widest_value = 60;
constexpr std::size_t shown_events = 20;

std::string heading(std::string_view text, const Terminal& terminal) {
  return "\n" + terminal.paint(Style::strong, text) + "\n";
}

std::string attributes_as_text(const Attributes& attributes, const NameBook& names, const Terminal& terminal) {
  std::map<std::string, std::string> sorted;
  std::size_t width = 0;
  attributes.each([&](NameId name, AttributeValue value) {
    const std::string shown = printable(names.text_of(name));
    width = std::max(width, display_width(shown));
    sorted.emplace(shown, as_text(value));
  });
  std::string out;
  for (const auto& [name, value] : sorted) {
    out += "  " + terminal.paint(Style::faint, name) + std::string(width - display_width(name) + 2, ' ') +
           shortened(value, std::max(widest_value, terminal.width() - std::min(terminal.width(), width + 4))) + "\n";
  }
  return out;
}

std::string people_as_text(const AccountStory& story, const NameBook& names, const Terminal& terminal) {
  Table table({{"person"}, {"name"}, {"title"}, {"email"}});
  for (const PersonRecord& person : story.people) {
    const auto text = [&](std::string_view name) { return printable(text_attribute(person.attributes, names, name)); };
    std::string name = text("first_name");
    if (const std::string last = text("last_name"); !last.empty()) name += (name.empty() ? "" : " ") + last;
    table.add_row({{printable(person.key)}, {name}, {text("title")}, {text("email")}});
  }
  return table.render(terminal);
}

std::string groups_as_text(const AccountStory& story, const Terminal& terminal) {
  std::string out;
  for (const StoryGroup& group : story.groups) {
    out += heading("Buying group " + printable(group.interest), terminal);
    if (!group.stage.empty()) {
      out += "  stage " + terminal.paint(Style::accent, printable(group.stage));
      if (group.stage_since) out += " since " + short_time(*group.stage_since);
      out += "\n";
    }
    if (!group.status.empty()) out += "  status " + terminal.paint(Style::accent, printable(group.status)) + "\n";
    Table table({{"member"}, {"role"}, {"since"}, {"how"}});
    for (const StoryMember& member : group.members) {
      const Style style = member.removed ? Style::faint : Style::plain;
      table.add_row({{printable(member.person), style},
                     {printable(member.role), member.removed ? Style::faint : Style::accent},
                     {short_time(member.since), style},
                     {(member.removed ? "taken out " : "") + member.source, style}});
    }
    out += table.empty() ? "  nobody yet\n" : table.render(terminal);
  }
  return out;
}

std::string memberships_as_text(const std::vector<StoryMembership>& memberships, const Terminal& terminal) {
  if (memberships.empty()) return {};
  Table table({{"in"}, {"name"}, {"person"}, {"since"}});
  for (const StoryMembership& each : memberships) {
    table.add_row({{each.kind, Style::faint},
                   {printable(each.name), Style::accent},
                   {printable(each.person)},
                   {short_time(each.since)}});
  }
  return heading("Audiences, lists and destinations", terminal) + table.render(terminal);
}

/// The newest, oldest first.
std::string events_as_text(const std::vector<StoryEvent>& events, const Terminal& terminal) {
  if (events.empty()) return {};
  const std::size_t left_out = events.size() - std::min(events.size(), shown_events);
  Table table({{"event"}, {"person"}, {"properties"}, {"at"}});
  for (std::size_t each = left_out; each < events.size(); ++each) {
    const StoryEvent& event = events[each];
    const std::string properties = event.properties.empty() ? "" : printable(boost::json::serialize(event.properties));
    table.add_row({{printable(event.type), Style::accent},
                   {printable(event.person)},
                   {shortened(properties, widest_value), Style::faint},
                   {short_time(event.at)}});
  }
  std::string out = heading("Events", terminal) + table.render(terminal);
  if (left_out > 0) {
    out += terminal.paint(Style::faint, "and " + counted(static_cast<std::int64_t>(left_out), "event", "events") +
                                            " before: --json shows all that are kept") +
           "\n";
  }
  return out;
}

std::string words_of(const StoryLine& line, const Terminal& terminal) {
  const Style style = line.is_bad ? Style::bad : Style::plain;
  const std::string outcome = printable(line.outcome);
  switch (line.kind) {
    case StoryLine::Kind::entered:
      return terminal.paint(Style::accent, "entered") + (outcome.empty() ? "" : ", " + outcome);
    case StoryLine::Kind::alone: return terminal.paint(Style::strong, printable(line.person)) + " goes alone";
    case StoryLine::Kind::visit: {
      std::string text = printable(line.node) + "  " + terminal.paint(Style::faint, line.type);
      if (!line.path.empty()) text += "  " + terminal.paint(Style::accent, "→ " + printable(line.path));
      if (!outcome.empty()) text += "  " + terminal.paint(style, outcome);
      return text;
    }
    case StoryLine::Kind::delivery:
      return "  ✉ " + printable(line.node) + (line.address.empty() ? "" : " to " + printable(line.address)) + ", " +
             terminal.paint(style, outcome);
    case StoryLine::Kind::note: return "  ! " + terminal.paint(line.is_bad ? Style::bad : Style::warning, outcome);
    case StoryLine::Kind::ended: return terminal.paint(line.is_bad ? Style::bad : Style::good, outcome);
    case StoryLine::Kind::standing:
      if (line.node.empty()) return terminal.paint(style, outcome);
      return terminal.paint(Style::strong, "stands at " + printable(line.node)) + " and " +
             terminal.paint(style, outcome);
  }
  return {};
}

std::string timeline_as_text(const std::vector<StoryLine>& lines, const Terminal& terminal) {
  std::string out;
  std::string journey;
  for (const StoryLine& line : lines) {
    if (line.kind == StoryLine::Kind::entered || line.journey != journey) {
      journey = line.journey;
      const std::string whose = line.person.empty() || line.is_alone ? "" : ", " + printable(line.person);
      out += heading(journey.empty() ? "Notes" : "Timeline of " + printable(journey) + whose, terminal);
    }
    const bool has_time = line.kind != StoryLine::Kind::standing;
    out += "  " + terminal.paint(Style::faint, has_time ? short_time(line.at) : std::string(16, ' ')) + "  " +
           (line.is_alone ? "    " : "") + words_of(line, terminal) + "\n";
  }
  return out;
}

}  // namespace

std::string as_text(const AccountStory& story, const NameBook& names, const Terminal& terminal) {
  std::string out = terminal.paint(Style::strong, printable(story.account.key));
  if (const std::string name = text_attribute(story.account.attributes, names, "name"); !name.empty()) {
    out += "  " + printable(name);
  }
  out += "\n" + attributes_as_text(story.account.attributes, names, terminal);
  out += heading(counted(static_cast<std::int64_t>(story.people.size()), "person", "people"), terminal);
  if (!story.people.empty()) out += people_as_text(story, names, terminal);
  return out + groups_as_text(story, terminal) + memberships_as_text(story.memberships, terminal) +
         events_as_text(story.events, terminal) +
         (story.lines.empty() ? heading("Timeline", terminal) + "  it has not entered a journey\n"
                              : timeline_as_text(story.lines, terminal));
}

std::string as_text(const PersonStory& story, const NameBook& names, const Terminal& terminal) {
  std::string out = terminal.paint(Style::strong, printable(story.person.key)) +
                    (story.account.empty() ? "  without an account" : "  of account " + printable(story.account)) +
                    "\n";
  for (const auto& [interest, role] : story.roles)
    out += "  " + terminal.paint(Style::accent, printable(role)) + " in " + printable(interest) + "\n";
  out += attributes_as_text(story.person.attributes, names, terminal);
  out += memberships_as_text(story.memberships, terminal) + events_as_text(story.events, terminal);
  return story.lines.empty() ? out : out + timeline_as_text(story.lines, terminal);
}

}  // namespace caravan::tools
