#pragma once
// Journeys and histories that nobody thought of, for property tests: written as an author would write them, from
// numbers that RapidCheck makes up and makes smaller. Fewer and smaller numbers give simpler ones.

#include "engine/input.hpp"
#include "journeys/workspace.hpp"

namespace caravan::test {

/// Makes choices from numbers; when there are no more, always the first.
class Choices {
 public:
  explicit Choices(std::vector<std::uint8_t> numbers) : numbers_(std::move(numbers)) {}

  std::size_t of(std::size_t ways) { return next_ < numbers_.size() ? numbers_[next_++] % ways : 0; }
  template <class Array>
  const auto& one_of(const Array& ways) {
    return ways[of(ways.size())];
  }
  bool is_over() const { return next_ >= numbers_.size(); }

 private:
  std::vector<std::uint8_t> numbers_;
  std::size_t next_ = 0;
};

/// A workspace with a made-up journey `seeds`, for accounts or for people, that draws from an audience `big`, is
/// entered by `demo.asked`, or both, and a journey `side` that it may let accounts into. No journey comes back to
/// an earlier node, so that each entry ends, and no condition of an audience, an exit or a goal fails to evaluate.
SourceTexts made_up_workspace(std::vector<std::uint8_t> numbers);

/// What happens to the world in one step: time passes, then inputs come.
struct MadeUpStep {
  std::chrono::milliseconds passes{};
  bool unseen = false;  ///< nothing runs while it passes
  std::vector<Input> inputs;
};

/// Accounts `account-0` to `account-3` and people `person-0` to `person-7`, as they are at the beginning. Some accounts
/// have nobody; the last two people have no account.
std::vector<Input> made_up_beginning(std::vector<std::uint8_t> numbers);
/// Up to `most` steps of one to three inputs: changes, people who come, move and go, events of all kinds, late or
/// twice, entries by name. Some cannot be taken.
std::vector<MadeUpStep> made_up_history(std::vector<std::uint8_t> numbers, Instant begin, std::size_t most);

}  // namespace caravan::test
