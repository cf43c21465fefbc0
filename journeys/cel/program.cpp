#include "journeys/cel/program.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "journeys/cel/checker.hpp"
#include "journeys/cel/parser.hpp"
#include "journeys/cel/plan/planner.hpp"

namespace caravan::cel {

namespace {

constexpr std::uint32_t locals_on_the_stack = 8;

}  // namespace

void Bindings::set(Slot slot, Value value) {
  const auto index = static_cast<std::size_t>(slot);
  if (values_.size() <= index) values_.resize(index + 1, Value::absent());
  values_[index] = value;
}

Value Bindings::variable(Slot slot, Evaluation&) {
  const auto index = static_cast<std::size_t>(slot);
  return index < values_.size() ? values_[index] : Value::absent();
}

Program::Program(std::unique_ptr<const Plan> plan) : plan_{std::move(plan)} {}
Program::~Program() = default;

Value Program::evaluate(Activation& activation, Evaluation& evaluation) const noexcept {
  evaluation.begin();
  const Node& root = *plan_->root;
  try {
    if (plan_->local_count == 0) {
      Frame frame{evaluation, activation, nullptr};
      return root.evaluate(frame);
    }
    std::array<Value, locals_on_the_stack> few;
    Value* locals = few.data();
    if (plan_->local_count > few.size()) {
      locals = evaluation.arena().array<Value>(plan_->local_count);
      if (!locals) return Evaluation::memory_error();
    }
    Frame frame{evaluation, activation, locals};
    return root.evaluate(frame);
  } catch (const std::exception& exception) {
    return evaluation.error(ErrorCode::host, {exception.what()});
  } catch (...) {
    return evaluation.error(ErrorCode::host, {"the host failed"});
  }
}

const Type& Program::result_type() const {
  return plan_->type;
}
const Reads& Program::reads() const {
  return plan_->reads;
}
const std::optional<Value>& Program::constant() const {
  return plan_->constant;
}
const std::string& Program::text() const {
  return plan_->text;
}

const std::vector<Condition>& Program::conditions() const {
  return plan_->conditions;
}

std::vector<std::string> standard_function_names(bool method) {
  std::vector<std::string> names = standard_functions().names(method);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

CompileResult compile(std::string_view source, const Environment& environment, const CompileOptions& options) {
  CompileResult result;
  const ExpressionPtr tree = parse(source, {options.macros, options.limits}, result.diagnostics);
  if (!tree) return result;
  auto plan = std::make_unique<Plan>();
  Checker checker{environment, options.check_types, result.diagnostics};
  plan->type = checker.check(*tree, options.expected);
  plan->local_count = checker.local_count();
  if (result.diagnostics.empty()) {
    Planner planner{*plan, environment, options.check_types ? &result.diagnostics : nullptr};
    if (options.first_probe) planner.probe(*tree, *options.first_probe);
    planner.run(*tree);
  }
  if (!result.diagnostics.empty()) {
    std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
    return result;
  }
  plan->text = print(*tree);
  result.program = std::make_shared<const Program>(std::unique_ptr<const Plan>{std::move(plan)});
  return result;
}

}  // namespace caravan::cel
