// The registry: what every node type must have, whoever wrote it.

#include "nodes/registry.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

/// A workspace around one node that has all that the examples of the reference name.
SourceTexts workspace_of_examples(const std::string& node) {
  SourceTexts texts = seeds_workspace(node);
  texts["caravan.yaml"] = R"(timezone: UTC
channels:
  sms: {type: file, address: phone}
  chat: {type: file, address: chat_id}
connections:
  enrichment: {url: "https://enrichment.example.com"}
lists:
  event-guests: {of: people}
destinations:
  linkedin: {of: people}
)";
  texts["buying-groups/seeds.yaml"] +=
      "stage_model: pipeline\n---\nstage_model: pipeline\nstages:\n  - {stage: Identified, entry: true, to: "
      "[Engaged]}\n  - {stage: Engaged, outcome: success}\n";
  for (const std::string mail : {"reassure", "inform", "short-story", "long-story", "reminder"})
    texts["emails/" + mail + ".html"] = texts["emails/story.html"];
  for (const std::string message : {"reminder", "hello"})
    texts["messages/" + message + ".txt"] = "Dear {{person.first_name}}";
  texts["journeys/nurture.yaml"] = "journey: nurture\nnodes:\n  - {id: settle, wait: 1d}\n";
  return texts;
}

}  // namespace

TEST_CASE("a node type is found by its name and by no other") {
  for (const NodeType* type : node_types()) {
    INFO(type->shape.type);
    CHECK(find_node_type(type->shape.type) == type);
  }
  CHECK(find_node_type("") == nullptr);
  CHECK(find_node_type("spilt") == nullptr);
}

TEST_CASE("no two node types have the same name, and their shapes stand in the same order") {
  const NodeShapes shapes = node_shapes();
  REQUIRE(shapes.size() == node_types().size());
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    CHECK(shapes[i] == &node_types()[i]->shape);
    CHECK(names.insert(shapes[i]->type).second);
  }
}

TEST_CASE("every node type and every key says in a sentence what it is") {
  const auto is_sentence = [](std::string_view text) { return text.size() > 10 && text.ends_with('.'); };
  for (const NodeShape* shape : node_shapes()) {
    INFO(shape->type);
    CHECK(is_sentence(shape->summary));
    for (const KeyShape& key : shape->keys) {
      INFO(key.name);
      CHECK(is_sentence(key.summary));
    }
  }
}

TEST_CASE("the short form of a node type is one of its keys, and no other key is required") {
  for (const NodeShape* shape : node_shapes()) {
    if (shape->short_form.empty()) continue;
    INFO(shape->type);
    CHECK(std::any_of(shape->keys.begin(), shape->keys.end(),
                      [&](const KeyShape& key) { return key.name == shape->short_form; }));
    for (const KeyShape& key : shape->keys)
      CHECK((!key.required || key.name == shape->short_form));
  }
}

TEST_CASE("the example of every node type loads without a fault and holds a node of that type") {
  for (const NodeShape* shape : node_shapes()) {
    INFO(shape->type);
    const SourceTexts texts = workspace_of_examples("-" + indented(shape->example, 2).substr(1));
    CHECK(faults_of(texts) == std::vector<std::string>{});
    World world(texts);
    world.account("acme", {{"employees", number(5'000)}});
    CHECK(world.counted(CounterKind::entered) == 1);
    const CompiledJourney& journey = world.journey(world.version_of(1)).journey;
    REQUIRE_FALSE(journey.nodes.empty());
    CHECK(journey.nodes.front().type->shape.type == shape->type);
  }
}

TEST_CASE("every node type of the language is there") {
  std::vector<std::string> types;
  for (const NodeType* type : node_types())
    types.emplace_back(type->shape.type);
  CHECK(types == std::vector<std::string>{"split",
                                          "split_people",
                                          "variant_split",
                                          "wait",
                                          "listen",
                                          "send_email",
                                          "send_sms",
                                          "send_message",
                                          "webhook",
                                          "assign_to_buying_group",
                                          "remove_from_buying_group",
                                          "update_buying_group",
                                          "notify_sales",
                                          "update_account",
                                          "update_person",
                                          "change_score",
                                          "interesting_moment",
                                          "add_to_list",
                                          "remove_from_list",
                                          "activate",
                                          "deactivate",
                                          "enter_journey",
                                          "leave_journey",
                                          "end"});
}

TEST_CASE("the same message has the same number, and the sales summary is one of them") {
  Workspace workspace;
  struct Names final : AttributeNames {
    std::uint32_t number_of(std::string_view) override { return 1; }
  } names;
  NodeCompiler compiler(workspace, names);
  const MessageDefinition welcome{MessageKind::email, "welcome"};
  const MessageDefinition summary{MessageKind::sales_summary, ""};
  const MessageDefinition text{MessageKind::sms, "welcome"};
  MessageDefinition call{.kind = MessageKind::webhook, .name = "crm", .values = {"a"}, .path = "/x", .method = "PUT"};
  CHECK(compiler.message(welcome) == MessageIndex{0});
  CHECK(compiler.message(summary) == MessageIndex{1});
  CHECK(compiler.message(text) == MessageIndex{2});
  CHECK(compiler.message(call) == MessageIndex{3});
  CHECK(compiler.message(welcome) == MessageIndex{0});
  CHECK(compiler.message(call) == MessageIndex{3});
  call.path = "/y";
  CHECK(compiler.message(call) == MessageIndex{4});
  CHECK(compiler.messages().size() == 5);
}
