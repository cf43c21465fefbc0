// Nodes that decide what is evaluated at all: && and ||, which absorb an error when the other side settles it, !, the
// conditional, and the alternatives of optionals.

#include "journeys/cel/plan/node.hpp"

namespace caravan::cel {

namespace {

/// && and ||: `Decisive` is the value that settles it, whatever the other parts are.
template <bool Decisive>
class Logical final : public Node {
 public:
  Logical(std::vector<NodePtr> parts, std::vector<std::uint32_t> offsets)
      : parts_{std::move(parts)}, offsets_{std::move(offsets)} {}

  Value evaluate(Frame& frame) const override {
    for (const NodePtr& part : parts_) {
      const Value value = part->evaluate(frame);
      if (value.is(Kind::boolean)) {
        if (value.as_boolean() == Decisive) return value;
      } else {
        return undecided(frame, &part - parts_.data(), value);
      }
    }
    return Value::boolean(!Decisive);
  }

 private:
  /// One part is an error or no bool: the result, unless a later part settles it.
  Value undecided(Frame& frame, std::ptrdiff_t index, Value value) const {
    const auto at = static_cast<std::size_t>(index);
    const Value first =
        value.is_error() ? value
                         : frame.evaluation.no_such_overload(Decisive ? "_||_" : "_&&_", {&value, 1}).at(offsets_[at]);
    for (std::size_t i = at + 1; i < parts_.size(); ++i) {
      const Value other = parts_[i]->evaluate(frame);
      if (other.is(Kind::boolean) && other.as_boolean() == Decisive) return other;
    }
    return first;
  }

  std::vector<NodePtr> parts_;
  std::vector<std::uint32_t> offsets_;
};

class Not final : public Node {
 public:
  Not(NodePtr operand, std::uint32_t offset) : operand_{std::move(operand)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value value = operand_->evaluate(frame);
    if (value.is(Kind::boolean)) return Value::boolean(!value.as_boolean());
    if (value.is_error()) return value;
    return frame.evaluation.no_such_overload("!_", {&value, 1}).at(offset_);
  }

 private:
  NodePtr operand_;
  std::uint32_t offset_;
};

class Conditional final : public Node {
 public:
  Conditional(NodePtr condition, NodePtr yes, NodePtr no, std::uint32_t offset)
      : condition_{std::move(condition)}, yes_{std::move(yes)}, no_{std::move(no)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value value = condition_->evaluate(frame);
    if (value.is(Kind::boolean)) return value.as_boolean() ? yes_->evaluate(frame) : no_->evaluate(frame);
    if (value.is_error()) return value;
    return frame.evaluation.no_such_overload("_?_:_", {&value, 1}).at(offset_);
  }

 private:
  NodePtr condition_;
  NodePtr yes_;
  NodePtr no_;
  std::uint32_t offset_;
};

class Alternative final : public Node {
 public:
  Alternative(NodePtr optional, NodePtr alternative, bool unwrap, std::uint32_t offset)
      : optional_{std::move(optional)}, alternative_{std::move(alternative)}, unwrap_{unwrap}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value value = optional_->evaluate(frame);
    if (value.is_error()) return value;
    if (!value.is(Kind::optional))
      return frame.evaluation.no_such_overload(unwrap_ ? "orValue" : "or", {&value, 1}).at(offset_);
    if (value.held()) return unwrap_ ? *value.held() : value;
    const Value other = alternative_->evaluate(frame);
    if (unwrap_ || other.is(Kind::optional) || other.is_error()) return other;
    return frame.evaluation.no_such_overload("or", {&other, 1}).at(offset_);
  }

 private:
  NodePtr optional_;
  NodePtr alternative_;
  bool unwrap_;
  std::uint32_t offset_;
};

}  // namespace

NodePtr make_logical(Form form, std::vector<NodePtr> parts, std::vector<std::uint32_t> offsets) {
  if (form == Form::all_of) return std::make_unique<Logical<false>>(std::move(parts), std::move(offsets));
  return std::make_unique<Logical<true>>(std::move(parts), std::move(offsets));
}
NodePtr make_not(NodePtr operand, std::uint32_t offset) {
  return std::make_unique<Not>(std::move(operand), offset);
}
NodePtr make_conditional(NodePtr condition, NodePtr yes, NodePtr no, std::uint32_t offset) {
  return std::make_unique<Conditional>(std::move(condition), std::move(yes), std::move(no), offset);
}
NodePtr make_alternative(NodePtr optional, NodePtr alternative, bool unwrap, std::uint32_t offset) {
  return std::make_unique<Alternative>(std::move(optional), std::move(alternative), unwrap, offset);
}

}  // namespace caravan::cel
