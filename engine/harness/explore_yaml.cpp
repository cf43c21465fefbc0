// Scenarios that were found, as an author would write them: one thing a line, texts in quotes only where they need
// them.

#include "engine/harness/explore_names.hpp"
#include "journeys/cel/ast.hpp"

namespace caravan {
namespace {

/// Whether YAML reads the text as this very text.
bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_letter(text.front())) return false;
  static constexpr std::array<std::string_view, 8> words = {"true", "false", "null", "yes", "no", "on", "off", "y"};
  std::string lower;
  for (const char c : text) {
    const bool is_harmless = is_letter(c) || is_digit(c) || std::string_view("-_./@").find(c) != std::string_view::npos;
    if (!is_harmless) return false;
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return std::find(words.begin(), words.end(), lower) == words.end() && lower != "n";
}

std::string in_yaml(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      result += escaped.data();
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string number_text(double number) {
  std::string text = cel::format_double(number);
  const bool is_whole = text.find_first_of(".eE") == std::string::npos;
  return is_whole ? text + ".0" : text;
}

/// `key: value, ...` of what is there.
class Flow {
 public:
  void add(std::string_view key, const std::string& value) {
    if (!text_.empty()) text_ += ", ";
    text_ += in_yaml(key) + ": " + value;
  }
  void add_text(std::string_view key, const std::string& value) {
    if (!value.empty()) add(key, in_yaml(value));
  }
  void add(const ScenarioFields& fields) {
    for (const ScenarioField& field : fields)
      add(field.name, exploring::yaml_of(field.value));
  }
  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string list_of(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& each : texts)
    list += (list.size() > 1 ? ", " : "") + in_yaml(each);
  return list + "]";
}

std::string flow_of(const ScenarioAccount& account) {
  Flow flow;
  flow.add_text("key", account.key);
  flow.add(account.attributes);
  return flow.text();
}

std::string flow_of(const ScenarioPerson& person) {
  Flow flow;
  flow.add_text("key", person.key);
  flow.add_text("account", person.account);
  flow.add(person.attributes);
  return flow.text();
}

std::string flow_of(const ScenarioEvent& event) {
  Flow flow;
  flow.add_text("type", event.type);
  flow.add_text("account", event.account);
  flow.add_text("person", event.person);
  // A property may be called as what is told of every event is.
  static constexpr std::array<std::string_view, 6> own = {"type", "account", "person", "id", "at", "properties"};
  ScenarioFields nested;
  for (const ScenarioField& property : event.properties) {
    if (std::find(own.begin(), own.end(), property.name) != own.end())
      nested.push_back(property);
    else
      flow.add({property});
  }
  if (!nested.empty()) {
    Flow properties;
    properties.add(nested);
    flow.add("properties", properties.text());
  }
  return flow.text();
}

std::string flow_of(const ScenarioGroup& group) {
  Flow flow;
  flow.add_text("account", group.account);
  flow.add_text("solution_interest", group.solution_interest);
  flow.add_text("stage", group.stage);
  flow.add_text("status", group.status);
  return flow.text();
}

class Writer {
 public:
  explicit Writer(const Workspace& workspace) : workspace_(workspace) {}

  void write(const ScenarioDefinition& scenario) {
    if (!text_.empty()) text_ += "---\n";
    line(0, "scenario: " + in_yaml(scenario.name));
    line(0, "journey: " + in_yaml(scenario.journey));
    line(0, "at: " + to_text(scenario.at));
    line(0, "given:");
    line(1, "accounts:");
    for (const ScenarioAccount& account : scenario.accounts)
      line(2, "- " + flow_of(account));
    if (!scenario.people.empty()) line(1, "people:");
    for (const ScenarioPerson& person : scenario.people)
      line(2, "- " + flow_of(person));
    line(0, "steps:");
    for (const ScenarioStep& step : scenario.steps)
      std::visit([&](const auto& what) { write(step.key, what); }, step.what);
  }

  std::string take() { return std::move(text_); }

 private:
  void line(std::size_t depth, const std::string& text) { text_ += std::string(2 * depth, ' ') + text + "\n"; }

  void write(const std::string& key, const AdvanceStep& step) {
    if (step.by) line(1, "- " + key + ": " + to_text(*step.by));
  }
  void write(const std::string& key, const EnterStep& step) {
    Flow flow;
    flow.add_text("account", step.account);
    flow.add_text("person", step.person);
    line(1, "- " + key + ": " + flow.text());
  }
  void write(const std::string& key, const ScoreStep&) { line(1, "- " + key + ":"); }
  void write(const std::string& key, const ChannelStep& step) {
    Flow flow;
    flow.add_text("to", step.to);
    line(1, "- " + key + ": " + flow.text());
  }
  template <class Step>
  void write(const std::string& key, const Step& step) {
    if constexpr (requires { flow_of(step); })
      line(1, "- " + key + ": " + flow_of(step));
    else
      throw std::logic_error("an exploration made a step that it cannot write: " + key);
  }

  void write(const std::string& key, const ExpectStep& expect) {
    line(1, "- " + key + ":");
    const auto text = [&](const char* name, const std::string& value) {
      if (!value.empty()) line(3, std::string(name) + ": " + in_yaml(value));
    };
    text("account", expect.account);
    text("person", expect.person);
    text("at", expect.at.value_or(""));
    text("state", expect.state.value_or(""));
    if (expect.path) line(3, "path: " + list_of(*expect.path));
    if (expect.sent) {
      line(3, "sent:");
      for (const ExpectedMessage& message : *expect.sent)
        line(4, "- " + message_flow(message));
    }
    if (expect.notified) line(3, "notified: " + list_of(*expect.notified));
  }

  std::string message_flow(const ExpectedMessage& message) const {
    const bool is_template =
        workspace_.emails.contains(message.message) || workspace_.text_templates.contains(message.message);
    Flow flow;
    flow.add_text(is_template ? "template" : "connection", message.message);
    if (message.to) flow.add_text("to", *message.to);
    return flow.text();
  }

  const Workspace& workspace_;
  std::string text_;
};

}  // namespace

namespace exploring {

std::string yaml_of(const ScenarioValue& value) {
  return std::visit(
      [](const auto& each) -> std::string {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return "null";
        } else if constexpr (std::is_same_v<T, bool>) {
          return each ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return std::to_string(each);
        } else if constexpr (std::is_same_v<T, double>) {
          return number_text(each);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return in_yaml(each);
        } else if constexpr (std::is_same_v<T, Instant>) {
          return to_text(each);
        } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
          CalendarDuration duration;
          duration.exact = each;
          return to_text(duration);
        } else {
          throw std::logic_error("an exploration made a value that it cannot write");
        }
      },
      value.value);
}

}  // namespace exploring

std::string to_yaml(std::span<const ExploredScenario> scenarios, const Workspace& workspace) {
  Writer writer(workspace);
  for (const ExploredScenario& each : scenarios)
    writer.write(each.scenario);
  return writer.take();
}

}  // namespace caravan
