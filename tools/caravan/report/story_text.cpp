// An account's story as a page for people and as an object for machines.

#include "tools/caravan/report/account_story.hpp"
#include "tools/caravan/report/attribute_text.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr std::size_t widest_value = 60;

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
    Table table({{"member"}, {"role"}, {"since"}, {"how"}});
    for (const StoryMember& member : group.members) {
      table.add_row({{printable(member.person)},
                     {printable(member.role), Style::accent},
                     {short_time(member.since)},
                     {member.source}});
    }
    out += table.empty() ? "  nobody yet\n" : table.render(terminal);
  }
  return out;
}

std::string words_of(const StoryLine& line, const Terminal& terminal) {
  const Style style = line.is_bad ? Style::bad : Style::plain;
  const std::string outcome = printable(line.outcome);
  switch (line.kind) {
    case StoryLine::Kind::entered:
      return terminal.paint(Style::accent, "entered") + (outcome.empty() ? "" : ", " + outcome);
    case StoryLine::Kind::visit: {
      std::string text = printable(line.node) + "  " + terminal.paint(Style::faint, line.type);
      if (!line.path.empty()) text += "  " + terminal.paint(Style::accent, "→ " + printable(line.path));
      if (!outcome.empty()) text += "  " + terminal.paint(style, outcome);
      return text;
    }
    case StoryLine::Kind::delivery:
      return "  ✉ " + printable(line.node) + " to " + printable(line.address) + ", " + terminal.paint(style, outcome);
    case StoryLine::Kind::note: return "  ! " + terminal.paint(line.is_bad ? Style::bad : Style::warning, outcome);
    case StoryLine::Kind::ended: return terminal.paint(line.is_bad ? Style::bad : Style::good, outcome);
    case StoryLine::Kind::standing:
      return terminal.paint(Style::strong, "stands at " + printable(line.node)) + " and " +
             terminal.paint(style, outcome);
  }
  return {};
}

std::string timeline_as_text(const AccountStory& story, const Terminal& terminal) {
  if (story.lines.empty()) return heading("Timeline", terminal) + "  it has not entered a journey\n";
  std::string out;
  std::string journey;
  for (const StoryLine& line : story.lines) {
    if (line.kind == StoryLine::Kind::entered || line.journey != journey) {
      journey = line.journey;
      out += heading(journey.empty() ? "Notes" : "Timeline of " + printable(journey), terminal);
    }
    const bool has_time = line.kind != StoryLine::Kind::standing;
    out += "  " + terminal.paint(Style::faint, has_time ? short_time(line.at) : std::string(16, ' ')) + "  " +
           words_of(line, terminal) + "\n";
  }
  return out;
}

std::string_view name_of(StoryLine::Kind kind) {
  switch (kind) {
    case StoryLine::Kind::entered: return "entered";
    case StoryLine::Kind::visit: return "visit";
    case StoryLine::Kind::delivery: return "delivery";
    case StoryLine::Kind::note: return "note";
    case StoryLine::Kind::ended: return "ended";
    case StoryLine::Kind::standing: return "standing";
  }
  return "";
}

boost::json::object as_json(const StoryLine& line) {
  boost::json::object object{{"kind", name_of(line.kind)}, {"journey", line.journey}};
  if (line.kind != StoryLine::Kind::standing) object["at"] = to_text(line.at);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) object[name] = value;
  };
  add(line.kind == StoryLine::Kind::delivery ? "message" : "node", line.node);
  add("type", line.type);
  add("path", line.path);
  add("address", line.address);
  add("outcome", line.outcome);
  return object;
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
  return out + groups_as_text(story, terminal) + timeline_as_text(story, terminal);
}

boost::json::object as_json(const AccountStory& story, const NameBook& names) {
  boost::json::array people;
  for (const PersonRecord& person : story.people) {
    people.push_back(boost::json::object{{"key", person.key}, {"attributes", as_json(person.attributes, names)}});
  }
  boost::json::array groups;
  for (const StoryGroup& group : story.groups) {
    boost::json::array members;
    for (const StoryMember& member : group.members) {
      members.push_back(boost::json::object{{"person", member.person},
                                            {"role", member.role},
                                            {"since", to_text(member.since)},
                                            {"source", member.source}});
    }
    groups.push_back(boost::json::object{{"solution_interest", group.interest},
                                         {"created_at", to_text(group.created_at)},
                                         {"members", std::move(members)}});
  }
  boost::json::array timeline;
  for (const StoryLine& line : story.lines)
    timeline.push_back(as_json(line));
  return {{"key", story.account.key},
          {"attributes", as_json(story.account.attributes, names)},
          {"people", std::move(people)},
          {"buying_groups", std::move(groups)},
          {"timeline", std::move(timeline)}};
}

}  // namespace caravan::tools
