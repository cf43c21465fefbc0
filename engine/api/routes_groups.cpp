// Buying groups and their members: who is in which, and what is decided by hand.

#include <boost/json/object.hpp>

#include "engine/api/filters.hpp"
#include "engine/api/json_body.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/group_lines.hpp"
#include "engine/report/naming.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

/// So many groups and members of them are looked at for a page.
constexpr std::size_t kMostRows = 10'000;
/// So many groups are read at once, each with its members.
constexpr std::size_t kStep = 20;

const std::vector<std::string> kHistoryOrders = {"-at", "at"};

std::optional<HundredRange> range_of(const Request& request, std::string_view name) {
  const std::string* text = request.query_value(name);
  if (!text) return std::nullopt;
  const std::optional<HundredRange> range = parse_hundred_range(*text);
  if (!range) {
    throw Refused({400, "invalid-parameter",
                   "`" + std::string(name) + "` is a range within 0 to 100, such as 50..80, 50.. or ..80",
                   std::string(name)});
  }
  return range;
}

GroupFilter filter_of(const Request& request) {
  const auto text = [&](std::string_view name) {
    const std::string* value = request.query_value(name);
    return value ? *value : std::string();
  };
  return {.account = {},
          .interest = text("solution_interest"),
          .stage = text("stage"),
          .status = text("status"),
          .missing = text("missing"),
          .completeness = range_of(request, "completeness"),
          .engagement = range_of(request, "engagement")};
}

/// The one that gives the name which is unknown.
std::string parameter_of(const UnknownName& error) {
  switch (error.of()) {
    case UnknownName::Of::interest: return "solution_interest";
    case UnknownName::Of::stage: return "stage";
    case UnknownName::Of::role: return "missing";
    case UnknownName::Of::other: break;
  }
  return {};
}

Response list_groups(const Request& request, Scene& scene) {
  const GroupFilter filter = filter_of(request);
  const auto definitions = scene.library.definitions();
  try {
    expect_known_names(filter, definitions.get());
  } catch (const UnknownName& error) {
    throw Refused({400, "invalid-parameter", error.what(), parameter_of(error)});
  }
  const std::size_t limit = limit_of(request);
  GroupReader reader(scene.reader, scene.names, definitions.get());
  json::array items;
  std::pair<AccountId, NameId> position;
  if (const auto after = numbers_cursor_of(request, "groups", 2))
    position = {AccountId{after->at(0)}, static_cast<NameId>(after->at(1))};
  std::optional<std::string> next;
  std::size_t looked_at = 0;
  std::vector<GroupRecord> rows;
  // In steps of as many as are wanted, so that a page whose first rows fit reads little more than these.
  std::size_t step = std::min(limit, kStep);
  do {
    rows.clear();
    scene.reader.groups_after(position, step, rows);
    for (GroupRecord& row : rows) {
      position = {row.account, row.interest};
      looked_at += 1 + row.members.size();
      const GroupLine line = reader.line_of(std::move(row));
      if (is_chosen(line, filter)) items.push_back(caravan::as_json(line));
      if (items.size() < limit && looked_at < kMostRows) continue;
      next = make_cursor(request, "groups",
                         numbers_text({position.first.value, static_cast<std::int64_t>(position.second)}));
      break;
    }
  } while (!next && rows.size() == step);
  return as_list(std::move(items), next);
}

Response list_groups_of_account(const Request& request, Scene& scene) {
  const AccountRecord account = account_named(request, scene);
  const std::size_t limit = limit_of(request);
  const auto after = number_cursor_of(request, "groups");
  const auto definitions = scene.library.definitions();
  GroupReader reader(scene.reader, scene.names, definitions.get());
  std::pair<AccountId, NameId> position{account.id, static_cast<NameId>(after.value_or(0))};
  json::array items;
  std::optional<std::string> next;
  std::size_t looked_at = 0;
  for (std::vector<GroupRecord> rows;;) {
    rows.clear();
    scene.reader.groups_after(position, 1, rows);
    if (rows.empty() || rows.front().account != account.id) break;
    if (items.size() == limit || looked_at >= kMostRows) {
      next = make_cursor(request, "groups", std::to_string(static_cast<std::uint32_t>(position.second)));
      break;
    }
    position.second = rows.front().interest;
    looked_at += 1 + rows.front().members.size();
    items.push_back(caravan::as_json(reader.line_of(std::move(rows.front()))));
  }
  return as_list(std::move(items), next);
}

struct GroupPlace {
  AccountId account;
  NameId interest;
};

/// The group that the path names, of whose members none is read. Throws Refused where there is no such group.
GroupPlace group_named(const Request& request, Scene& scene) {
  const AccountRecord account = account_named(request, scene);
  const std::optional<NameId> interest = scene.names.find(request.parameter("interest"));
  std::vector<NameId> interests;
  if (interest) scene.reader.interests_of(account.id, interests);
  if (!interest || std::find(interests.begin(), interests.end(), *interest) == interests.end()) {
    throw Refused({404, "unknown-group",
                   "the account has no buying group for \"" + request.parameter("interest") + "\"", "interest"});
  }
  return {account.id, *interest};
}

Response get_group(const Request& request, Scene& scene) {
  const auto definitions = scene.library.definitions();
  GroupReader reader(scene.reader, scene.names, definitions.get());
  const GroupPlace place = group_named(request, scene);
  std::vector<GroupRecord> rows;
  // Behind the interest that would be before it.
  scene.reader.groups_after({place.account, static_cast<NameId>(static_cast<std::uint32_t>(place.interest) - 1)}, 1,
                            rows);
  return as_json_response(caravan::as_json(reader.line_of(std::move(rows.at(0)))));
}

json::object as_json(const MemberRecord& member, KeyBook& keys, const NameBook& names) {
  json::object object{{"person", keys.person(member.person)},
                      {"role", names.text_of(member.role)},
                      {"since", to_text(member.since)},
                      {"source", word_for(member.source)},
                      {"removed", member.removed}};
  const std::string_view reason = member.author == NameId{} ? member.reason : names.text_of(member.author);
  if (!reason.empty()) object["reason"] = reason;
  return object;
}

Response list_members(const Request& request, Scene& scene) {
  const GroupPlace group = group_named(request, scene);
  const std::size_t limit = limit_of(request);
  Page<PersonId> page{.limit = limit + 1};
  if (const auto after = number_cursor_of(request, "members")) page.after = PersonId{*after};
  std::vector<MemberRecord> members;
  scene.reader.members_of(group.account, group.interest, page, members);
  const bool has_more = takes_one_more(members, limit);
  KeyBook keys(scene.reader);
  json::array items;
  for (const MemberRecord& member : members)
    items.push_back(as_json(member, keys, scene.names));
  return as_list(std::move(items),
                 has_more ? std::optional(make_cursor(request, "members", std::to_string(members.back().person.value)))
                          : std::nullopt);
}

json::object as_json(const GroupChangeRecord& change, const NameBook& names) {
  json::object object{{"at", to_text(change.at)},
                      {"what", change.aspect == GroupAspect::stage ? "stage" : "status"},
                      {"source", word_for(change.source)}};
  if (change.before != NameId{}) object["before"] = names.text_of(change.before);
  if (change.after != NameId{}) object["after"] = names.text_of(change.after);
  if (!change.reason.empty()) object["reason"] = change.reason;
  return object;
}

Response list_history(const Request& request, Scene& scene) {
  const GroupPlace group = group_named(request, scene);
  const std::string order = order_of(request, kHistoryOrders);
  const std::size_t limit = limit_of(request);
  Page<HistoryPosition> page{order.starts_with('-') ? Order::descending : Order::ascending, {}, limit + 1};
  if (const auto after = numbers_cursor_of(request, order, 2))
    page.after = {Instant(std::chrono::milliseconds(after->at(0))), after->at(1)};
  std::vector<Positioned<GroupChangeRecord>> changes;
  scene.reader.group_changes_of(group.account, group.interest, page, changes);
  const bool has_more = takes_one_more(changes, limit);
  json::array items;
  for (const auto& [position, change] : changes)
    items.push_back(as_json(change, scene.names));
  std::optional<std::string> next;
  if (has_more) {
    const HistoryPosition& last = changes.back().position;
    next = make_cursor(request, order, numbers_text({last.at.time_since_epoch().count(), last.sequence}));
  }
  return as_list(std::move(items), next);
}

void change_group(Desk& desk, const Request& request, Respond respond) {
  JsonBody body(request);
  ChangeGroup input{request.parameter("key"), request.parameter("interest"), body.text("stage"), body.text("status"),
                    body.text("reason")};
  body.finish();
  if (input.stage.empty() && input.status.empty())
    throw Refused({422, "invalid-input", "name a `stage` or a `status`"});
  post(desk, request, "changeGroup", std::move(input), std::move(respond),
       [](const InputResult&) { return as_result("changed"); });
}

void put_member(Desk& desk, const Request& request, Respond respond) {
  JsonBody body(request);
  ChangeMember input{ChangeMember::Command::assign, request.parameter("key"), request.parameter("interest"),
                     request.parameter("person"),   body.text("role"),        body.text("reason")};
  body.finish();
  post(desk, request, "assignMember", std::move(input), std::move(respond),
       [](const InputResult&) { return as_result("assigned"); });
}

void remove_member(Desk& desk, const Request& request, Respond respond) {
  const std::string* reason = request.query_value("reason");
  post(desk, request, "removeMember",
       ChangeMember{ChangeMember::Command::remove,
                    request.parameter("key"),
                    request.parameter("interest"),
                    request.parameter("person"),
                    {},
                    reason ? *reason : std::string()},
       std::move(respond), [](const InputResult&) { return as_result("removed"); });
}

void release_member(Desk& desk, const Request& request, Respond respond) {
  post(desk, request, "releaseMember",
       ChangeMember{ChangeMember::Command::release, request.parameter("key"), request.parameter("interest"),
                    request.parameter("person")},
       std::move(respond), [](const InputResult&) { return as_result("released"); });
}

void score(Desk& desk, const Request& request, Respond respond) {
  post(desk, request, "scoreEngagement", ScoreEngagement{}, std::move(respond),
       [](const InputResult&) { return as_result("begun", 202); });
}

using Handle = void (*)(Desk&, const Request&, Respond);

Route writing(Desk& desk, Method method, std::string path, std::string id, std::string summary, Handle handle) {
  return {.method = method,
          .path = std::move(path),
          .id = std::move(id),
          .tag = "Buying groups",
          .scope = Scope::operate,
          .summary = std::move(summary),
          .answers = with_write_problems({{200, "Done", "Result"}}),
          .handle = Write(
              [&desk, handle](const Request& request, Respond respond) { handle(desk, request, std::move(respond)); })};
}

std::vector<Route> reading_routes() {
  std::vector<QueryParameter> filters = page_parameters();
  filters.push_back({"solution_interest", "Of this solution interest alone."});
  filters.push_back({"stage", "At this stage alone."});
  filters.push_back({"status", "Of this status alone."});
  filters.push_back({"missing", "Those that miss this role."});
  filters.push_back({"completeness", "In percent: `50..80`, `50..` or `..80`."});
  filters.push_back({"engagement", "Points, the same way."});
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/v1/buying-groups",
                    .id = "listGroups",
                    .tag = "Buying groups",
                    .scope = Scope::read,
                    .summary = "Buying groups, page by page",
                    .description = "A page looks at a bounded number of them: one that holds fewer than `limit`, or "
                                   "none, has others behind it as long as `next` is not null.",
                    .query = std::move(filters),
                    .answers = {{200, "A page", "GroupPage"}},
                    .handle = Read(list_groups)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/accounts/{key}/buying-groups/{interest}",
                    .id = "getGroup",
                    .tag = "Buying groups",
                    .scope = Scope::read,
                    .summary = "A buying group: its stage, status, completeness and engagement",
                    .answers = {{200, "The group", "Group"}, problem_answer(404, "There is none")},
                    .handle = Read(get_group)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/accounts/{key}/buying-groups",
                    .id = "listGroupsOfAccount",
                    .tag = "Buying groups",
                    .scope = Scope::read,
                    .summary = "The buying groups of an account, page by page",
                    .query = page_parameters(),
                    .answers = {{200, "A page", "GroupPage"}, problem_answer(404, "There is no such account")},
                    .handle = Read(list_groups_of_account)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/accounts/{key}/buying-groups/{interest}/members",
                    .id = "listMembersOfGroup",
                    .tag = "Buying groups",
                    .scope = Scope::read,
                    .summary = "Who is in a buying group, and who was taken out of it, page by page",
                    .query = page_parameters(),
                    .answers = {{200, "A page", "GroupMemberPage"}, problem_answer(404, "There is none")},
                    .handle = Read(list_members)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/accounts/{key}/buying-groups/{interest}/history",
                    .id = "listHistoryOfGroup",
                    .tag = "Buying groups",
                    .scope = Scope::read,
                    .summary = "How a buying group's stage and status have changed, page by page",
                    .query = page_parameters(kHistoryOrders),
                    .answers = {{200, "A page", "GroupHistoryPage"}, problem_answer(404, "There is none")},
                    .handle = Read(list_history)});
  return routes;
}

}  // namespace

std::vector<Route> group_routes(Desk& desk) {
  const std::string group = "/v1/accounts/{key}/buying-groups/{interest}";
  const std::string member = group + "/members/{person}";
  std::vector<Route> routes = reading_routes();
  routes.push_back(
      writing(desk, Method::put, group, "changeGroup", "Sets the stage or the status by hand", change_group));
  routes.back().body = Body{"GroupChange"};
  routes.push_back(writing(desk, Method::put, member, "assignMember",
                           "Puts a person into the group by hand; it is made where there is none", put_member));
  routes.back().body = Body{"Membership", {"application/json"}, false};
  routes.push_back(writing(desk, Method::remove, member, "removeMember",
                           "Takes a person out by hand: they stay out until they are released", remove_member));
  routes.back().query = {{"reason", "Kept with it."}};
  routes.push_back(writing(desk, Method::post, member + "/release", "releaseMember",
                           "Forgets what was decided by hand or by a journey: the roles' conditions decide again",
                           release_member));
  routes.push_back(writing(desk, Method::post, "/v1/engagement/rounds", "scoreEngagement",
                           "Computes engagement now instead of at the next midnight", score));
  routes.back().answers = with_write_problems({{202, "Begun", "Result"}});
  return routes;
}

}  // namespace caravan::api
