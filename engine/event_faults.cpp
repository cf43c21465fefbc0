#include "engine/event_faults.hpp"

#include "journeys/events.hpp"

namespace caravan {
namespace {

constexpr std::size_t kLongestEventType = 64;

}  // namespace

std::string fault_of_type(std::string_view type) {
  if (type.empty()) return "the event has no type";
  const bool is_word = std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
  if (!is_word || type.size() > kLongestEventType || type.front() == '.' || type.back() == '.')
    return "the type of an event is lower-case words joined by dots, such as form.submitted, of at most " +
           std::to_string(kLongestEventType) + " bytes";
  const EventType* known = find_event_type(type);
  if (known && known->source == EventSource::engine && !known->kept)
    return "the engine alone says that " + std::string(type) + " has happened; give the event a type of its own";
  return {};
}

}  // namespace caravan
