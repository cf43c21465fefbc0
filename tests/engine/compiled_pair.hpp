#pragma once
// Two versions of the journey `seeds`, compiled from texts, for tests of what publishing the second would change.

#include "engine/publication_plan.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

/// A version: its workspace and the journey in it.
class CompiledVersion {
 public:
  /// Whole documents, or the nodes of a journey that everybody enters.
  explicit CompiledVersion(const SourceTexts& texts) {
    REQUIRE(faults_of(texts) == std::vector<std::string>{});
    workspace_ = load_workspace(texts, "", node_shapes(), names_);
    journey = compile_journey(*workspace_, workspace_->journeys.at("seeds"), names_);
  }
  explicit CompiledVersion(std::string_view nodes) : CompiledVersion(seeds_workspace(nodes)) {}

  const JourneyDefinition& definition() const { return *journey.definition; }
  NodeIndex node(std::string_view id) const { return journey.find(id); }
  /// So many tokens at the nodes of these ids, and none elsewhere.
  NodeCounts counts(const std::map<std::string, std::int64_t>& standing) const {
    NodeCounts counts = node_counts({}, VersionId{1}, journey.nodes.size());
    for (const auto& [id, number] : standing)
      counts.standing.at(static_cast<std::size_t>(node(id))) = number;
    return counts;
  }

  CompiledJourney journey;

 private:
  struct Names final : AttributeNames {
    std::uint32_t number_of(std::string_view name) override {
      return numbers.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers.size() + 1)).first->second;
    }
    std::map<std::string, std::uint32_t> numbers;
  };

  Names names_;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace caravan::test
