#include "tests/support/one_line.hpp"

#include "engine/attribute_values.hpp"

namespace caravan::test {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) {
    if (!all.empty()) all += between;
    all += part;
  }
  return all;
}

std::string to_text(const AttributeInput& input) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>)
          return "null";
        else if constexpr (std::is_same_v<T, bool>)
          return value ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::string>)
          return value;
        else if constexpr (std::is_same_v<T, Instant>)
          return caravan::to_text(value);
        else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
          return std::to_string(value.count()) + "ms";
        else if constexpr (std::is_same_v<T, AttributeList>) {
          std::vector<std::string> parts;
          for (const AttributeInput& each : value)
            parts.push_back(to_text(each));
          return "[" + joined(parts, ",") + "]";
        } else if constexpr (std::is_same_v<T, AttributeMap>) {
          std::vector<std::string> parts;
          for (const auto& [name, each] : value)
            parts.push_back(name + "=" + to_text(each));
          return "{" + joined(parts, ",") + "}";
        } else
          return std::to_string(value);
      },
      input.value);
}

std::string to_text(const Attributes& attributes, const NameBook& names) {
  std::vector<std::string> parts;
  attributes.each([&](NameId name, AttributeValue value) {
    parts.push_back(std::string(names.text_of(name)) + "=" + to_text(to_input(value)));
  });
  std::sort(parts.begin(), parts.end());
  return joined(parts, " ");
}

std::string to_text(std::optional<Instant> at) {
  return at ? caravan::to_text(*at) : "-";
}

}  // namespace caravan::test
