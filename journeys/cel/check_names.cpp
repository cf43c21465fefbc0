// The checker's part on names: variables, qualified names, containers, types as values, and fields.

#include <algorithm>
#include <array>

#include "journeys/cel/checker.hpp"
#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/suggest.hpp"

namespace caravan::cel {

namespace {

struct NamedType {
  std::string_view name;
  Type type;
};

const std::array<NamedType, 13>& named_types() {
  static const std::array<NamedType, 13> types{{
      {"bool", Type::boolean()},
      {"int", Type::integer()},
      {"uint", Type::unsigned_integer()},
      {"double", Type::floating()},
      {"string", Type::string()},
      {"bytes", Type::bytes()},
      {"list", Type::list(Type::dyn())},
      {"map", Type::map(Type::dyn(), Type::dyn())},
      {"null_type", Type::null()},
      {"type", Type::type_of(Type::dyn())},
      {"optional_type", Type::optional(Type::dyn())},
      {"google.protobuf.Timestamp", Type::timestamp()},
      {"google.protobuf.Duration", Type::duration()},
  }};
  return types;
}

}  // namespace

const Checker::Local* Checker::find_local(std::string_view name, std::uint32_t& index) const {
  for (std::size_t i = locals_.size(); i-- > 0;) {
    if (locals_[i].name != name) continue;
    index = static_cast<std::uint32_t>(i);
    return &locals_[i];
  }
  return nullptr;
}

std::vector<std::string> Checker::candidates(std::string_view name, bool rooted) const {
  std::vector<std::string> result;
  std::string container = rooted ? std::string{} : environment_.container();
  while (!container.empty()) {
    result.push_back(container + "." + std::string{name});
    const std::size_t dot = container.rfind('.');
    container.resize(dot == std::string::npos ? 0 : dot);
  }
  result.emplace_back(name);
  return result;
}

bool Checker::resolve_name(Expression& e, std::string_view name, bool rooted, Type& type) {
  for (const std::string& candidate : candidates(name, rooted)) {
    if (const auto slot = environment_.find_variable(candidate)) {
      e.resolution.meaning = Resolution::Meaning::variable;
      e.resolution.index = static_cast<std::uint32_t>(*slot);
      type = environment_.variables()[e.resolution.index].type;
      return true;
    }
    for (const NamedType& named : named_types()) {
      if (named.name != candidate) continue;
      e.resolution.meaning = Resolution::Meaning::type;
      e.resolution.name = named.name;
      type = Type::type_of(named.type);
      return true;
    }
    if (auto object = environment_.find_type(candidate)) {
      e.resolution.meaning = Resolution::Meaning::type;
      e.resolution.object = object;
      e.resolution.name = object->name();
      type = Type::type_of(Type::object(std::move(object)));
      return true;
    }
  }
  return false;
}

Type Checker::identifier(Expression& e) {
  if (!e.rooted) {
    std::uint32_t index = 0;
    if (const Local* local = find_local(e.name, index)) {
      e.resolution.meaning = Resolution::Meaning::local;
      e.resolution.index = index;
      return local->type;
    }
  }
  Type type;
  if (resolve_name(e, e.name, e.rooted, type)) return type;
  unknown_variable(e);
  return Type::error();
}

void Checker::unknown_variable(const Expression& e) {
  std::vector<std::string> names;
  for (const Local& local : locals_)
    names.push_back(local.name);
  for (const Environment::Variable& variable : environment_.variables())
    names.push_back(variable.name);
  std::string hint;
  if (e.name == "and" || e.name == "or" || e.name == "not")
    hint = "\"and\" is written &&, \"or\" ||, \"not\" !";
  else if (standard_functions().has(e.name, false) || environment_.has_function(e.name))
    hint = "\"" + e.name + "\" is a function: " + e.name + "(...)";
  std::string meant = did_you_mean(e.name, names);
  if (meant.empty() && hint.empty()) hint = "a text stands in quotes: \"" + e.name + "\"";
  report(e.place, e.name.size(), "unknown variable \"" + e.name + "\"" + std::move(meant), std::move(hint));
}

bool Checker::qualified_name(const Expression& e, std::string& name, bool& rooted) const {
  if (e.form == Form::identifier) {
    std::uint32_t index = 0;
    if (!e.rooted && find_local(e.name, index)) return false;
    name = e.name;
    rooted = e.rooted;
    return true;
  }
  if (e.form != Form::select || e.optional || !qualified_name(*e.children[0], name, rooted)) return false;
  name += "." + e.name;
  return true;
}

Type Checker::select(Expression& e) {
  std::string name;
  bool rooted = false;
  Type type;
  if (!e.optional && qualified_name(e, name, rooted) && resolve_name(e, name, rooted, type)) return type;
  const Type target = inference_.shallow(visit(*e.children[0]));
  const bool optional = target.is(Type::Form::optional);
  Type result = select_from(e, optional ? target.argument(0) : target);
  return optional || e.optional ? Type::optional(std::move(result)) : result;
}

/// The type of a field of a target that is not optional.
Type Checker::select_from(Expression& e, const Type& target) {
  const Type from = inference_.shallow(target);
  switch (from.form()) {
    case Type::Form::dyn:
    case Type::Form::error:
    case Type::Form::variable: return Type::dyn();
    case Type::Form::map:
      if (!inference_.assignable(from.argument(0), Type::string()))
        report(e.place, e.name.size(),
               "the keys of this map are " + inference_.resolved(from.argument(0)).text() + ", not names",
               "look a key up with [...]");
      return from.argument(1);
    case Type::Form::object: {
      const auto field = from.object_type()->field(e.name);
      if (!field) {
        std::string why = from.object_type()->why_missing(e.name);
        if (why.empty()) {
          why = std::string{from.object_type()->name()} + " has no field \"" + e.name + "\"" +
                did_you_mean(e.name, from.object_type()->field_names());
        }
        report(e.place, e.name.size(), std::move(why));
        return Type::error();
      }
      e.resolution.meaning = Resolution::Meaning::field;
      e.resolution.field = field->id;
      e.resolution.object = from.object_type();
      return field->type;
    }
    default:
      report(e.place, e.name.size(), inference_.resolved(from).text() + " has no field \"" + e.name + "\"",
             standard_functions().has(e.name, true) ? "\"" + e.name + "\" is a function: ." + e.name + "(...)"
                                                    : std::string{});
      return Type::error();
  }
}

}  // namespace caravan::cel
