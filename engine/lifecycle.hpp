#pragma once
// A token's life: which verb may happen to it in which state, and what it is then. The transition table, written with
// Boost.MSM, stands in lifecycle.cpp and is the specification; everybody who changes a token's state asks here.

#include "storage/records.hpp"

namespace caravan {

/// What happens to a token; the engine's verbs.
enum class Verb : std::uint8_t {
  advance,  ///< a node is done and another follows
  finish,   ///< a node is done and none follows
  wait,     ///< it stops until a time
  listen,   ///< it stops until an event, perhaps until a time
  fork,     ///< its people go on, it stays at the join
  join,     ///< its people are together again
  wake,     ///< its time has come
  hear,     ///< its event has come
  hold,     ///< it is parked: its node failed
  resume,   ///< it tries again
  leave,    ///< it is taken out, or nothing here is meant for it
  fail,     ///< it is given up
};
inline constexpr std::array kVerbs = {Verb::advance, Verb::finish, Verb::wait, Verb::listen, Verb::fork,  Verb::join,
                                      Verb::wake,    Verb::hear,   Verb::hold, Verb::resume, Verb::leave, Verb::fail};
inline constexpr std::array kTokenStates = {TokenState::ready,   TokenState::waiting, TokenState::listening,
                                            TokenState::joining, TokenState::held,    TokenState::completed,
                                            TokenState::left,    TokenState::failed};

/// The state after `verb`; nothing when the table has no row for it, which is a bug of the caller.
std::optional<TokenState> after(TokenState state, Verb verb);

std::string_view to_text(TokenState state);
std::string_view to_text(Verb verb);

}  // namespace caravan
