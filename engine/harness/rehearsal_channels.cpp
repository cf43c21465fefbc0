#include "engine/harness/rehearsal_channels.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "engine/channels/connection.hpp"
#include "engine/channels/smtp_answer.hpp"

namespace caravan {
namespace {

/// How the ways out are called where rules are made.
std::string_view word_for(MessageKind kind) {
  switch (kind) {
    case MessageKind::email:
    case MessageKind::sales_summary: return "email";
    case MessageKind::sms: return "sms";
    case MessageKind::chat:
    case MessageKind::sales_chat: return "chat";
    case MessageKind::webhook: break;
  }
  return {};
}

/// What the other side of a connection says, as the connection itself would take it.
SendResult result_of(const std::string& connection, const Answer& answer) {
  using Outcome = SendResult::Outcome;
  const std::string words =
      connection + ": answers " + std::to_string(answer.status) + (answer.body.empty() ? "" : ": " + answer.body);
  SendResult result;
  result.answer = answer;
  if (may_come_later(answer.status)) {
    result.outcome = Outcome::retry;
    result.reason = words;
  } else if (answer.status >= 300) {
    result.outcome = Outcome::refused;
    result.reason = words;
  }
  return result;
}

}  // namespace

template <class What>
class RehearsalChannels::End final : public ChannelOf<What> {
 public:
  /// `connection` is empty for mails and files.
  End(RehearsalChannels& channels, std::string connection) : channels_(channels), connection_(std::move(connection)) {}

  void send(const What& what, std::function<void(SendResult)> done) override {
    boost::asio::post(channels_.io_,
                      [done = std::move(done), result = channels_.take(what.key, connection_, what)]() mutable {
                        done(std::move(result));
                      });
  }
  std::size_t concurrency() const override { return std::numeric_limits<std::uint16_t>::max(); }
  void close() override {}

 private:
  RehearsalChannels& channels_;
  std::string connection_;
};

RehearsalChannels::RehearsalChannels(boost::asio::io_context& io, VirtualClock& clock, MessageBook& messages,
                                     const ConfigurationDefinition& configuration, std::string installation)
    : io_(io), clock_(clock), messages_(messages), installation_(std::move(installation)) {
  channels_.email.channel = std::make_unique<End<Mail>>(*this, std::string());
  const auto text_way = [&](const std::optional<TextChannelDefinition>& text) -> std::optional<TextWay> {
    if (!text) return std::nullopt;
    if (!text->connection.empty()) return TextWay{nullptr, text->connection, text->in_doubt};
    return TextWay{std::make_unique<End<ShortMessage>>(*this, std::string()), {}, text->in_doubt};
  };
  channels_.sms = text_way(configuration.sms);
  channels_.chat = text_way(configuration.chat);
  for (const auto& [name, definition] : configuration.connections)
    channels_.connections.emplace(name, CallWay{std::make_unique<End<Call>>(*this, name), definition.retry});
}

void RehearsalChannels::promised(const DeliveryRecord& delivery) {
  promised_.insert_or_assign(to_text(delivery.key, installation_), delivery);
}

SendResult RehearsalChannels::take(const std::string& key, const std::string& connection, Outgoing content) {
  SentMessage message;
  message.at = clock_.now();
  message.delivery = promised_.at(key);
  const auto known = messages_.message(message.delivery.version, message.delivery.message);
  message.kind = known->kind();
  message.name = known->name();
  if (std::holds_alternative<Call>(content) && message.kind != MessageKind::webhook) {
    // The service behind the connection gets it as a call; whoever reads it wants the text.
    ShortMessage text = std::get<ShortMessage>(known->render(Attributes::from_bytes(message.delivery.values)));
    text.key = key;
    text.to = message.delivery.address;
    text.date = message.delivery.created_at;
    content = std::move(text);
  }
  message.content = std::move(content);
  SendResult result;
  const ChannelRule* rule = rule_for(word_for(message.kind), connection, message);
  if (rule && rule->state != ChannelRule::State::up) {
    const bool is_down = rule->state == ChannelRule::State::down;
    const std::string own = is_down ? "the channel " + rule->channel + " is down" : "refused by the other side";
    result.outcome = is_down ? SendResult::Outcome::retry : SendResult::Outcome::refused;
    result.reason = rule->reason.empty() ? own : rule->reason;
    if (!is_down && message.kind == MessageKind::email) result.answer = no_such_receiver(rule->reason);
    return result;
  }
  if (!connection.empty()) result = result_of(connection, rule ? rule->answer : Answer{200, ""});
  if (message.kind != MessageKind::webhook) result.answer.reset();
  if (result.outcome == SendResult::Outcome::delivered) sent_.push_back(std::move(message));
  return result;
}

const ChannelRule* RehearsalChannels::rule_for(std::string_view channel, const std::string& connection,
                                               const SentMessage& message) const {
  const auto fits = [&](const ChannelRule& rule) {
    const bool is_its_way =
        (!channel.empty() && rule.channel == channel) || (!connection.empty() && rule.channel == connection);
    return is_its_way && (rule.to.empty() || rule.to == message.delivery.address) &&
           (rule.message.empty() || rule.message == message.name);
  };
  const auto found = std::find_if(rules_.rbegin(), rules_.rend(), fits);
  return found == rules_.rend() ? nullptr : &*found;
}

}  // namespace caravan
