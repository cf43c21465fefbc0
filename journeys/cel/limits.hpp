#pragma once
// Every bound of the expression language in one place. They exist so that no author and no input can hang or bloat a
// turn: an expression beyond the first three does not compile, an evaluation beyond the last two is an evaluation
// error.

#include <cstddef>
#include <cstdint>

namespace caravan::cel {

/// The bounds of compiling and evaluating. The defaults are the documented ones; tests and tools may lower them.
struct Limits {
  /// Longest source text, in bytes.
  std::size_t expression_length = 32 * 1024;
  /// Deepest nesting of the syntax tree: brackets, calls, operators. A chain of `||` or `&&` counts as one level.
  std::uint32_t nesting = 250;
  /// Most nodes in the syntax tree.
  std::uint32_t nodes = 20'000;
  /// What one evaluation may do: about one unit per operation of a loop's body, per list element and per 16 bytes of
  /// text.
  std::uint64_t cost = 1'000'000;
  /// What one evaluation may allocate for its intermediate values, in bytes.
  std::size_t memory = 8 * 1024 * 1024;
};

/// The memory RE2 may use for one pattern, in bytes.
inline constexpr std::int64_t regex_memory = 1 << 20;
/// Longest pattern given to `matches`, in bytes.
inline constexpr std::size_t regex_length = 4096;
/// Longest time zone name that is looked up, in bytes.
inline constexpr std::size_t zone_name_length = 64;

}  // namespace caravan::cel
