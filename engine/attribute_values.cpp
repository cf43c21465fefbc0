#include "engine/attribute_values.hpp"

#include "journeys/cel/map.hpp"

namespace caravan {

cel::Value to_value(const AttributeValue& attribute, cel::Evaluation& evaluation) {
  switch (attribute.kind()) {
    case AttributeKind::null: return cel::Value::null();
    case AttributeKind::no: return cel::Value::boolean(false);
    case AttributeKind::yes: return cel::Value::boolean(true);
    case AttributeKind::integer: return cel::Value::integer(attribute.integer());
    case AttributeKind::real: return cel::Value::floating(attribute.real());
    case AttributeKind::text: return cel::Value::string(attribute.text());
    case AttributeKind::timestamp: return cel::Value::timestamp(cel::Timestamp::from(attribute.timestamp()));
    case AttributeKind::duration: return cel::Value::duration(attribute.duration());
    case AttributeKind::list: {
      std::vector<cel::Value> elements;
      attribute.each_element([&](AttributeValue element) { elements.push_back(to_value(element, evaluation)); });
      return evaluation.list(elements);
    }
    case AttributeKind::map: {
      std::vector<std::pair<std::string_view, cel::Value>> entries;
      attribute.each_entry(
          [&](std::string_view key, AttributeValue value) { entries.emplace_back(key, to_value(value, evaluation)); });
      cel::MapBuilder map(evaluation.arena(), entries.size());
      if (!map.ready()) return cel::Evaluation::memory_error();
      for (const auto& [key, value] : entries)
        map.add(cel::Value::string(key), value);
      return cel::Value::map(map.finish());
    }
  }
  return cel::Value::null();
}

std::optional<AttributeInput> to_input(const cel::Value& value) {
  switch (value.kind()) {
    case cel::Kind::null: return AttributeInput{};
    case cel::Kind::boolean: return AttributeInput{value.is_true()};
    case cel::Kind::integer: return AttributeInput{value.as_integer()};
    case cel::Kind::unsigned_integer: {
      const std::uint64_t number = value.as_unsigned();
      if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return AttributeInput{static_cast<double>(number)};
      }
      return AttributeInput{static_cast<std::int64_t>(number)};
    }
    case cel::Kind::floating: return AttributeInput{value.as_floating()};
    case cel::Kind::string: return AttributeInput{std::string(value.as_text())};
    case cel::Kind::timestamp: return AttributeInput{value.as_timestamp().to_milliseconds()};
    case cel::Kind::duration:
      return AttributeInput{std::chrono::duration_cast<std::chrono::milliseconds>(value.as_duration())};
    case cel::Kind::list: {
      AttributeList list;
      for (const cel::Value& element : value.as_list()) {
        std::optional<AttributeInput> kept = to_input(element);
        if (!kept) return std::nullopt;
        list.push_back(std::move(*kept));
      }
      return AttributeInput{std::move(list)};
    }
    case cel::Kind::map: {
      AttributeMap map;
      for (const cel::MapEntry& entry : value.as_map().entries()) {
        std::optional<AttributeInput> kept = to_input(entry.value);
        if (!kept || !entry.key.is(cel::Kind::string)) return std::nullopt;
        map.emplace_back(std::string(entry.key.as_text()), std::move(*kept));
      }
      return AttributeInput{std::move(map)};
    }
    case cel::Kind::bytes:
    case cel::Kind::type:
    case cel::Kind::optional:
    case cel::Kind::object:
    case cel::Kind::error:
    case cel::Kind::absent: return std::nullopt;
  }
  return std::nullopt;
}

AttributeInput to_input(const AttributeValue& attribute) {
  switch (attribute.kind()) {
    case AttributeKind::null: return {};
    case AttributeKind::no: return {false};
    case AttributeKind::yes: return {true};
    case AttributeKind::integer: return {attribute.integer()};
    case AttributeKind::real: return {attribute.real()};
    case AttributeKind::text: return {std::string(attribute.text())};
    case AttributeKind::timestamp: return {attribute.timestamp()};
    case AttributeKind::duration: return {attribute.duration()};
    case AttributeKind::list: {
      AttributeList list;
      attribute.each_element([&](AttributeValue element) { list.push_back(to_input(element)); });
      return {std::move(list)};
    }
    case AttributeKind::map: {
      AttributeMap map;
      attribute.each_entry(
          [&](std::string_view key, AttributeValue value) { map.emplace_back(std::string(key), to_input(value)); });
      return {std::move(map)};
    }
  }
  return {};
}

}  // namespace caravan
