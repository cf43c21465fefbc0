#pragma once
// What the SMTP channel needs to know, read and checked once when it is made: a setting that cannot work stops the
// start, not the first mail.

#include "journeys/definitions.hpp"

namespace caravan {

struct SmtpSettings {
  std::string url;     ///< smtp://host:port or smtps://host:port
  std::string server;  ///< host:port, for messages
  TransportSecurity security = TransportSecurity::starttls;
  std::string user;
  std::string password;
  std::string ca_file;
};

/// Throws std::runtime_error naming the setting: a host that is none, a password that is not there or would go over
/// the network in the clear, a certificate file that cannot be read.
SmtpSettings read_settings(const SmtpChannel& definition);

/// `text` without the password in any form that a server could repeat it in, on one line, and not too long to keep.
std::string without_secrets(std::string text, const SmtpSettings& settings);

}  // namespace caravan
