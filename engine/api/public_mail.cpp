// What the links of mails lead to. A mail's reader is never kept waiting by what is only counted: the picture and the
// way on are given at once, even where nothing can be committed. What somebody asks for is answered when it is done.

#include "engine/api/dispatcher.hpp"
#include "engine/api/public_pages.hpp"
#include "engine/api/public_routes.hpp"
#include "engine/name_book.hpp"
#include "journeys/events.hpp"
#include "storage/store.hpp"

namespace caravan::api {
namespace {

using Shared = std::shared_ptr<PublicDesk>;

constexpr std::string_view kOneClick = "List-Unsubscribe";
constexpr std::string_view kOneClickValue = "One-Click";

std::optional<Link> link_of(const PublicDesk& desk, std::string_view token, LinkKind kind) {
  std::optional<Link> link = desk.links->keys().verify(token);
  if (link && link->kind != kind) link.reset();
  return link;
}

Response bad_link() {
  return as_page(400, "This link does not work",
                 "It was changed or cut off on its way. Open it from the mail itself, or copy all of it.");
}

Response busy_page() {
  Response response = as_page(503, "Please try again",
                              "This could not be taken just now, and nothing was changed. Try again in a moment.");
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

Response too_often_page() {
  Response response = as_page(429, "Please wait a moment", "This was asked for very often, and nothing was changed.");
  response.headers.emplace_back("Retry-After", "2");
  return response;
}

TellEvent event_of(const PublicDesk& desk, std::string_view type, const Link& link) {
  TellEvent event{
      .type = std::string(type), .account = {}, .person = link.person, .id = {}, .at = {}, .properties = {}};
  event.at = desk.clock->now();
  event.properties = {{"template", {link.message}}, {"journey", {link.journey}}};
  return event;
}

/// Browsers and mail programs fetch what nobody has asked for yet, and say so.
bool is_ahead(const Request& request) {
  if (request.is_head) return true;
  for (const std::string_view name : {"purpose", "sec-purpose", "x-purpose", "x-moz"}) {
    const std::string* value = request.header(name);
    if (value && (value->find("prefetch") != std::string::npos || value->find("preview") != std::string::npos))
      return true;
  }
  return false;
}

void tell_in_passing(const PublicDesk& desk, TellEvent event) {
  if (desk.of_person->take(event.person, desk.ticks())) return;
  std::vector<Input> inputs;
  inputs.emplace_back(std::move(event));
  desk.post(std::move(inputs), [](const InputResult&) {});
}

void mail_opened(const PublicDesk& desk, const Request& request, const Respond& respond) {
  std::string_view token = request.parameter("token");
  if (token.ends_with(".gif")) token.remove_suffix(4);
  const std::optional<Link> link = link_of(desk, token, LinkKind::open);
  if (link && !is_ahead(request)) {
    TellEvent event = event_of(desk, "email.opened", *link);
    event.id = id_within_minute("open", {link->delivery}, *event.at);
    tell_in_passing(desk, std::move(event));
  }
  respond(as_pixel());
}

/// Pages that may tell what is seen of them are told who comes.
std::string target_of(const PublicDesk& desk, const Link& link) {
  const std::size_t host = link.url.find("//") + 2;
  const std::size_t path = std::min(link.url.find_first_of("/?#", host), link.url.size());
  const std::vector<std::string>& origins = desk.links->settings().origins;
  if (std::find(origins.begin(), origins.end(), link.url.substr(0, path)) == origins.end()) return link.url;
  const std::string visitor = desk.links->keys().sign({.kind = LinkKind::visitor, .person = link.person});
  const std::size_t end = std::min(link.url.find('#'), link.url.size());
  std::string target = link.url.substr(0, end);
  target += target.find('?') == std::string::npos ? "?" : "&";
  return target + "caravan=" + visitor + link.url.substr(end);
}

void follow(const PublicDesk& desk, const Request& request, const Respond& respond) {
  const std::optional<Link> link = link_of(desk, request.parameter("token"), LinkKind::click);
  if (!link) return respond(bad_link());
  if (!is_ahead(request)) {
    TellEvent event = event_of(desk, "email.clicked", *link);
    event.properties.push_back({"url", {link->url}});
    event.id = id_within_minute("click", {link->delivery, link->url}, *event.at);
    tell_in_passing(desk, std::move(event));
  }
  Response response{302, "", ""};
  response.headers = {{"Location", target_of(desk, *link)}, {"Cache-Control", "no-store"}};
  respond(std::move(response));
}

PageButton unsubscribe_button(std::string label) {
  return {.label = std::move(label), .fields = {{std::string(kOneClick), std::string(kOneClickValue)}}};
}

/// Posts to the page of preferences, whichever of the two it stands on.
PageButton mails_button(std::string label, const std::string& token, std::string value) {
  return {.label = std::move(label), .action = "../p/" + token, .fields = {{"mails", std::move(value)}}};
}

/// A GET changes nothing: programs that look mails through follow their links.
void unsubscribe_page(const PublicDesk& desk, const Request& request, const Respond& respond) {
  if (!link_of(desk, request.parameter("token"), LinkKind::subscription)) return respond(bad_link());
  respond(as_page(200, "Unsubscribe", "You will get no more mails like this one from us.",
                  {unsubscribe_button("Unsubscribe")}));
}

/// Whether the body is the one of RFC 8058, in either of the forms that it allows.
bool is_one_click(const Request& request) {
  const std::string* type = request.header("content-type");
  if (type && media_type(*type) == "multipart/form-data") {
    return request.body.find("name=\"" + std::string(kOneClick) + "\"") != std::string::npos &&
           request.body.find(kOneClickValue) != std::string::npos;
  }
  // Some mail programs end the line.
  const std::optional<Fields> fields = form_fields(request.body.substr(0, request.body.find_first_of("\r\n")));
  return fields && std::any_of(fields->begin(), fields->end(), [](const auto& field) {
           return field.first == kOneClick && field.second == kOneClickValue;
         });
}

/// Tells it, and answers with `done` once it is on the disk. Who is not there any more has what they want.
void change_subscription(const PublicDesk& desk, const Link& link, bool is_unsubscribed, const Respond& respond,
                         Response done) {
  if (desk.of_person->take(link.person, desk.ticks())) return respond(too_often_page());
  std::vector<Input> inputs;
  inputs.emplace_back(event_of(desk, is_unsubscribed ? "email.unsubscribed" : "email.resubscribed", link));
  const bool is_taken = post_and_answer(
      desk, std::move(inputs), [respond, is_unsubscribed, done = std::move(done)](const InputResult& result) {
        const bool is_gone = result.refusal == Refusal::unknown;
        if (result.refused.empty() || (is_gone && is_unsubscribed)) return respond(done);
        respond(is_gone ? as_page(404, "We do not know you any more",
                                  "Your data is not here any more, and so you get no mails.")
                        : busy_page());
      });
  if (!is_taken) respond(busy_page());
}

Response unsubscribed_page(const std::string& token) {
  return as_page(200, "You are unsubscribed", "You will get no more mails from us. Was that a mistake?",
                 {mails_button("Get mails again", token, "yes")});
}

void unsubscribe(const PublicDesk& desk, const Request& request, const Respond& respond) {
  const std::string& token = request.parameter("token");
  const std::optional<Link> link = link_of(desk, token, LinkKind::subscription);
  if (!link) return respond(bad_link());
  if (!is_one_click(request)) {
    return respond(as_page(400, "Unsubscribe", "Nothing was changed. Press the button to get no more mails from us.",
                           {unsubscribe_button("Unsubscribe")}));
  }
  change_subscription(desk, *link, true, respond, unsubscribed_page(token));
}

bool is_unsubscribed(const PersonRecord& person, const NameBook& names) {
  const std::optional<NameId> name = names.find(kUnsubscribed);
  const std::optional<AttributeValue> value = name ? person.attributes.find(*name) : std::nullopt;
  return value && value->kind() == AttributeKind::yes;
}

Response preferences_page(const PublicDesk& desk, const Request& request, Scene& scene) {
  const std::string& token = request.parameter("token");
  const std::optional<Link> link = link_of(desk, token, LinkKind::subscription);
  if (!link) return bad_link();
  const std::optional<PersonRecord> person = scene.reader.person(link->person);
  if (!person || is_unsubscribed(*person, scene.names)) {
    return as_page(200, "Your mails", "You get no mails from us.", {mails_button("Get mails again", token, "yes")});
  }
  return as_page(200, "Your mails", "You get mails from us.", {mails_button("Unsubscribe", token, "no")});
}

void prefer(const PublicDesk& desk, const Request& request, const Respond& respond) {
  const std::string& token = request.parameter("token");
  const std::optional<Link> link = link_of(desk, token, LinkKind::subscription);
  if (!link) return respond(bad_link());
  const std::optional<Fields> fields = form_fields(request.body);
  const bool says_yes = fields && *fields == Fields{{"mails", "yes"}};
  const bool says_no = fields && *fields == Fields{{"mails", "no"}};
  if (says_no) return change_subscription(desk, *link, true, respond, unsubscribed_page(token));
  if (says_yes) {
    return change_subscription(desk, *link, false, respond,
                               as_page(200, "You get mails again", "Thank you for staying with us.",
                                       {mails_button("Unsubscribe", token, "no")}));
  }
  respond(as_page(400, "Your mails", "Nothing was changed. Open your page from a mail again."));
}

constexpr const char* kPage = "text/html; charset=utf-8";

std::vector<Answer> page_answers() {
  return {{200, "A page.", "", kPage}, {400, "The link was changed on its way.", "", kPage}};
}

}  // namespace

std::vector<Route> public_mail_routes(const Shared& desk) {
  const auto with_desk = [&](void (*handle)(const PublicDesk&, const Request&, const Respond&)) -> Write {
    return [desk, handle](const Request& request, Respond respond) { handle(*desk, request, respond); };
  };
  const Body form{.schema = "",
                  .content_types = {"application/x-www-form-urlencoded", "multipart/form-data"},
                  .required = false,
                  .most_bytes = 4'096};
  const Body own_form{.schema = "", .content_types = {"application/x-www-form-urlencoded"}, .most_bytes = 4'096};
  const auto answers_of_post = [] {
    std::vector<Answer> answers = page_answers();
    answers.push_back({429, "It was asked for very often.", "", kPage});
    answers.push_back({503, "It could not be taken just now.", "", kPage});
    return answers;
  };
  const auto answers_of_preferences = [&] {
    std::vector<Answer> answers = answers_of_post();
    answers.push_back({404, "They are not known any more.", "", kPage});
    return answers;
  };
  return {
      Route{.method = Method::get,
            .path = "/o/{token}",
            .id = "openMail",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "The picture in a mail: tells that it was opened",
            .description = "Answers with a transparent picture whatever the token is. Tells `email.opened`, once a "
                           "minute and mail.",
            .answers = {{200, "A GIF of one pixel.", "", "image/gif"}},
            .handle = with_desk(mail_opened)},
      Route{.method = Method::get,
            .path = "/c/{token}",
            .id = "followLink",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "A link of a mail: tells that it was followed, and leads on",
            .description = "Leads to the address that was signed with the link, and nowhere else. Tells "
                           "`email.clicked`, once a minute, mail and address; not for HEAD and what is fetched ahead.",
            .answers = {{302, "On to the page.", "", ""}, {400, "The link was changed on its way.", "", kPage}},
            .handle = with_desk(follow)},
      Route{.method = Method::get,
            .path = "/u/{token}",
            .id = "showUnsubscribe",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "The page that asks whether its reader wants no more mails",
            .description = "Changes nothing.",
            .answers = page_answers(),
            .handle = with_desk(unsubscribe_page)},
      Route{.method = Method::post,
            .path = "/u/{token}",
            .id = "unsubscribe",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "Unsubscribes the receiver of a mail",
            .description = "One click as RFC 8058 has it: the body is `List-Unsubscribe=One-Click`. Tells "
                           "`email.unsubscribed`, and answers when that is committed.",
            .body = form,
            .answers = answers_of_post(),
            .handle = with_desk(unsubscribe)},
      Route{.method = Method::get,
            .path = "/p/{token}",
            .id = "showPreferences",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "The page that says whether its reader gets mails",
            .answers = page_answers(),
            .handle =
                Read([desk](const Request& request, Scene& scene) { return preferences_page(*desk, request, scene); })},
      Route{.method = Method::post,
            .path = "/p/{token}",
            .id = "setPreferences",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "Subscribes the receiver of a mail again, or unsubscribes them",
            .description = "The body is `mails=yes` or `mails=no`. Tells `email.resubscribed` or "
                           "`email.unsubscribed`, and answers when that is committed.",
            .body = own_form,
            .answers = answers_of_preferences(),
            .handle = with_desk(prefer)},
  };
}

}  // namespace caravan::api
