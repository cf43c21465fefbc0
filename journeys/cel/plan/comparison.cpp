// Comparisons, with short ways for the common case of a value against a constant, and `in`.

#include <algorithm>

#include "journeys/cel/plan/node.hpp"

namespace caravan::cel {

namespace {

class Equal final : public Node {
 public:
  Equal(NodePtr left, NodePtr right, bool negated)
      : left_{std::move(left)}, right_{std::move(right)}, negated_{negated} {}
  Value evaluate(Frame& frame) const override {
    const Value left = left_->evaluate(frame);
    if (left.is_error()) return left;
    const Value right = right_->evaluate(frame);
    if (right.is_error()) return right;
    const Value same = frame.evaluation.compare_equal(left, right);
    return same.is_error() ? same : Value::boolean(same.as_boolean() != negated_);
  }

 private:
  NodePtr left_;
  NodePtr right_;
  bool negated_;
};

class EqualText final : public Node {
 public:
  EqualText(NodePtr left, std::string_view right, bool negated)
      : left_{std::move(left)}, right_{right}, negated_{negated} {}
  Value evaluate(Frame& frame) const override {
    const Value left = left_->evaluate(frame);
    if (left.is(Kind::string)) {
      if (left.as_text().size() != right_.size()) return Value::boolean(negated_);
      if (!frame.evaluation.charge_bytes(right_.size())) return Evaluation::budget_error();
      return Value::boolean((left.as_text() == right_) != negated_);
    }
    return left.is_error() ? left : Value::boolean(negated_);
  }

 private:
  NodePtr left_;
  std::string_view right_;
  bool negated_;
};

bool holds(Operator operation, Order order) {
  switch (operation) {
    case Operator::less: return order == Order::less;
    case Operator::less_equal: return order == Order::less || order == Order::equal;
    case Operator::greater: return order == Order::greater;
    default: return order == Order::greater || order == Order::equal;
  }
}

Value ordered(Evaluation& evaluation, Operator operation, const Value& left, const Value& right, std::uint32_t offset) {
  const bool text = left.is(Kind::string) || left.is(Kind::bytes);
  if (text && !evaluation.charge_bytes(left.as_text().size())) return Evaluation::budget_error();
  const Order order = compare(left, right);
  if (order != Order::incomparable) return Value::boolean(holds(operation, order));
  const Value both[] = {left, right};
  return evaluation.no_such_overload(operator_text(operation), both).at(offset);
}

class Ordered final : public Node {
 public:
  Ordered(Operator operation, NodePtr left, NodePtr right, std::uint32_t offset)
      : left_{std::move(left)}, right_{std::move(right)}, operation_{operation}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value left = left_->evaluate(frame);
    if (left.is_error()) return left;
    const Value right = right_->evaluate(frame);
    if (right.is_error()) return right;
    return ordered(frame.evaluation, operation_, left, right, offset_);
  }

 private:
  NodePtr left_;
  NodePtr right_;
  Operator operation_;
  std::uint32_t offset_;
};

/// Against a constant int, which is what nearly every threshold is.
template <Operator Operation>
class OrderedInteger final : public Node {
 public:
  OrderedInteger(NodePtr left, std::int64_t right, std::uint32_t offset)
      : left_{std::move(left)}, right_{right}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value left = left_->evaluate(frame);
    if (left.is(Kind::integer)) return Value::boolean(compared(left.as_integer()));
    if (left.is_error()) return left;
    return ordered(frame.evaluation, Operation, left, Value::integer(right_), offset_);
  }

 private:
  bool compared(std::int64_t left) const {
    if constexpr (Operation == Operator::less) return left < right_;
    if constexpr (Operation == Operator::less_equal) return left <= right_;
    if constexpr (Operation == Operator::greater) return left > right_;
    return left >= right_;
  }

  NodePtr left_;
  std::int64_t right_;
  std::uint32_t offset_;
};

NodePtr make_ordered_integer(Operator operation, NodePtr left, std::int64_t right, std::uint32_t offset) {
  switch (operation) {
    case Operator::less: return std::make_unique<OrderedInteger<Operator::less>>(std::move(left), right, offset);
    case Operator::less_equal:
      return std::make_unique<OrderedInteger<Operator::less_equal>>(std::move(left), right, offset);
    case Operator::greater: return std::make_unique<OrderedInteger<Operator::greater>>(std::move(left), right, offset);
    default: return std::make_unique<OrderedInteger<Operator::greater_equal>>(std::move(left), right, offset);
  }
}

class Membership final : public Node {
 public:
  Membership(NodePtr item, NodePtr container, std::uint32_t offset)
      : item_{std::move(item)}, container_{std::move(container)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value item = item_->evaluate(frame);
    if (item.is_error()) return item;
    const Value container = container_->evaluate(frame);
    switch (container.kind()) {
      case Kind::error: return container;
      case Kind::list: {
        for (const Value& element : container.as_list()) {
          if (!frame.evaluation.charge(1)) return Evaluation::budget_error();
          const Value same = frame.evaluation.compare_equal(item, element);
          if (same.is_error() || same.as_boolean()) return same;
        }
        return Value::boolean(false);
      }
      case Kind::map: return Value::boolean(container.as_map().find(item) != nullptr);
      case Kind::object: {
        if (!item.is(Kind::string)) return Value::boolean(false);
        const Value found = container.as_object().field(item.as_text(), frame.evaluation);
        return Value::boolean(!found.is_absent());
      }
      default: {
        const Value both[] = {item, container};
        return frame.evaluation.no_such_overload("_in_", both).at(offset_);
      }
    }
  }

 private:
  NodePtr item_;
  NodePtr container_;
  std::uint32_t offset_;
};

/// `x in [constants]`: a hash set made once.
class SetMembership final : public Node {
 public:
  SetMembership(NodePtr item, std::span<const Value> elements) : item_{std::move(item)}, elements_{elements} {
    std::size_t length = 8;
    while (length < elements.size() * 4)
      length *= 2;
    index_.resize(length);
    for (std::uint32_t i = 0; i < elements.size(); ++i) {
      std::size_t at = hash(elements[i]) & (length - 1);
      while (index_[at] != 0)
        at = (at + 1) & (length - 1);
      index_[at] = i + 1;
    }
  }
  Value evaluate(Frame& frame) const override {
    const Value item = item_->evaluate(frame);
    if (item.is_error()) return item;
    if (item.is(Kind::string) && !frame.evaluation.charge_bytes(item.as_text().size()))
      return Evaluation::budget_error();
    const std::size_t mask = index_.size() - 1;
    for (std::size_t at = hash(item) & mask; index_[at] != 0; at = (at + 1) & mask) {
      const Value same = frame.evaluation.compare_equal(elements_[index_[at] - 1], item);
      if (same.is_error() || same.as_boolean()) return same;
    }
    return Value::boolean(false);
  }

 private:
  NodePtr item_;
  std::span<const Value> elements_;
  std::vector<std::uint32_t> index_;
};

constexpr std::size_t smallest_set = 4;

}  // namespace

NodePtr make_comparison(Operator operation, NodePtr left, NodePtr right, std::uint32_t offset) {
  const Value* constant = right->constant();
  if (operation == Operator::equal || operation == Operator::not_equal) {
    const bool negated = operation == Operator::not_equal;
    if (!constant && left->constant()) {
      std::swap(left, right);
      constant = right->constant();
    }
    if (constant && constant->is(Kind::string))
      return std::make_unique<EqualText>(std::move(left), constant->as_text(), negated);
    return std::make_unique<Equal>(std::move(left), std::move(right), negated);
  }
  if (constant && constant->is(Kind::integer))
    return make_ordered_integer(operation, std::move(left), constant->as_integer(), offset);
  return std::make_unique<Ordered>(operation, std::move(left), std::move(right), offset);
}

NodePtr make_membership(NodePtr item, NodePtr container, std::uint32_t offset) {
  const Value* constant = container->constant();
  if (constant && constant->is(Kind::list) && constant->as_list().size() >= smallest_set)
    return std::make_unique<SetMembership>(std::move(item), constant->as_list());
  return std::make_unique<Membership>(std::move(item), std::move(container), offset);
}

}  // namespace caravan::cel
