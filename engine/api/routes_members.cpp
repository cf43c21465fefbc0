// Audiences, lists and destinations: which there are, who is in them, and the feeds of who came and went.

#include <boost/json/object.hpp>

#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/membership.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

struct Kind {
  MemberSet::Kind kind;
  const char* plural;  ///< in the path
  const char* singular;
  const char* list_id;
  const char* members_id;
  const char* changes_id;  ///< null: it has no feed of changes
};

constexpr std::array kKinds = {
    Kind{MemberSet::Kind::audience, "audiences", "audience", "listAudiences", "listMembersOfAudience", nullptr},
    Kind{MemberSet::Kind::list, "lists", "list", "listLists", "listMembersOfList", "listChangesOfList"},
    Kind{MemberSet::Kind::destination, "destinations", "destination", "listDestinations", "listMembersOfDestination",
         "listChangesOfDestination"}};

MemberSet set_named(const Kind& kind, const Request& request, Scene& scene) {
  const std::string& name = request.parameter("name");
  for (MemberSet& set : member_sets(scene.library, kind.kind)) {
    if (set.name == name) return std::move(set);
  }
  throw Refused({404, "unknown-" + std::string(kind.singular),
                 "no published journey knows the " + std::string(kind.singular) + " \"" + name + "\"", "name"});
}

json::object as_json(const WhoIsIn& who) {
  json::object object;
  if (!who.account.empty()) object["account"] = who.account;
  if (!who.person.empty()) object["person"] = who.person;
  return object;
}

Response list_sets(const Kind& kind, Scene& scene) {
  json::array items;
  for (const MemberSet& set : member_sets(scene.library, kind.kind))
    items.push_back(json::object{{"name", set.name}, {"title", set.title}, {"of", set.of}});
  return as_json_response(json::object{{"items", std::move(items)}});
}

std::string position_text(std::pair<AccountId, PersonId> position) {
  return std::to_string(position.first.value) + "." + std::to_string(position.second.value);
}

std::pair<AccountId, PersonId> position_of(const Request& request) {
  const auto cursor = cursor_of(request, "members");
  if (!cursor) return {};
  std::pair<AccountId, PersonId> position;
  const char* const end = cursor->data() + cursor->size();
  const auto [dot, error] = std::from_chars(cursor->data(), end, position.first.value);
  if (error != std::errc() || dot == end || std::from_chars(dot + 1, end, position.second.value).ptr != end)
    throw Refused({400, "invalid-cursor", "`cursor` is none of this list; begin without it", "cursor"});
  return position;
}

Response list_members(const Kind& kind, const Request& request, Scene& scene) {
  const MemberSet set = set_named(kind, request, scene);
  const std::size_t limit = limit_of(request);
  json::array items;
  std::optional<std::string> next;
  std::pair<AccountId, PersonId> last;
  const auto take = [&](const MemberLine& line) {
    if (items.size() == limit) {
      next = make_cursor(request, "members", position_text(last));
      return false;
    }
    json::object item = as_json(line.who);
    item["since"] = to_text(line.at);
    items.push_back(std::move(item));
    last = line.position;
    return true;
  };
  MembershipReader(scene.reader, scene.names).each_member(set, take, position_of(request));
  return as_page(std::move(items), next);
}

/// The feed that a connector follows: it asks with the number of the last change that it has seen.
Response list_changes(const Kind& kind, const Request& request, Scene& scene) {
  const MemberSet set = set_named(kind, request, scene);
  const std::size_t limit = limit_of(request);
  std::int64_t after = 0;
  if (const std::string* text = request.query_value("after")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), after);
    if (error != std::errc() || end != text->data() + text->size() || after < 0)
      throw Refused({400, "invalid-parameter", "`after` is the number of a change", "after"});
  }
  json::array items;
  const auto take = [&](const MemberLine& line) {
    json::object item = as_json(line.who);
    item["number"] = line.number;
    item["change"] = line.in ? "in" : "out";
    item["at"] = to_text(line.at);
    items.push_back(std::move(item));
    after = line.number;
    return items.size() < limit;
  };
  MembershipReader(scene.reader, scene.names).each_change(set, after, take);
  return as_json_response(json::object{{"items", std::move(items)}, {"last", after}});
}

}  // namespace

std::vector<Route> member_routes() {
  std::vector<Route> routes;
  for (const Kind& kind : kKinds) {
    const std::string path = "/v1/" + std::string(kind.plural);
    const std::string singular = kind.singular;
    const Answer unknown = problem_answer(404, "No published journey knows it");
    routes.push_back({.method = Method::get,
                      .path = path,
                      .id = kind.list_id,
                      .tag = "Memberships",
                      .scope = Scope::read,
                      .summary = "The " + std::string(kind.plural) + " that published journeys know",
                      .answers = {{200, "All of them", "MemberSetList"}},
                      .handle = Read([&kind](const Request&, Scene& scene) { return list_sets(kind, scene); })});
    routes.push_back(
        {.method = Method::get,
         .path = path + "/{name}/members",
         .id = kind.members_id,
         .tag = "Memberships",
         .scope = Scope::read,
         .summary = "WhoIsIn is in the " + singular + ", page by page",
         .query = page_parameters(),
         .answers = {{200, "A page", "MemberPage"}, unknown},
         .handle = Read([&kind](const Request& request, Scene& scene) { return list_members(kind, request, scene); })});
    if (!kind.changes_id) continue;
    routes.push_back(
        {.method = Method::get,
         .path = path + "/{name}/changes",
         .id = kind.changes_id,
         .tag = "Memberships",
         .scope = Scope::read,
         .summary = "WhoIsIn came into the " + singular + " and who went, in order",
         .description = "A feed for connectors: ask again with `after` as the `last` of the answer before.",
         .query = {{"limit", "How many at most; 100 without it.",
                    R"({"type": "integer", "minimum": 1, "maximum": 1000})"},
                   {"after", "The number of the last change that was seen.", R"({"type": "integer", "minimum": 0})"}},
         .answers = {{200, "Changes", "ChangeFeed"}, unknown},
         .handle = Read([&kind](const Request& request, Scene& scene) { return list_changes(kind, request, scene); })});
  }
  return routes;
}

}  // namespace caravan::api
