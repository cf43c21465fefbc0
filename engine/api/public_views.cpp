// What pages tell of those who see them, as far as they came by a link of a mail.

#include "engine/api/desk.hpp"
#include "engine/api/public_pages.hpp"
#include "engine/api/public_site.hpp"

namespace caravan::api {
namespace {

constexpr std::size_t kLongestTitle = 300;

Response nothing_more(const std::string& origin) {
  Response response{204, "", ""};
  allow_origin(response, origin);
  return response;
}

void page_viewed(const SharedSite& site, const Request& request, const Respond& respond) {
  Sender sender;
  try {
    sender.origin = expect_origin(*site, request);
    expect_not_too_often(*site, request);
    Fields fields = json_fields(request.body);
    std::string person = visitor_of(*site, take_field(fields, "visitor"));
    const std::string url = take_field(fields, "url");
    std::string title = take_field(fields, "title");
    if (!site->is_ours(origin_of(url)) || url.size() > kLongestTarget)
      throw Refused(
          {422, "foreign-page", "`url` is the address of none of the pages that `links: origins` names", "url"});
    if (title.size() > kLongestTitle) throw Refused({422, "invalid-member", "`title` has at most 300 bytes", "title"});
    if (person.empty()) return respond(nothing_more(sender.origin));
    TellEvent event{.type = "page.viewed",
                    .account = {},
                    .person = std::move(person),
                    .id = {},
                    .at = site->desk->clock->now(),
                    .properties = {{"url", {url}}}};
    if (!title.empty()) event.properties.push_back({"title", {std::move(title)}});
    event.id = id_within_minute("view", {event.person, url}, *event.at);
    std::vector<Input> inputs;
    inputs.emplace_back(std::move(event));
    const bool is_taken = post_and_answer(*site->desk, std::move(inputs), [=](const InputResult& result) {
      respond(result.refused.empty() || result.refusal == Refusal::unknown ? nothing_more(sender.origin)
                                                                           : refusal_for(sender, problem_of(result)));
    });
    if (!is_taken) respond(refusal_for(sender, busy()));
  } catch (const Refused& refused) {
    respond(refusal_for(sender, refused.problem()));
  }
}

}  // namespace

std::vector<Route> public_view_routes(const std::shared_ptr<PublicDesk>& desk) {
  const auto site = std::make_shared<Site>(Site{desk, RateLimiter{5, 50}});
  return {
      Route{.method = Method::post,
            .path = "/b",
            .id = "viewPage",
            .tag = "Pages",
            .scope = Scope::anyone,
            .summary = "Takes that a page was seen",
            .description = "A JSON object, as `navigator.sendBeacon` sends it: `visitor`, the token of who sees the "
                           "page, its `url` and its `title`. From pages of `links: origins` alone. Tells "
                           "`page.viewed`, once a minute, person and page; nothing for who is not known.",
            .body = Body{.schema = "", .content_types = {"application/json", "text/plain"}, .most_bytes = kLongestSent},
            .answers = answers_of_site({204, "It was taken.", "", ""}),
            .handle =
                Write([site](const Request& request, const Respond& respond) { page_viewed(site, request, respond); })},
      preflight_route(site, "/b", "preflightView"),
      Route{.method = Method::get,
            .path = "/caravan.js",
            .id = "getScript",
            .tag = "Pages",
            .scope = Scope::anyone,
            .summary = "The script for pages: tells who sees them, as far as they came by a mail",
            .answers = {{200, "JavaScript.", "", "text/javascript; charset=utf-8"}},
            .handle = Write([](const Request&, Respond respond) { respond(as_script()); })},
  };
}

}  // namespace caravan::api
