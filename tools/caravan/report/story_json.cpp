// An account's story as an object for programs.

#include "tools/caravan/report/account_story.hpp"
#include "tools/caravan/report/attribute_text.hpp"

namespace caravan::tools {
namespace {

std::string_view name_of(StoryLine::Kind kind) {
  switch (kind) {
    case StoryLine::Kind::entered: return "entered";
    case StoryLine::Kind::alone: return "alone";
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
  add("person", line.person);
  add(line.kind == StoryLine::Kind::delivery ? "message" : "node", line.node);
  add("type", line.type);
  add("path", line.path);
  add("address", line.address);
  add("outcome", line.outcome);
  return object;
}

boost::json::object as_json(const StoryGroup& group) {
  boost::json::array members;
  for (const StoryMember& member : group.members) {
    members.push_back({{"person", member.person},
                       {"role", member.role},
                       {"since", to_text(member.since)},
                       {"source", member.source},
                       {"removed", member.removed}});
  }
  boost::json::object object{{"solution_interest", group.interest}, {"created_at", to_text(group.created_at)}};
  if (!group.stage.empty()) object["stage"] = group.stage;
  if (group.stage_since) object["stage_since"] = to_text(*group.stage_since);
  if (!group.status.empty()) object["status"] = group.status;
  object["members"] = std::move(members);
  return object;
}

boost::json::object as_json(const StoryEvent& event) {
  boost::json::object object{{"number", event.number}, {"type", event.type}, {"at", to_text(event.at)}};
  if (!event.person.empty()) object["person"] = event.person;
  if (!event.id.empty()) object["id"] = event.id;
  object["properties"] = event.properties;
  return object;
}

boost::json::object as_json(const StoryMembership& membership) {
  boost::json::object object{{"in", membership.kind}, {"name", membership.name}, {"since", to_text(membership.since)}};
  if (!membership.person.empty()) object["person"] = membership.person;
  return object;
}

boost::json::array all_as_json(const auto& parts) {
  boost::json::array all;
  for (const auto& part : parts)
    all.push_back(as_json(part));
  return all;
}

}  // namespace

boost::json::object as_json(const PersonStory& story, const NameBook& names) {
  boost::json::object roles;
  for (const auto& [interest, role] : story.roles)
    roles[interest] = role;
  return {{"key", story.person.key},
          {"account", story.account},
          {"attributes", as_json(story.person.attributes, names)},
          {"roles", std::move(roles)},
          {"memberships", all_as_json(story.memberships)},
          {"events", all_as_json(story.events)},
          {"timeline", all_as_json(story.lines)}};
}

boost::json::object as_json(const AccountStory& story, const NameBook& names) {
  boost::json::array people;
  for (const PersonRecord& person : story.people) {
    people.push_back(boost::json::object{{"key", person.key}, {"attributes", as_json(person.attributes, names)}});
  }
  return {{"key", story.account.key},
          {"attributes", as_json(story.account.attributes, names)},
          {"people", std::move(people)},
          {"buying_groups", all_as_json(story.groups)},
          {"memberships", all_as_json(story.memberships)},
          {"events", all_as_json(story.events)},
          {"timeline", all_as_json(story.lines)}};
}

}  // namespace caravan::tools
