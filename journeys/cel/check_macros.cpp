// The checker's part on macros: the types of their variables and results.

#include "journeys/cel/checker.hpp"

namespace caravan::cel {

Type Checker::macro(Expression& e) {
  switch (e.macro) {
    case Macro::has: {
      const Type target = inference_.shallow(visit(*e.children[0]->children[0]));
      select_from(*e.children[0], target.is(Type::Form::optional) ? target.argument(0) : target);
      return Type::boolean();
    }
    case Macro::bind: return binding(e);
    case Macro::optional_map:
    case Macro::optional_flat_map: return optional_map(e);
    default: return comprehension(e);
  }
}

Type Checker::binding(Expression& e) {
  const Type bound = visit(*e.children[0]);
  Scope scope{*this};
  e.first_local = scope.add(e.variables[0], bound);
  return visit(*e.children[1]);
}

Type Checker::optional_map(Expression& e) {
  const Type held = inference_.unknown();
  want(*e.children[0], visit(*e.children[0]), Type::optional(held), "before the dot");
  Scope scope{*this};
  e.first_local = scope.add(e.variables[0], held);
  const Type body = visit(*e.children[1]);
  if (e.macro == Macro::optional_map) return Type::optional(body);
  want(*e.children[1], body, Type::optional(inference_.unknown()), "as the result of optFlatMap()");
  return body;
}

Type Checker::comprehension(Expression& e) {
  const Type range = inference_.shallow(visit(*e.children[0]));
  Type key = Type::dyn();
  Type value = Type::dyn();
  if (range.is(Type::Form::list)) {
    key = Type::integer();
    value = range.argument(0);
  } else if (range.is(Type::Form::map)) {
    key = range.argument(0);
    value = range.argument(1);
  } else if (range.is(Type::Form::object)) {
    key = Type::string();
  } else if (!range.is_dyn() && !range.is(Type::Form::variable)) {
    report(*e.children[0], std::string{macro_text(e.macro, e.variables.size())} + "() needs a list or a map, this is " +
                               inference_.resolved(range).text());
    key = value = Type::error();
  }
  const bool by_element = range.is(Type::Form::list);
  const Type element = by_element ? value : key;
  Scope scope{*this};
  if (e.variables.size() == 2) {
    e.first_local = scope.add(e.variables[0], key);
    scope.add(e.variables[1], value);
  } else {
    e.first_local = scope.add(e.variables[0], element);
  }
  const bool quantifier = e.macro == Macro::all || e.macro == Macro::exists || e.macro == Macro::exists_one;
  if (quantifier || e.macro == Macro::filter || e.children.size() == 3)
    want(*e.children[1], visit(*e.children[1]), Type::boolean(),
         "as the condition of " + std::string{macro_text(e.macro, e.variables.size())} + "()");
  if (quantifier) return Type::boolean();
  if (e.macro == Macro::filter) return Type::list(element);
  const Type body = visit(*e.children.back());
  return transformed(e, key, body, *e.children.back());
}

Type Checker::transformed(Expression& e, const Type& key, const Type& body_type, const Expression& body) {
  if (e.macro == Macro::map || e.macro == Macro::transform_list) return Type::list(body_type);
  if (e.macro == Macro::transform_map) return Type::map(key, body_type);
  const Type entry = Type::map(inference_.unknown(), inference_.unknown());
  want(body, body_type, entry, "as the result of transformMapEntry()");
  return entry;
}

}  // namespace caravan::cel
