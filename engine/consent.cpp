#include "engine/consent.hpp"

#include "engine/channels/mime.hpp"
#include "engine/lower_case.hpp"
#include "journeys/events.hpp"

namespace caravan {
namespace {

std::optional<AttributeValue> find_named(const Attributes& attributes, const NameBook& names, std::string_view name) {
  const std::optional<NameId> id = names.find(name);
  return id ? attributes.find(*id) : std::nullopt;
}

bool is_yes(const std::optional<AttributeValue>& value) {
  return value && value->kind() == AttributeKind::yes;
}

std::string text_in(const std::optional<AttributeValue>& value) {
  return value && value->kind() == AttributeKind::text ? std::string(value->text()) : std::string();
}

std::vector<std::string> texts_in(const std::optional<AttributeValue>& value) {
  std::vector<std::string> texts;
  if (!value || value->kind() != AttributeKind::list) return texts;
  value->each_element([&](AttributeValue element) {
    if (element.kind() == AttributeKind::text) texts.emplace_back(element.text());
  });
  return texts;
}

const AttributeInput* find_property(const AttributeMap& properties, std::string_view name) {
  const auto found =
      std::find_if(properties.begin(), properties.end(), [&](const auto& each) { return each.first == name; });
  return found == properties.end() ? nullptr : &found->second;
}

std::string text_of_property(const AttributeMap& properties, std::string_view name) {
  const AttributeInput* property = find_property(properties, name);
  const auto* text = property ? std::get_if<std::string>(&property->value) : nullptr;
  return text ? *text : std::string();
}

/// What the event is about; empty: all mails, as every complaint is.
std::string topic_of(std::string_view type, std::string topic) {
  return type == "email.complained" ? std::string() : std::move(topic);
}

/// Whether one of the events says later whether the person wants mails of that topic; empty: mails at all.
bool is_outdated(Instant at, const std::string& topic, PersonId person, std::span<const ActivityRecord> known,
                 const NameBook& names) {
  return std::any_of(known.begin(), known.end(), [&](const ActivityRecord& each) {
    const std::string_view type = names.text_of(each.type);
    return each.person == person && each.at > at && sets_unsubscribed(type).has_value() &&
           topic_of(type, text_in(find_named(each.properties, names, kTopic))) == topic;
  });
}

AttributeMap said_of_topic(const std::string& topic, bool is_left, const PersonRecord& person, const NameBook& names) {
  const std::vector<std::string> left = left_topics(person.attributes, names);
  std::set<std::string> topics(left.begin(), left.end());
  if (is_left)
    topics.insert(topic);
  else if (topics.erase(topic) == 0)
    return {};
  AttributeList list;
  for (const std::string& each : topics)
    list.push_back({each});
  return {{std::string(kLeftTopics), {std::move(list)}}};
}

AttributeMap said_of_bounce(const ToldAt& at, const AttributeMap& properties, const PersonRecord& person,
                            const NameBook& names) {
  const AttributeInput* permanent = find_property(properties, "permanent");
  const auto* is_permanent = permanent ? std::get_if<bool>(&permanent->value) : nullptr;
  if (!is_permanent || !*is_permanent) return {};
  const std::string told = address_of(text_of_property(properties, "address"));
  if (told.empty() && at.happened < at.now - std::chrono::days(1)) return {};
  return said_of_address(told.empty() ? email_of(person.attributes, names) : told, person, names);
}

}  // namespace

std::string who_is_not_mailed(NotMailed why, const Message& mail) {
  switch (why) {
    case NotMailed::unsubscribed: return "who has unsubscribed";
    case NotMailed::left_topic: return "who has left the topic " + mail.topic();
    case NotMailed::undeliverable: return "whose address is undeliverable";
  }
  return {};
}

std::optional<AttributeValue> MailConsent::find(const Attributes& person, std::optional<NameId>& id,
                                                std::string_view name) const {
  if (!id) id = names_.find(name);
  return id ? person.find(*id) : std::nullopt;
}

std::optional<NotMailed> MailConsent::why_not(const Attributes& person, const Message& mail, std::string_view address) {
  if (!mail.is_operational()) {
    if (is_yes(find(person, unsubscribed_, kUnsubscribed))) return NotMailed::unsubscribed;
    if (!mail.topic().empty()) {
      const std::vector<std::string> left = texts_in(find(person, left_topics_, kLeftTopics));
      if (std::find(left.begin(), left.end(), mail.topic()) != left.end()) return NotMailed::left_topic;
    }
  }
  const std::string undeliverable = text_in(find(person, undeliverable_, kUndeliverable));
  if (!undeliverable.empty() && in_lower_case(undeliverable) == in_lower_case(address)) return NotMailed::undeliverable;
  return std::nullopt;
}

std::vector<std::string> left_topics(const Attributes& person, const NameBook& names) {
  return texts_in(find_named(person, names, kLeftTopics));
}

bool is_unsubscribed(const Attributes& person, const NameBook& names) {
  return is_yes(find_named(person, names, kUnsubscribed));
}

std::string undeliverable_address(const Attributes& person, const NameBook& names) {
  return in_lower_case(text_in(find_named(person, names, kUndeliverable)));
}

std::string email_of(const Attributes& person, const NameBook& names) {
  return in_lower_case(address_of(text_in(find_named(person, names, "email"))));
}

bool speaks_of_mails(std::string_view type) {
  return sets_unsubscribed(type).has_value() || type == kBounced;
}

AttributeMap said_of_mails(std::string_view type, const ToldAt& at, const AttributeMap& properties,
                           const PersonRecord& person, const std::function<std::span<const ActivityRecord>()>& known,
                           const NameBook& names) {
  if (type == kBounced) return said_of_bounce(at, properties, person, names);
  const std::optional<bool> unsubscribes = sets_unsubscribed(type);
  if (!unsubscribes) return {};
  const std::string topic = topic_of(type, text_of_property(properties, kTopic));
  // A topic that is none is not all mails.
  if (topic.empty() && type != "email.complained" && find_property(properties, kTopic)) return {};
  if (is_outdated(at.happened, topic, person.id, known(), names)) return {};
  if (!topic.empty()) return said_of_topic(topic, *unsubscribes, person, names);
  return {{std::string(kUnsubscribed), {*unsubscribes}}};
}

AttributeMap said_of_address(std::string_view address, const PersonRecord& person, const NameBook& names) {
  const std::string lost = in_lower_case(address);
  if (lost.empty()) return {};
  const std::string known = undeliverable_address(person.attributes, names);
  if (known != lost && !known.empty() && known == email_of(person.attributes, names)) return {};
  return {{std::string(kUndeliverable), {lost}}};
}

}  // namespace caravan
