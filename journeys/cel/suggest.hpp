#pragma once
// "Did you mean": the known name nearest to a mistyped one.

#include <span>
#include <string>
#include <string_view>

namespace caravan::cel {

/// `, did you mean "industry"?`, or empty when no candidate is near: at most a third of the letters may differ.
std::string did_you_mean(std::string_view given, std::span<const std::string> candidates);

}  // namespace caravan::cel
