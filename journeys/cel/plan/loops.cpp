// Macros as loops over a list, a map or a host object: variables are places in the frame, and only results that are
// lists or maps take memory. Every turn is charged, so no loop outlives the budget.

#include "journeys/cel/object.hpp"
#include "journeys/cel/plan/node.hpp"

namespace caravan::cel {

namespace {

/// What a loop runs over. With one variable that is a list's elements or a map's keys; with two, index and element or
/// key and value.
class Range {
 public:
  /// False when the value is nothing to loop over.
  bool open(Frame& frame, const Value& value) {
    if (value.is(Kind::list)) {
      list_ = value.as_list();
      size_ = list_.size();
      return true;
    }
    if (value.is(Kind::map)) {
      entries_ = value.as_map().entries();
      size_ = entries_.size();
      is_map_ = true;
      return true;
    }
    if (!value.is(Kind::object)) return false;
    object_ = &value.as_object();
    const Value keys = object_->keys(frame.evaluation);
    if (!keys.is(Kind::list)) return false;
    list_ = keys.as_list();
    size_ = list_.size();
    return true;
  }
  std::size_t size() const { return size_; }
  Value only(std::size_t i) const { return is_map_ ? entries_[i].key : list_[i]; }
  Value first(std::size_t i) const {
    if (is_map_) return entries_[i].key;
    return object_ ? list_[i] : Value::integer(static_cast<std::int64_t>(i));
  }
  Value second(std::size_t i, Evaluation& evaluation) const {
    if (is_map_) return entries_[i].value;
    return object_ ? object_->field(list_[i].as_text(), evaluation) : list_[i];
  }

 private:
  std::span<const Value> list_;
  std::span<const MapEntry> entries_;
  const Object* object_ = nullptr;
  std::size_t size_ = 0;
  bool is_map_ = false;
};

/// What all loops share: the range, the variables, the charge and the filter.
class LoopNode : public Node {
 public:
  explicit LoopNode(Loop loop) : loop_{std::move(loop)} {}

  Value evaluate(Frame& frame) const final {
    const Value value = loop_.range->evaluate(frame);
    if (value.is_error()) return value;
    Range range;
    if (!range.open(frame, value))
      return frame.evaluation.no_such_overload(macro_text(loop_.macro, 1), {&value, 1}).at(loop_.offset);
    return run(frame, range);
  }

 protected:
  virtual Value run(Frame& frame, const Range& range) const = 0;

  /// Sets the variables for a turn; an error when it cannot be had or paid for.
  Value begin_turn(Frame& frame, const Range& range, std::size_t i) const {
    if (!frame.evaluation.charge(loop_.cost)) return Evaluation::budget_error().at(loop_.offset);
    Value* locals = frame.locals + loop_.first_local;
    if (!loop_.two_variables) {
      locals[0] = range.only(i);
      return Value::null();
    }
    locals[0] = range.first(i);
    locals[1] = range.second(i, frame.evaluation);
    return locals[1];
  }

  /// Whether the filter lets the turn through: a bool, or an error.
  Value passes(Frame& frame) const {
    if (!loop_.filter) return Value::boolean(true);
    return condition(frame, *loop_.filter);
  }

  Value condition(Frame& frame, const Node& node) const {
    const Value value = node.evaluate(frame);
    if (value.is(Kind::boolean) || value.is_error()) return value;
    return frame.evaluation.no_such_overload(macro_text(loop_.macro, 1), {&value, 1}).at(loop_.offset);
  }

  Loop loop_;
};

/// all and exists: the first turn that yields `Decisive` settles it; otherwise an error in any turn is the result.
template <bool Decisive>
class Quantifier final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 protected:
  Value run(Frame& frame, const Range& range) const override {
    Value result = Value::boolean(!Decisive);
    for (std::size_t i = 0; i < range.size(); ++i) {
      const Value begun = begin_turn(frame, range, i);
      if (begun.is_error()) return begun;
      const Value holds = condition(frame, *loop_.body);
      if (!holds.is_error()) {
        if (holds.as_boolean() == Decisive) return holds;
      } else if (!result.is_error()) {
        result = holds;
      }
    }
    return result;
  }
};

class ExistsOne final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 protected:
  Value run(Frame& frame, const Range& range) const override {
    std::size_t count = 0;
    for (std::size_t i = 0; i < range.size(); ++i) {
      const Value begun = begin_turn(frame, range, i);
      if (begun.is_error()) return begun;
      const Value holds = condition(frame, *loop_.body);
      if (holds.is_error()) return holds;
      if (holds.as_boolean()) ++count;
    }
    return Value::boolean(count == 1);
  }
};

/// map, filter and transformList: a list of at most as many elements as the range has.
class ToList final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 protected:
  Value run(Frame& frame, const Range& range) const override {
    Value* results = frame.evaluation.arena().array<Value>(range.size());
    if (!results) return Evaluation::memory_error();
    std::size_t count = 0;
    for (std::size_t i = 0; i < range.size(); ++i) {
      const Value begun = begin_turn(frame, range, i);
      if (begun.is_error()) return begun;
      const Value kept = passes(frame);
      if (kept.is_error()) return kept;
      if (!kept.as_boolean()) continue;
      const Value result = loop_.body ? loop_.body->evaluate(frame) : range.only(i);
      if (result.is_error()) return result;
      ::new (static_cast<void*>(results + count++)) Value{result};
    }
    return Value::list({results, count});
  }
};

class ToMap final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 protected:
  Value run(Frame& frame, const Range& range) const override {
    const bool entries = loop_.macro == Macro::transform_map_entry;
    MapBuilder builder{frame.evaluation.arena(), range.size()};
    if (!builder.ready()) return Evaluation::memory_error();
    for (std::size_t i = 0; i < range.size(); ++i) {
      const Value begun = begin_turn(frame, range, i);
      if (begun.is_error()) return begun;
      const Value kept = passes(frame);
      if (kept.is_error()) return kept;
      if (!kept.as_boolean()) continue;
      const Value result = loop_.body->evaluate(frame);
      if (result.is_error()) return result;
      const Value failed = entries ? add_entry(frame, builder, result) : add(frame, builder, range.first(i), result);
      if (failed.is_error()) return failed;
    }
    return Value::map(builder.finish());
  }

 private:
  Value add(Frame& frame, MapBuilder& builder, const Value& key, const Value& value) const {
    switch (builder.add(key, value)) {
      case MapBuilder::Outcome::added: return Value::null();
      case MapBuilder::Outcome::repeated:
        return frame.evaluation.error(ErrorCode::repeated_key, {"insert failed: repeated key: ", to_text(key, 100)})
            .at(loop_.offset);
      case MapBuilder::Outcome::unsupported_key: break;
    }
    return frame.evaluation.error(ErrorCode::unsupported_key, {"unsupported key type: ", type_name(key)})
        .at(loop_.offset);
  }

  Value add_entry(Frame& frame, MapBuilder& builder, const Value& entry) const {
    if (!entry.is(Kind::map))
      return frame.evaluation.no_such_overload("transformMapEntry", {&entry, 1}).at(loop_.offset);
    if (entry.as_map().size() != 1)
      return frame.evaluation
          .error(ErrorCode::invalid_argument, {"transformMapEntry() needs a map of one entry for each turn"})
          .at(loop_.offset);
    const MapEntry& only = entry.as_map().entries().front();
    return add(frame, builder, only.key, only.value);
  }
};

class Binding final : public Node {
 public:
  Binding(NodePtr value, NodePtr body, std::uint32_t local)
      : value_{std::move(value)}, body_{std::move(body)}, local_{local} {}
  /// The name stands for the value wherever it is used, so an error is an error only there.
  Value evaluate(Frame& frame) const override {
    frame.locals[local_] = value_->evaluate(frame);
    return body_->evaluate(frame);
  }

 private:
  NodePtr value_;
  NodePtr body_;
  std::uint32_t local_;
};

class OptionalMap final : public Node {
 public:
  OptionalMap(NodePtr optional, NodePtr body, std::uint32_t local, bool flat, std::uint32_t offset)
      : optional_{std::move(optional)}, body_{std::move(body)}, local_{local}, flat_{flat}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value optional = optional_->evaluate(frame);
    if (optional.is_error()) return optional;
    if (!optional.is(Kind::optional)) return frame.evaluation.no_such_overload("optMap", {&optional, 1}).at(offset_);
    if (!optional.held()) return optional;
    frame.locals[local_] = *optional.held();
    const Value result = body_->evaluate(frame);
    if (result.is_error()) return result;
    if (!flat_) return frame.evaluation.optional(result);
    return result.is(Kind::optional) ? result
                                     : frame.evaluation.no_such_overload("optFlatMap", {&result, 1}).at(offset_);
  }

 private:
  NodePtr optional_;
  NodePtr body_;
  std::uint32_t local_;
  bool flat_;
  std::uint32_t offset_;
};

}  // namespace

NodePtr make_loop(Loop loop) {
  switch (loop.macro) {
    case Macro::all: return std::make_unique<Quantifier<false>>(std::move(loop));
    case Macro::exists: return std::make_unique<Quantifier<true>>(std::move(loop));
    case Macro::exists_one: return std::make_unique<ExistsOne>(std::move(loop));
    case Macro::transform_map:
    case Macro::transform_map_entry: return std::make_unique<ToMap>(std::move(loop));
    default: return std::make_unique<ToList>(std::move(loop));
  }
}

NodePtr make_binding(NodePtr value, NodePtr body, std::uint32_t local) {
  return std::make_unique<Binding>(std::move(value), std::move(body), local);
}
NodePtr make_optional_map(NodePtr optional, NodePtr body, std::uint32_t local, bool flat, std::uint32_t offset) {
  return std::make_unique<OptionalMap>(std::move(optional), std::move(body), local, flat, offset);
}

}  // namespace caravan::cel
