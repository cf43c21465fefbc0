#include "engine/message_values.hpp"

#include <cmath>

#include "engine/attribute_values.hpp"

namespace caravan {
namespace {

std::optional<AttributeInput> attribute_of(const Attributes& attributes, NameId name) {
  const std::optional<AttributeValue> value = attributes.find(name);
  return value ? std::optional(to_input(*value)) : std::nullopt;
}

/// The value that lies in maps behind `keys`.
std::optional<AttributeInput> value_in(std::optional<AttributeInput> value, std::span<const std::string> keys) {
  for (const std::string& key : keys) {
    auto* map = value ? std::get_if<AttributeMap>(&value->value) : nullptr;
    if (!map) return std::nullopt;
    const auto entry = std::find_if(map->begin(), map->end(), [&](const auto& each) { return each.first == key; });
    if (entry == map->end()) return std::nullopt;
    value = AttributeInput(std::move(entry->second));
  }
  return value;
}

std::optional<AttributeInput> value_of(const ValueSource& source, const MessageSubject& subject,
                                       const ComputedValue& computed) {
  switch (source.kind) {
    case ValueSource::Kind::account_attribute:
      return value_in(attribute_of(subject.account.attributes, source.attribute), source.keys);
    case ValueSource::Kind::account_key: return AttributeInput{subject.account.key};
    case ValueSource::Kind::person_attribute:
      if (!subject.person) return std::nullopt;
      return value_in(attribute_of(subject.person->attributes, source.attribute), source.keys);
    case ValueSource::Kind::person_key:
      return subject.person ? std::optional(AttributeInput{subject.person->key}) : std::nullopt;
    case ValueSource::Kind::journey_name: return AttributeInput{subject.journey.journey.name};
    case ValueSource::Kind::journey_title: return AttributeInput{subject.journey.journey.title};
    case ValueSource::Kind::computed: return computed(source.name);
  }
  return std::nullopt;
}

/// A person's attribute by name, or null.
AttributeInput person_value(const PersonRecord& person, std::string_view name, NameBook& names) {
  const std::optional<NameId> id = names.find(name);
  return id ? attribute_of(person.attributes, *id).value_or(AttributeInput{}) : AttributeInput{};
}

AttributeInput member_values(const MemberRecord& member, const SummaryFacts& facts, NameBook& names) {
  AttributeMap values;
  values.emplace_back("role", AttributeInput{std::string(names.text_of(member.role))});
  const auto person = std::find_if(facts.people.begin(), facts.people.end(),
                                   [&](const PersonRecord& each) { return each.id == member.person; });
  if (person == facts.people.end()) return {std::move(values)};
  const auto text = [&](std::string_view name) {
    AttributeInput value = person_value(*person, name, names);
    const auto* text = std::get_if<std::string>(&value.value);
    return text ? *text : std::string();
  };
  std::string name = text("name");
  if (name.empty()) {
    name = text("first_name");
    const std::string last = text("last_name");
    if (!name.empty() && !last.empty()) name += ' ';
    name += last;
  }
  values.emplace_back("name", AttributeInput{name.empty() ? person->key : name});
  values.emplace_back("title", AttributeInput{text("title")});
  values.emplace_back("email", AttributeInput{text("email")});
  return {std::move(values)};
}

}  // namespace

Attributes message_values(const RunnableMessage& message, const MessageSubject& subject,
                          const ComputedValue& computed) {
  std::vector<std::pair<NameId, AttributeInput>> values;
  for (std::size_t i = 0; i < message.sources.size(); ++i) {
    std::optional<AttributeInput> value = value_of(message.sources[i], subject, computed);
    if (value && !std::holds_alternative<std::monostate>(value->value)) {
      values.emplace_back(NameId{static_cast<std::uint32_t>(i)}, std::move(*value));
    }
  }
  return Attributes().with(values);
}

std::optional<AttributeInput> summary_value(std::string_view name, const SummaryFacts& facts, NameBook& names) {
  const GroupRecord empty{};
  const GroupRecord& group = facts.group ? *facts.group : empty;
  if (name == "interest.title") return AttributeInput{facts.plan.title};
  if (name == "group.completeness") {
    return AttributeInput{static_cast<std::int64_t>(std::lround(completeness(group, facts.plan)))};
  }
  if (name == "missing_roles") {
    AttributeList roles;
    for (const std::string_view role : missing_roles(group, facts.plan))
      roles.push_back({std::string(role)});
    return AttributeInput{std::move(roles)};
  }
  if (name == "members") {
    AttributeList members;
    for (const MemberRecord& member : group.members)
      members.push_back(member_values(member, facts, names));
    return AttributeInput{std::move(members)};
  }
  return std::nullopt;
}

}  // namespace caravan
