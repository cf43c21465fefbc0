#pragma once
// The pages of `caravan help`: Markdown files that stand beside what they describe, built into the program.

#include <span>
#include <string_view>

namespace caravan::tools {

struct HelpText {
  std::string_view topic;
  std::string_view markdown;
};

/// In the order of the build's list.
std::span<const HelpText> help_texts();

}  // namespace caravan::tools
