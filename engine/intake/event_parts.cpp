#include "engine/intake/event_parts.hpp"

#include "engine/intake/values.hpp"

namespace caravan {
namespace {

constexpr std::array<std::pair<std::string_view, EventPart>, 5> parts = {{{"type", EventPart::type},
                                                                          {"account", EventPart::account},
                                                                          {"person", EventPart::person},
                                                                          {"id", EventPart::id},
                                                                          {"at", EventPart::at}}};

}  // namespace

std::optional<EventPart> event_part_named(std::string_view name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const auto& each) { return each.first == name; });
  return found == parts.end() ? std::nullopt : std::optional(found->second);
}

std::string set_part(TellEvent& event, EventPart part, std::string_view text) {
  switch (part) {
    case EventPart::type: event.type = text; break;
    case EventPart::account: event.account = text; break;
    case EventPart::person: event.person = text; break;
    case EventPart::id: event.id = text; break;
    case EventPart::at:
      event.at = parse_instant(text);
      if (!event.at)
        return "`at`: " + quoted_value(text) + " is not " + std::string(description_of(AttributeType::timestamp));
      break;
  }
  return {};
}

AttributeType type_of_property(const IntakeSettings& settings, std::string_view event_type, std::string_view property) {
  const auto types = settings.event_types.find(event_type);
  if (types == settings.event_types.end()) return AttributeType::any;
  const auto declared = types->second.find(property);
  return declared == types->second.end() ? AttributeType::any : declared->second;
}

}  // namespace caravan
