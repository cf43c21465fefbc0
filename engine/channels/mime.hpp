#pragma once
// A mail as the bytes of RFC 5322 and MIME: multipart/alternative with a text and an HTML part, quoted-printable,
// headers encoded by RFC 2047 and folded, lines ended by CRLF.

#include "engine/channels/channel.hpp"

namespace caravan {

/// `Message-ID: <key@host>`, where host is the part of `from` behind its @. The key stands in `X-Caravan-Delivery` as
/// well. `List-Unsubscribe` and `List-Unsubscribe-Post` (RFC 8058) name where its receiver ends such mails. A part that
/// is empty is left out. The same mail always gives the same bytes.
std::string encode_mail(const Mail& mail);

/// The address in `Name <address>` or in a bare address; empty when there is none or it could break a command line.
/// Addresses are ASCII: a local part in another script needs a mail system that few have.
std::string address_of(std::string_view mailbox);

/// Why the mail can go nowhere: its sender's or receiver's address is none. Empty when it can.
std::string address_problem(const Mail& mail);

/// A key as it may stand in a Message-ID or a file name: letters, digits, dots and dashes, at most 120 characters, not
/// beginning with a dot. What delivery keys are made of stays as it is.
std::string safe_key(std::string_view key);

}  // namespace caravan
