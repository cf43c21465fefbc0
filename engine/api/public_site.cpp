// What pages tell: forms that were sent and pages that were seen. Whoever can reach the address can send anything, so
// that each is taken from the pages that caravan.yaml names alone, not too often, and kept small; who it was is known
// by a signed token that came with a link of a mail, or by the e-mail address that they give.

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "engine/api/desk.hpp"
#include "engine/api/dispatcher.hpp"
#include "engine/api/public_pages.hpp"
#include "engine/api/public_routes.hpp"
#include "engine/channels/mime.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostFields = 100;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestBody = 65'536;
constexpr std::size_t kLongestTitle = 300;
constexpr std::string_view kTrap = "website_url";  ///< a field that people do not see, and programs fill in
constexpr std::string_view kVisitor = "caravan";
constexpr std::string_view kThanks = "thanks";

/// `https://www.example.com` of the address of a page; empty where it has none.
std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return std::string(url.substr(0, url.find_first_of("/?#\\", scheme + 3)));
}

struct Site {
  std::shared_ptr<PublicDesk> desk;
  RateLimiter forms{0.5, 10};  ///< a form every other second, and ten at once
  RateLimiter views{5, 50};

  bool is_ours(const std::string& origin) const {
    const std::vector<std::string>& origins = desk->links->settings().origins;
    return std::find(origins.begin(), origins.end(), origin) != origins.end();
  }
};
using Shared = std::shared_ptr<Site>;

/// The origin of the page that sends this, as the browser says; throws where it is none of ours.
std::string expect_origin(const Site& site, const Request& request) {
  const std::string* given = request.header("origin");
  const std::string* referrer = request.header("referer");
  std::string origin = given ? *given : referrer ? origin_of(*referrer) : std::string();
  if (site.is_ours(origin)) return origin;
  throw Refused({403, "unknown-origin",
                 origin.empty()
                     ? "this is taken from pages alone, and no page has sent it"
                     : "pages of this origin are not known here; `links: origins` in caravan.yaml names those that are",
                 "Origin"});
}

void allow_origin(Response& response, const std::string& origin) {
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  response.headers.emplace_back("Vary", "Origin");
}

void expect_not_too_often(const Site& site, RateLimiter& limiter, const Request& request) {
  const auto wait = limiter.take(request.peer, site.desk->ticks());
  if (!wait) return;
  throw Refused({429, "too-many-requests", "this has been sent often enough; try again in a moment", "",
                 std::chrono::ceil<std::chrono::seconds>(*wait)});
}

bool is_json(const Request& request) {
  const std::string* type = request.header("content-type");
  return type && media_type(*type) == "application/json";
}

/// The members of a JSON object that hold one value, as texts.
Fields json_fields(const std::string& body) {
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  const json::value value = json::parse(body, error, {}, options);
  if (error || !value.is_object()) throw Refused({400, "malformed-body", "the body must be a JSON object"});
  Fields fields;
  for (const auto& member : value.get_object()) {
    const json::value& each = member.value();
    if (each.is_null()) continue;
    std::string text = each.is_string() ? std::string(each.get_string()) : json::serialize(each);
    fields.emplace_back(std::string(member.key()), std::move(text));
  }
  return fields;
}

/// The value of a field, which is taken out; empty where there is none.
std::string take_field(Fields& fields, std::string_view name) {
  std::string value;
  std::erase_if(fields, [&](auto& field) {
    if (field.first != name) return false;
    value = std::move(field.second);
    return true;
  });
  return value;
}

std::string find_field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

/// Whose token it is; empty for none.
std::string person_of(const Site& site, std::string_view token) {
  const std::optional<Link> link = site.desk->links->keys().verify(token);
  return link && link->kind == LinkKind::visitor ? link->person : std::string();
}

std::string in_lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// Fields of the same name are one, each value on a line.
AttributeMap map_of(const Fields& fields) {
  AttributeMap map;
  for (const auto& [name, value] : fields) {
    if (name.empty()) continue;
    const auto known = std::find_if(map.begin(), map.end(), [&](const auto& each) { return each.first == name; });
    if (known == map.end())
      map.push_back({name, {value}});
    else
      std::get<std::string>(known->second.value) += "\n" + value;
  }
  return map;
}

/// Who sends something, and how they want to be answered.
struct Sender {
  std::string origin;       ///< empty: of no page that is known
  bool is_browser = false;  ///< a form that was sent without a script: people read the answer
};

/// A form on its way in.
struct Form {
  std::string name;
  Fields fields;
  std::string thanks;  ///< where the browser goes then; empty: a page of ours
  std::string visitor;
  bool is_trapped = false;
};

Form read_form(const Site& site, const Request& request) {
  Form form;
  form.name = request.parameter("form");
  const bool is_name = form.name.size() <= kLongestName && std::all_of(form.name.begin(), form.name.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '_' || c == '.';
                       });
  if (!is_name)
    throw Refused({404, "unknown-form", "the name of a form is letters, digits, dashes and dots, at most 64", "form"});
  if (is_json(request)) {
    form.fields = json_fields(request.body);
  } else if (std::optional<Fields> fields = form_fields(request.body)) {
    form.fields = std::move(*fields);
  } else {
    throw Refused({400, "malformed-body", "the body is no form in UTF-8"});
  }
  form.is_trapped = !take_field(form.fields, kTrap).empty();
  form.visitor = take_field(form.fields, kVisitor);
  form.thanks = take_field(form.fields, kThanks);
  const bool is_clean =
      std::all_of(form.thanks.begin(), form.thanks.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (!form.thanks.empty() && (!is_clean || !site.is_ours(origin_of(form.thanks))))
    throw Refused({422, "foreign-page", "`thanks` leads to none of the pages that `links: origins` names", "thanks"});
  const bool fits = form.fields.size() <= kMostFields &&
                    std::all_of(form.fields.begin(), form.fields.end(),
                                [](const auto& field) { return field.first.size() <= kLongestName; });
  if (!fits)
    throw Refused({422, "too-many-fields", "a form has at most 100 fields, whose names have at most 64 bytes"});
  return form;
}

Response taken(const Form& form, const Sender& sender) {
  Response response;
  if (!sender.is_browser) {
    response.body = "{\"result\": \"taken\"}\n";
  } else if (!form.thanks.empty()) {
    response = {303, "", "", {{"Location", form.thanks}}};
  } else {
    response = as_page(200, "Thank you", "What you have sent has arrived.");
  }
  allow_origin(response, sender.origin);
  return response;
}

Problem busy() {
  return {503, "busy", "this cannot be taken just now; send it again in a moment", "", std::chrono::seconds(5)};
}

/// A refusal that the page which has sent this may read.
Response refusal_for(const Sender& sender, const Problem& problem) {
  Response response = as_response(problem);
  if (sender.is_browser) {
    const Response page = as_page(problem.status, "This was not sent", problem.detail);
    response.body = page.body;
    response.content_type = page.content_type;
    response.headers.insert(response.headers.end(), page.headers.begin(), page.headers.end());
  }
  if (!sender.origin.empty()) allow_origin(response, sender.origin);
  return response;
}

TellEvent form_event(const Site& site, const Form& form, std::string person) {
  TellEvent event{.type = "form.submitted",
                  .account = {},
                  .person = std::move(person),
                  .id = {},
                  .at = site.desk->clock->now(),
                  .properties = {{"form", {form.name}}, {"fields", {map_of(form.fields)}}}};
  std::vector<std::string_view> parts = {event.person, form.name};
  for (const auto& [name, value] : form.fields) {
    parts.push_back(name);
    parts.push_back(value);
  }
  event.id = id_within_minute("form", parts, *event.at);
  return event;
}

/// Of somebody who is not known yet: a person without an account, whose key is the address that they gave.
void tell_of_stranger(const Shared& site, const Form& form, const std::string& email, const Sender& sender,
                      const Respond& respond) {
  std::vector<Input> inputs;
  inputs.emplace_back(UpsertPerson{.key = email, .account = {}, .attributes = {{"email", {email}}}});
  inputs.emplace_back(form_event(*site, form, email));
  const auto left = std::make_shared<std::pair<std::size_t, InputResult>>(inputs.size(), InputResult{});
  const bool is_taken = post_and_answer(*site->desk, std::move(inputs), [=](const InputResult& result) {
    if (left->second.refused.empty()) left->second = result;
    if (--left->first > 0) return;
    const bool is_done = left->second.refused.empty();
    respond(is_done ? taken(form, sender) : refusal_for(sender, problem_of(left->second)));
  });
  if (!is_taken) respond(refusal_for(sender, busy()));
}

void tell_form(const Shared& site, const Form& form, const Sender& sender, const Respond& respond) {
  std::string email = in_lower_case(address_of(find_field(form.fields, "email")));
  std::string person = person_of(*site, form.visitor);
  if (person.empty() && email.empty()) {
    return respond(refusal_for(sender, {422, "nobody",
                                        "the form does not say who sends it: it needs a field `email` with an e-mail "
                                        "address",
                                        "email"}));
  }
  // Who is known by an address keeps the attributes that they have; somebody else is made.
  if (person.empty()) person = email;
  std::vector<Input> inputs;
  inputs.emplace_back(form_event(*site, form, person));
  const bool is_taken = post_and_answer(*site->desk, std::move(inputs), [=](const InputResult& result) {
    if (result.refused.empty()) return respond(taken(form, sender));
    if (result.refusal == Refusal::unknown && !email.empty())
      return tell_of_stranger(site, form, email, sender, respond);
    respond(refusal_for(sender, problem_of(result)));
  });
  if (!is_taken) respond(refusal_for(sender, busy()));
}

void submit_form(const Shared& site, const Request& request, const Respond& respond) {
  Sender sender{.origin = {}, .is_browser = !is_json(request)};
  try {
    sender.origin = expect_origin(*site, request);
    expect_not_too_often(*site, site->forms, request);
    const Form form = read_form(*site, request);
    if (form.is_trapped) return respond(taken(form, sender));
    tell_form(site, form, sender, respond);
  } catch (const Refused& refused) {
    respond(refusal_for(sender, refused.problem()));
  }
}

Response nothing_more(const std::string& origin) {
  Response response{204, "", ""};
  allow_origin(response, origin);
  return response;
}

void page_viewed(const Shared& site, const Request& request, const Respond& respond) {
  Sender sender;
  try {
    sender.origin = expect_origin(*site, request);
    expect_not_too_often(*site, site->views, request);
    Fields fields = json_fields(request.body);
    std::string person = person_of(*site, take_field(fields, "visitor"));
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

/// Whether a page may send what browsers ask for first.
void preflight(const Shared& site, const Request& request, const Respond& respond) {
  Response response = nothing_more(expect_origin(*site, request));
  response.headers.emplace_back("Access-Control-Allow-Methods", "POST");
  response.headers.emplace_back("Access-Control-Allow-Headers", "Content-Type");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
  respond(std::move(response));
}

std::vector<Answer> answers(Answer done) {
  return {std::move(done),
          {400, "The body cannot be read.", "Problem", "application/problem+json"},
          {403, "It comes from no page that is known.", "Problem", "application/problem+json"},
          {422, "What is in it cannot be taken.", "Problem", "application/problem+json"},
          {429, "It was sent too often.", "Problem", "application/problem+json"},
          {503, "It cannot be taken just now.", "Problem", "application/problem+json"}};
}

}  // namespace

std::vector<Route> public_site_routes(const std::shared_ptr<PublicDesk>& desk) {
  const auto site = std::make_shared<Site>();
  site->desk = desk;
  const auto with_site = [&](void (*handle)(const Shared&, const Request&, const Respond&)) -> Write {
    return [site, handle](const Request& request, Respond respond) { handle(site, request, respond); };
  };
  const auto preflight_of = [&](const char* path, const char* id) {
    return Route{.method = Method::options,
                 .path = path,
                 .id = id,
                 .tag = "Pages",
                 .scope = Scope::anyone,
                 .summary = "Says whether a page may send this",
                 .answers = {{204, "It may.", "", ""},
                             {403, "It is no page that is known.", "Problem", "application/problem+json"}},
                 .handle = with_site(preflight)};
  };
  std::vector<Answer> of_forms = answers({200, "It was taken.", "", "text/html; charset=utf-8"});
  of_forms.push_back({303, "It was taken, and the browser goes on to `thanks`.", "", ""});
  of_forms.push_back({404, "That is no name of a form.", "Problem", "application/problem+json"});
  return {
      Route{.method = Method::post,
            .path = "/f/{form}",
            .id = "submitForm",
            .tag = "Pages",
            .scope = Scope::anyone,
            .summary = "Takes a form that a page sends",
            .description = "From pages of `links: origins` alone. Who it is says the field `caravan`, which "
                           "`/caravan.js` fills in, or the field `email`; somebody who is not known is made, without "
                           "an account. The field `thanks` says where the browser goes then. A form whose field "
                           "`website_url` is filled in was sent by no person, and is answered alike and not taken. "
                           "Tells `form.submitted` with `form` and `fields`, and answers when that is committed.",
            .body = Body{.schema = "",
                         .content_types = {"application/x-www-form-urlencoded", "application/json"},
                         .most_bytes = kLongestBody},
            .answers = std::move(of_forms),
            .handle = with_site(submit_form)},
      preflight_of("/f/{form}", "preflightForm"),
      Route{.method = Method::post,
            .path = "/b",
            .id = "viewPage",
            .tag = "Pages",
            .scope = Scope::anyone,
            .summary = "Takes that a page was seen",
            .description = "A JSON object, as `navigator.sendBeacon` sends it: `visitor`, the token of who sees the "
                           "page, its `url` and its `title`. From pages of `links: origins` alone. Tells "
                           "`page.viewed`, once a minute, person and page; nothing for who is not known.",
            .body = Body{.schema = "", .content_types = {"application/json", "text/plain"}, .most_bytes = kLongestBody},
            .answers = answers({204, "It was taken.", "", ""}),
            .handle = with_site(page_viewed)},
      preflight_of("/b", "preflightView"),
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
