#include "journeys/cel/checker.hpp"

#include <algorithm>
#include <array>

#include "journeys/cel/functions/registry.hpp"

namespace caravan::cel {

namespace {

constexpr std::array<std::string_view, 5> arithmetic{"_add_", "_subtract_", "_multiply_", "_divide_", "_modulo_"};

bool is_numeric(const Type& type) {
  return type.is(Type::Form::integer) || type.is(Type::Form::unsigned_integer) || type.is(Type::Form::floating);
}

bool is_ordered(const Type& type) {
  switch (type.form()) {
    case Type::Form::boolean:
    case Type::Form::string:
    case Type::Form::bytes:
    case Type::Form::timestamp:
    case Type::Form::duration:
    case Type::Form::dyn:
    case Type::Form::error:
    case Type::Form::variable: return true;
    default: return is_numeric(type);
  }
}

/// What to do about an operator between two types, where that can be said.
std::string conversion_hint(const Type& left, const Type& right) {
  const auto either = [&](Type::Form form) { return left.is(form) || right.is(form); };
  if (is_numeric(left) && is_numeric(right)) return "convert one of them: int(x), uint(x) or double(x)";
  if (either(Type::Form::optional)) return "take the value out of the optional: x.orValue(...)";
  if (either(Type::Form::null)) return "to ask whether an attribute is there, write has(...)";
  if (either(Type::Form::timestamp) && either(Type::Form::string))
    return "a point in time is written timestamp(\"2026-01-05T09:00:00Z\")";
  if (either(Type::Form::duration) && either(Type::Form::string)) return "a duration is written duration(\"36h\")";
  if (either(Type::Form::string) && (is_numeric(left) || is_numeric(right)))
    return "convert one of them: string(x), int(x) or double(x)";
  return {};
}

}  // namespace

std::uint32_t Checker::Scope::add(const Variable& variable, Type type) {
  checker_.locals_.push_back({variable.name, std::move(type)});
  checker_.most_locals_ = std::max(checker_.most_locals_, static_cast<std::uint32_t>(checker_.locals_.size()));
  return static_cast<std::uint32_t>(checker_.locals_.size() - 1);
}

void Checker::report(std::size_t offset, std::size_t length, std::string message, std::string hint) {
  if (report_) diagnostics_.push_back({offset, std::max<std::size_t>(length, 1), std::move(message), std::move(hint)});
}

void Checker::report(const Expression& e, std::string message, std::string hint) {
  report(e.offset, e.length, std::move(message), std::move(hint));
}

Type Checker::check(Expression& root, const Type& expected) {
  const Type type = visit(root);
  if (!inference_.assignable(expected, type))
    report(root, "this is " + inference_.resolved(type).text() + ", but " + expected.text() + " is wanted here");
  return inference_.resolved(type);
}

Type Checker::visit(Expression& e) {
  e.type = visit_form(e);
  return e.type;
}

Type Checker::visit_form(Expression& e) {
  switch (e.form) {
    case Form::literal: return literal(e);
    case Form::identifier: return identifier(e);
    case Form::select: return select(e);
    case Form::index: return index(e);
    case Form::call: return call(e);
    case Form::list: return list(e);
    case Form::map: return map(e);
    case Form::negate: visit(*e.children[0]); return operation(e, "_negate_");
    case Form::invert: want(*e.children[0], visit(*e.children[0]), Type::boolean(), "after !"); return Type::boolean();
    case Form::binary: return binary(e);
    case Form::all_of:
    case Form::any_of: return logical(e);
    case Form::conditional: return conditional(e);
    case Form::macro: return macro(e);
  }
  return Type::error();
}

Type Checker::literal(const Expression& e) const {
  switch (e.literal.kind()) {
    case Kind::null: return Type::null();
    case Kind::boolean: return Type::boolean();
    case Kind::integer: return Type::integer();
    case Kind::unsigned_integer: return Type::unsigned_integer();
    case Kind::floating: return Type::floating();
    case Kind::string: return Type::string();
    default: return Type::bytes();
  }
}

void Checker::want(const Expression& e, const Type& type, const Type& wanted, const std::string& where) {
  if (inference_.assignable(wanted, type)) return;
  report(e, "this is " + inference_.resolved(type).text() + ", but " + where + " a " + wanted.text() + " is needed");
}

/// An operator that is a function of its children, which were visited.
Type Checker::operation(Expression& e, std::string_view function) {
  const Function* found = standard_functions().find(function, false, e.children.size());
  e.resolution.meaning = Resolution::Meaning::builtin;
  e.resolution.builtin = found;
  std::vector<Type> arguments;
  for (const ExpressionPtr& child : e.children)
    arguments.push_back(child->type);
  std::vector<const std::vector<Type>*> parameters;
  std::vector<const Type*> results;
  for (const Overload& overload : found->overloads) {
    parameters.push_back(&overload.signature.parameters);
    results.push_back(&overload.signature.result);
  }
  bool fitted = false;
  const Type result = overloads(parameters, results, arguments, fitted);
  if (fitted) return result;
  return misfit(e, e.form == Form::negate ? "-" : operator_text(e.operation), arguments);
}

Type Checker::misfit(const Expression& e, std::string_view what, const std::vector<Type>& types) {
  const Type left = inference_.resolved(types.front());
  const Type right = inference_.resolved(types.back());
  std::string message{"\""};
  message.append(what).append("\" does not fit ").append(left.text());
  if (types.size() > 1) message += " and " + right.text();
  report(e, std::move(message), conversion_hint(left, right));
  return Type::error();
}

Type Checker::binary(Expression& e) {
  const Type left = visit(*e.children[0]);
  const Type right = visit(*e.children[1]);
  if (e.operation <= Operator::modulo) return operation(e, arithmetic[static_cast<std::size_t>(e.operation)]);
  if (e.operation == Operator::in) return membership(e);
  const Type first = inference_.shallow(left);
  const Type second = inference_.shallow(right);
  if (e.operation == Operator::equal || e.operation == Operator::not_equal) {
    if (!inference_.assignable(left, right)) misfit(e, operator_text(e.operation), {left, right});
    return Type::boolean();
  }
  const bool numbers = is_numeric(first) && is_numeric(second);
  if (!numbers && (!is_ordered(first) || !is_ordered(second) || !inference_.assignable(left, right)))
    misfit(e, operator_text(e.operation), {left, right});
  return Type::boolean();
}

Type Checker::membership(Expression& e) {
  const Type& item = e.children[0]->type;
  const Type container = inference_.shallow(e.children[1]->type);
  bool fits = container.is_dyn() || container.is(Type::Form::variable);
  if (container.is(Type::Form::list) || container.is(Type::Form::map))
    fits = inference_.assignable(container.argument(0), item);
  if (container.is(Type::Form::object)) fits = inference_.assignable(Type::string(), item);
  if (!fits) misfit(e, "in", {item, container});
  return Type::boolean();
}

Type Checker::logical(Expression& e) {
  const std::string where = e.form == Form::all_of ? "beside &&" : "beside ||";
  for (const ExpressionPtr& child : e.children)
    want(*child, visit(*child), Type::boolean(), where);
  return Type::boolean();
}

Type Checker::conditional(Expression& e) {
  want(*e.children[0], visit(*e.children[0]), Type::boolean(), "before ?");
  const Type yes = visit(*e.children[1]);
  const Type no = visit(*e.children[2]);
  if (inference_.shallow(yes).is_dyn() || inference_.shallow(no).is_dyn()) return Type::dyn();
  if (inference_.assignable(yes, no)) return inference_.shallow(yes).is(Type::Form::null) ? no : yes;
  report(
      e,
      "one side of the choice is " + inference_.resolved(yes).text() + ", the other " + inference_.resolved(no).text(),
      "both sides need the same type; dyn(...) around one of them allows any");
  return Type::error();
}

Type Checker::index(Expression& e) {
  const Type target = inference_.shallow(visit(*e.children[0]));
  const Type by = visit(*e.children[1]);
  const bool optional = target.is(Type::Form::optional);
  Type result = index_into(e, optional ? target.argument(0) : target, by);
  return optional || e.optional ? Type::optional(std::move(result)) : result;
}

Type Checker::index_into(const Expression& e, const Type& target, const Type& by) {
  const Type into = inference_.shallow(target);
  switch (into.form()) {
    case Type::Form::dyn:
    case Type::Form::error:
    case Type::Form::variable: return Type::dyn();
    case Type::Form::list: want(*e.children[1], by, Type::integer(), "to index a list"); return into.argument(0);
    case Type::Form::map:
      if (!inference_.assignable(into.argument(0), by))
        report(*e.children[1], "the keys of this map are " + inference_.resolved(into.argument(0)).text() + ", not " +
                                   inference_.resolved(by).text());
      return into.argument(1);
    case Type::Form::object:
      want(*e.children[1], by, Type::string(), "to look up a field");
      missing_field(*e.children[1], *into.object_type());
      return Type::dyn();
    default: report(e, into.text() + " cannot be indexed"); return Type::error();
  }
}

/// Which fields an object has is only known when it is looked up; one that cannot be there is reported.
void Checker::missing_field(const Expression& name, const ObjectType& type) {
  if (name.form != Form::literal || !name.literal.is(Kind::string)) return;
  if (std::string why = type.why_missing(name.name); !why.empty()) report(name, std::move(why));
}

Type Checker::list(Expression& e) {
  Type element = inference_.unknown();
  for (std::size_t i = 0; i < e.children.size(); ++i) {
    Type type = visit(*e.children[i]);
    if (e.optional_parts[i]) {
      const Type held = inference_.unknown();
      if (!inference_.assignable(Type::optional(held), type))
        report(*e.children[i], "after ? an optional is needed, this is " + inference_.resolved(type).text());
      type = held;
    }
    element = i == 0 ? type : inference_.join(element, type);
  }
  return Type::list(element);
}

Type Checker::map(Expression& e) {
  Type key = inference_.unknown();
  Type value = inference_.unknown();
  for (std::size_t i = 0; i < e.children.size(); i += 2) {
    const Type key_type = visit(*e.children[i]);
    Type value_type = visit(*e.children[i + 1]);
    const Type known = inference_.shallow(key_type);
    const bool may_be_key = known.is_dyn() || known.is(Type::Form::variable) || known.is(Type::Form::string) ||
                            known.is(Type::Form::boolean) || known.is(Type::Form::integer) ||
                            known.is(Type::Form::unsigned_integer);
    if (!may_be_key)
      report(*e.children[i], "a map's key is a string, int, uint or bool, not " + inference_.resolved(known).text());
    if (e.optional_parts[i / 2]) {
      const Type held = inference_.unknown();
      if (!inference_.assignable(Type::optional(held), value_type))
        report(*e.children[i + 1], "after ? an optional is needed, this is " + inference_.resolved(value_type).text());
      value_type = held;
    }
    key = i == 0 ? key_type : inference_.join(key, key_type);
    value = i == 0 ? value_type : inference_.join(value, value_type);
  }
  return Type::map(key, value);
}

}  // namespace caravan::cel
