#pragma once
// Who may be sent which mail. People say what they want by events and by attributes: `unsubscribed` from all mails,
// `left_topics` of those that they do not want; `undeliverable` is an address that mail servers do not know. It is
// asked when a turn would promise a mail, and again at the last step before a mail leaves.

#include "engine/messages.hpp"
#include "engine/name_book.hpp"

namespace caravan {

/// Why a person is not sent a mail.
enum class NotMailed { unsubscribed, left_topic, undeliverable };

/// `who has unsubscribed`, `who has left the topic events`, `whose address is undeliverable`: behind who it is.
std::string who_is_not_mailed(NotMailed why, const Message& mail);

/// Looks attributes up by name once. Used by one thread.
class MailConsent {
 public:
  /// `names` outlives it.
  explicit MailConsent(const NameBook& names) : names_(names) {}

  /// Why a person of those attributes must not be sent the mail at `address`; nothing when they may. An operational
  /// mail is kept from nobody but those whom it cannot reach.
  std::optional<NotMailed> why_not(const Attributes& person, const Message& mail, std::string_view address);

 private:
  std::optional<AttributeValue> find(const Attributes& person, std::optional<NameId>& id, std::string_view name) const;

  const NameBook& names_;
  // Once somebody has used them.
  std::optional<NameId> unsubscribed_;
  std::optional<NameId> undeliverable_;
  std::optional<NameId> left_topics_;
};

/// The topics that a person has left; empty: none.
std::vector<std::string> left_topics(const Attributes& person, const NameBook& names);

/// Whether a person has unsubscribed from all mails.
bool is_unsubscribed(const Attributes& person, const NameBook& names);

/// The address that is known to be none, in lower case; empty: there is none such.
std::string undeliverable_address(const Attributes& person, const NameBook& names);

/// Where a person's mails go, in lower case and without a display name; empty: they have no such address.
std::string email_of(const Attributes& person, const NameBook& names);

/// Whether an event of that type may say something of mails to its person.
bool speaks_of_mails(std::string_view type);

struct ToldAt {
  Instant happened;
  Instant now;
};

/// What an event says of mails to its person: attributes to be set. `known` gives the events of the person's account
/// that were told before it: where one of them says otherwise and happened later, that one counts. A mail that came
/// back without an address, more than a day ago, says nothing of the address that the person has now.
AttributeMap said_of_mails(std::string_view type, const ToldAt& at, const AttributeMap& properties,
                           const PersonRecord& person, const std::function<std::span<const ActivityRecord>()>& known,
                           const NameBook& names);

/// The same of a mail that has come back for good from `address`. Where the person has another address by now, which is
/// known to be none as well, that is what is kept.
AttributeMap said_of_address(std::string_view address, const PersonRecord& person, const NameBook& names);

}  // namespace caravan
