#include "journeys/cel/functions/registry.hpp"

#include <stdexcept>

namespace caravan::cel {

namespace {

constexpr KindMask bit(Kind kind) {
  return KindMask{1} << static_cast<unsigned>(kind);
}
constexpr KindMask everything = ~(bit(Kind::error) | bit(Kind::absent));

}  // namespace

KindMask kinds_of(const Type& type) {
  switch (type.form()) {
    case Type::Form::null: return bit(Kind::null);
    case Type::Form::boolean: return bit(Kind::boolean);
    case Type::Form::integer: return bit(Kind::integer);
    case Type::Form::unsigned_integer: return bit(Kind::unsigned_integer);
    case Type::Form::floating: return bit(Kind::floating);
    case Type::Form::string: return bit(Kind::string);
    case Type::Form::bytes: return bit(Kind::bytes);
    case Type::Form::timestamp: return bit(Kind::timestamp);
    case Type::Form::duration: return bit(Kind::duration);
    case Type::Form::list: return bit(Kind::list);
    case Type::Form::map: return bit(Kind::map) | bit(Kind::object);
    case Type::Form::optional: return bit(Kind::optional);
    case Type::Form::type: return bit(Kind::type);
    case Type::Form::object: return bit(Kind::object);
    default: return everything;
  }
}

void Registry::add(std::string_view signature, BuiltIn call) {
  Overload overload{parse_signature(signature), {}, call};
  const std::size_t count = overload.signature.parameters.size();
  if (count > most_arguments) throw std::logic_error{"too many parameters: " + std::string{signature}};
  for (std::size_t i = 0; i < count; ++i)
    overload.masks[i] = kinds_of(overload.signature.parameters[i]);
  Function& function = functions_[Key{overload.signature.name, overload.signature.method, count}];
  function.name = overload.signature.name;
  function.overloads.push_back(std::move(overload));
}

void Registry::add(std::initializer_list<std::string_view> signatures, BuiltIn call) {
  for (std::string_view signature : signatures)
    add(signature, call);
}

const Function* Registry::find(std::string_view name, bool method, std::size_t arguments) const {
  const auto found = functions_.find(Key{std::string{name}, method, arguments});
  return found == functions_.end() ? nullptr : &found->second;
}

bool Registry::has(std::string_view name, bool method) const {
  const auto found = functions_.lower_bound(Key{std::string{name}, method, 0});
  return found != functions_.end() && found->first.name == name && found->first.method == method;
}

std::vector<std::string> Registry::names(bool method) const {
  std::vector<std::string> result;
  for (const auto& [key, function] : functions_)
    if (key.method == method && !key.name.starts_with('_')) result.push_back(key.name);
  return result;
}

const Registry& standard_functions() {
  static const Registry registry = [] {
    Registry made;
    add_operators(made);
    add_conversions(made);
    add_text_functions(made);
    add_text_editing(made);
    add_format(made);
    add_time_functions(made);
    add_math_functions(made);
    add_optional_functions(made);
    add_encoders(made);
    add_collection_functions(made);
    return made;
  }();
  return registry;
}

}  // namespace caravan::cel
