// Forms that pages send. Who it is says a signed token that came with a link of a mail, or the e-mail address that they
// give.

#include "engine/api/desk.hpp"
#include "engine/api/dispatcher.hpp"
#include "engine/api/public_pages.hpp"
#include "engine/api/public_site.hpp"
#include "engine/channels/mime.hpp"
#include "engine/lower_case.hpp"

namespace caravan::api {
namespace {

constexpr std::size_t kMostFields = 100;
constexpr std::size_t kLongestName = 64;
constexpr std::string_view kTrap = "website_url";  ///< a field that people do not see, and programs fill in
constexpr std::string_view kVisitor = "caravan";
constexpr std::string_view kThanks = "thanks";

bool is_json(const Request& request) {
  const std::string* type = request.header("content-type");
  return type && media_type(*type) == "application/json";
}

std::string find_field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

/// Fields of the same name are one, each value on a line.
AttributeMap map_of(const Fields& fields) {
  AttributeMap map;
  for (const auto& field : fields) {
    if (field.first.empty()) continue;
    const auto known =
        std::find_if(map.begin(), map.end(), [&](const auto& each) { return each.first == field.first; });
    if (known == map.end())
      map.push_back({field.first, {field.second}});
    else
      std::get<std::string>(known->second.value) += "\n" + field.second;
  }
  return map;
}

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

/// A new person without an account, who has the address that they gave.
void tell_of_stranger(const SharedSite& site, const Form& form, const std::string& email, const Sender& sender,
                      const Respond& respond) {
  const std::string key = stranger_key(email);
  std::vector<Input> inputs;
  inputs.emplace_back(UpsertPerson{.key = key, .account = {}, .attributes = {{"email", {email}}}});
  inputs.emplace_back(form_event(*site, form, key));
  const auto left = std::make_shared<std::pair<std::size_t, InputResult>>(inputs.size(), InputResult{});
  const bool is_taken = post_and_answer(*site->desk, std::move(inputs), [=](const InputResult& result) {
    if (left->second.refused.empty()) left->second = result;
    if (--left->first > 0) return;
    const bool is_done = left->second.refused.empty();
    respond(is_done ? taken(form, sender) : refusal_for(sender, problem_of(left->second)));
  });
  if (!is_taken) respond(refusal_for(sender, busy()));
}

/// Tells it of the first of `people` who is known, and who keeps the attributes that they have; where nobody is, of
/// somebody new.
void tell_of_first(const SharedSite& site, const Form& form, std::deque<std::string> people, const std::string& email,
                   const Sender& sender, const Respond& respond) {
  if (people.empty()) return tell_of_stranger(site, form, email, sender, respond);
  std::vector<Input> inputs;
  inputs.emplace_back(form_event(*site, form, people.front()));
  people.pop_front();
  const bool is_taken = post_and_answer(*site->desk, std::move(inputs), [=](const InputResult& result) {
    if (result.refused.empty()) return respond(taken(form, sender));
    if (result.refusal == Refusal::unknown && !email.empty())
      return tell_of_first(site, form, people, email, sender, respond);
    respond(refusal_for(sender, problem_of(result)));
  });
  if (!is_taken) respond(refusal_for(sender, busy()));
}

void tell_form(const SharedSite& site, const Form& form, const Sender& sender, const Respond& respond) {
  const std::string email = in_lower_case(address_of(find_field(form.fields, "email")));
  std::deque<std::string> people;
  if (std::string visitor = visitor_of(*site, form.visitor); !visitor.empty()) people.push_back(std::move(visitor));
  if (people.empty() && email.empty()) {
    return respond(refusal_for(sender, {422, "nobody",
                                        "the form does not say who sends it: it needs a field `email` with an e-mail "
                                        "address",
                                        "email"}));
  }
  if (!email.empty()) people.insert(people.end(), {email, stranger_key(email)});
  tell_of_first(site, form, std::move(people), email, sender, respond);
}

void submit_form(const SharedSite& site, const Request& request, const Respond& respond) {
  Sender sender{.origin = {}, .is_browser = !is_json(request)};
  try {
    sender.origin = expect_origin(*site, request);
    expect_not_too_often(*site, request);
    const Form form = read_form(*site, request);
    if (form.is_trapped) return respond(taken(form, sender));
    tell_form(site, form, sender, respond);
  } catch (const Refused& refused) {
    respond(refusal_for(sender, refused.problem()));
  }
}

}  // namespace

std::vector<Route> public_form_routes(const std::shared_ptr<PublicDesk>& desk) {
  const auto site = std::make_shared<Site>(Site{desk, RateLimiter{0.5, 10}});  // every other second, and ten at once
  std::vector<Answer> of_forms = answers_of_site({200, "It was taken.", "", "text/html; charset=utf-8"});
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
                         .most_bytes = kLongestSent},
            .answers = std::move(of_forms),
            .answers_pages = true,
            .handle =
                Write([site](const Request& request, const Respond& respond) { submit_form(site, request, respond); })},
      preflight_route(site, "/f/{form}", "preflightForm"),
  };
}

}  // namespace caravan::api
