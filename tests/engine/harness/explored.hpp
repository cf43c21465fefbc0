#pragma once
// A journey of a made-up workspace, loaded as explorations want it: with probes at its conditions.

#include "engine/harness/explore.hpp"
#include "engine/harness/scenario_run.hpp"
#include "storage/memory/memory_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

struct Explored {
  explicit Explored(SourceTexts texts) {
    std::shared_ptr<Workspace> loaded =
        load_workspace(std::move(texts), "", node_shapes(), names, {}, Probes::conditions);
    for (const Diagnostic& fault : loaded->diagnostics.sorted())
      if (fault.severity == Severity::error) FAIL(fault.message);
    workspace = std::move(loaded);
  }
  const JourneyDefinition& journey() const { return workspace->journeys.begin()->second; }

  Exploration explore(ExploreSettings settings = {}) {
    return caravan::explore(workspace, names, journey(), Coverage(*workspace), settings);
  }

  NameBook names{*MemoryStore().reader()};
  std::shared_ptr<const Workspace> workspace;
};

/// What is open, as `by-size/small: why`, those that are not proved without a why.
inline std::vector<std::string> lines_of(const std::vector<OpenPoint>& open) {
  std::vector<std::string> lines;
  for (const OpenPoint& each : open)
    lines.push_back(to_text(each.point) + (each.why.empty() ? "" : ": " + each.why));
  return lines;
}

}  // namespace caravan::test
