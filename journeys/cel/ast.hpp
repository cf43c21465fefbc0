#pragma once
// The syntax tree of an expression, as the author wrote it: macros stay macros, so that it prints back. The parser
// makes it, the checker annotates it, the planner turns it into nodes and it is gone.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "journeys/cel/environment.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

enum class Form : std::uint8_t {
  literal,      ///< `literal`, with `name` as the text of a string or bytes
  identifier,   ///< `name`
  select,       ///< children[0].name
  index,        ///< children[0][children[1]]
  call,         ///< name(children...), or children[0].name(children[1]...) when `method`
  list,         ///< children, `optional_parts` by element
  map,          ///< children in pairs, `optional_parts` by entry
  negate,       ///< -children[0]
  invert,       ///< !children[0]
  binary,       ///< children[0] op children[1]
  all_of,       ///< children joined by &&, two or more
  any_of,       ///< children joined by ||, two or more
  conditional,  ///< children[0] ? children[1] : children[2]
  macro,        ///< see Macro
};

enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in
};

/// children[0] is what the macro is called on (for `bind`, the value); the other children are its arguments after the
/// variables.
enum class Macro : std::uint8_t {
  has,  ///< children[0] is a select
  all,
  exists,
  exists_one,
  map,  ///< children: range, [filter], result
  filter,
  transform_list,
  transform_map,
  transform_map_entry,
  bind,
  optional_map,
  optional_flat_map,
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Variable {
  std::string name;
  std::uint32_t offset = 0;
};

struct Function;

/// What the checker found a name to be.
struct Resolution {
  enum class Meaning : std::uint8_t {
    unresolved,  ///< nothing known: evaluating it fails, or looks it up by name
    local,       ///< a macro's variable, in place `index`
    variable,    ///< the environment's, in slot `index`
    type,        ///< a type's name, `name`
    field,       ///< a host object's field `field`
    builtin,
    host,
    least,  ///< math.least, of any number of arguments
    greatest,
  };
  Meaning meaning = Meaning::unresolved;
  bool namespaced = false;  ///< a call whose receiver is part of the function's name (`math.abs(x)`)
  std::uint32_t index = 0;
  std::string_view name;
  FieldId field{};
  std::shared_ptr<const ObjectType> object;  ///< the field's
  const Function* builtin = nullptr;
  std::vector<std::shared_ptr<const HostOverload>> host;
};

struct Expression {
  Form form = Form::literal;
  Operator operation = Operator::add;
  Macro macro = Macro::has;
  bool method = false;       ///< a call on a receiver
  bool optional = false;     ///< `.?` and `[?]`
  bool rooted = false;       ///< an identifier or a call with a leading dot: looked up outside every container
  std::uint32_t offset = 0;  ///< of its first byte
  std::uint32_t length = 0;
  std::uint32_t place = 0;  ///< where a fault is shown: an operator, a field's or function's name
  std::uint32_t depth = 1;
  Value literal;
  std::string name;
  std::vector<ExpressionPtr> children;
  std::vector<bool> optional_parts;
  std::vector<Variable> variables;

  // The checker's part.
  Type type;
  Resolution resolution;
  std::uint32_t first_local = 0;  ///< of a macro: its variables' places start here
};

/// `+`, `==`, `in`, ...
std::string_view operator_text(Operator operation);
/// The macro as it is called: `exists_one`, `cel.bind`, ...
std::string_view macro_text(Macro macro, std::size_t variables);

/// Whether both are the same expression, positions apart.
bool same(const Expression& left, const Expression& right);

/// The canonical text: the fewest brackets, one space around operators, double quotes. Parsing it gives the same tree.
std::string print(const Expression& expression);

/// A string literal of the language for any UTF-8 text, in double quotes; and one for bytes.
std::string quote(std::string_view text);
std::string quote_bytes(std::string_view data);

/// A double as the language prints it: the shortest text that reads back as the same double, `1` for 1.0.
std::string format_double(double value);

}  // namespace caravan::cel
