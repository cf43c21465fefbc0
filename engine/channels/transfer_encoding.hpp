#pragma once
// The encodings that carry any text through mail systems made for seven bits: quoted-printable for bodies, base64 for
// headers and passwords. The encoder of mails and the SMTP channel use them.

namespace caravan {

/// The text with what is not UTF-8 replaced by U+FFFD, and without NUL.
std::string clean_utf8(std::string_view text);

std::string to_base64(std::string_view bytes);

/// A text as quoted-printable: lines ended by CRLF whatever they were ended by, none longer than 76 characters. A "="
/// in the result is always followed by two hexadecimal digits or a line end.
std::string to_quoted_printable(std::string_view text);

}  // namespace caravan
