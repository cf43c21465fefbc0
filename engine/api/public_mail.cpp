// What the links of mails tell by the way: that they were opened, and followed. A mail's reader is never kept waiting
// by what is only counted: the picture and the way on are given at once, even where nothing can be committed.

#include "engine/api/public_pages.hpp"
#include "engine/api/public_routes.hpp"

namespace caravan::api {
namespace {

using Shared = std::shared_ptr<PublicDesk>;

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
  if (desk.in_passing->take(event.person, desk.ticks())) return;
  std::vector<Input> inputs;
  inputs.emplace_back(std::move(event));
  desk.post(std::move(inputs), [](const InputResult&) {});
}

void mail_opened(const PublicDesk& desk, const Request& request, const Respond& respond) {
  std::string_view token = request.parameter("token");
  if (token.ends_with(".gif")) token.remove_suffix(4);
  const std::optional<Link> link = link_of(desk, token, LinkKind::open);
  if (link && !is_ahead(request)) {
    TellEvent event = mail_event(desk, "email.opened", *link);
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
  if (!link) return respond(bad_link_page());
  if (!is_ahead(request)) {
    TellEvent event = mail_event(desk, "email.clicked", *link);
    event.properties.push_back({"url", {link->url}});
    event.id = id_within_minute("click", {link->delivery, link->url}, *event.at);
    tell_in_passing(desk, std::move(event));
  }
  Response response{302, "", ""};
  response.headers = {{"Location", target_of(desk, *link)}, {"Cache-Control", "no-store"}};
  respond(std::move(response));
}

}  // namespace

std::vector<Route> public_mail_routes(const Shared& desk) {
  const auto with_desk = [&](void (*handle)(const PublicDesk&, const Request&, const Respond&)) -> Write {
    return [desk, handle](const Request& request, Respond respond) { handle(*desk, request, respond); };
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
            .answers = {{302, "On to the page.", "", ""},
                        {400, "The link was changed on its way.", "", "text/html; charset=utf-8"}},
            .answers_pages = true,
            .handle = with_desk(follow)},
  };
}

}  // namespace caravan::api
