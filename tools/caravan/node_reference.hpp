#pragma once
// The reference of the node types as Markdown, written from the shapes that the loader checks by.

#include <string>

namespace caravan::tools {

std::string node_reference();

}  // namespace caravan::tools
