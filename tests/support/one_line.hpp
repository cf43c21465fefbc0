#pragma once
// Values in one line each, as tests compare them.

#include "engine/name_book.hpp"

namespace caravan::test {

std::string joined(const std::vector<std::string>& parts, std::string_view between);

/// A list as `[a,b]`, a map as `{a=b}`.
std::string to_text(const AttributeInput& input);
/// `name=value`, in the order of the names.
std::string to_text(const Attributes& attributes, const NameBook& names);
/// `-` for none.
std::string to_text(std::optional<Instant> at);

}  // namespace caravan::test
