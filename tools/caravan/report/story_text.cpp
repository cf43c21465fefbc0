// An account's story as a page for people.

#include "tools/caravan/report/story_text.hpp"

#include <boost/json/serialize.hpp>

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
  const bool has_roles = std::any_of(story.people.begin(), story.people.end(), [](const StoryPerson& person) {
    return !person.role.empty() || !person.primary.empty();
  });
  std::vector<TableColumn> columns = {{"person"}, {"name"}, {"title"}, {"email"}};
  if (has_roles) columns.insert(columns.end(), {{"role in the account"}, {"belongs first to"}});
  Table table(std::move(columns));
  for (const StoryPerson& person : story.people) {
    const Attributes& attributes = person.record.attributes;
    const auto text = [&](std::string_view name) { return printable(text_attribute(attributes, names, name)); };
    std::string name = text("first_name");
    if (const std::string last = text("last_name"); !last.empty()) name += (name.empty() ? "" : " ") + last;
    std::vector<TableCell> row = {{printable(person.record.key)}, {name}, {text("title")}, {text("email")}};
    if (has_roles) row.insert(row.end(), {{printable(person.role)}, {printable(person.primary)}});
    table.add_row(std::move(row));
  }
  return table.render(terminal);
}

/// `by hand: signs the contract`; a journey's reason is where it was.
std::string words_of(const std::string& source, const std::string& reason) {
  return reason.empty() ? source : source + ": " + printable(reason);
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words)
    all += (all.empty() ? "" : ", ") + printable(word);
  return all;
}

std::string standing_of(const GroupLine& group, const Terminal& terminal) {
  std::string out;
  if (!group.stage.empty()) {
    out += "  stage " + terminal.paint(Style::accent, printable(group.stage));
    if (group.record.stage_since) out += " since " + short_time(*group.record.stage_since);
    out += "\n";
  }
  if (!group.status.empty()) out += "  status " + terminal.paint(Style::accent, printable(group.status)) + "\n";
  if (group.completeness) {
    out += "  " + std::to_string(shown(*group.completeness)) + " % complete";
    if (!group.missing.empty()) out += ", misses " + terminal.paint(Style::warning, joined(group.missing));
    out += "\n";
  }
  out += "  engagement " + std::to_string(shown(group.record.engagement)) + " of 100";
  return out + terminal.paint(Style::faint, ", raw score " + with_two_decimals(group.record.raw_engagement)) + "\n";
}

std::string members_as_text(const std::vector<StoryMember>& members, const Terminal& terminal) {
  Table table({{"member"}, {"role"}, {"since"}, {"how"}});
  for (const StoryMember& member : members) {
    const Style style = member.removed ? Style::faint : Style::plain;
    table.add_row({{printable(member.person), style},
                   {printable(member.role), member.removed ? Style::faint : Style::accent},
                   {short_time(member.since), style},
                   {(member.removed ? "taken out " : "") + words_of(member.source, member.reason), style}});
  }
  return table.empty() ? "  nobody yet\n" : table.render(terminal);
}

std::string history_as_text(const std::vector<StoryGroupChange>& history, const Terminal& terminal) {
  if (history.empty()) return {};
  Table table({{"changed"}, {"from"}, {"to"}, {"at"}, {"how"}});
  for (const StoryGroupChange& change : history) {
    table.add_row({{change.what, Style::faint},
                   {printable(change.before)},
                   {printable(change.after), Style::accent},
                   {short_time(change.at)},
                   {words_of(change.source, change.reason)}});
  }
  return "\n" + table.render(terminal);
}

std::string groups_as_text(const AccountStory& story, const Terminal& terminal) {
  std::string out;
  for (const StoryGroup& group : story.groups) {
    out += heading("Buying group " + printable(group.now.interest), terminal);
    out += standing_of(group.now, terminal) + members_as_text(group.members, terminal) +
           history_as_text(group.history, terminal);
  }
  return out;
}

/// What somebody is in one account, and in its buying groups.
std::string relation_as_text(const StoryRelation& relation, bool is_primary, const Terminal& terminal) {
  std::string out;
  if (!is_primary || !relation.role.empty()) {
    out += "  " + (relation.role.empty() ? "belongs" : terminal.paint(Style::accent, printable(relation.role))) +
           (relation.role.empty() ? " to " : " at ") + printable(relation.account) + "\n";
  }
  for (const StoryPlace& place : relation.places) {
    const StoryMember& member = place.member;
    const std::string where = printable(place.interest) + (is_primary ? "" : " of " + printable(relation.account));
    out += member.removed
               ? terminal.paint(Style::faint, "  taken out of " + where + " " + words_of(member.source, member.reason))
               : "  " + terminal.paint(Style::accent, printable(member.role)) + " in " + where;
    out += "\n";
  }
  return out;
}

std::string engagement_as_text(const StoryEngagement& engagement, const Terminal& terminal) {
  std::string out = "  engagement " + std::to_string(shown(engagement.score)) + " of 100";
  std::string counts;
  for (const auto& [type, count] : engagement.counts)
    counts += (counts.empty() ? ": " : ", ") + with_separators(count) + " " + printable(type);
  return out + terminal.paint(Style::faint, ", raw score " + with_two_decimals(engagement.raw) + counts) + "\n";
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

/// The newest, oldest first, by when they happened; those of one time in the order they came.
std::string events_as_text(std::vector<StoryEvent> events, const Terminal& terminal) {
  if (events.empty()) return {};
  std::stable_sort(events.begin(), events.end(),
                   [](const StoryEvent& left, const StoryEvent& right) { return left.at < right.at; });
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
  const StoryRelation& first = story.accounts.front();
  std::string out = terminal.paint(Style::strong, printable(story.person.key)) +
                    (first.account.empty() ? "  without an account" : "  of account " + printable(first.account)) +
                    "\n";
  for (const StoryRelation& each : story.accounts)
    out += relation_as_text(each, &each == &first, terminal);
  if (story.engagement) out += engagement_as_text(*story.engagement, terminal);
  out += attributes_as_text(story.person.attributes, names, terminal);
  out += memberships_as_text(story.memberships, terminal) + events_as_text(story.events, terminal);
  return story.lines.empty() ? out : out + timeline_as_text(story.lines, terminal);
}

}  // namespace caravan::tools
