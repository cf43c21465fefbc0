#pragma once
// What the tests of the expression language share: evaluating a text, and a host with an account of a closed schema.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "journeys/cel/program.hpp"
#include "tests/support/catch.hpp"

namespace caravan::cel::test {

/// An object type of named fields; open, when asked, to all others.
class Schema final : public ObjectType {
 public:
  Schema(std::string name, std::vector<std::pair<std::string, Type>> fields, bool open = false)
      : name_{std::move(name)}, fields_{std::move(fields)}, open_{open} {}
  std::string_view name() const override { return name_; }
  std::optional<Field> field(std::string_view name) const override {
    for (std::size_t i = 0; i < fields_.size(); ++i)
      if (fields_[i].first == name) return Field{FieldId{static_cast<std::uint32_t>(i)}, fields_[i].second};
    if (open_) return Field{FieldId{1000}, Type::dyn()};
    return std::nullopt;
  }
  std::vector<std::string> field_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, type] : fields_)
      names.push_back(name);
    return names;
  }
  std::string_view name_of(FieldId id) const {
    const auto index = static_cast<std::size_t>(id);
    return index < fields_.size() ? std::string_view{fields_[index].first} : std::string_view{};
  }

 private:
  std::string name_;
  std::vector<std::pair<std::string, Type>> fields_;
  bool open_;
};

/// A record by name that counts what is decoded.
class Record final : public Object {
 public:
  Record(const Schema& type, std::map<std::string, Value, std::less<>> fields)
      : type_{type}, fields_{std::move(fields)} {
    for (const auto& [name, value] : fields_)
      keys_.push_back(Value::string(name));
  }
  const ObjectType& type() const override { return type_; }
  Value field(FieldId id, Evaluation& evaluation) const override { return field(type_.name_of(id), evaluation); }
  Value field(std::string_view name, Evaluation&) const override {
    ++decoded;
    const auto found = fields_.find(name);
    return found == fields_.end() ? Value::absent() : found->second;
  }
  Value keys(Evaluation&) const override { return Value::list(keys_); }

  mutable int decoded = 0;

 private:
  const Schema& type_;
  std::map<std::string, Value, std::less<>> fields_;
  std::vector<Value> keys_;
};

/// An account with industry and employees of a schema that also knows `region`, its two people, and `group(interest)`.
struct Host {
  std::shared_ptr<const Schema> account_type = std::make_shared<const Schema>(
      "Account", std::vector<std::pair<std::string, Type>>{
                     {"industry", Type::string()}, {"employees", Type::integer()}, {"region", Type::string()}});
  std::shared_ptr<const Schema> person_type = std::make_shared<const Schema>(
      "Person", std::vector<std::pair<std::string, Type>>{{"title", Type::string()}}, true);
  Record account{*account_type, {{"industry", Value::string("technology")}, {"employees", Value::integer(4200)}}};
  Record vp{*person_type, {{"title", Value::string("VP Research")}}};
  Record buyer{*person_type, {{"title", Value::string("Buyer")}}};
  std::vector<Value> people{Value::object(vp), Value::object(buyer)};
  Environment environment;
  Bindings bindings;
  Evaluation evaluation;

  Host() {
    environment.add_type(account_type);
    environment.add_type(person_type);
    bindings.set(environment.declare("account", Type::object(account_type)), Value::object(account));
    bindings.set(environment.declare("people", Type::list(Type::object(person_type))), Value::list(people));
    bindings.set(environment.declare("person", Type::object(person_type)), Value::object(vp));
    bindings.set(environment.declare("now", Type::timestamp()), Value::timestamp({1'767'600'000, 0}));
    environment.declare("missing", Type::dyn());
    environment.add_function(
        "Person.role(string) -> string",
        [](Evaluation& evaluation, std::span<const Value> arguments) {
          return evaluation.text("role in " + std::string{arguments[1].as_text()});
        },
        {[](std::string_view interest) -> std::optional<LiteralFault> {
          if (interest == "seeds") return std::nullopt;
          return LiteralFault{"unknown solution interest \"" + std::string{interest} + "\"", "there is \"seeds\""};
        }});
  }

  CompileResult compile(std::string_view source, const CompileOptions& options = {}) const {
    return cel::compile(source, environment, options);
  }

  /// The value's text; `error: ...` when it fails, `fault: ...` when it does not compile.
  std::string eval(std::string_view source, const CompileOptions& options = {}) {
    const auto compiled = compile(source, options);
    if (!compiled) return "fault: " + compiled.diagnostics.front().message;
    const Value value = compiled.program->evaluate(bindings, evaluation);
    return (value.is_error() ? "error: " : "") + to_text(value);
  }

  std::vector<Diagnostic> faults(std::string_view source, const CompileOptions& options = {}) const {
    return compile(source, options).diagnostics;
  }
};

}  // namespace caravan::cel::test
