#include "engine/harness/enrollment_story.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;

TEST_CASE("people go alone behind the split that sent them, also where all that was before has the same instant") {
  World world(seeds_workspace(R"(- {id: ask, listen: form.submitted}
- id: each
  split_people:
    - {path: all, nodes: [{id: think, wait: 1d}]}
)"));
  world.post_all({UpsertAccount{"acme", {}}, UpsertPerson{"ada", "acme", {}}});
  world.event("form.submitted", "ada");
  REQUIRE(world.standing("acme") == "joining at each | waiting at think");
  Reader& reader = world.reader();
  NameBook names(reader);
  JourneyLibrary library(world.store(), names);
  std::vector<std::string> nodes;
  for (const StoryLine& line : tell_enrollments(library, reader, world.account_record("acme").id, {}))
    nodes.push_back((line.is_alone ? "alone: " : "") + line.node);
  CHECK(nodes == std::vector<std::string>{"", "ask", "ask", "each", "alone: ", "alone: each", "alone: think",
                                          "alone: think", "each"});
}
