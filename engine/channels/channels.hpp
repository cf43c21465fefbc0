#pragma once
// The ways out of a workspace, put together: what takes its mails, its texts and its calls. The program makes them from
// the configuration; the outbox drives each on its own.

#include "engine/channels/channel.hpp"
#include "engine/links/mail_links.hpp"
#include "journeys/definitions.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

struct MailWay {
  std::unique_ptr<MailChannel> channel;
  InDoubt in_doubt = InDoubt::retry;
  std::shared_ptr<const MailLinks> links = {};  ///< those put into mails to people; null: none
};

/// Texts go into files, or over a connection as its calls do.
struct TextWay {
  std::unique_ptr<ShortMessageChannel> files;  ///< null: over `connection`
  std::string connection;
  InDoubt in_doubt = InDoubt::retry;
};

/// A call that may have been made is made again: its key tells the other side.
struct CallWay {
  std::unique_ptr<CallChannel> channel;
  RetryDefinition retry;
};

struct Channels {
  MailWay email;
  std::optional<TextWay> sms;
  std::optional<TextWay> chat;
  std::map<std::string, CallWay, std::less<>> connections;
};

/// Makes what the configuration says; folders are relative to `root`. With `outbox`, mails become files in it, texts
/// files in its folders `sms` and `chat`, whatever the configuration says. Throws std::runtime_error naming the setting
/// that cannot work.
Channels make_channels(boost::asio::io_context& io, const ConfigurationDefinition& configuration,
                       const std::filesystem::path& root, const std::filesystem::path& outbox = {});

/// Reads the servers, secrets and certificates of all channels anew, and gives what makes them count: all of them or,
/// where one cannot work, none. Throws std::runtime_error naming the setting. `channels` outlive what it gives.
std::function<void()> renewal(Channels& channels, const ConfigurationDefinition& configuration);

}  // namespace caravan
