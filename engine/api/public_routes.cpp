#include "engine/api/public_routes.hpp"

#include <openssl/evp.h>

#include "engine/api/public_pages.hpp"
#include "engine/api/target.hpp"
#include "engine/base64url.hpp"

namespace caravan::api {

std::vector<Route> public_routes(PublicDesk desk) {
  if (!desk.links) return {};
  const auto shared = std::make_shared<PublicDesk>(std::move(desk));
  std::vector<Route> routes;
  for (const auto part : {public_mail_routes, public_consent_routes, public_form_routes, public_view_routes}) {
    for (Route& route : part(shared))
      routes.push_back(std::move(route));
  }
  return routes;
}

std::optional<Link> link_of(const PublicDesk& desk, std::string_view token, LinkKind kind) {
  std::optional<Link> link = desk.links->keys().verify(token);
  if (link && link->kind != kind) link.reset();
  return link;
}

Response bad_link_page() {
  return as_page(400, "This link does not work",
                 "It was changed or cut off on its way. Open it from the mail itself, or copy all of it.");
}

TellEvent mail_event(const PublicDesk& desk, std::string_view type, const Link& link) {
  TellEvent event{
      .type = std::string(type), .account = {}, .person = link.person, .id = {}, .at = {}, .properties = {}};
  event.at = desk.clock->now();
  event.properties = {{"template", {link.message}}, {"journey", {link.journey}}};
  return event;
}

bool post_and_answer(const PublicDesk& desk, std::vector<Input> inputs, InputAnswer answer) {
  return desk.why_not_writing().empty() && desk.post(std::move(inputs), std::move(answer));
}

std::string id_within_minute(std::string_view what, const std::vector<std::string_view>& parts, Instant now) {
  std::string text;
  for (const std::string_view part : parts)
    text += std::to_string(part.size()) + ":" + std::string(part);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  const auto minute = std::chrono::floor<std::chrono::minutes>(now.time_since_epoch()).count();
  constexpr std::size_t enough = 12;  // of a hash's bytes, to tell what happens within a minute apart
  return std::string(what) + "-" + to_base64url({reinterpret_cast<const char*>(digest.data()), enough}) + "-" +
         std::to_string(minute);
}

std::string stranger_key(std::string_view email) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(email.data(), email.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string key = "form-";
  for (std::size_t i = 0; i < 16; ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    key += digits[digest[i] >> 4U];
    key += digits[digest[i] & 15U];
  }
  return key;
}

std::optional<Fields> form_fields(const std::string& body) {
  std::optional<Target> target = parse_target("/?" + body);
  if (!target) return std::nullopt;
  return std::move(target->query);
}

}  // namespace caravan::api
