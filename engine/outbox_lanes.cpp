#include "engine/outbox_lanes.hpp"

#include <cassert>

#include "engine/channels/short_message.hpp"

namespace caravan {
namespace {

constexpr std::string_view email_lane = "email";
constexpr std::string_view connection_prefix = "connection ";

const std::optional<TextWay>& text_way(const Channels& channels, MessageKind kind) {
  return kind == MessageKind::sms ? channels.sms : channels.chat;
}

std::string_view text_lane(MessageKind kind) {
  return kind == MessageKind::sms ? "sms" : "chat";
}

std::string connection_lane(std::string_view connection) {
  return std::string(connection_prefix) + std::string(connection);
}

std::string lane_name(const Channels& channels, const Message& message) {
  switch (message.kind()) {
    case MessageKind::email:
    case MessageKind::sales_summary: return std::string(email_lane);
    case MessageKind::webhook: return connection_lane(message.name());
    case MessageKind::sms:
    case MessageKind::chat:
    case MessageKind::sales_chat: break;
  }
  const std::optional<TextWay>& way = text_way(channels, message.kind());
  if (!way || way->files) return std::string(text_lane(message.kind()));
  return connection_lane(way->connection);
}

/// Why there is no lane for a message.
std::string why_nowhere(const Message& message) {
  const std::string advice = "; put it back, or abort the journey";
  switch (message.kind()) {
    case MessageKind::email:
    case MessageKind::sales_summary: return "there is no channel for mails";
    case MessageKind::sms: return "caravan.yaml has no channel for SMS any more" + advice;
    case MessageKind::chat:
    case MessageKind::sales_chat: return "caravan.yaml has no channel for chats any more" + advice;
    case MessageKind::webhook: return "caravan.yaml has no connection " + message.name() + " any more" + advice;
  }
  return {};
}

Channel* channel_of(const Lane& lane) {
  return std::visit(
      [](auto channel) -> Channel* {
        if constexpr (std::is_same_v<decltype(channel), std::monostate>)
          return nullptr;
        else
          return channel;
      },
      lane.channel);
}

}  // namespace

std::size_t Lane::concurrency() const {
  const Channel* channel = channel_of(*this);
  return channel != nullptr ? channel->concurrency() : 0;
}

void send(const Lane& lane, const Outgoing& outgoing, std::function<void(SendResult)> done) {
  if (const auto* mail = std::get_if<Mail>(&outgoing)) {
    std::get<MailChannel*>(lane.channel)->send(*mail, std::move(done));
  } else if (const auto* call = std::get_if<Call>(&outgoing)) {
    std::get<CallChannel*>(lane.channel)->send(*call, std::move(done));
  } else if (const auto& text = std::get<ShortMessage>(outgoing);
             const auto* files = std::get_if<ShortMessageChannel*>(&lane.channel)) {
    (*files)->send(text, std::move(done));
  } else {
    // Nobody waits for the answer of the service that sends it on.
    std::get<CallChannel*>(lane.channel)->send(call_of(text), [done = std::move(done)](SendResult result) {
      done({result.outcome, std::move(result.reason), result.rest});
    });
  }
}

Lanes::Lanes(Channels& channels, const RetryDefinition& retry) : channels_(channels) {
  nowhere_.retry = retry;
  if (channels.email.channel) {
    Lane& lane = lanes_[std::string(email_lane)];
    lane.channel = channels.email.channel.get();
    lane.retry = retry;
  }
  for (const MessageKind kind : {MessageKind::sms, MessageKind::chat}) {
    const std::optional<TextWay>& way = text_way(channels, kind);
    if (!way || !way->files) continue;
    Lane& lane = lanes_[std::string(text_lane(kind))];
    lane.channel = way->files.get();
    lane.retry = retry;
  }
  for (auto& [name, way] : channels.connections) {
    Lane& lane = lanes_[connection_lane(name)];
    lane.channel = way.channel.get();
    lane.retry = way.retry;
  }
}

WayOut Lanes::way_of(MessageBook& messages, VersionId version, MessageIndex index) {
  if (messages.is_aborted(version)) return {&nowhere_, "the journey was aborted", true};
  const auto message = messages.message(version, index);
  if (!message) {
    return {&nowhere_,
            "version " + std::to_string(version.value) + " of its journey has no message " +
                std::to_string(static_cast<unsigned>(index)),
            true};
  }
  const auto found = lanes_.find(lane_name(channels_, *message));
  if (found == lanes_.end()) return {&nowhere_, why_nowhere(*message)};
  return {&found->second};
}

InDoubt Lanes::in_doubt(const Message& message) const {
  switch (message.kind()) {
    case MessageKind::email:
    case MessageKind::sales_summary: return channels_.email.in_doubt;
    case MessageKind::webhook: return InDoubt::retry;
    case MessageKind::sms:
    case MessageKind::chat:
    case MessageKind::sales_chat: break;
  }
  const std::optional<TextWay>& way = text_way(channels_, message.kind());
  return way ? way->in_doubt : InDoubt::retry;
}

void Lanes::close() {
  each([](const Lane& lane) {
    if (Channel* channel = channel_of(lane)) channel->close();
  });
}

}  // namespace caravan
