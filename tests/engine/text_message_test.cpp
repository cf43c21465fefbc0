// A text for a phone or a chat says what its author wrote, as it is; what is wrong with it is found at its place.

#include "engine/messages.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

using Values = std::vector<std::pair<std::string, AttributeInput>>;

/// A text as the loader hands it over: the file is the text.
struct File {
  explicit File(const std::string& text) {
    source.path = "messages/reminder.txt";
    source.text = text;
    definition = {.name = "reminder", .place = {&source, 0, 0}, .text = text};
  }
  SourceFile source;
  TextTemplateDefinition definition;
};

std::shared_ptr<const Message> compiled(const File& file, MessageKind kind = MessageKind::sms) {
  Diagnostics diagnostics;
  auto message = compile_text(file.definition, kind, diagnostics);
  CHECK(diagnostics.errors() == 0);
  REQUIRE(message);
  return message;
}

std::string rendered(const std::string& text, const Values& values) {
  const auto message = compiled(File(text));
  std::vector<std::pair<NameId, AttributeInput>> inputs;
  for (const auto& [name, value] : values) {
    const auto found = std::find(message->names().begin(), message->names().end(), name);
    REQUIRE(found != message->names().end());
    inputs.emplace_back(NameId(static_cast<std::uint32_t>(found - message->names().begin())), value);
  }
  const auto said = std::get<ShortMessage>(message->render(Attributes().with(inputs)));
  CHECK(said.key.empty());
  CHECK(said.to.empty());
  return said.text;
}

AttributeInput text(std::string value) {
  return {std::move(value)};
}

std::string why_not(const std::string& template_text, const Values& values) {
  try {
    rendered(template_text, values);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a text is rendered with its values, and nothing is escaped") {
  CHECK(rendered(
            "Hello {{person.first_name}}, {{account.name}} < you & {{{sign}}}\n",
            {{"person.first_name", text("Zoë <3")}, {"account.name", text("Acme & Sons")}, {"sign", text("\"x\"")}}) ==
        "Hello Zoë <3, Acme & Sons < you & \"x\"");
}

TEST_CASE("a text has no blank lines at its ends, and one where there were many") {
  CHECK(rendered("\n\nHello\n{{#gone}}\nnever\n{{/gone}}\n\n\nBye\n\n", {}) == "Hello\n\nBye");
}

TEST_CASE("a text knows its kind, its name and what it reads") {
  const auto message = compiled(File("{{b}} {{a.b}} {{b}}"), MessageKind::chat);
  CHECK(message->kind() == MessageKind::chat);
  CHECK(message->name() == "reminder");
  CHECK(message->names() == std::vector<std::string>{"b", "a.b"});
}

TEST_CASE("a text that says nothing, or more than anybody reads, is not sent") {
  CHECK(why_not("{{person.name}}\n", {}) == "the text is empty: nothing of it is shown with these values");
  CHECK(why_not("{{n}}", {{"n", text(std::string(65'537, 'x'))}}) == "the text would be larger than 64 KB");
  CHECK(why_not("{{n}}", {{"n", text(std::string(65'536, 'x'))}}).empty());
}

TEST_CASE("a fault of a text is told at its place in the file") {
  const File file("Hello {{name}}\nSee you {{#when}}soon\n");
  Diagnostics diagnostics;
  CHECK(compile_text(file.definition, MessageKind::sms, diagnostics) == nullptr);
  REQUIRE(diagnostics.sorted().size() == 1);
  const Diagnostic fault = diagnostics.sorted().front();
  CHECK(fault.place.file == &file.source);
  CHECK(position_of(fault.place).line == 2);
  CHECK(position_of(fault.place).column == 9);
}
