#pragma once
// A workspace from texts with a dictionary of its own, for tests that rehearse it; and what has come of things in a
// store, by names and keys instead of numbers, so that two stores can be compared.

#include "engine/journey_library.hpp"
#include "engine/name_book.hpp"

namespace caravan::test {

class Stage {
 public:
  /// Throws with the first fault where the texts have errors.
  explicit Stage(SourceTexts texts);

  /// The same with other texts, under the same names.
  std::shared_ptr<const Workspace> load(SourceTexts texts);

  NameBook names;
  std::shared_ptr<const Workspace> workspace;
};

/// Every account with its tokens, what they visited and when, its deliveries, events, groups, audiences and notes, line
/// by line, in an order that the numbers of names and accounts do not change; then the counters.
std::string outcome_of(Reader& reader, JourneyLibrary& library, const NameBook& names);

}  // namespace caravan::test
