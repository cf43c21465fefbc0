#pragma once
// The types of events that Caravan itself knows: what each means, what it carries, and whether it is kept. The checker
// reads properties from this table, the engine raises events by it, and the page for authors (events.md) is compared
// with it. Others may tell events of any further type; what those carry stands in the workspace's schema.

#include "journeys/definitions.hpp"

namespace caravan {

/// Who says that an event has happened.
enum class EventSource {
  engine,   ///< the engine alone, when something in it changes
  message,  ///< the engine, or whoever carries its messages
  outside,  ///< others; such an event may carry more than what is named here
};

/// A property that may be missing says so in its summary.
struct EventProperty {
  std::string_view name;
  AttributeType type = AttributeType::any;
  std::string_view summary;
};

struct EventType {
  std::string_view name;     ///< `form.submitted`
  std::string_view summary;  ///< one sentence
  EventSource source = EventSource::engine;
  /// Whether `activity()` can find it. What is not kept is heard by those that listen when it happens, and then gone.
  /// Of what is kept, the engine keeps what it raises itself only where what is published reads the type, or weighs it
  /// in its engagement model.
  bool kept = false;
  std::vector<EventProperty> properties;
};

/// All of them, in the order of the page.
std::span<const EventType> event_types();

/// The type of that name; null when Caravan does not know it.
const EventType* find_event_type(std::string_view name);

/// Attributes of people that say which mails they want, and where none arrives. Some events set them, and mails heed
/// them.
inline constexpr std::string_view kUnsubscribed = "unsubscribed";    ///< from all mails
inline constexpr std::string_view kLeftTopics = "left_topics";       ///< those whose mails they do not want
inline constexpr std::string_view kUndeliverable = "undeliverable";  ///< an address that nobody is reached at

/// The property by which an event is about the mails of one topic alone.
inline constexpr std::string_view kTopic = "topic";
/// The event by which a mail has come back.
inline constexpr std::string_view kBounced = "email.bounced";

/// Whether an event of that type says that the person wants no more mails (true), or wants them again; nothing where it
/// says neither.
std::optional<bool> sets_unsubscribed(std::string_view type);

/// The attributes that every person may have without an entry in a schema, with the types that they always have.
struct PersonAttribute {
  std::string_view name;
  AttributeType type;
  std::string_view why;  ///< who relies on that
};
std::span<const PersonAttribute> person_attributes();
/// Null for others.
const PersonAttribute* find_person_attribute(std::string_view name);

/// Whether `activity()` can find events of a type. Those of types that Caravan does not know are kept.
bool is_kept(std::string_view type);

}  // namespace caravan
