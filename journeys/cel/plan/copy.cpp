// Copying a value out of an evaluation, for constants.

#include "journeys/cel/plan/planner.hpp"

namespace caravan::cel {

namespace {

std::optional<Value> copy_text(Arena& arena, const Value& value) {
  const std::string_view text = arena.copy(value.as_text());
  if (!text.data()) return std::nullopt;
  if (value.is(Kind::string)) return Value::string(text);
  return value.is(Kind::bytes) ? Value::bytes(text) : Value::type(text);
}

std::optional<Value> copy_list(Arena& arena, std::span<const Value> elements) {
  Value* copies = arena.array<Value>(elements.size());
  if (!copies) return std::nullopt;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto copy = copy_into(arena, elements[i]);
    if (!copy) return std::nullopt;
    ::new (static_cast<void*>(copies + i)) Value{*copy};
  }
  return Value::list({copies, elements.size()});
}

std::optional<Value> copy_map(Arena& arena, const Map& map) {
  MapBuilder builder{arena, map.size()};
  if (!builder.ready()) return std::nullopt;
  for (const MapEntry& entry : map.entries()) {
    const auto key = copy_into(arena, entry.key);
    const auto value = copy_into(arena, entry.value);
    if (!key || !value) return std::nullopt;
    builder.add(*key, *value);
  }
  return Value::map(builder.finish());
}

}  // namespace

std::optional<Value> copy_into(Arena& arena, const Value& value) {
  switch (value.kind()) {
    case Kind::string:
    case Kind::bytes:
    case Kind::type: return copy_text(arena, value);
    case Kind::list: return copy_list(arena, value.as_list());
    case Kind::map: return copy_map(arena, value.as_map());
    case Kind::optional: {
      if (!value.held()) return value;
      const auto held = copy_into(arena, *value.held());
      const Value* kept = held ? arena.make<Value>(*held) : nullptr;
      if (!kept) return std::nullopt;
      return Value::optional(*kept);
    }
    case Kind::object:
    case Kind::error:
    case Kind::absent: return std::nullopt;
    default: return value;
  }
}

}  // namespace caravan::cel
