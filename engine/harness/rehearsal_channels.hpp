#pragma once
// The ends of a rehearsal's channels: they keep what they are given instead of sending it, and fail when they are told
// to. What the outside would say to a message follows from the rules alone.

#include "engine/channels/channels.hpp"
#include "engine/clock.hpp"
#include "engine/harness/rehearsal.hpp"

namespace caravan {

/// All that leaves a rehearsal, and how it fares.
class RehearsalChannels {
 public:
  /// Ways out as the configuration has them: mails, texts and chats where it has such, every connection. All references
  /// outlive it.
  RehearsalChannels(boost::asio::io_context& io, VirtualClock& clock, MessageBook& messages,
                    const ConfigurationDefinition& configuration, std::string installation);

  Channels& channels() { return channels_; }
  /// From here on.
  void add_rule(ChannelRule rule) { rules_.push_back(std::move(rule)); }
  /// What a delivery is called on its way out: must be told before it goes.
  void promised(const DeliveryRecord& delivery);
  const std::vector<SentMessage>& sent() const { return sent_; }

 private:
  template <class What>
  class End;
  SendResult take(const std::string& key, const std::string& connection, Outgoing content);
  const ChannelRule* rule_for(std::string_view channel, const std::string& connection,
                              const SentMessage& message) const;

  boost::asio::io_context& io_;
  VirtualClock& clock_;
  MessageBook& messages_;
  std::string installation_;
  Channels channels_;
  std::vector<ChannelRule> rules_;
  std::unordered_map<std::string, DeliveryRecord> promised_;  ///< by the key that goes along
  std::vector<SentMessage> sent_;
};

}  // namespace caravan
