#pragma once
// What is fuzzed of the expression language, as plain functions of some bytes: libFuzzer calls them with what it makes
// up, and the test suite with a fixed number of mutations of the corpus. A broken promise throws FuzzFailure.

#include <stdexcept>
#include <string>
#include <string_view>

namespace caravan::fuzz {

struct FuzzFailure : std::logic_error {
  using std::logic_error::logic_error;
};

/// Whatever parses prints to a text that parses to the same tree, and prints the same again.
void parse_and_print(std::string_view source);

/// Whatever compiles, checked or not, evaluates to a value or an error within its budget; checked and unchecked, folded
/// and read from text again, it is the same value.
void compile_and_evaluate(std::string_view source);

}  // namespace caravan::fuzz
