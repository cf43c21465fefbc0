#pragma once
// Bytes as text that stands in a URL as it is: base64url of RFC 4648, without padding.

namespace caravan {

std::string to_base64url(std::string_view bytes);
/// Nothing when the text is none: another letter, padding, a length that no bytes have, or bits that no byte holds.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace caravan
