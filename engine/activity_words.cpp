#include "engine/activity_words.hpp"

#include "engine/one_line.hpp"
#include "journeys/events.hpp"

namespace caravan {
namespace {

constexpr std::size_t kLongest = 120;

/// Of several of a type, the first whose property the event has.
struct Words {
  std::string_view type;
  std::string_view property;  ///< what is told of it
  std::string_view with;      ///< in front of the property
  std::string_view without;   ///< where the event has not got it
};

constexpr std::array kWords = {
    Words{"form.submitted", "form", "Sent the form ", "Sent a form"},
    Words{"page.viewed", "url", "Viewed the page ", "Viewed a page"},
    Words{"link.clicked", "url", "Followed the link ", "Followed a link"},
    Words{"email.opened", "template", "Opened a mail: ", "Opened a mail"},
    Words{"email.clicked", "template", "Followed a link in a mail: ", "Followed a link in a mail"},
    Words{"email.bounced", "template", "Was not reached by a mail: ", "Was not reached by a mail"},
    Words{"email.complained", "template", "Called a mail spam: ", "Called a mail spam"},
    Words{"email.unsubscribed", "topic", "Left the topic of mails ", ""},
    Words{"email.unsubscribed", "template", "Unsubscribed from mails: ", "Unsubscribed from mails"},
    Words{"email.resubscribed", "topic", "Came back to the topic of mails ", ""},
    Words{"email.resubscribed", "template", "Wants mails again: ", "Wants mails again"},
};

}  // namespace

bool is_doing(std::string_view type) {
  if (type == "email.sent" || type == "email.delivered") return false;
  const EventType* known = find_event_type(type);
  return known == nullptr || known->source != EventSource::engine;
}

std::string words_for(const ActivityRecord& activity, const NameBook& names) {
  const std::string_view type = names.text_of(activity.type);
  std::string_view without = type;
  for (const Words& words : kWords) {
    if (words.type != type) continue;
    const std::optional<NameId> property = names.find(words.property);
    const std::optional<AttributeValue> value = property ? activity.properties.find(*property) : std::nullopt;
    const std::string told =
        value && value->kind() == AttributeKind::text ? one_line(value->text(), kLongest) : std::string();
    if (!told.empty()) return std::string(words.with) + told;
    without = words.without;
  }
  return one_line(without, kLongest);
}

}  // namespace caravan
