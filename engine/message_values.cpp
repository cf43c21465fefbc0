#include "engine/message_values.hpp"

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

}  // namespace

Attributes message_values(const RunnableMessage& message, const MessageSubject& subject,
                          const ComputedValue& computed) {
  std::vector<std::pair<NameId, AttributeInput>> values;
  values.reserve(message.sources.size());
  for (std::size_t i = 0; i < message.sources.size(); ++i) {
    std::optional<AttributeInput> value = value_of(message.sources[i], subject, computed);
    if (value && !std::holds_alternative<std::monostate>(value->value)) {
      values.emplace_back(NameId{static_cast<std::uint32_t>(i)}, std::move(*value));
    }
  }
  return Attributes().with(values);
}

}  // namespace caravan
