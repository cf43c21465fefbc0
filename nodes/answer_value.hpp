#pragma once
// What the answer of a webhook is as an attribute.

#include "storage/attributes.hpp"

namespace caravan {

/// How much of an answer is kept.
inline constexpr std::size_t kAnswerBytes = std::size_t{64} << 10U;

/// The value of an answer's body: what its JSON says, or else the text as it stands. JSON of more than kAnswerBytes, or
/// that nests deeper than an attribute may, is text; a text is cut to kAnswerBytes, and what is no UTF-8 in it is
/// replaced by U+FFFD. Nothing but blanks is null, as is JSON's null: neither leaves an attribute.
AttributeInput answer_value(std::string_view body);

}  // namespace caravan
