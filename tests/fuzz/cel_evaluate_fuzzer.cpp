// libFuzzer's door to the checker, the planner and evaluation.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/cel_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  caravan::fuzz::compile_and_evaluate({reinterpret_cast<const char*>(data), size});
  return 0;
}
