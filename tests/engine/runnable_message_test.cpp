// A message of a journey knows where its values come from and where its receivers are reached.

#include "engine/runnable_message.hpp"

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

struct Texts {
  explicit Texts(const std::string& configuration)
      : store(open_sqlite(folder.file(), OpenMode::write)), names(*store->reader()) {
    SourceTexts sources = seeds_workspace("- id: done\n  end:\n");
    sources["caravan.yaml"] = configuration;
    sources["messages/reminder.txt"] = "{{account.name}} {{person.address.city}} {{offer}} {{journey.name}}";
    workspace = load_workspace(sources, "", node_shapes(), names);
    REQUIRE(workspace->diagnostics.errors() == 0);
  }

  RunnableMessage compiled(MessageDefinition definition) { return compile_message(definition, *workspace, names); }
  std::string address(MessageDefinition definition) {
    return std::string(names.text_of(compiled(std::move(definition)).address));
  }

  testing::TemporaryFolder folder;
  std::unique_ptr<Store> store;
  NameBook names;
  std::unique_ptr<Workspace> workspace;
};

constexpr const char* kBoth =
    "channels:\n"
    "  sms: {type: file, address: mobile}\n"
    "  chat: {type: file, address: handle}\n";

}  // namespace

TEST_CASE("the values of a text come from attributes and from what its node computes") {
  using Kind = ValueSource::Kind;
  Texts texts(kBoth);
  const RunnableMessage message = texts.compiled({.kind = MessageKind::sms, .name = "reminder"});
  REQUIRE(message.sources.size() == 4);
  CHECK(message.sources[0].kind == Kind::account_attribute);
  CHECK(texts.names.text_of(message.sources[0].attribute) == "name");
  CHECK(message.sources[1].kind == Kind::person_attribute);
  CHECK(message.sources[1].keys == std::vector<std::string>{"city"});
  CHECK(message.sources[2].kind == Kind::computed);
  CHECK(message.sources[2].name == "offer");
  CHECK(message.sources[3].kind == Kind::journey_name);
}

TEST_CASE("every value of a call is computed by its node, whatever it is called") {
  Texts texts(kBoth);
  const RunnableMessage message = texts.compiled(
      {.kind = MessageKind::webhook, .name = "crm", .values = {"account.name", "person.key", "journey.name"}});
  REQUIRE(message.sources.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(message.sources[i].kind == ValueSource::Kind::computed);
    CHECK(message.sources[i].name == message.message->names()[i]);
  }
}

TEST_CASE("what sales gets is gathered as a whole, whatever its values are called") {
  Texts texts(kBoth);
  for (const MessageKind kind : {MessageKind::sales_summary, MessageKind::sales_chat}) {
    const RunnableMessage message = texts.compiled({.kind = kind, .name = ""});
    CHECK(message.message->kind() == kind);
    CHECK(message.message->name() == "sales summary");
    CHECK(message.address == NameId{});
    REQUIRE(message.sources.size() == message.message->names().size());
    CHECK(std::all_of(message.sources.begin(), message.sources.end(),
                      [](const ValueSource& each) { return each.kind == ValueSource::Kind::computed; }));
  }
}

TEST_CASE("people are reached where the channel says") {
  Texts texts(kBoth);
  CHECK(texts.address({.kind = MessageKind::email, .name = "welcome"}) == "email");
  CHECK(texts.address({.kind = MessageKind::sms, .name = "reminder"}) == "mobile");
  CHECK(texts.address({.kind = MessageKind::chat, .name = "reminder"}) == "handle");
  CHECK(texts.compiled({.kind = MessageKind::sales_summary, .name = ""}).address == NameId{});
  CHECK(texts.compiled({.kind = MessageKind::webhook, .name = "crm"}).address == NameId{});
}

TEST_CASE("a message that its texts no longer have is told by its name") {
  Texts texts(kBoth);
  CHECK_THROWS_WITH(texts.compiled({.kind = MessageKind::email, .name = "gone"}), "there is no message gone any more");
}
