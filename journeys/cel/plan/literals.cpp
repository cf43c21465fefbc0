// List and map literals.

#include "journeys/cel/plan/node.hpp"

namespace caravan::cel {

namespace {

/// What an optional part `?x` stands for: its value, or nothing at all.
enum class Part { value, nothing, failed };

Part unwrap_optional(Frame& frame, Value& value, std::uint32_t offset) {
  if (value.is_error()) return Part::failed;
  if (!value.is(Kind::optional)) {
    value = frame.evaluation.no_such_overload("?_", {&value, 1}).at(offset);
    return Part::failed;
  }
  if (!value.held()) return Part::nothing;
  value = *value.held();
  return Part::value;
}

class List final : public Node {
 public:
  List(std::vector<NodePtr> elements, std::vector<bool> optional, std::uint32_t offset)
      : elements_{std::move(elements)}, optional_{std::move(optional)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    Value* values = frame.evaluation.arena().array<Value>(elements_.size());
    if (!values) return Evaluation::memory_error();
    std::size_t count = 0;
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      Value value = elements_[i]->evaluate(frame);
      if (value.is_error()) return value;
      const Part part = optional_[i] ? unwrap_optional(frame, value, offset_) : Part::value;
      if (part == Part::failed) return value;
      if (part == Part::value) ::new (static_cast<void*>(values + count++)) Value{value};
    }
    return Value::list({values, count});
  }

 private:
  std::vector<NodePtr> elements_;
  std::vector<bool> optional_;
  std::uint32_t offset_;
};

class MapLiteral final : public Node {
 public:
  MapLiteral(std::vector<NodePtr> parts, std::vector<bool> optional, std::uint32_t offset)
      : parts_{std::move(parts)}, optional_{std::move(optional)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    MapBuilder builder{frame.evaluation.arena(), optional_.size()};
    if (!builder.ready()) return Evaluation::memory_error();
    for (std::size_t i = 0; i < optional_.size(); ++i) {
      const Value failed = add(frame, builder, i);
      if (failed.is_error()) return failed;
    }
    return Value::map(builder.finish());
  }

 private:
  Value add(Frame& frame, MapBuilder& builder, std::size_t index) const {
    const Value key = parts_[index * 2]->evaluate(frame);
    if (key.is_error()) return key;
    Value value = parts_[index * 2 + 1]->evaluate(frame);
    if (value.is_error()) return value;
    if (optional_[index]) {
      const Part part = unwrap_optional(frame, value, offset_);
      if (part != Part::value) return part == Part::failed ? value : Value::null();
    }
    switch (builder.add(key, value)) {
      case MapBuilder::Outcome::added: return Value::null();
      case MapBuilder::Outcome::repeated:
        return frame.evaluation.error(ErrorCode::repeated_key, {"repeated key: ", to_text(key, 100)}).at(offset_);
      case MapBuilder::Outcome::unsupported_key: break;
    }
    return frame.evaluation.error(ErrorCode::unsupported_key, {"unsupported key type: ", type_name(key)}).at(offset_);
  }

  std::vector<NodePtr> parts_;
  std::vector<bool> optional_;
  std::uint32_t offset_;
};

}  // namespace

NodePtr make_list(std::vector<NodePtr> elements, std::vector<bool> optional, std::uint32_t offset) {
  return std::make_unique<List>(std::move(elements), std::move(optional), offset);
}
NodePtr make_map(std::vector<NodePtr> keys_and_values, std::vector<bool> optional, std::uint32_t offset) {
  return std::make_unique<MapLiteral>(std::move(keys_and_values), std::move(optional), offset);
}

}  // namespace caravan::cel
