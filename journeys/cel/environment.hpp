#pragma once
// What an expression may name: variables, host objects and host functions, on top of the standard language. Set up once
// (per schema, per place in a journey), then shared by every compilation; immutable by then.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/cel/object.hpp"
#include "journeys/cel/type.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

/// A variable's number within its environment, in order of declaration from 0.
enum class Slot : std::uint32_t {};

/// What is wrong with a literal argument, when a host function looks at it before anything runs.
struct LiteralFault {
  std::string message;  ///< `unknown solution interest "ai-seeds", did you mean "ai-driven-seeds"?`
  std::string hint;
};
using LiteralCheck = std::function<std::optional<LiteralFault>(std::string_view literal)>;

/// A function of the host. It is called with arguments that fit its signature (for a method, the receiver first) and
/// none of which is an error. It answers with a value that lives as long as the evaluation, or with an error value.
using HostFunction = std::function<Value(Evaluation& evaluation, std::span<const Value> arguments)>;

/// One overload of a host function.
struct HostOverload {
  std::string name;              ///< `group`, `role`, or with a namespace: `crm.lookup`
  bool method = false;           ///< called on a receiver, which is the first parameter
  std::vector<Type> parameters;  ///< the receiver included
  Type result;
  HostFunction call;
  /// By parameter (receiver included); empty functions and missing ones check nothing.
  std::vector<LiteralCheck> literal_checks;
};

class Environment {
 public:
  /// Declares a variable. The name may be qualified (`com.example.x`). The last declaration of a name counts.
  Slot declare(std::string name, Type type);
  /// Makes an object type known to signatures by its name.
  void add_type(std::shared_ptr<const ObjectType> type);
  /// Adds an overload of a host function.
  void add_function(HostOverload overload);
  /// The same from a signature as documentation writes it, a method with its receiver's type before the dot:
  /// `group(string) -> Group`, `Person.role(string) -> string`, `Account.activity(string, duration) -> list(Event)`.
  /// Throws std::invalid_argument when the signature does not read. `checks` look at literals in the parameters after
  /// the receiver, one each.
  void add_function(std::string_view signature, HostFunction call, std::vector<LiteralCheck> checks = {});
  /// The namespace that names are looked up in first: in `com.example`, `x` is `com.example.x`, `com.x` or `x`.
  void set_container(std::string container) { container_ = std::move(container); }

  struct Variable {
    std::string name;
    Type type;
  };
  /// By slot.
  const std::vector<Variable>& variables() const { return variables_; }
  std::optional<Slot> find_variable(std::string_view name) const;
  /// Every overload of that name called that way. Valid until the next add_function.
  std::vector<std::shared_ptr<const HostOverload>> find_functions(std::string_view name, bool method) const;
  bool has_function(std::string_view name) const;
  std::vector<std::string> function_names() const;
  std::shared_ptr<const ObjectType> find_type(std::string_view name) const;
  const std::string& container() const { return container_; }

 private:
  std::vector<Variable> variables_;
  std::vector<std::shared_ptr<const ObjectType>> types_;
  std::vector<std::shared_ptr<const HostOverload>> functions_;
  std::string container_;
};

}  // namespace caravan::cel
