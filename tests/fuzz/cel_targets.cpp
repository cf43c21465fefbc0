#include "tests/fuzz/cel_targets.hpp"

#include <array>
#include <utility>

#include "journeys/cel/parser.hpp"
#include "journeys/cel/program.hpp"

namespace caravan::fuzz {

namespace {

using namespace caravan::cel;

constexpr Limits bounds{.cost = 20'000, .memory = 1 << 20};

void require(bool holds, std::string_view promise, std::string_view source) {
  if (!holds) throw FuzzFailure{std::string{promise} + ": " + std::string{source}};
}

/// A host object with two fields, open to any other.
class Open final : public ObjectType {
 public:
  std::string_view name() const override { return "Account"; }
  std::optional<Field> field(std::string_view name) const override {
    if (name == "industry") return Field{FieldId{1}, Type::string()};
    if (name == "employees") return Field{FieldId{2}, Type::integer()};
    return Field{FieldId{3}, Type::dyn()};
  }
  std::vector<std::string> field_names() const override { return {"industry", "employees"}; }
};

class Account final : public Object {
 public:
  explicit Account(const ObjectType& type) : type_{type} {}
  const ObjectType& type() const override { return type_; }
  Value field(FieldId id, Evaluation&) const override {
    if (id == FieldId{1}) return Value::string("technology");
    return id == FieldId{2} ? Value::integer(4200) : Value::absent();
  }
  Value field(std::string_view name, Evaluation& evaluation) const override {
    return field(type_.field(name)->id, evaluation);
  }
  Value keys(Evaluation&) const override {
    static constexpr std::array<Value, 2> names{Value::string("industry"), Value::string("employees")};
    return Value::list(names);
  }

 private:
  const ObjectType& type_;
};

struct World {
  std::shared_ptr<const Open> type = std::make_shared<const Open>();
  Account account{*type};
  Environment environment;
  Bindings bindings;
  Evaluation evaluation{bounds};

  World() {
    environment.add_type(type);
    bindings.set(environment.declare("account", Type::object(type)), Value::object(account));
    bindings.set(environment.declare("x", Type::dyn()), Value::integer(7));
    bindings.set(environment.declare("s", Type::string()), Value::string("caf\xC3\xA9"));
    environment.declare("missing", Type::dyn());
    bindings.set(environment.declare("now", Type::timestamp()), Value::timestamp({1'767'600'000, 500'000'000}));
    environment.add_function("group(string) -> map(string, int)", [](Evaluation& evaluation, std::span<const Value>) {
      return evaluation.host_error("no groups here");
    });
  }
};

std::string evaluate(World& world, const Program& program) {
  world.evaluation.reset();
  const Value value = program.evaluate(world.bindings, world.evaluation);
  if (value.is_error()) return "an error";
  if (program.constant())
    require(equal(value, *program.constant()) || to_text(value) == to_text(*program.constant()),
            "a constant is its own value", program.text());
  return to_text(value);
}

}  // namespace

void parse_and_print(std::string_view source) {
  std::vector<Diagnostic> diagnostics;
  const ExpressionPtr tree = parse(source, {}, diagnostics);
  require((tree == nullptr) == !diagnostics.empty(), "a fault is reported exactly when there is no tree", source);
  if (!tree) return;
  const std::string text = print(*tree);
  ParseOptions roomy;
  roomy.limits.expression_length *= 8;
  const ExpressionPtr again = parse(text, roomy, diagnostics);
  require(again != nullptr, "what is printed parses", text);
  require(same(*tree, *again), "what is printed parses to the same tree", text);
  require(print(*again) == text, "printing is stable", text);
}

void compile_and_evaluate(std::string_view source) {
  World world;
  CompileOptions checked;
  checked.limits = bounds;
  CompileOptions unchecked = checked;
  unchecked.check_types = false;
  const auto plain = compile(source, world.environment, unchecked);
  const auto strict = compile(source, world.environment, checked);
  for (const Diagnostic& diagnostic : strict.diagnostics) {
    require(diagnostic.offset <= source.size(), "a fault is in the text", source);
    require(!diagnostic.message.empty(), "a fault says what it is", source);
  }
  if (!plain) return;
  const std::string value = evaluate(world, *plain.program);
  if (!strict) return;
  require(evaluate(world, *strict.program) == value, "checking does not change the value", source);
  checked.limits.expression_length *= 8;
  const auto printed = compile(strict.program->text(), world.environment, checked);
  require(bool{printed}, "the canonical text compiles", strict.program->text());
  require(evaluate(world, *printed.program) == value, "the canonical text has the same value", source);
}

}  // namespace caravan::fuzz
