#pragma once
// The public endpoints over a real engine and store: a workspace with an account, and requests as the server gives
// them to routes.

#include "engine/api/public_routes.hpp"
#include "tests/engine/engine_tests.hpp"

namespace caravan::test {

inline const LinkKeys kLinkKeys({"a secret of an installation"});

/// `acme` with `ada`, whose mails have links.
class PublicWorld {
 public:
  explicit PublicWorld(SourceTexts texts = journey_with("enter: {event: demo.asked}")) : world(std::move(texts)) {
    world.account("acme");
    world.person("ada", "acme", {{"email", text("ada@acme.example")}});
    LinksDefinition settings;
    settings.url = "https://go.example.com";
    settings.origins = {"https://www.example.com", "https://shop.example.com"};
    desk_.links = std::make_shared<const MailLinks>(settings, kLinkKeys);
    desk_.clock = &clock;
    desk_.ticks = [this] { return api::RateLimiter::Time(clock.now().time_since_epoch()); };
    desk_.post = [this](std::vector<Input> inputs, const InputAnswer& answer) {
      if (is_full) return false;
      for (const InputResult& result : world.post_all(std::move(inputs)))
        answer(result);
      return true;
    };
    desk_.why_not_writing = [this] { return why_not_writing; };
    desk_.read = [this](const api::Read& read, const api::Request& request, const api::Respond& respond) {
      ++reads;
      respond(answer_of(read, request));
    };
    desk_.topics = [this] { return topics; };
    routes_ = api::public_routes(desk_);
  }

  /// The answer to a request at `path`, which one of the routes has: `/c/{token}` with its parameter.
  api::Response ask(api::Method method, const std::string& path, const std::string& parameter = {},
                    const std::string& body = {}, api::Fields headers = {}, bool is_head = false) {
    api::Request request{.method = method, .path = path};
    for (const api::Route& route : routes_) {
      if (route.method != method || route.path != path) continue;
      const std::size_t begin = path.find('{');
      if (begin != std::string::npos)
        request.parameters = {{path.substr(begin + 1, path.find('}') - begin - 1), parameter}};
      request.body = body;
      request.headers = std::move(headers);
      request.peer = peer;
      request.is_head = is_head;
      return answer_of(route, request);
    }
    throw std::runtime_error("there is no route " + path);
  }

  /// A token for ada's mail `welcome`.
  static std::string token(LinkKind kind, const std::string& url = {}, const std::string& person = "ada") {
    return kLinkKeys.sign({.kind = kind,
                           .person = person,
                           .journey = "seeds",
                           .message = "welcome",
                           .delivery = "k9f-12-3-p7",
                           .url = url});
  }

  World world;
  VirtualClock clock{kMonday};
  std::string peer = "192.0.2.7";
  bool is_full = false;
  std::string why_not_writing;
  std::vector<TopicDefinition> topics;
  std::size_t reads = 0;  ///< that have taken a place on the reading thread

 private:
  api::Response answer_of(const api::Route& route, const api::Request& request) {
    std::optional<api::Response> given;
    try {
      if (const auto* write = std::get_if<api::Write>(&route.handle)) {
        (*write)(request, [&](api::Response response) { given = std::move(response); });
      } else {
        given = answer_of(std::get<api::Read>(route.handle), request);
      }
    } catch (const api::Refused& refused) {
      given = api::as_response(refused.problem());
    }
    if (!given) throw std::runtime_error("the route has not answered");
    return *given;
  }

  api::Response answer_of(const api::Read& read, const api::Request& request) {
    JourneyLibrary library(world.store(), names());
    api::Scene scene{world.store(), world.reader(), names(), library, clock.now()};
    return read(request, scene);
  }

  NameBook& names() {
    names_.emplace_back(std::make_unique<NameBook>(world.reader()));
    return *names_.back();
  }

  api::PublicDesk desk_;
  std::vector<api::Route> routes_;
  std::vector<std::unique_ptr<NameBook>> names_;
};

inline std::string header(const api::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace caravan::test
