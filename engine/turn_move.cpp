// How an enrollment is taken along to another version of its journey, with the tokens of its people, as
// engine/move_plan says.

#include "engine/turn.hpp"

namespace caravan {
namespace {

/// kNoPath when the other node has none of that name.
PathIndex path_of_same_name(const CompiledNode& node, PathIndex path, const CompiledNode& other) {
  if (path == kNoPath) return kNoPath;
  const std::string& name = node.paths[static_cast<std::size_t>(path)].name;
  const auto found =
      std::find_if(other.paths.begin(), other.paths.end(), [&](const CompiledPath& each) { return each.name == name; });
  if (found == other.paths.end()) return kNoPath;
  return PathIndex{static_cast<std::uint16_t>(found - other.paths.begin())};
}

}  // namespace

/// Takes an enrollment, with the tokens of its people, along to version `to`. False when it stays.
bool TurnRunner::move(TokenRecord& token, const MovePlan& plan, VersionId to) {
  std::vector<TokenRecord*> tokens = {&token};
  std::vector<TokenRecord> records = {token};
  for (TokenRecord& each : subject_->tokens(reader_)) {
    if (each.parent != token.id || is_final(each.state)) continue;
    tokens.push_back(&each);
    records.push_back(each);
  }
  const std::vector<NodeMove> moves = moves_of(plan, records);
  const bool stays = std::any_of(moves.begin(), moves.end(), [](const NodeMove& each) {
    return each.kind == NodeMove::Kind::stay || each.kind == NodeMove::Kind::refuse;
  });
  if (stays) return false;
  const std::string in_version = " is gone in version " + std::to_string(library_.version(to)->record.number);
  const auto why_gone = [&](const TokenRecord& each) {
    return "its node " + journey_->journey.node(each.node).id + in_version;
  };
  if (moves.front().kind == NodeMove::Kind::leave) {
    take_out(token, why_gone(token));
    return true;
  }
  count(CounterKind::moved_out);
  flush();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!begin(*tokens[i])) continue;
    if (moves[i].kind == NodeMove::Kind::leave) {
      take_out(*tokens[i], why_gone(*tokens[i]));
    } else {
      stand_in(*tokens[i], moves[i], to);
    }
  }
  return true;
}

/// The token at hand stands in version `to` from now on, as it stands or to visit another node.
void TurnRunner::stand_in(TokenRecord& token, const NodeMove& move, VersionId to) {
  const std::shared_ptr<const RunnableJourney> before = running_;
  const CompiledNode& node_before = before->journey.node(token.node);
  const auto count_standing = [&](std::int64_t by) {
    const auto slot = static_cast<std::uint16_t>(token.node);
    count(CounterKind::standing, slot, kNoPath, by);
    if (token.state == TokenState::held) count(CounterKind::held, slot, kNoPath, by);
    flush();
  };
  count_standing(-1);
  token.version = to;
  token.node = move.to;
  begin(token);
  count_standing(1);
  if (!token.parent) count(CounterKind::moved_in);
  flush();
  note(NoteKind::moved, to_text(MoveNote{before->record.number, journey_->record.number, token.visits}));
  if (move.kind == NodeMove::Kind::visit) {
    depart();
    if (token.state != TokenState::held) transition(Verb::hold);
    transition(Verb::resume);
    token.attempts = 0;
    flush();
    agenda_.push_back(Go{&token, move.to, kNoPath});
  } else if (token.state == TokenState::held && token.resume == Resume::hear) {
    Advance heard = unpack_advance(token.memory);
    heard.path = path_of_same_name(node_before, heard.path, journey_->journey.node(token.node));
    token.memory = pack(heard);
  } else if (move.forgets) {
    token.memory = without_counts(token.memory);
  }
}

}  // namespace caravan
