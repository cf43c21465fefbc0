#include "engine/api/public_routes.hpp"

#include <openssl/evp.h>

#include "engine/api/target.hpp"
#include "engine/base64url.hpp"

namespace caravan::api {

std::vector<Route> public_routes(PublicDesk desk) {
  if (!desk.links) return {};
  const auto shared = std::make_shared<PublicDesk>(std::move(desk));
  std::vector<Route> routes = public_mail_routes(shared);
  for (Route& route : public_site_routes(shared))
    routes.push_back(std::move(route));
  return routes;
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

std::optional<Fields> form_fields(const std::string& body) {
  std::optional<Target> target = parse_target("/?" + body);
  if (!target) return std::nullopt;
  return std::move(target->query);
}

}  // namespace caravan::api
