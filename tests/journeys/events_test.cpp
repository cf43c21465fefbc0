// The table of event types, and the page that tells authors of it.
#include "journeys/events.hpp"

#include <fstream>

#include "tests/support/catch.hpp"

namespace caravan {
namespace {

std::string page() {
  std::ifstream file(std::string(CARAVAN_SOURCE_DIR) + "/journeys/events.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The type's line of the page's table.
std::string line_of(const EventType& type) {
  std::string properties;
  for (const EventProperty& property : type.properties) {
    properties +=
        (properties.empty() ? "" : "; ") + ("`" + std::string(property.name) + "`: ") + std::string(property.summary);
  }
  return "| `" + std::string(type.name) + "` | " + std::string(type.summary) + " | " + properties + " |\n";
}

TEST_CASE("the page has every type of event, with its sentence and its properties") {
  const std::string text = page();
  for (const EventType& type : event_types()) {
    INFO(line_of(type));
    CHECK(text.find(line_of(type)) != std::string::npos);
  }
}

TEST_CASE("what the page says to be kept is kept") {
  const std::string text = page();
  const std::size_t kept = text.find("## Events that are kept");
  const std::size_t heard = text.find("## Events that are only heard");
  REQUIRE(kept < heard);
  for (const EventType& type : event_types()) {
    INFO(type.name);
    CHECK((text.find(line_of(type)) < heard) == type.kept);
    CHECK(is_kept(type.name) == type.kept);
  }
  CHECK(is_kept("webinar.joined"));
}

TEST_CASE("buying groups tell of themselves when they change, and no further") {
  const std::vector<std::string_view> types = {
      "buying_group.created",
      "buying_group.member_assigned",
      "buying_group.member_removed",
      "buying_group.stage_changed",
      "buying_group.status_changed",
      "buying_group.completeness_changed",
      "buying_group.engagement_changed",
  };
  for (const std::string_view name : types) {
    INFO(name);
    const EventType* type = find_event_type(name);
    REQUIRE(type != nullptr);
    CHECK(type->source == EventSource::engine);
    CHECK_FALSE(type->kept);
    CHECK(type->properties.front().name == "solution_interest");
  }
}

TEST_CASE("a type is there once, and its properties leave the event's own names alone") {
  std::set<std::string_view> names;
  for (const EventType& type : event_types()) {
    INFO(type.name);
    CHECK(names.insert(type.name).second);
    CHECK(find_event_type(type.name) == &type);
    std::set<std::string_view> properties = {"type", "at", "id"};
    for (const EventProperty& property : type.properties)
      CHECK(properties.insert(property.name).second);
  }
  CHECK(find_event_type("webinar.joined") == nullptr);
}

}  // namespace
}  // namespace caravan
