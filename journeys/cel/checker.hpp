#pragma once
// Names and types, before anything runs: resolves every name of a syntax tree, infers every type, and reports what
// cannot work, with what was probably meant.

#include <string>
#include <string_view>
#include <vector>

#include "journeys/cel/ast.hpp"
#include "journeys/cel/environment.hpp"
#include "journeys/cel/inference.hpp"
#include "journeys/cel/program.hpp"

namespace caravan::cel {

class Checker {
 public:
  /// With `report` false, names are still resolved and types inferred, but nothing is reported.
  Checker(const Environment& environment, bool report, std::vector<Diagnostic>& diagnostics)
      : environment_{environment}, report_{report}, diagnostics_{diagnostics} {}

  /// Annotates the tree and returns its type.
  Type check(Expression& root, const Type& expected);
  /// How many places macro variables need at once.
  std::uint32_t local_count() const { return most_locals_; }

 private:
  struct Local {
    std::string name;
    Type type;
  };
  /// Macro variables, visible as long as this lives.
  class Scope {
   public:
    explicit Scope(Checker& checker) : checker_{checker}, before_{checker.locals_.size()} {}
    ~Scope() { checker_.locals_.resize(before_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    std::uint32_t add(const Variable& variable, Type type);

   private:
    Checker& checker_;
    std::size_t before_;
  };

  Type visit(Expression& e);
  Type visit_form(Expression& e);
  Type literal(const Expression& e) const;

  // Names (check_names.cpp).
  Type identifier(Expression& e);
  Type select(Expression& e);
  Type select_from(Expression& e, const Type& target);
  bool resolve_name(Expression& e, std::string_view name, bool rooted, Type& type);
  /// `a.b.c` as written, when the expression is nothing but names; a macro's variable at its root makes it none.
  bool qualified_name(const Expression& e, std::string& name, bool& rooted) const;
  std::vector<std::string> candidates(std::string_view name, bool rooted) const;
  const Local* find_local(std::string_view name, std::uint32_t& index) const;
  void unknown_variable(const Expression& e);

  // Calls (check_calls.cpp).
  Type call(Expression& e);
  bool namespaced_call(Expression& e, Type& type);
  Type resolve_call(Expression& e, std::string_view name, bool method, std::size_t first_argument);
  Type extreme(Expression& e, std::size_t first_argument);
  /// The result when some overloads fit; what it is, when one does, and otherwise what they agree on.
  Type overloads(const std::vector<const std::vector<Type>*>& parameters, const std::vector<const Type*>& results,
                 const std::vector<Type>& arguments, bool& fitted);
  void check_literals(const Expression& e, std::size_t first_argument);
  void check_constant_text(const Expression& e, std::string_view name, std::size_t first_argument);
  Type no_such_call(Expression& e, std::string_view name, bool method, const std::vector<Type>& arguments);

  // Operators and literals (checker.cpp).
  Type operation(Expression& e, std::string_view function);
  Type binary(Expression& e);
  Type membership(Expression& e);
  Type misfit(const Expression& e, std::string_view what, const std::vector<Type>& types);
  Type logical(Expression& e);
  Type conditional(Expression& e);
  Type index(Expression& e);
  Type index_into(const Expression& e, const Type& target, const Type& index);
  void missing_field(const Expression& name, const ObjectType& type);
  Type list(Expression& e);
  Type map(Expression& e);
  void want(const Expression& e, const Type& type, const Type& wanted, const std::string& where);

  // Macros (check_macros.cpp).
  Type macro(Expression& e);
  Type comprehension(Expression& e);
  Type transformed(Expression& e, const Type& key, const Type& body_type, const Expression& body);
  Type binding(Expression& e);
  Type optional_map(Expression& e);

  void report(std::size_t offset, std::size_t length, std::string message, std::string hint = {});
  void report(const Expression& e, std::string message, std::string hint = {});

  const Environment& environment_;
  bool report_;
  std::vector<Diagnostic>& diagnostics_;
  Inference inference_;
  std::vector<Local> locals_;
  std::uint32_t most_locals_ = 0;
};

}  // namespace caravan::cel
