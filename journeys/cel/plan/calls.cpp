// Nodes that call functions: strict in their arguments, so the first error among them is the result.

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "journeys/cel/object.hpp"
#include "journeys/cel/plan/node.hpp"

namespace caravan::cel {

namespace {

constexpr std::size_t most_host_arguments = 8;

/// Evaluates arguments up to the first error, which it answers with; null otherwise.
Value evaluate_all(Frame& frame, const std::vector<NodePtr>& nodes, Value* values) {
  for (const NodePtr& node : nodes) {
    *values = node->evaluate(frame);
    if (values->is_error()) return *values;
    ++values;
  }
  return Value::null();
}

template <std::size_t Count>
class Call final : public Node {
 public:
  Call(const Function& function, std::vector<NodePtr> arguments, std::uint32_t offset)
      : function_{function}, arguments_{std::move(arguments)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    std::array<Value, Count> values;
    const Value failed = evaluate_all(frame, arguments_, values.data());
    if (failed.is_error()) return failed;
    return function_.call(frame.evaluation, values).at(offset_);
  }

 private:
  const Function& function_;
  std::vector<NodePtr> arguments_;
  std::uint32_t offset_;
};

/// A host overload with what its parameters take, so that the host never sees a value of another type.
struct HostEntry {
  std::shared_ptr<const HostOverload> overload;
  std::vector<KindMask> masks;

  bool accepts(std::span<const Value> values) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!fits(masks[i], values[i])) return false;
      const Type& type = overload->parameters[i];
      if (type.is(Type::Form::object) && values[i].as_object().type().name() != type.object_type()->name())
        return false;
    }
    return true;
  }
};

class HostCall final : public Node {
 public:
  HostCall(std::string name, std::vector<std::shared_ptr<const HostOverload>> overloads, const Function* builtin,
           std::vector<NodePtr> arguments, std::uint32_t offset)
      : name_{std::move(name)}, builtin_{builtin}, arguments_{std::move(arguments)}, offset_{offset} {
    for (auto& overload : overloads) {
      std::vector<KindMask> masks;
      for (const Type& parameter : overload->parameters)
        masks.push_back(kinds_of(parameter));
      entries_.push_back({std::move(overload), std::move(masks)});
    }
  }
  Value evaluate(Frame& frame) const override {
    std::array<Value, most_host_arguments> values;
    const Value failed = evaluate_all(frame, arguments_, values.data());
    if (failed.is_error()) return failed;
    return call(frame, {values.data(), arguments_.size()}).at(offset_);
  }

 private:
  Value call(Frame& frame, std::span<const Value> values) const {
    if (!frame.evaluation.charge(20)) return Evaluation::budget_error();
    for (const HostEntry& entry : entries_) {
      if (!entry.accepts(values)) continue;
      const Value result = entry.overload->call(frame.evaluation, values);
      return result.is_absent() ? frame.evaluation.error(ErrorCode::no_such_key, {name_, "() has no value"}) : result;
    }
    if (builtin_) return builtin_->call(frame.evaluation, values);
    return frame.evaluation.no_such_overload(name_, values);
  }

  std::string name_;
  std::vector<HostEntry> entries_;
  const Function* builtin_;
  std::vector<NodePtr> arguments_;
  std::uint32_t offset_;
};

class Extreme final : public Node {
 public:
  Extreme(Order wanted, std::string_view name, std::vector<NodePtr> arguments, std::uint32_t offset)
      : wanted_{wanted}, name_{name}, arguments_{std::move(arguments)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    Value* values = frame.evaluation.arena().array<Value>(arguments_.size());
    if (!values) return Evaluation::memory_error();
    const Value failed = evaluate_all(frame, arguments_, values);
    if (failed.is_error()) return failed;
    return extreme_of(frame.evaluation, {values, arguments_.size()}, wanted_, name_).at(offset_);
  }

 private:
  Order wanted_;
  std::string_view name_;
  std::vector<NodePtr> arguments_;
  std::uint32_t offset_;
};

class Matches final : public Node {
 public:
  Matches(NodePtr text, std::unique_ptr<const RE2> pattern, std::uint32_t offset)
      : text_{std::move(text)}, pattern_{std::move(pattern)}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value value = text_->evaluate(frame);
    if (value.is_error()) return value;
    if (!value.is(Kind::string)) return frame.evaluation.no_such_overload("matches", {&value, 1}).at(offset_);
    const std::string_view text = value.as_text();
    if (!frame.evaluation.charge(8 + text.size() / 4)) return Evaluation::budget_error();
    return Value::boolean(pattern_->Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, nullptr, 0));
  }

 private:
  NodePtr text_;
  std::unique_ptr<const RE2> pattern_;
  std::uint32_t offset_;
};

}  // namespace

NodePtr make_call(const Function& function, std::vector<NodePtr> arguments, std::uint32_t offset) {
  static_assert(most_arguments == 4);
  switch (arguments.size()) {
    case 0: return std::make_unique<Call<0>>(function, std::move(arguments), offset);
    case 1: return std::make_unique<Call<1>>(function, std::move(arguments), offset);
    case 2: return std::make_unique<Call<2>>(function, std::move(arguments), offset);
    case 3: return std::make_unique<Call<3>>(function, std::move(arguments), offset);
    default: return std::make_unique<Call<4>>(function, std::move(arguments), offset);
  }
}

NodePtr make_host_call(std::string name, std::vector<std::shared_ptr<const HostOverload>> overloads,
                       const Function* builtin, std::vector<NodePtr> arguments, std::uint32_t offset) {
  if (arguments.size() > most_host_arguments)
    return make_failure(ErrorCode::unknown_function, name + "() has too many arguments", offset);
  return std::make_unique<HostCall>(std::move(name), std::move(overloads), builtin, std::move(arguments), offset);
}

NodePtr make_extreme(Order wanted, std::string_view name, std::vector<NodePtr> arguments, std::uint32_t offset) {
  return std::make_unique<Extreme>(wanted, name, std::move(arguments), offset);
}

NodePtr make_matches(NodePtr text, std::string_view pattern, std::uint32_t offset, std::string& fault) {
  if (pattern.size() > regex_length) {
    fault = "the pattern is too long (the limit is " + std::to_string(regex_length) + " bytes)";
    return nullptr;
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(regex_memory);
  auto compiled = std::make_unique<const RE2>(re2::StringPiece{pattern.data(), pattern.size()}, options);
  if (!compiled->ok()) {
    fault = compiled->error();
    return nullptr;
  }
  return std::make_unique<Matches>(std::move(text), std::move(compiled), offset);
}

}  // namespace caravan::cel
