#pragma once
// The functions of the language: what the checker needs to know of each (its signatures) and what evaluation calls.
// Operators on values are functions too, under names no author can write (`_add_`).

#include <array>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/cel/evaluation.hpp"
#include "journeys/cel/signature.hpp"

namespace caravan::cel {

/// Called with arguments that fit the overload's signature, none an error. Answers with a value or an error.
using BuiltIn = Value (*)(Evaluation& evaluation, std::span<const Value> arguments);

/// The kinds of values that a parameter of a type may get, one bit a kind.
using KindMask = std::uint32_t;
KindMask kinds_of(const Type& type);
inline bool fits(KindMask mask, const Value& value) {
  return (mask >> static_cast<unsigned>(value.kind())) & 1U;
}

inline constexpr std::size_t most_arguments = 4;

struct Overload {
  Signature signature;
  std::array<KindMask, most_arguments> masks{};
  BuiltIn call = nullptr;

  bool accepts(std::span<const Value> arguments) const {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (!fits(masks[i], arguments[i])) return false;
    return true;
  }
};

/// All overloads of a name that take the same number of arguments in the same style.
struct Function {
  std::string name;
  std::vector<Overload> overloads;

  /// The value of the overload that fits the arguments' kinds, or no_such_overload.
  Value call(Evaluation& evaluation, std::span<const Value> arguments) const {
    for (const Overload& overload : overloads)
      if (overload.accepts(arguments)) return overload.call(evaluation, arguments);
    return evaluation.no_such_overload(name, arguments);
  }
};

class Registry {
 public:
  void add(std::string_view signature, BuiltIn call);
  /// Several signatures that one function serves.
  void add(std::initializer_list<std::string_view> signatures, BuiltIn call);

  /// nullptr when there is none. `arguments` counts a method's receiver.
  const Function* find(std::string_view name, bool method, std::size_t arguments) const;
  /// Whether the name is called that way with any number of arguments.
  bool has(std::string_view name, bool method) const;
  /// The names an author can write, for "did you mean".
  std::vector<std::string> names(bool method) const;

 private:
  struct Key {
    std::string name;
    bool method;
    std::size_t arguments;
    auto operator<=>(const Key&) const = default;
  };
  std::map<Key, Function> functions_;
};

/// The whole standard language and its extensions. Built once; immutable and thread-safe.
const Registry& standard_functions();

void add_operators(Registry& registry);
void add_conversions(Registry& registry);
void add_text_functions(Registry& registry);
void add_text_editing(Registry& registry);
void add_format(Registry& registry);
void add_time_functions(Registry& registry);
void add_math_functions(Registry& registry);
void add_optional_functions(Registry& registry);
void add_encoders(Registry& registry);
void add_collection_functions(Registry& registry);

/// The least or greatest of numbers: `math.least`, `math.greatest`, which take any number of arguments.
Value extreme_of(Evaluation& evaluation, std::span<const Value> numbers, Order wanted, std::string_view name);

/// Whether text matches an RE2 pattern known only now.
Value match_pattern(Evaluation& evaluation, std::string_view text, std::string_view pattern);

/// What a function over so much text costs.
inline bool charge_text(Evaluation& evaluation, std::size_t bytes) {
  return evaluation.charge(1 + bytes / 16);
}

}  // namespace caravan::cel
