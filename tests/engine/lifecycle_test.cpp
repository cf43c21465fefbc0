// The lifecycle's table, cell by cell: what is written here is what the language and the store promise.

#include "engine/lifecycle.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

/// Every cell that has a row; all others must refuse.
const std::map<std::pair<TokenState, Verb>, TokenState> kTable = {
    {{TokenState::ready, Verb::advance}, TokenState::ready},
    {{TokenState::ready, Verb::finish}, TokenState::completed},
    {{TokenState::ready, Verb::wait}, TokenState::waiting},
    {{TokenState::ready, Verb::listen}, TokenState::listening},
    {{TokenState::ready, Verb::fork}, TokenState::joining},
    {{TokenState::ready, Verb::hold}, TokenState::held},
    {{TokenState::ready, Verb::leave}, TokenState::left},
    {{TokenState::ready, Verb::fail}, TokenState::failed},
    {{TokenState::waiting, Verb::wake}, TokenState::ready},
    {{TokenState::waiting, Verb::hold}, TokenState::held},
    {{TokenState::waiting, Verb::leave}, TokenState::left},
    {{TokenState::listening, Verb::hear}, TokenState::ready},
    {{TokenState::listening, Verb::wake}, TokenState::ready},
    {{TokenState::listening, Verb::hold}, TokenState::held},
    {{TokenState::listening, Verb::leave}, TokenState::left},
    {{TokenState::joining, Verb::join}, TokenState::ready},
    {{TokenState::joining, Verb::hold}, TokenState::held},
    {{TokenState::joining, Verb::leave}, TokenState::left},
    {{TokenState::held, Verb::resume}, TokenState::ready},
    {{TokenState::held, Verb::leave}, TokenState::left},
    {{TokenState::held, Verb::fail}, TokenState::failed},
};

}  // namespace

TEST_CASE("every state answers every verb as the table says, and refuses the rest") {
  for (const TokenState state : kTokenStates) {
    for (const Verb verb : kVerbs) {
      INFO(to_text(state) << " " << to_text(verb));
      const auto expected = kTable.find({state, verb});
      const std::optional<TokenState> actual = after(state, verb);
      if (expected == kTable.end()) {
        CHECK_FALSE(actual.has_value());
      } else {
        CHECK(actual == expected->second);
      }
    }
  }
}

TEST_CASE("a final state answers no verb at all") {
  for (const TokenState state : kTokenStates) {
    if (!is_final(state)) continue;
    for (const Verb verb : kVerbs)
      CHECK_FALSE(after(state, verb).has_value());
  }
}

TEST_CASE("a number that is no state is refused") {
  CHECK_FALSE(after(TokenState{99}, Verb::advance).has_value());
}

TEST_CASE("the stored numbers of the states are what databases hold") {
  CHECK(static_cast<int>(TokenState::ready) == 1);
  CHECK(static_cast<int>(TokenState::waiting) == 2);
  CHECK(static_cast<int>(TokenState::held) == 5);
  CHECK(static_cast<int>(TokenState::completed) == 6);
  CHECK(static_cast<int>(TokenState::failed) == 8);
}
