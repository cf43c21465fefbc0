#pragma once
// Character references of HTML: `&amp;`, `&#252;`, `&#xFC;`, and the named ones that mails use.

namespace caravan {

/// The text with its character references replaced by what they stand for; a non-breaking space becomes a space.
/// What is no reference stays as it is. Linear in the text.
std::string decode_entities(std::string_view text);

}  // namespace caravan
