// libFuzzer's door to the parser and printer.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/cel_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  caravan::fuzz::parse_and_print({reinterpret_cast<const char*>(data), size});
  return 0;
}
