#include "engine/channels/short_message.hpp"

#include "engine/channels/json_text.hpp"
#include "journeys/duration.hpp"

namespace caravan {

std::string address_problem(const ShortMessage& message) {
  constexpr std::size_t longest = 320;
  const bool is_line =
      std::none_of(message.to.begin(), message.to.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; });
  if (!message.to.empty() && message.to.size() <= longest && is_line) return {};
  return "the address of the person is empty, too long or more than one line";
}

std::string encode_text(const ShortMessage& message) {
  return "To: " + message.to + "\nDate: " + to_text(message.date) + "\n\n" + message.text + "\n";
}

Call call_of(const ShortMessage& message) {
  return {.key = message.key,
          .method = "POST",
          .path = {},
          .body = "{\"key\":" + json_text(message.key) + ",\"to\":" + json_text(message.to) +
                  ",\"text\":" + json_text(message.text) + "}"};
}

}  // namespace caravan
