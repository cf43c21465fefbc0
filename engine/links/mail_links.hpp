#pragma once
// The links that mails to people get on their way out: a picture that tells that they were opened, links that tell that
// they were followed, and the receiver's own pages. What is stored of a mail has none of them, so that it stays the
// same whatever the secret is, and a replay needs none.

#include "engine/channels/channel.hpp"
#include "engine/links/link.hpp"

namespace caravan {

/// What the values are called by which a template names the receiver's own pages.
inline constexpr std::string_view kUnsubscribeUrl = "unsubscribe_url";
inline constexpr std::string_view kPreferencesUrl = "preferences_url";

/// Whom a mail is to, and what it is.
struct MailOrigin {
  std::string person;      ///< the receiver's key
  std::string journey;     ///< that sends it
  std::string message;     ///< its template
  std::string delivery;    ///< its key
  std::string topic = {};  ///< what it is about; empty: nothing in particular
};

/// Safe to use from any thread.
class MailLinks {
 public:
  /// `settings.url` is not empty.
  MailLinks(LinksDefinition settings, LinkKeys keys) : settings_(std::move(settings)), keys_(std::move(keys)) {}

  const LinksDefinition& settings() const { return settings_; }
  const LinkKeys& keys() const { return keys_; }

  /// The values of a message of these names, with the addresses of the receiver's own pages where it names them and
  /// nobody has given it others.
  Attributes with_pages(std::span<const std::string> names, Attributes values, const MailOrigin& origin) const;
  /// Rewrites the links of the HTML part, adds the picture, and the address by which mail programs unsubscribe, which
  /// operational mails have not. The text part keeps its links as they were written: they can be read.
  void put_into(Mail& mail, const MailOrigin& origin, bool is_operational) const;

 private:
  std::string address(std::string_view path, LinkKind kind, const MailOrigin& origin, std::string_view url = {}) const;

  LinksDefinition settings_;
  LinkKeys keys_;
};

/// Those of `links:`; null where it has no `url`. Throws std::runtime_error naming the setting that cannot work.
std::shared_ptr<const MailLinks> make_mail_links(const LinksDefinition& settings);

}  // namespace caravan
