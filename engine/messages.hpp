#pragma once
// What a delivery says: a message compiled once when its journey is published, the values a turn kept for it, and the
// mail, the text or the call that both make. Rendering depends on nothing else, so that a retry sends the same words.

#include "engine/channels/channel.hpp"
#include "nodes/registry.hpp"
#include "storage/attributes.hpp"

namespace caravan {

/// A mail for MessageKind::email and sales_summary, a short message for sms, chat and sales_chat, a call for webhook.
using Outgoing = std::variant<Mail, ShortMessage, Call>;

/// A message ready to be rendered any number of times, from any thread.
class Message {
 public:
  virtual ~Message() = default;
  virtual MessageKind kind() const = 0;
  virtual const std::string& name() const = 0;  ///< the template's, the connection's, or `sales summary`
  /// A mail that goes to those as well who have unsubscribed from mails.
  virtual bool is_operational() const { return false; }
  /// What a mail is about, one of caravan.yaml's topics; empty: none in particular.
  virtual const std::string& topic() const;
  /// The dotted names its Mustache tags read (`person.first_name`), each once, in order of first use; the values that
  /// a turn keeps are numbered by their position here. A name inside of a section is looked up in the section's
  /// element first (`{{#members}}{{role}}{{/members}}`), then among the values; since no one can tell which is meant
  /// before the values are there, it stands here as well and may be left without a value. Missing values render empty.
  virtual const std::vector<std::string>& names() const = 0;
  /// Everything but key, to and date. Throws std::runtime_error with the reason when it cannot be rendered.
  virtual Outgoing render(const Attributes& values) const = 0;
};

/// Compiles an author's template. Problems of the Mustache text (an unclosed section, a bad tag) are put into
/// `diagnostics` at their place in the file, and null is returned. Values are escaped in the body, save in {{{triple}}}
/// tags; the text part is made from the body; the preheader becomes a hidden first line of it.
std::shared_ptr<const Message> compile_message(const EmailTemplateDefinition& definition, std::string_view default_from,
                                               Diagnostics& diagnostics);

/// Compiles an author's text for phones or chats (`kind`). Problems are put into `diagnostics` at their place in the
/// file, and null is returned. Nothing is escaped; of blank lines one after another one is left, and none at the ends.
std::shared_ptr<const Message> compile_text(const TextTemplateDefinition& definition, MessageKind kind,
                                            Diagnostics& diagnostics);

/// The call that a webhook makes: a JSON object of the definition's values, in their order. Those without a value are
/// left out; a timestamp is ISO 8601, a duration seconds (`"5400s"`), a number that JSON has not is null.
std::shared_ptr<const Message> call_message(const MessageDefinition& definition);

/// What sales gets when a buying group is handed over, as a mail and as a short text for a chat. They show the values
/// of text_values() in hand_over_values.hpp, and nothing where one is missing.
std::shared_ptr<const Message> sales_summary(std::string_view default_from);
std::shared_ptr<const Message> sales_chat();

/// A readable text part made from an HTML body: paragraphs, lists, links as `text (address)`, no markup. Linear in its
/// input, whatever that is, and at most a little over a megabyte.
std::string text_of_html(std::string_view html);

}  // namespace caravan
