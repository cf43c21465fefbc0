#pragma once
// Signed links: what a mail's link, or a page's visitor, says of itself when somebody comes back with it. All of it is
// in the link, signed with a secret of the installation, so that it is understood without a look at the store and
// nobody can make one or change one.

#include "journeys/definitions.hpp"

namespace caravan {

/// What a link is good for; one that was made for something is good for nothing else. Numbers in links.
enum class LinkKind : std::uint8_t {
  open = 1,          ///< the picture in a mail was shown
  click = 2,         ///< leads on to `url`
  subscription = 3,  ///< the pages about the receiver's own mails
  visitor = 4,       ///< tells who sees a page or sends a form
};

struct Link {
  LinkKind kind = LinkKind::open;
  std::string person;         ///< the receiver's key
  std::string journey = {};   ///< that sent the mail
  std::string message = {};   ///< the mail's template
  std::string delivery = {};  ///< the key of the mail
  std::string url = {};       ///< for a click: where it leads
  std::string topic = {};     ///< for a subscription: what the mail is about; empty: nothing in particular
  bool operator==(const Link&) const = default;
};

/// The secrets of an installation. Safe to use from any thread.
class LinkKeys {
 public:
  /// The first signs; links signed with any of them are good. At least one, none empty.
  explicit LinkKeys(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {}

  /// The token that stands in the address: letters, digits, `-` and `_`, behind a version number.
  std::string sign(const Link& link) const;
  /// Nothing for what was not signed with one of the secrets, in whatever way it differs.
  std::optional<Link> verify(std::string_view token) const;

 private:
  std::vector<std::string> secrets_;
};

/// No token of a subscription is longer, so that its address fits a line of a mail's header: keys of people have at
/// most 256 bytes, names 64 and keys of deliveries 120.
inline constexpr std::size_t kLongestSubscription = 791;
/// No token is longer; verify() does not look at what is.
inline constexpr std::size_t kLongestToken = 4'096;
/// Links to longer addresses than this are not signed.
inline constexpr std::size_t kLongestTarget = 2'000;

/// The payload of a token, and what it says; nothing for bytes that no link makes. Each link has one form.
std::string bytes_of(const Link& link);
std::optional<Link> parse_link(std::string_view bytes);

/// The secrets that `links:` names, one a line, the newest first. Throws std::runtime_error naming the setting when
/// they cannot be read or are too short to keep anybody from guessing them.
LinkKeys read_link_keys(const LinksDefinition& links);

}  // namespace caravan
