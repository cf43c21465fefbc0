// Timelines: what happened to an account, to a person or in one enrollment, page by page.

#include <boost/json/object.hpp>

#include "engine/api/filters.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/routes.hpp"
#include "engine/report/timeline_json.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

const std::vector<std::string> kOrders = {"-at", "at"};

std::vector<std::string> kind_words() {
  std::vector<std::string> words;
  for (const EntryKind kind : kEntryKinds)
    words.emplace_back(word_for(kind));
  return words;
}

/// `kinds`, joined by commas.
std::set<EntryKind> kinds_of(const Request& request) {
  std::set<EntryKind> kinds;
  const std::string* text = request.query_value("kinds");
  for (std::string_view rest = text ? *text : std::string_view(); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    const auto found =
        std::find_if(kEntryKinds.begin(), kEntryKinds.end(), [&](EntryKind kind) { return word_for(kind) == word; });
    if (found == kEntryKinds.end()) {
      throw Refused(
          {400, "invalid-parameter", "`kinds` is a list of " + listed(kind_words()) + ", joined by commas", "kinds"});
    }
    kinds.insert(*found);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return kinds;
}

TimelineSearch search_of(const Request& request, Scene& scene, const std::string& order) {
  TimelineSearch search;
  search.order = order.starts_with('-') ? Order::descending : Order::ascending;
  search.limit = limit_of(request);
  search.kinds = kinds_of(request);
  search.span = span_of(request);
  // An enrollment is of one journey.
  const bool is_by_journey = request.query_value("journey") || request.query_value("version");
  if (const auto versions = is_by_journey ? versions_asked_for(request, scene) : std::nullopt) {
    search.versions.emplace();
    for (const VersionRecord& version : *versions)
      search.versions->push_back(version.id);
  }
  if (const auto text = cursor_of(request, order)) {
    search.after = parse_timeline_cursor(*text);
    if (!search.after)
      throw Refused({400, "invalid-cursor", "`cursor` is none of this list; begin without it", "cursor"});
  }
  return search;
}

Response tell(const Request& request, Scene& scene, const TimelineSubject& subject) {
  const std::string order = order_of(request, kOrders);
  const TimelineSearch search = search_of(request, scene, order);
  const TimelinePage page = read_timeline(scene.library, scene.reader, subject, search);
  KeyBook keys(scene.reader);
  AllNames names(scene.library, scene.reader);
  TimelineTeller teller(keys, names, scene.names);
  json::array items;
  for (const TimelineEntry& entry : page.entries)
    items.push_back(teller.tell(entry));
  return as_list(std::move(items),
                 page.next ? std::optional(make_cursor(request, order, to_text(*page.next))) : std::nullopt);
}

Response tell_account(const Request& request, Scene& scene) {
  return tell(request, scene, AccountTimeline{account_named(request, scene).id});
}

Response tell_person(const Request& request, Scene& scene) {
  return tell(request, scene, PersonTimeline{person_named(request, scene)});
}

Response tell_enrollment(const Request& request, Scene& scene) {
  return tell(request, scene, EnrollmentTimeline{enrollment_named(request, scene)});
}

std::vector<QueryParameter> parameters(const std::string& kinds) {
  return together({page_parameters(kOrders),
                   {{"kinds", "Entries of these kinds alone, joined by commas: " + kinds + "."}},
                   span_parameters("Happened")});
}

}  // namespace

std::vector<Route> timeline_routes() {
  const std::string order =
      "Newest first, unless `order` says otherwise. An event stands where it happened, which may be before it came; a "
      "delivery where it was promised. A page looks at a bounded number of entries: one that holds fewer "
      "than `limit`, or none, has others behind it as long as `next` is not null.";
  const std::vector<QueryParameter> all =
      together({parameters("event, enrollment, visit, delivery, note, group"), version_parameters()});
  std::vector<Route> routes;
  routes.push_back(
      {.method = Method::get,
       .path = "/v1/accounts/{key}/timeline",
       .id = "getTimelineOfAccount",
       .tag = "Accounts",
       .scope = Scope::read,
       .summary = "What happened to an account and its people, and what journeys did, page by page",
       .description = order,
       .query = all,
       .answers = {{200, "A page", "TimelinePage"}, problem_answer(404, "There is no such account or journey")},
       .handle = Read(tell_account)});
  routes.push_back(
      {.method = Method::get,
       .path = "/v1/people/{key}/timeline",
       .id = "getTimelineOfPerson",
       .tag = "People",
       .scope = Scope::read,
       .summary = "What a person did, what was sent to them and what journeys did with them, page by page",
       .description = order,
       .query = all,
       .answers = {{200, "A page", "TimelinePage"}, problem_answer(404, "There is no such person or journey")},
       .handle = Read(tell_person)});
  routes.push_back({.method = Method::get,
                    .path = "/v1/enrollments/{id}/timeline",
                    .id = "getTimelineOfEnrollment",
                    .tag = "Enrollments",
                    .scope = Scope::read,
                    .summary = "What an enrollment did, the ways of its people included, page by page",
                    .description = order,
                    .query = parameters("enrollment, visit, delivery, note"),
                    .answers = {{200, "A page", "TimelinePage"}, problem_answer(404, "There is no such enrollment")},
                    .handle = Read(tell_enrollment)});
  return routes;
}

}  // namespace caravan::api
