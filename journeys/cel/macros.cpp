// Which calls are macros, and what they look like.

#include <array>

#include "journeys/cel/lexer.hpp"
#include "journeys/cel/parser.hpp"

namespace caravan::cel {

namespace {

struct Shape {
  std::string_view name;
  Macro macro;
  std::size_t variables;
  std::size_t least;  ///< arguments after the variables
  std::size_t most;
};

/// The macros called on something. Where one name has several shapes, the number of arguments decides.
constexpr std::array<Shape, 15> shapes{{
    {"all", Macro::all, 1, 1, 1},
    {"all", Macro::all, 2, 1, 1},
    {"exists", Macro::exists, 1, 1, 1},
    {"exists", Macro::exists, 2, 1, 1},
    {"exists_one", Macro::exists_one, 1, 1, 1},
    {"exists_one", Macro::exists_one, 2, 1, 1},
    {"existsOne", Macro::exists_one, 1, 1, 1},
    {"existsOne", Macro::exists_one, 2, 1, 1},
    {"map", Macro::map, 1, 1, 2},
    {"filter", Macro::filter, 1, 1, 1},
    {"transformList", Macro::transform_list, 2, 1, 2},
    {"transformMap", Macro::transform_map, 2, 1, 2},
    {"transformMapEntry", Macro::transform_map_entry, 2, 1, 2},
    {"optMap", Macro::optional_map, 1, 1, 1},
    {"optFlatMap", Macro::optional_flat_map, 1, 1, 1},
}};

[[noreturn]] void fail(const Expression& at, std::string message, std::string hint = {}) {
  throw SyntaxError{at.offset, at.length, std::move(message), std::move(hint)};
}

Variable variable_name(const Expression& e, std::string_view macro) {
  if (e.form != Form::identifier || e.rooted)
    fail(e, "the variable of " + std::string{macro} + "() must be a plain name");
  return {e.name, e.offset};
}

/// Takes the variables out of the call's children from `first`.
void take_variables(Expression& call, std::size_t first, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    call.variables.push_back(variable_name(*call.children[first + i], call.name));
  if (count == 2 && call.variables[0].name == call.variables[1].name)
    fail(*call.children[first + 1], "the two variables of " + call.name + "() must have different names");
  const auto begin = call.children.begin() + static_cast<std::ptrdiff_t>(first);
  call.children.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
}

ExpressionPtr as_macro(ExpressionPtr call, Macro macro) {
  call->form = Form::macro;
  call->macro = macro;
  call->name.clear();
  call->method = false;
  return call;
}

bool is_named(const Expression& e, std::string_view name) {
  return e.form == Form::identifier && !e.rooted && e.name == name;
}

}  // namespace

ExpressionPtr expand_macro(ExpressionPtr call) {
  if (!call->method) {
    if (call->name != "has" || call->rooted || call->children.size() != 1) return call;
    if (call->children[0]->form != Form::select || call->children[0]->optional)
      fail(*call->children[0], "has() takes a field: has(account.industry)");
    return as_macro(std::move(call), Macro::has);
  }
  if (call->name == "bind" && is_named(*call->children[0], "cel") && call->children.size() == 4) {
    take_variables(*call, 1, 1);
    call->children.erase(call->children.begin());
    return as_macro(std::move(call), Macro::bind);
  }
  const std::size_t arguments = call->children.size() - 1;
  for (const Shape& shape : shapes) {
    if (shape.name != call->name || arguments < shape.variables + shape.least ||
        arguments > shape.variables + shape.most)
      continue;
    take_variables(*call, 1, shape.variables);
    return as_macro(std::move(call), shape.macro);
  }
  return call;
}

}  // namespace caravan::cel
