#pragma once
// A text read as YAML, with what was found wrong, for the tests of this folder.

#include "journeys/yaml/reader.hpp"

namespace caravan::yaml {

struct Read {
  explicit Read(std::string text) : file{"x.yaml", std::move(text)}, documents(read(file, {}, diagnostics)) {}

  std::string_view text_at(const Place& place) const {
    return std::string_view(file.text).substr(place.offset, place.length);
  }
  /// The first line of each fault.
  std::vector<std::string> messages() const {
    std::vector<std::string> lines;
    for (const Diagnostic& each : diagnostics.sorted()) {
      const std::string text = render(each, Colour::never);
      lines.push_back(text.substr(0, text.find('\n')));
    }
    return lines;
  }

  SourceFile file;
  Diagnostics diagnostics;
  std::vector<Node> documents;
};

inline std::string first_line(std::string text, std::size_t which = 0) {
  const std::vector<std::string> lines = Read(std::move(text)).messages();
  return which < lines.size() ? lines[which] : "no fault";
}

}  // namespace caravan::yaml
