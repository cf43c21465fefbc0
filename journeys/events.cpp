#include "journeys/events.hpp"

namespace caravan {
namespace {

constexpr EventProperty solution_interest{"solution_interest", AttributeType::text, "whose buying group it is"};
constexpr EventProperty role{"role", AttributeType::text, "the role in the group"};
constexpr EventProperty member_source{"source", AttributeType::text, "`conditions`, `journey` or `hand`"};
constexpr EventProperty member_reason{"reason", AttributeType::text,
                                      "where in a journey, or what was said by hand; else empty"};
constexpr EventProperty attribute{"attribute", AttributeType::text, "its name"};
constexpr EventProperty old_value{"old", AttributeType::any, "what it was; missing where it had no value"};
constexpr EventProperty new_value{"new", AttributeType::any, "what it is; missing where it was taken out"};
constexpr EventProperty old_name{"old", AttributeType::text, "what it was; empty where there was none"};
constexpr EventProperty new_name{"new", AttributeType::text, "what it is"};
constexpr EventProperty old_percent{"old", AttributeType::number, "what it was, in percent"};
constexpr EventProperty new_percent{"new", AttributeType::number, "what it is, in percent"};
constexpr EventProperty old_score{"old", AttributeType::whole_number, "what it was, from 0 to 100"};
constexpr EventProperty new_score{"new", AttributeType::whole_number, "what it is, from 0 to 100"};
// Numbers, but whole ones as well as others: an author compares with either.
constexpr EventProperty old_number{"old", AttributeType::any, "what it was, a number"};
constexpr EventProperty new_number{"new", AttributeType::any, "what it is, a number"};
constexpr EventProperty audience{"audience", AttributeType::text, "its name"};
constexpr EventProperty message_template{"template", AttributeType::text, "the mail's name"};
constexpr EventProperty journey{"journey", AttributeType::text, "the journey that sent it"};
constexpr EventProperty url{"url", AttributeType::text, "its address"};
constexpr EventProperty reason{"reason", AttributeType::text, "what the mail server said"};
constexpr EventProperty permanent{"permanent", AttributeType::flag,
                                  "whether the address is none; missing where nobody has said"};
constexpr EventProperty address{"address", AttributeType::text, "where the mail went, where that was told"};
constexpr EventProperty topic{"topic", AttributeType::text, "of these mails alone; missing where it is all mails"};
constexpr EventProperty kind{"kind", AttributeType::text, "`email`, `milestone` or `web`"};
constexpr EventProperty description{"description", AttributeType::text, "what happened"};
constexpr EventProperty score{"score", AttributeType::text, "the attribute that holds it"};

/// What the types of one part of the table do not have in common.
struct Line {
  std::string_view name;
  std::string_view summary;
  std::vector<EventProperty> properties;
};

void add(std::vector<EventType>& types, EventSource source, bool kept, const std::vector<Line>& lines) {
  for (const Line& line : lines)
    types.push_back({line.name, line.summary, source, kept, line.properties});
}

std::vector<EventType> all_types() {
  std::vector<EventType> types;
  add(types, EventSource::outside, true,
      {
          {"form.submitted",
           "The person has sent a form.",
           {{"form", AttributeType::text, "its name"},
            {"fields", AttributeType::map, "what was filled in, by name, where Caravan has taken the form"}}},
          {"page.viewed",
           "The person has seen a page.",
           {url, {"title", AttributeType::text, "its title, where the page has told it"}}},
          {"link.clicked", "The person has followed a link.", {url}},
      });
  add(types, EventSource::message, true,
      {
          {"email.sent", "A mail to the person has been handed over.", {message_template, journey}},
          {"email.delivered", "The person's mail server has taken the mail.", {message_template, journey}},
          {kBounced, "The mail has come back.", {message_template, journey, reason, permanent, address}},
          {"email.opened", "The person has opened the mail.", {message_template, journey}},
          {"email.clicked", "The person has followed a link of the mail.", {message_template, journey, url}},
          {"email.complained", "The person has called the mail spam.", {message_template, journey}},
          {"email.unsubscribed", "The person wants no more mails.", {message_template, journey, topic}},
          {"email.resubscribed", "The person wants mails again.", {message_template, journey, topic}},
      });
  add(types, EventSource::engine, true,
      {
          {"interesting_moment", "Sales should know of this; a node of that name says so.", {kind, description}},
          {"score.changed", "A score of the account or of the person has changed.", {score, old_number, new_number}},
      });
  add(types, EventSource::engine, false,
      {
          {"account.changed", "An attribute of the account has changed.", {attribute, old_value, new_value}},
          {"person.changed", "An attribute of the person has changed.", {attribute, old_value, new_value}},
          {"audience.entered", "The account has come into an audience.", {audience}},
          {"audience.left", "The account has left an audience.", {audience}},
          {"buying_group.created", "The account has a buying group that it had not.", {solution_interest}},
          {"buying_group.member_assigned",
           "The person has joined a buying group, or has another role in it.",
           {solution_interest, role, member_source, member_reason}},
          {"buying_group.member_removed",
           "The person has been taken out of a buying group.",
           {solution_interest, role, member_source, member_reason}},
          {"buying_group.stage_changed",
           "A buying group has moved to another stage.",
           {solution_interest, old_name, new_name}},
          {"buying_group.status_changed",
           "A buying group has another status.",
           {solution_interest, old_name, new_name}},
          {"buying_group.completeness_changed",
           "The completeness of a buying group has changed.",
           {solution_interest, old_percent, new_percent}},
          {"buying_group.engagement_changed",
           "The engagement of a buying group, as a whole number, has changed.",
           {solution_interest, old_score, new_score}},
      });
  return types;
}

}  // namespace

std::span<const EventType> event_types() {
  static const std::vector<EventType> types = all_types();
  return types;
}

const EventType* find_event_type(std::string_view name) {
  const std::span<const EventType> types = event_types();
  const auto found = std::find_if(types.begin(), types.end(), [&](const EventType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

std::optional<bool> sets_unsubscribed(std::string_view type) {
  if (type == "email.unsubscribed" || type == "email.complained") return true;
  if (type == "email.resubscribed") return false;
  return std::nullopt;
}

std::span<const PersonAttribute> person_attributes() {
  static constexpr std::array<PersonAttribute, 4> attributes = {
      {{"email", AttributeType::text, "it is where mails go"},
       {kUnsubscribed, AttributeType::flag, "mails heed it"},
       {kLeftTopics, AttributeType::list, "mails heed it"},
       {kUndeliverable, AttributeType::text, "mails heed it"}}};
  return attributes;
}

const PersonAttribute* find_person_attribute(std::string_view name) {
  const std::span<const PersonAttribute> attributes = person_attributes();
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const PersonAttribute& each) { return each.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

bool is_kept(std::string_view type) {
  const EventType* known = find_event_type(type);
  return known == nullptr || known->kept;
}

}  // namespace caravan
