#include "journeys/cel/inference.hpp"

#include "journeys/cel/object.hpp"

namespace caravan::cel {

namespace {

/// null stands for a missing value only where the type has no value of its own for it.
bool is_nullable(const Type& type) {
  switch (type.form()) {
    case Type::Form::null:
    case Type::Form::timestamp:
    case Type::Form::duration:
    case Type::Form::object:
    case Type::Form::optional: return true;
    default: return false;
  }
}

/// A host object reads like a map from names.
bool fits_as_map(const Type& map, const Type& object) {
  return map.is(Type::Form::map) && object.is(Type::Form::object);
}

Type with_arguments(Type::Form form, std::vector<Type> arguments) {
  switch (form) {
    case Type::Form::list: return Type::list(std::move(arguments[0]));
    case Type::Form::map: return Type::map(std::move(arguments[0]), std::move(arguments[1]));
    case Type::Form::optional: return Type::optional(std::move(arguments[0]));
    default: return Type::type_of(std::move(arguments[0]));
  }
}

}  // namespace

Type Inference::unknown() {
  const Type result = Type::variable(static_cast<std::uint32_t>(known_.size()));
  known_.push_back(result);
  return result;
}

Type Inference::instantiate(const Type& type, std::map<std::string, Type, std::less<>>& parameters) {
  if (type.is(Type::Form::parameter)) {
    const auto found = parameters.find(type.parameter_name());
    if (found != parameters.end()) return found->second;
    return parameters.emplace(std::string{type.parameter_name()}, unknown()).first->second;
  }
  if (type.argument_count() == 0) return type;
  std::vector<Type> arguments;
  for (std::size_t i = 0; i < type.argument_count(); ++i)
    arguments.push_back(instantiate(type.argument(i), parameters));
  return with_arguments(type.form(), std::move(arguments));
}

Type Inference::shallow(const Type& type) const {
  Type result = type;
  while (result.is(Type::Form::variable) && !(known_[result.variable_number()] == result))
    result = known_[result.variable_number()];
  return result;
}

Type Inference::resolved(const Type& type) const {
  const Type top = shallow(type);
  if (top.is(Type::Form::variable)) return Type::dyn();
  if (top.argument_count() == 0) return top;
  std::vector<Type> arguments;
  for (std::size_t i = 0; i < top.argument_count(); ++i)
    arguments.push_back(resolved(top.argument(i)));
  return with_arguments(top.form(), std::move(arguments));
}

bool Inference::occurs(std::uint32_t variable, const Type& type) const {
  const Type top = shallow(type);
  if (top.is(Type::Form::variable)) return top.variable_number() == variable;
  for (std::size_t i = 0; i < top.argument_count(); ++i)
    if (occurs(variable, top.argument(i))) return true;
  return false;
}

bool Inference::bind(const Type& variable, const Type& type) {
  if (type.is(Type::Form::variable) && type.variable_number() == variable.variable_number()) return true;
  if (occurs(variable.variable_number(), type)) return false;
  known_[variable.variable_number()] = type;
  return true;
}

bool Inference::assignable(const Type& target, const Type& source) {
  const Type wanted = shallow(target);
  const Type given = shallow(source);
  if (wanted.is(Type::Form::variable)) return bind(wanted, given);
  if (given.is(Type::Form::variable)) return bind(given, wanted);
  if (wanted.is_dyn() || given.is_dyn()) return true;
  if (wanted.is(Type::Form::null) || given.is(Type::Form::null)) return is_nullable(wanted) && is_nullable(given);
  if (fits_as_map(wanted, given))
    return assignable(wanted.argument(0), Type::string()) && assignable(wanted.argument(1), Type::dyn());
  if (wanted.form() != given.form()) return false;
  if (wanted.is(Type::Form::type)) return true;
  if (wanted.is(Type::Form::object)) return wanted.object_type()->name() == given.object_type()->name();
  for (std::size_t i = 0; i < wanted.argument_count(); ++i)
    if (!assignable(wanted.argument(i), given.argument(i))) return false;
  return true;
}

Type Inference::join(const Type& left, const Type& right) {
  if (shallow(left).is_dyn() || shallow(right).is_dyn()) return Type::dyn();
  Knowledge before = known_;
  if (assignable(left, right)) return shallow(left).is(Type::Form::null) ? right : left;
  restore(std::move(before));
  return Type::dyn();
}

}  // namespace caravan::cel
