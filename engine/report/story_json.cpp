// An account's story as an object for programs.

#include "engine/report/account_story.hpp"
#include "engine/report/attributes_json.hpp"

namespace caravan {
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

void add_unless_empty(boost::json::object& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

boost::json::object as_json(const StoryMember& member) {
  boost::json::object object{{"person", member.person},
                             {"role", member.role},
                             {"since", to_text(member.since)},
                             {"source", member.source},
                             {"removed", member.removed}};
  add_unless_empty(object, "reason", member.reason);
  return object;
}

boost::json::object as_json(const StoryGroupChange& change) {
  boost::json::object object{{"at", to_text(change.at)}, {"what", change.what}};
  add_unless_empty(object, "before", change.before);
  add_unless_empty(object, "after", change.after);
  object["source"] = change.source;
  add_unless_empty(object, "reason", change.reason);
  return object;
}

boost::json::object as_json(const StoryPerson& person, const NameBook& names) {
  boost::json::object object{{"key", person.record.key}};
  add_unless_empty(object, "account_role", person.role);
  add_unless_empty(object, "primary_account", person.primary);
  object["attributes"] = caravan::as_json(person.record.attributes, names);
  return object;
}

boost::json::object as_json(const StoryRelation& relation) {
  boost::json::object object{{"account", relation.account}};
  add_unless_empty(object, "role", relation.role);
  boost::json::array places;
  for (const StoryPlace& place : relation.places) {
    boost::json::object told = as_json(place.member);
    told.erase("person");
    told["solution_interest"] = place.interest;
    places.push_back(std::move(told));
  }
  object["buying_groups"] = std::move(places);
  return object;
}

boost::json::object as_json(const StoryEngagement& engagement) {
  boost::json::object counts;
  for (const auto& [type, count] : engagement.counts)
    counts[type] = count;
  return {{"engagement", number_as_json(engagement.score)},
          {"raw_engagement", number_as_json(engagement.raw)},
          {"counts", std::move(counts)}};
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

boost::json::object as_json(const StoryGroup& group) {
  boost::json::array members;
  for (const StoryMember& member : group.members)
    members.push_back(as_json(member));
  boost::json::array history;
  for (const StoryGroupChange& change : group.history)
    history.push_back(as_json(change));
  boost::json::object object = as_json(group.now);
  object["members"] = std::move(members);
  object["history"] = std::move(history);
  return object;
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

boost::json::object as_json(const PersonStory& story, const NameBook& names) {
  boost::json::object roles;
  for (const StoryPlace& place : story.accounts.front().places) {
    if (!place.member.removed) roles[place.interest] = place.member.role;
  }
  boost::json::object object{{"key", story.person.key},
                             {"account", story.accounts.front().account},
                             {"attributes", as_json(story.person.attributes, names)},
                             {"roles", std::move(roles)},
                             {"accounts", all_as_json(story.accounts)},
                             {"memberships", all_as_json(story.memberships)},
                             {"events", all_as_json(story.events)},
                             {"timeline", all_as_json(story.lines)}};
  if (story.engagement) object["engagement"] = as_json(*story.engagement);
  return object;
}

boost::json::object as_json(const AccountStory& story, const NameBook& names) {
  boost::json::array people;
  for (const StoryPerson& person : story.people)
    people.push_back(as_json(person, names));
  return {{"key", story.account.key},
          {"attributes", as_json(story.account.attributes, names)},
          {"people", std::move(people)},
          {"buying_groups", all_as_json(story.groups)},
          {"memberships", all_as_json(story.memberships)},
          {"events", all_as_json(story.events)},
          {"timeline", all_as_json(story.lines)}};
}

}  // namespace caravan
