#pragma once
// The public endpoints: what mails and pages lead to. Nobody who comes by them shows a token of the API; what they may
// is in the signed link that they come with.
//   public_mail.cpp     the links of mails that are counted: opened, clicked
//   public_consent.cpp  which mails somebody wants: unsubscribing, and the page of preferences
//   public_forms.cpp    forms that pages send
//   public_views.cpp    page views, and the script that tells both

#include "engine/api/rate_limiter.hpp"
#include "engine/api/route.hpp"
#include "engine/clock.hpp"
#include "engine/input.hpp"
#include "engine/links/mail_links.hpp"

namespace caravan::api {

/// What the public endpoints stand on; used on the I/O thread.
struct PublicDesk {
  /// As Engine::post_all(): false when no more is taken now.
  std::function<bool(std::vector<Input>, InputAnswer)> post;
  /// Why the store takes nothing at present, as Desk says it; empty: it does.
  std::function<std::string()> why_not_writing = [] { return std::string(); };
  /// Runs it where reading may take its time. Throws Refused where as much waits as may.
  std::function<void(Read, Request, Respond)> read;
  /// What mails are about, by the files as they are now.
  std::function<std::vector<TopicDefinition>()> topics = [] { return std::vector<TopicDefinition>(); };
  Clock* clock = nullptr;  ///< outlives the routes
  std::shared_ptr<const MailLinks> links;
  // What one person's links may do in a time, each on its own: what programs fetch by the way keeps nobody from
  // unsubscribing.
  std::shared_ptr<RateLimiter> in_passing = std::make_shared<RateLimiter>(1, 20);  ///< more is answered, and not told
  std::shared_ptr<RateLimiter> choices = std::make_shared<RateLimiter>(1, 20);
  std::shared_ptr<RateLimiter> pages = std::make_shared<RateLimiter>(1, 20);  ///< those that the store is read for
  /// By which it is measured how often somebody asks.
  std::function<RateLimiter::Time()> ticks = [] { return std::chrono::steady_clock::now(); };
};

/// None where there are no links.
std::vector<Route> public_routes(PublicDesk desk);

/// Its parts.
std::vector<Route> public_mail_routes(const std::shared_ptr<PublicDesk>& desk);
std::vector<Route> public_consent_routes(const std::shared_ptr<PublicDesk>& desk);
std::vector<Route> public_form_routes(const std::shared_ptr<PublicDesk>& desk);
std::vector<Route> public_view_routes(const std::shared_ptr<PublicDesk>& desk);

/// What a token says; nothing where it was not made here, or for something else than `kind`.
std::optional<Link> link_of(const PublicDesk& desk, std::string_view token, LinkKind kind);
/// The page of those whose link says nothing.
Response bad_link_page();

/// What somebody has done with a mail, now.
TellEvent mail_event(const PublicDesk& desk, std::string_view type, const Link& link);

/// Posts what somebody waits for. False when it cannot be taken now, or its answer would have to wait for the store.
bool post_and_answer(const PublicDesk& desk, std::vector<Input> inputs, InputAnswer answer);

/// The id of an event that counts once a minute, whatever is repeated: of what happened, by all that tells it apart.
std::string id_within_minute(std::string_view what, const std::vector<std::string_view>& parts, Instant now);

/// The key of somebody who is known by an e-mail address in lower case alone: `form-` and the first 32 digits of its
/// SHA-256 in hexadecimal, since keys can be read in links.
std::string stranger_key(std::string_view email);

/// The fields of a body of application/x-www-form-urlencoded, decoded; nothing where it is none.
std::optional<Fields> form_fields(const std::string& body);

}  // namespace caravan::api
