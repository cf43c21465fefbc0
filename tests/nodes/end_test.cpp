// end: the journey ends here.

#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kEndInAPath = R"(- id: by-size
  split:
    - path: small
      when: account.employees < 10
      nodes:
        - id: enough
          end:
    - path: others
      nodes: []
- id: last
  wait: 1d
)";

}  // namespace

TEST_CASE("an end completes the journey where it stands") {
  World world(seeds_workspace(kEndInAPath));
  world.account("small", {{"employees", number(5)}});
  world.account("large", {{"employees", number(50)}});
  CHECK(world.trail("small") == "by-size/small enough");
  CHECK(world.standing("small") == "completed at enough");
  CHECK(world.token("small").ended_at == kMonday);
  CHECK(world.trail("large") == "by-size/others last:stopped");
  CHECK(world.counted(CounterKind::completed) == 1);
  CHECK(world.counted(CounterKind::visited, "enough") == 1);
}

TEST_CASE("an account that came to the end does not enter again, not after a change and not after a restart") {
  World world(seeds_workspace(kEndInAPath));
  world.account("small", {{"employees", number(5)}});
  world.account("small", {{"employees", number(6)}});
  world.restart();
  CHECK(world.trail("small") == "by-size/small enough");
  CHECK(world.counted(CounterKind::entered) == 1);
}

TEST_CASE("wrong uses of end are told where they stand") {
  const auto fault = [](std::string_view nodes) {
    const std::vector<std::string> faults = faults_of(seeds_workspace(nodes));
    return faults.size() == 1 ? faults.front() : std::to_string(faults.size()) + " faults";
  };
  CHECK(fault("- id: enough\n  end: now\n") == "journeys/seeds.yaml:5:10: `end` takes no value");
  CHECK(fault("- id: enough\n  end:\n  next: enough\n") ==
        "journeys/seeds.yaml:6:11: nothing comes after `end`; take `next` out");
  CHECK(fault("- id: end\n  wait: 1d\n") ==
        "journeys/seeds.yaml:4:9: a node cannot be called `end`; `next: end` is the end of the journey");
  CHECK(fault("- id: enough\n  end:\n- id: after\n  wait: 1d\n")
            .starts_with("journeys/seeds.yaml:6:9: nothing leads to this node"));
}
