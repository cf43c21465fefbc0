#pragma once
// The tags of a Mustache text: found, checked and told with their places.

#include "engine/mustache_template.hpp"

namespace caravan {

/// The names that the tags of `text` read, each once, in order of first use. Whatever is wrong with a tag is appended
/// to `faults`.
std::vector<std::string> scan_tags(std::string_view text, std::vector<TemplateFault>& faults);

}  // namespace caravan
