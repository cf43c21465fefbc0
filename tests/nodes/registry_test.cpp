// The registry: what every node type must have, whoever wrote it.

#include "nodes/registry.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;

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
    const std::string item = "-" + indented(shape->example, 2).substr(1);
    const SourceTexts texts = seeds_workspace(item);
    CHECK(faults_of(texts) == std::vector<std::string>{});
    World world(texts);
    world.account("acme", {{"employees", number(5'000)}});
    REQUIRE(world.tokens("acme").size() == 1);
    const CompiledJourney& journey = world.journey(world.version_of(1)).journey;
    REQUIRE_FALSE(journey.nodes.empty());
    CHECK(journey.nodes.front().type->shape.type == shape->type);
  }
}

TEST_CASE("the same message has the same number, and the sales summary is one of them") {
  Workspace workspace;
  struct Names final : AttributeNames {
    std::uint32_t number_of(std::string_view) override { return 1; }
  } names;
  NodeCompiler compiler(workspace, names);
  CHECK(compiler.email("welcome") == MessageIndex{0});
  CHECK(compiler.sales_summary() == MessageIndex{1});
  CHECK(compiler.email("story") == MessageIndex{2});
  CHECK(compiler.email("welcome") == MessageIndex{0});
  CHECK(compiler.sales_summary() == MessageIndex{1});
  CHECK(compiler.messages() == std::vector<std::string>{"welcome", "", "story"});
}
