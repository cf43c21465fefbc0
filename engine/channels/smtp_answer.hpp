#pragma once
// What a mail server's refusal means: that there is no such receiver, or something that may be otherwise tomorrow or
// with another mail.

#include "storage/records.hpp"

namespace caravan {

/// The server's answer (`550 5.1.1 no such user`) where its enhanced status (RFC 3463) says that nobody is reached at
/// the address: 5.1.1, 5.1.2, 5.1.3, 5.1.6 or 5.1.10. Nothing else does: a bare 550 is what a server says as well that
/// turns down the sender, or mails like this one, and 5.2.1 one whose mailbox gets too many at present.
std::optional<Answer> no_such_receiver(std::string_view words);

}  // namespace caravan
