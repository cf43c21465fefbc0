#pragma once
// A mail as the bytes of RFC 5322 and MIME: multipart/alternative with a text and an HTML part, quoted-printable,
// headers encoded by RFC 2047 and folded, lines ended by CRLF.

#include "engine/channels/channel.hpp"

namespace caravan {

/// `Message-ID: <key@host>`, where host is the part of `from` behind its @.
std::string encode_mail(const Mail& mail);

/// The address in `Name <address>` or in a bare address; empty when there is none or it could break a command line.
std::string address_of(std::string_view mailbox);

}  // namespace caravan
