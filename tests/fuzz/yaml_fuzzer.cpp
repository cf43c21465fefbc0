// libFuzzer on the YAML reader: any bytes are read or refused, and every fault stands within the file and renders.
#include "journeys/yaml/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const caravan::SourceFile file{"fuzz.yaml", std::string(reinterpret_cast<const char*>(data), size)};
  caravan::Diagnostics diagnostics;
  caravan::yaml::read(file, {}, diagnostics);
  for (const caravan::Diagnostic& each : diagnostics.sorted()) {
    if (each.place.offset > file.text.size()) std::abort();
    if (caravan::render(each, caravan::Colour::never).empty()) std::abort();
  }
  return 0;
}
