#pragma once
// How accounts under way are taken along to another version of their journey: node by node, by id. The engine moves
// tokens by this plan, batch by batch; what it cannot be meant to do is a reason in words.

#include "nodes/compiler.hpp"

namespace caravan {

/// What becomes of a token that stands at a node of an older version.
struct NodeMove {
  enum class Kind {
    stand,   ///< stands at `to` as it stands now: with its time, its memory, its people
    visit,   ///< visits `to` afresh
    leave,   ///< leaves the journey; a person of a people split comes to the end of their way
    stay,    ///< its enrollment stays on the older version, with all of its tokens
    refuse,  ///< no rule says what becomes of it: as `stay`, where one comes here after the move has begun
  };
  Kind kind = Kind::stand;
  NodeIndex to = kNoNode;   ///< for stand and visit
  bool forgets = false;     ///< for stand: what a listen has counted means nothing at `to`; see without_counts()
  bool keeps_time = false;  ///< for stand: `to` would give it another time, and it keeps the one it was given
  std::string reason = {};  ///< why it cannot stand as it is, or why it forgets; a clause about the node
};

/// From one version of a journey to another, node by node by id. A node is the same one when it has the same id and
/// type and stands inside of the same people splits; all others are gone.
struct MovePlan {
  std::vector<NodeMove> nodes;          ///< by NodeIndex of the older version
  std::vector<NodeIndex> people_split;  ///< by the same: the people split it stands in; kNoNode: none
  bool is_for_people = false;           ///< the journey is for people
  std::string fault;                    ///< why the rule can not be meant (it names no node); empty: it can

  const NodeMove& of(NodeIndex node) const { return nodes[static_cast<std::size_t>(node)]; }
};

/// Both are versions of one journey, with their definitions at hand. `gone` says what becomes of tokens whose node is
/// gone: `leave`, `stay` or the id of a node of `to`; empty: refuse.
MovePlan plan_move(const CompiledJourney& from, const CompiledJourney& to, std::string_view gone);

/// What becomes of the tokens of one enrollment that have not ended, by position in `tokens`: the plan's word for each
/// node, but together. Where one of them stays all do; where one leaves or goes elsewhere, the people it waits for are
/// at the end of their ways and leave.
std::vector<NodeMove> moves_of(const MovePlan& plan, std::span<const TokenRecord> tokens);

/// The memory of a token that listens as it is after a move that forgets: since when it stands there, and nothing that
/// it has counted. None is none. Throws std::runtime_error for bytes that no listen has written.
std::string without_counts(std::string_view memory);

/// What a token's timeline keeps of its move, as the text of a note. The visits of a token are numbers of nodes in the
/// version that it was in, so that whoever tells its story must know when it changed.
struct MoveNote {
  std::uint32_t from = 1;    ///< the number of the version that it left
  std::uint32_t to = 1;      ///< of the one it went on in
  std::uint32_t visits = 0;  ///< how many nodes it had visited by then
  bool operator==(const MoveNote&) const = default;
};
/// `from version 1 to version 2, after 5 visits`, and back; nothing for any other text.
std::string to_text(const MoveNote& note);
std::optional<MoveNote> parse_move_note(std::string_view text);

}  // namespace caravan
