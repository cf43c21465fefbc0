// Buying groups and their members: who is in which, and what is decided by hand.

#include <boost/json/object.hpp>

#include "engine/api/json_body.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/account_story.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

/// So many groups are looked at for a page.
constexpr std::size_t kMostRows = 10'000;
constexpr std::size_t kStep = 500;

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

std::pair<AccountId, NameId> position_of(const Request& request) {
  const auto cursor = cursor_of(request, "groups");
  if (!cursor) return {};
  AccountId account;
  std::uint32_t interest = 0;
  const char* const end = cursor->data() + cursor->size();
  const auto [dot, error] = std::from_chars(cursor->data(), end, account.value);
  if (error != std::errc() || dot == end || std::from_chars(dot + 1, end, interest).ptr != end)
    throw Refused({400, "invalid-cursor", "`cursor` is none of this list; begin without it", "cursor"});
  return {account, NameId{interest}};
}

std::string position_text(const std::pair<AccountId, NameId>& position) {
  return std::to_string(position.first.value) + "." + std::to_string(static_cast<std::uint32_t>(position.second));
}

Response list_groups(const Request& request, Scene& scene) {
  const GroupFilter filter = filter_of(request);
  const auto definitions = scene.library.definitions();
  try {
    expect_known_names(filter, definitions.get());
  } catch (const UnknownName& error) {
    throw Refused({400, "invalid-parameter", error.what()});
  }
  const std::size_t limit = limit_of(request);
  GroupReader reader(scene.reader, scene.names, definitions.get());
  json::array items;
  std::pair<AccountId, NameId> position = position_of(request);
  std::optional<std::string> next;
  std::size_t looked_at = 0;
  std::vector<GroupRecord> rows;
  do {
    rows.clear();
    scene.reader.groups_after(position, kStep, rows);
    for (GroupRecord& row : rows) {
      position = {row.account, row.interest};
      const GroupLine line = reader.line_of(std::move(row));
      ++looked_at;
      if (is_chosen(line, filter)) items.push_back(caravan::as_json(line));
      if (items.size() < limit && looked_at < kMostRows) continue;
      next = make_cursor(request, "groups", position_text(position));
      break;
    }
  } while (!next && rows.size() == kStep);
  return as_page(std::move(items), next);
}

/// From the account's story: with its members and history.
Response get_group(const Request& request, Scene& scene) {
  const auto story = tell_story(scene.library, scene.reader, scene.names, request.parameter("key"));
  if (!story || is_stand_in(story->account))
    throw Refused({404, "unknown-account", "there is no account \"" + request.parameter("key") + "\"", "key"});
  for (const StoryGroup& group : story->groups) {
    if (group.now.interest == request.parameter("interest")) return as_json_response(caravan::as_json(group));
  }
  throw Refused({404, "unknown-group", "the account has no buying group for \"" + request.parameter("interest") + "\"",
                 "interest"});
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
                    .summary = "A buying group with its members and the history of its stage and status",
                    .answers = {{200, "The group", "GroupStory"}, problem_answer(404, "There is none")},
                    .handle = Read(get_group)});
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
