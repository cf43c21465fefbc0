#pragma once
// A workspace from texts, for the tests of this room: node shapes like those of the real nodes, attribute numbers made
// up, and the faults as lines.

#include "journeys/vocabulary.hpp"
#include "journeys/workspace.hpp"

namespace caravan {

class MadeUpNames final : public AttributeNames {
 public:
  std::uint32_t number_of(std::string_view name) override {
    return numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> numbers_;
};

/// The node types of these tests: what the real ones look like to the loader, and one with every kind of key.
NodeShapes test_shapes();

/// A workspace of the given files on top of `basics()`.
struct Loaded {
  explicit Loaded(SourceTexts texts, const WorkspaceLimits& limits = {});
  /// The first line of every fault.
  std::vector<std::string> faults() const;

  MadeUpNames names;
  std::unique_ptr<Workspace> workspace;
};

/// caravan.yaml with a connection, a list and a destination; an audience `growers`, a role template, an interest
/// `ai-driven-seeds` with stages, two mails and a text. Without faults.
SourceTexts basics();
SourceTexts with(SourceTexts texts, const std::string& path, std::string text);

/// The faults of `basics()` with one more file.
std::vector<std::string> faults_of(const std::string& path, std::string text);

/// The faults of a journey with these nodes (their YAML, from column 1), without the file's name.
std::vector<std::string> faults_of_nodes(std::string_view nodes);

using Lines = std::vector<std::string>;

}  // namespace caravan
