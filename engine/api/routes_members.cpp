// Audiences, lists and destinations: which there are, who is in them, the feeds of who came and went, and where an
// account or a person is in.

#include <boost/json/object.hpp>

#include "engine/api/filters.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/membership.hpp"
#include "engine/report/naming.hpp"

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

Response list_members(const Kind& kind, const Request& request, Scene& scene) {
  const MemberSet set = set_named(kind, request, scene);
  std::optional<MemberPosition> after;
  if (const auto numbers = numbers_cursor_of(request, "members", 2))
    after = {AccountId{numbers->at(0)}, numbers->at(1)};
  const MemberPage page = MembershipReader(scene.reader, scene.names).members(set, after, limit_of(request));
  json::array items;
  for (const MemberLine& line : page.lines) {
    json::object item = as_json(line.who);
    item["since"] = to_text(line.at);
    items.push_back(std::move(item));
  }
  std::optional<std::string> next;
  if (page.next) next = make_cursor(request, "members", numbers_text({page.next->account.value, page.next->number}));
  return as_list(std::move(items), next);
}

/// Where somebody is in: an audience, or a list or destination by its kind.
struct Place {
  std::int64_t kind = 0;  ///< 0: an audience; else a RosterKind
  NameId name{};
  PersonId person = {};  ///< none: the account
  AccountId account = {};
  Instant since{};
};

json::object as_json(const Place& place, const NameBook& names, KeyBook& keys) {
  constexpr std::array words = {"audience", "list", "destination"};
  json::object object{{"in", words.at(static_cast<std::size_t>(place.kind))},
                      {"name", names.text_of(place.name)},
                      {"since", to_text(place.since)}};
  if (const std::string& account = keys.account(place.account); !account.empty()) object["account"] = account;
  if (place.person) object["person"] = keys.person(place.person);
  return object;
}

/// The lists or destinations that published journeys know, in the order of their numbers.
std::vector<NameId> rosters_known(MemberSet::Kind kind, Scene& scene) {
  std::vector<NameId> names;
  for (const MemberSet& set : member_sets(scene.library, kind))
    if (const std::optional<NameId> name = scene.names.find(set.name)) names.push_back(*name);
  std::sort(names.begin(), names.end());
  return names;
}

/// Those of the account behind `after`, and of its people: audiences, lists, destinations.
std::vector<Place> places_of(AccountId account, const Place& after, std::size_t limit, Scene& scene) {
  std::vector<Place> places;
  if (after.kind == 0) {
    std::vector<AudienceMemberRecord> audiences;
    scene.reader.audiences_of(account, audiences);
    for (const AudienceMemberRecord& each : audiences)
      if (each.audience > after.name && places.size() < limit)
        places.push_back({0, each.audience, {}, account, each.since});
  }
  for (const auto& [set, kind] : {std::pair(MemberSet::Kind::list, RosterKind::list),
                                  std::pair(MemberSet::Kind::destination, RosterKind::destination)}) {
    for (const NameId name : rosters_known(set, scene)) {
      const auto own = std::pair(static_cast<std::int64_t>(kind), name);
      if (own < std::pair(after.kind, after.name) || places.size() >= limit) continue;
      const PersonId last = own == std::pair(after.kind, after.name) ? after.person : PersonId{-1};
      std::vector<RosterRecord> rows;
      scene.reader.roster(kind, name, {account, last}, limit - places.size(), rows);
      for (const RosterRecord& row : rows)
        if (row.account == account) places.push_back({own.first, name, row.person, account, row.at});
    }
  }
  return places;
}

std::vector<Place> places_of(PersonId person, const Place& after, std::size_t limit, Scene& scene) {
  std::vector<RosterRecord> rows;
  scene.reader.rosters_of(person, {static_cast<RosterKind>(after.kind), after.name, after.account}, limit, rows);
  std::vector<Place> places;
  for (const RosterRecord& row : rows)
    places.push_back({static_cast<std::int64_t>(row.kind), row.name, person, row.account, row.at});
  return places;
}

template <class Whose>
Response list_places(const Request& request, Scene& scene, Whose whose) {
  const std::size_t limit = limit_of(request);
  Place after;
  if (const auto numbers = numbers_cursor_of(request, "memberships", 4)) {
    after = {numbers->at(0), static_cast<NameId>(numbers->at(1)), {numbers->at(2)}, {numbers->at(3)}};
  }
  std::vector<Place> places = places_of(whose, after, limit + 1, scene);
  const bool has_more = takes_one_more(places, limit);
  KeyBook keys(scene.reader);
  json::array items;
  for (const Place& place : places)
    items.push_back(as_json(place, scene.names, keys));
  if (!has_more) return as_list(std::move(items), std::nullopt);
  const Place& last = places.back();
  return as_list(std::move(items), make_cursor(request, "memberships",
                                               numbers_text({last.kind, static_cast<std::int64_t>(last.name),
                                                             last.person.value, last.account.value})));
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
         .summary = "Who is in the " + singular + ", page by page",
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
         .summary = "Who came into the " + singular + " and who went, in order",
         .description = "A feed for connectors: ask again with `after` as the `last` of the answer before.",
         .query = {{"limit", "How many at most; 100 without it.",
                    R"({"type": "integer", "minimum": 1, "maximum": 1000})"},
                   {"after", "The number of the last change that was seen.", R"({"type": "integer", "minimum": 0})"}},
         .answers = {{200, "Changes", "ChangeFeed"}, unknown},
         .handle = Read([&kind](const Request& request, Scene& scene) { return list_changes(kind, request, scene); })});
  }
  routes.push_back({.method = Method::get,
                    .path = "/v1/accounts/{key}/memberships",
                    .id = "listMembershipsOfAccount",
                    .tag = "Memberships",
                    .scope = Scope::read,
                    .summary = "The audiences, lists and destinations that an account or its people are in, page by "
                               "page",
                    .query = page_parameters(),
                    .answers = {{200, "A page", "MembershipPage"}, problem_answer(404, "There is no such account")},
                    .handle = Read([](const Request& request, Scene& scene) {
                      return list_places(request, scene, account_named(request, scene).id);
                    })});
  routes.push_back({.method = Method::get,
                    .path = "/v1/people/{key}/memberships",
                    .id = "listMembershipsOfPerson",
                    .tag = "Memberships",
                    .scope = Scope::read,
                    .summary = "The lists and destinations that a person is in, page by page",
                    .query = page_parameters(),
                    .answers = {{200, "A page", "MembershipPage"}, problem_answer(404, "There is no such person")},
                    .handle = Read([](const Request& request, Scene& scene) {
                      return list_places(request, scene, person_named(request, scene).id);
                    })});
  return routes;
}

}  // namespace caravan::api
