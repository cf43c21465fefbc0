// What a webhook says: the values that its node computed, as one JSON object.

#include <cmath>

#include "engine/channels/json_text.hpp"
#include "engine/messages.hpp"
#include "journeys/duration.hpp"

namespace caravan {
namespace {

std::string number_json(double number) {
  if (!std::isfinite(number)) return "null";
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end};
}

/// As protocol buffers write it in JSON, which receivers have libraries for.
std::string duration_json(std::chrono::milliseconds duration) {
  const std::int64_t milliseconds = std::abs(duration.count());
  std::string text = duration.count() < 0 ? "\"-" : "\"";
  text += std::to_string(milliseconds / 1000);
  if (const std::int64_t rest = milliseconds % 1000; rest != 0) text += "." + std::to_string(1000 + rest).substr(1);
  return text + "s\"";
}

std::string to_json(const AttributeValue& value) {
  switch (value.kind()) {
    case AttributeKind::null: return "null";
    case AttributeKind::no: return "false";
    case AttributeKind::yes: return "true";
    case AttributeKind::integer: return std::to_string(value.integer());
    case AttributeKind::real: return number_json(value.real());
    case AttributeKind::text: return json_text(value.text());
    case AttributeKind::timestamp: return json_text(to_text(value.timestamp()));
    case AttributeKind::duration: return duration_json(value.duration());
    case AttributeKind::list: {
      std::string list = "[";
      value.each_element([&](const AttributeValue& element) {
        if (list.size() > 1) list += ',';
        list += to_json(element);
      });
      return list + "]";
    }
    case AttributeKind::map: {
      std::string map = "{";
      value.each_entry([&](std::string_view key, const AttributeValue& entry) {
        if (map.size() > 1) map += ',';
        map += json_text(key) + ":" + to_json(entry);
      });
      return map + "}";
    }
  }
  return "null";
}

class CallMessage final : public Message {
 public:
  explicit CallMessage(const MessageDefinition& definition) : definition_(definition) {}

  MessageKind kind() const override { return MessageKind::webhook; }
  const std::string& name() const override { return definition_.name; }
  const std::vector<std::string>& names() const override { return definition_.values; }

  Outgoing render(const Attributes& kept) const override {
    std::string body = "{";
    kept.each([&](NameId position, const AttributeValue& value) {
      const auto index = static_cast<std::size_t>(position);
      if (index >= names().size()) return;
      if (body.size() > 1) body += ',';
      body += json_text(names()[index]) + ":" + to_json(value);
    });
    return Call{.key = {},
                .method = definition_.method.empty() ? "POST" : definition_.method,
                .path = definition_.path,
                .body = body + "}"};
  }

 private:
  const MessageDefinition definition_;
};

}  // namespace

std::shared_ptr<const Message> call_message(const MessageDefinition& definition) {
  return std::make_shared<CallMessage>(definition);
}

}  // namespace caravan
