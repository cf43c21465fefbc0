#pragma once
// An expression compiled: immutable, shared between threads, evaluated against an Activation. compile() is the one way
// to get one; it reports every fault it finds, with its place in the expression's text.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/cel/environment.hpp"
#include "journeys/cel/evaluation.hpp"
#include "journeys/cel/limits.hpp"
#include "journeys/cel/object.hpp"
#include "journeys/cel/probes.hpp"
#include "journeys/cel/type.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

/// A fault in an expression's text. Offsets and lengths are bytes of the text given to compile().
struct Diagnostic {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string message;  ///< `Account has no field "idnustry", did you mean "industry"?`
  std::string hint;     ///< what to do about it, or empty
};

/// Where variables come from. `variable` is called each time the expression reads one, so it should be cheap: a list
/// that is costly to build is built once and kept (Evaluation::arena() is a good place).
class Activation {
 public:
  virtual Value variable(Slot slot, Evaluation& evaluation) = 0;

 protected:
  ~Activation() = default;
};

/// An activation of plain values by slot, for tests and tools. A slot without a value is "no such variable".
class Bindings final : public Activation {
 public:
  void set(Slot slot, Value value);
  Value variable(Slot slot, Evaluation& evaluation) override;

 private:
  std::vector<Value> values_;
};

/// What a program may read. Anything it does not name, it does not depend on.
struct Reads {
  struct Field {
    std::shared_ptr<const ObjectType> type;
    FieldId id;
    std::string name;
  };
  /// A call of a host function, with its first argument after the receiver where that is a literal text.
  struct Call {
    std::string function;
    std::optional<std::string> literal;
    bool operator==(const Call&) const = default;
  };
  std::vector<Slot> variables;         ///< ascending
  std::vector<Field> fields;           ///< each once; the type is the one that objects answer with
  std::vector<std::string> functions;  ///< host functions by name, each once
  std::vector<Call> calls;             ///< of these functions, each once
  bool any_field = false;              ///< it also reads fields that only evaluation knows (`account[name]`, iteration)
};

class Plan;

class Program {
 public:
  /// Internal: made by compile().
  explicit Program(std::unique_ptr<const Plan> plan);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// The expression's value, or an error value; nothing is thrown. The value may live in the activation's memory, in
  /// the evaluation's arena or in this program.
  Value evaluate(Activation& activation, Evaluation& evaluation) const noexcept;

  /// The type the checker inferred.
  const Type& result_type() const;
  const Reads& reads() const;
  /// The value, when the expression does not depend on anything.
  const std::optional<Value>& constant() const;
  /// The canonical text: compiling it gives the same program, and the same text again.
  const std::string& text() const;
  /// What its probes watch, by number from the first; the last is the whole. Empty for one compiled without.
  const std::vector<Condition>& conditions() const;

 private:
  std::unique_ptr<const Plan> plan_;
};

struct CompileOptions {
  /// What the place wants (`Type::boolean()` for a `when`); an expression that can never be it is a fault. Dyn wants
  /// nothing.
  Type expected = Type::dyn();
  /// Off: only syntax is checked, and unknown names and types that do not fit fail when evaluated.
  bool check_types = true;
  bool macros = true;
  /// With probes at its conditions, numbered from here; none: without.
  std::optional<std::uint32_t> first_probe = std::nullopt;
  Limits limits{};
};

struct CompileResult {
  std::shared_ptr<const Program> program;  ///< null when there are diagnostics
  std::vector<Diagnostic> diagnostics;     ///< by offset
  explicit operator bool() const { return program != nullptr; }
};

/// The names of the language's own functions, macros apart: those called on something, or the others.
std::vector<std::string> standard_function_names(bool method);

CompileResult compile(std::string_view source, const Environment& environment, const CompileOptions& options = {});

}  // namespace caravan::cel
