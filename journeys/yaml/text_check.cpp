#include "journeys/utf8.hpp"
#include "journeys/yaml/reader.hpp"

namespace caravan::yaml {
namespace {

bool is_allowed(char32_t value) {
  if (value < 0x20) return value == '\t' || value == '\n' || value == '\r';
  return value < 0x7F || value == 0x85 || (value >= 0xA0 && value != 0xFFFE && value != 0xFFFF);
}

std::string code_point_name(char32_t value) {
  std::ostringstream out;
  out << "U+" << std::hex << std::uppercase;
  out.width(4);
  out.fill('0');
  out << static_cast<std::uint32_t>(value);
  return out.str();
}

}  // namespace

bool check_text(const SourceFile& file, Diagnostics& diagnostics) {
  const std::string_view text = file.text;
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint point = code_point_at(text, offset);
    if (!point.valid) {
      diagnostics.error({&file, offset, 1}, "this is not UTF-8 text", "save the file as UTF-8");
      return false;
    }
    const bool is_mark_inside = point.value == 0xFEFF && offset > 0;
    if (!is_allowed(point.value) || is_mark_inside) {
      diagnostics.error({&file, offset, point.length},
                        "the character " + code_point_name(point.value) + " is not allowed");
      return false;
    }
    offset += point.length;
  }
  return true;
}

bool is_text(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint point = code_point_at(text, offset);
    if (!point.valid || !is_allowed(point.value)) return false;
    offset += point.length;
  }
  return true;
}

}  // namespace caravan::yaml
