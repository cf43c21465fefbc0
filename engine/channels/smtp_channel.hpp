#pragma once
// Mails over SMTP by libcurl's multi-socket interface on Asio: STARTTLS or TLS with the certificate checked,
// authentication, connections kept open and reused.

#include "engine/channels/channel.hpp"
#include "journeys/definitions.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

/// Reads the password from where the definition says; throws std::runtime_error naming the setting when it cannot.
std::unique_ptr<MailChannel> make_smtp_channel(boost::asio::io_context& io, const SmtpChannel& definition,
                                               std::size_t connections);

}  // namespace caravan
