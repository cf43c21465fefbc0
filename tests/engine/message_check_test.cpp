// What is wrong with the texts of mails and messages is said by the check, at its place, before anything is sent.

#include "engine/message_check.hpp"

#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

class Names final : public AttributeNames {
 public:
  std::uint32_t number_of(std::string_view name) override {
    return numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> numbers_;
};

std::vector<std::string> faults(const std::string& text, const std::string& schema = "") {
  SourceTexts texts = seeds_workspace("- id: done\n  end:\n");
  texts["messages/reminder.txt"] = text;
  if (!schema.empty()) texts["schema.yaml"] = schema;
  Names names;
  const auto workspace = load_workspace(texts, "", node_shapes(), names);
  CHECK(workspace->diagnostics.errors() == 0);
  check_messages(*workspace);
  std::vector<std::string> lines;
  for (const Diagnostic& fault : workspace->diagnostics.sorted()) {
    if (fault.place.file->path.find("reminder") == std::string::npos) continue;
    const Position at = position_of(fault.place);
    lines.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + fault.message +
                    (fault.hint.empty() ? "" : "; " + fault.hint));
  }
  return lines;
}

}  // namespace

TEST_CASE("a text that is well has no faults") {
  CHECK(faults("Hello {{person.first_name}}, {{#offer}}{{offer}}{{/offer}}\n").empty());
}

TEST_CASE("a tag of a text that is not closed is told at its place") {
  const auto found = faults("Hello\n{{#offer}}now\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].starts_with("2:1: "));
}

TEST_CASE("an attribute of a text that the schema does not have is told where it stands") {
  const std::string schema =
      "schema:\n  account:\n    name: text\n    industry: text\n  person:\n    first_name: text\n    title: text\n";
  CHECK(faults("{{person.first_name}} {{account.name}} {{person.key}}", schema).empty());
  CHECK(faults("{{person.email}}", schema).empty());  // every person may have one
  CHECK(faults("{{account.email}}", schema).size() == 1);
  CHECK(faults("Hello\n{{person.first_nam}}", schema) ==
        std::vector<std::string>{"2:3: `person.first_nam` is not in the schema; did you mean \"first_name\"?"});
}

TEST_CASE("a mail that names pages which nobody has is warned of, save where it shows them only if there are such") {
  const auto warnings = [](const std::string& mail, const std::string& configuration, const std::string& node) {
    SourceTexts texts = seeds_workspace(node);
    texts["caravan.yaml"] = configuration;
    texts["emails/welcome.html"] = "---\nsubject: x\n---\n" + mail + "\n";
    Names names;
    const auto workspace = load_workspace(texts, "", node_shapes(), names);
    check_messages(*workspace);
    CHECK(workspace->diagnostics.errors() == 0);
    std::vector<std::string> lines;
    for (const Diagnostic& fault : workspace->diagnostics.sorted()) {
      if (fault.place.file->path.find("welcome") == std::string::npos) continue;
      const Position at = position_of(fault.place);
      lines.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + fault.message + "; " +
                      fault.hint);
    }
    return lines;
  };
  const std::string plain = "timezone: UTC\n";
  const std::string node = "- {id: mail, send_email: welcome}\n";
  CHECK(
      warnings("<a href=\"{{unsubscribe_url}}\">x</a>", plain, node) ==
      std::vector<std::string>{"4:12: `unsubscribe_url` has no value: mails have no links; add `links` to caravan.yaml "
                               "(caravan help links), or show it only where there is one: "
                               "{{#unsubscribe_url}}...{{/unsubscribe_url}}"});
  CHECK(warnings("{{preferences_url}}", plain, node).size() == 1);
  CHECK(warnings("{{# unsubscribe_url }}{{unsubscribe_url}}{{/ unsubscribe_url }}", plain, node).empty());
  CHECK(
      warnings("{{unsubscribe_url}}", "links: {url: 'https://go.example.com', key_env: KEY}\napi: {}\n", node).empty());
  CHECK(warnings("{{unsubscribe_url}}", plain,
                 "- {id: mail, send_email: {template: welcome, with: {unsubscribe_url: '\"https://x.example\"'}}}\n")
            .empty());
}

TEST_CASE("a name that no node gives a value is warned of, with what was meant") {
  const std::string schema = "schema:\n  account:\n    name: text\n  person:\n    first_name: text\n    title: text\n";
  CHECK(faults("Hi\n{{first_name}}", schema) ==
        std::vector<std::string>{"2:3: `first_name` has no value, and nothing stands there in the text; did you mean "
                                 "\"person.first_name\"?"});
  CHECK(faults("{{dayz}}") ==
        std::vector<std::string>{"1:3: `dayz` has no value, and nothing stands there in the text; give it one under "
                                 "`with` of the node that sends this"});
  CHECK(faults("{{journey.title}} {{#items}}{{title}}{{/items}}{{#days}}in {{days}} days{{/days}}").empty());
}
