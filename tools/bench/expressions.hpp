#pragma once
// The yardstick of the expression language: five conditions as compiled expressions and as C++ written by hand, over
// the same attribute records in the same run.

namespace caravan::bench {

/// Runs all five on one core for a few seconds and prints evaluations a second and their ratio, as a table or as JSON.
/// Answers 0, or 1 when an expression and its C++ disagree on any record.
int run_expression_bench(bool json);

}  // namespace caravan::bench
