// Nodes without children.

#include "journeys/cel/plan/node.hpp"

namespace caravan::cel {

namespace {

class Constant final : public Node {
 public:
  explicit Constant(Value value) : value_{value} {}
  Value evaluate(Frame&) const override { return value_; }
  const Value* constant() const override { return &value_; }

 private:
  Value value_;
};

class LocalVariable final : public Node {
 public:
  explicit LocalVariable(std::uint32_t place) : place_{place} {}
  Value evaluate(Frame& frame) const override { return frame.locals[place_]; }

 private:
  std::uint32_t place_;
};

class HostVariable final : public Node {
 public:
  HostVariable(Slot slot, std::string name, std::uint32_t offset)
      : slot_{slot}, name_{std::move(name)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value value = frame.activation.variable(slot_, frame.evaluation);
    if (value.is_absent())
      return frame.evaluation.error(ErrorCode::no_such_variable, {"no such variable: ", name_}).at(offset_);
    return value.at(offset_);
  }

 private:
  Slot slot_;
  std::string name_;
  std::uint32_t offset_;
};

class Failure final : public Node {
 public:
  Failure(ErrorCode code, std::string message, std::uint32_t offset)
      : code_{code}, message_{std::move(message)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override { return frame.evaluation.error(code_, {message_}).at(offset_); }

 private:
  ErrorCode code_;
  std::string message_;
  std::uint32_t offset_;
};

}  // namespace

NodePtr make_constant(Value value) {
  return std::make_unique<Constant>(value);
}
NodePtr make_local(std::uint32_t place) {
  return std::make_unique<LocalVariable>(place);
}
NodePtr make_variable(Slot slot, std::string name, std::uint32_t offset) {
  return std::make_unique<HostVariable>(slot, std::move(name), offset);
}
NodePtr make_failure(ErrorCode code, std::string message, std::uint32_t offset) {
  return std::make_unique<Failure>(code, std::move(message), offset);
}

}  // namespace caravan::cel
