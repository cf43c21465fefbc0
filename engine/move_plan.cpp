#include "engine/move_plan.hpp"

#include "engine/definition_difference.hpp"
#include "nodes/listen_memory.hpp"

namespace caravan {
namespace {

constexpr std::size_t slot_of(NodeIndex node) {
  return static_cast<std::size_t>(node);
}

std::string marked(std::string_view id) {
  return "`" + std::string(id) + "`";
}

/// A journey's nodes as they are nested.
class Outline {
 public:
  explicit Outline(const CompiledJourney& journey) : subject(journey.definition->subject) {
    walk(journey.definition->nodes, kNoNode);
  }

  NodeIndex find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? kNoNode : found->second;
  }
  const NodeDefinition& definition(NodeIndex node) const { return *definitions[slot_of(node)]; }
  NodeIndex split_of(NodeIndex node) const { return people_split[slot_of(node)]; }
  /// Whether people go on from there on their own; what runs for one person already divides nobody.
  bool divides(NodeIndex node) const {
    return definition(node).divides_people && subject == JourneySubject::account && split_of(node) == kNoNode;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, node] : by_id_)
      ids.push_back(id);
    return ids;
  }

  JourneySubject subject;
  std::vector<const NodeDefinition*> definitions;  ///< by NodeIndex
  std::vector<NodeIndex> people_split;             ///< by NodeIndex

 private:
  /// In the order in which the compiler numbers them.
  void walk(const std::vector<NodeDefinition>& nodes, NodeIndex split) {
    for (const NodeDefinition& node : nodes) {
      const NodeIndex index{static_cast<std::uint16_t>(definitions.size())};
      by_id_.emplace(node.id, index);
      definitions.push_back(&node);
      people_split.push_back(split);
      for (const PathDefinition& path : node.paths)
        walk(path.nodes, divides(index) ? index : split);
    }
  }

  std::map<std::string, NodeIndex, std::less<>> by_id_;
};

std::string_view type_of(const NodeDefinition& node) {
  return node.shape->type;
}

/// A time that a token has been given is its own, whatever the new version says.
bool is_time(const SettingValue& value) {
  return std::holds_alternative<WaitDefinition>(value) || std::holds_alternative<CalendarDuration>(value) ||
         std::holds_alternative<Moment>(value) || std::holds_alternative<WeeklyTime>(value);
}

/// Whether a token that stands there counts events: one alone is not counted.
bool counts_events(const NodeDefinition& node) {
  const auto* at_least = node.setting<std::int64_t>("at_least");
  const auto* patterns = node.setting<EventPatterns>("any_of");
  return (at_least && *at_least > 1) ||
         (patterns && std::any_of(patterns->begin(), patterns->end(),
                                  [](const EventPattern& pattern) { return pattern.at_least > 1; }));
}

/// What is counted: the settings without times, and without how often an event must come.
std::string memorable(const NodeDefinition& node) {
  std::string text;
  for (const auto& [key, setting] : node.settings) {
    if (is_time(setting.value) || std::holds_alternative<std::int64_t>(setting.value)) continue;
    text += key + "=";
    if (const auto* patterns = std::get_if<EventPatterns>(&setting.value)) {
      EventPatterns any_number = *patterns;
      for (EventPattern& pattern : any_number)
        pattern.at_least = 1;
      text += to_text(SettingValue(any_number));
    } else {
      text += to_text(setting.value);
    }
    text += "\n";
  }
  return text;
}

std::string times_of(const NodeDefinition& node) {
  std::string text;
  for (const auto& [key, setting] : node.settings) {
    if (is_time(setting.value)) text += key + "=" + to_text(setting.value) + "\n";
  }
  return text;
}

/// Works the plan of a move out, node by node; a split before what stands in it.
class MovePlanner {
 public:
  MovePlanner(const CompiledJourney& from, const CompiledJourney& to, std::string_view gone)
      : from_(from), to_(to), gone_(gone) {
    plan_.people_split = from_.people_split;
    plan_.is_for_people = from_.subject == JourneySubject::person;
  }

  MovePlan plan() {
    check_rule();
    for (std::size_t node = 0; node < from_.definitions.size(); ++node)
      plan_.nodes.push_back(move_of(NodeIndex{static_cast<std::uint16_t>(node)}));
    return std::move(plan_);
  }

 private:
  void check_rule() {
    if (gone_.empty() || gone_ == "leave" || gone_ == "stay") return;
    rule_node_ = to_.find(gone_);
    if (rule_node_ != kNoNode) return;
    const std::vector<std::string> ids = to_.ids();
    const std::string meant = did_you_mean(gone_, ids);
    plan_.fault = "the new version has no node " + marked(gone_) + ", and the rule is neither leave nor stay" +
                  (meant.empty() ? "" : "; " + meant);
  }

  NodeMove move_of(NodeIndex node) const {
    std::string why = why_gone(node);
    if (!why.empty()) return by_rule(node, std::move(why));
    const NodeDefinition& before = from_.definition(node);
    const NodeDefinition& after = to_.definition(to_.find(before.id));
    NodeMove move{NodeMove::Kind::stand, to_.find(before.id)};
    move.forgets = counts_events(before) && memorable(before) != memorable(after);
    move.keeps_time = before.shape->stops != Stops::never && times_of(before) != times_of(after);
    if (move.forgets) move.reason = "listens for something else now";
    return move;
  }

  /// Why a token cannot stand at the node of this id as it did; empty: it can.
  std::string why_gone(NodeIndex node) const {
    if (from_.subject != to_.subject) {
      return to_.subject == JourneySubject::person ? "is of a journey for accounts, which is for people now"
                                                   : "is of a journey for people, which is for accounts now";
    }
    const NodeDefinition& before = from_.definition(node);
    const NodeIndex target = to_.find(before.id);
    if (target == kNoNode) return "is gone";
    const NodeDefinition& after = to_.definition(target);
    if (type_of(before) != type_of(after)) {
      return "is a " + std::string(type_of(after)) + " now, and was a " + std::string(type_of(before));
    }
    if (from_.divides(node) != to_.divides(target)) {
      return from_.divides(node) ? "no longer sends each person along a path of their own"
                                 : "sends each person along a path of their own now";
    }
    return why_elsewhere(node, target);
  }

  std::string why_elsewhere(NodeIndex node, NodeIndex target) const {
    const NodeIndex split = from_.split_of(node);
    const NodeIndex split_now = to_.split_of(target);
    if (split == kNoNode && split_now == kNoNode) return {};
    if (split == kNoNode) return "stands inside of the people split " + marked(to_.definition(split_now).id) + " now";
    if (split_now == kNoNode || to_.definition(split_now).id != from_.definition(split).id) {
      return "no longer stands inside of the people split " + marked(from_.definition(split).id);
    }
    if (plan_.of(split).kind == NodeMove::Kind::stand) return {};
    return "stands inside of " + marked(from_.definition(split).id) + ", which " + plan_.of(split).reason;
  }

  NodeMove by_rule(NodeIndex node, std::string why) const {
    const auto with = [&](NodeMove::Kind kind) { return NodeMove{kind, kNoNode, false, false, why}; };
    const NodeIndex split = from_.split_of(node);
    // A person goes where the account goes that waits for them.
    if (split != kNoNode && plan_.of(split).kind != NodeMove::Kind::stand) {
      const NodeMove::Kind of_split = plan_.of(split).kind;
      return with(of_split == NodeMove::Kind::visit ? NodeMove::Kind::leave : of_split);
    }
    if (gone_ == "leave") return with(NodeMove::Kind::leave);
    if (gone_ == "stay") return with(NodeMove::Kind::stay);
    if (rule_node_ == kNoNode) return with(NodeMove::Kind::refuse);
    if (std::string unfit = why_unfit(node); !unfit.empty()) {
      why += ", and " + unfit;
      return with(NodeMove::Kind::refuse);
    }
    return {NodeMove::Kind::visit, rule_node_, false, false, std::move(why)};
  }

  /// Why a token of this node cannot go on at the rule's; empty: it can.
  std::string why_unfit(NodeIndex node) const {
    if (from_.subject != to_.subject) return "nobody can go on in it";
    const NodeIndex split = from_.split_of(node);
    const NodeIndex target_split = to_.split_of(rule_node_);
    if (split == kNoNode) {
      if (target_split == kNoNode) return {};
      return marked(gone_) + " stands inside of the people split " + marked(to_.definition(target_split).id) +
             ", where no account goes";
    }
    if (target_split == plan_.of(split).to) return {};
    return marked(gone_) + " does not stand inside of the people split " + marked(from_.definition(split).id);
  }

  const Outline from_;
  const Outline to_;
  const std::string_view gone_;
  NodeIndex rule_node_ = kNoNode;
  MovePlan plan_;
};

}  // namespace

MovePlan plan_move(const CompiledJourney& from, const CompiledJourney& to, std::string_view gone) {
  return MovePlanner(from, to, gone).plan();
}

std::vector<NodeMove> moves_of(const MovePlan& plan, std::span<const TokenRecord> tokens) {
  std::vector<NodeMove> moves;
  for (const TokenRecord& token : tokens)
    moves.push_back(token.node == kNoNode ? NodeMove{} : plan.of(token.node));
  const auto stays = [](const NodeMove& move) {
    return move.kind == NodeMove::Kind::stay || move.kind == NodeMove::Kind::refuse;
  };
  if (const auto staying = std::find_if(moves.begin(), moves.end(), stays); staying != moves.end()) {
    return std::vector<NodeMove>(tokens.size(), NodeMove{NodeMove::Kind::stay, kNoNode, false, false, staying->reason});
  }
  // A parent may stand behind its people in the row, and be one of another's people.
  for (bool is_settled = false; !is_settled;) {
    is_settled = true;
    for (std::size_t child = 0; child < tokens.size(); ++child) {
      if (moves[child].kind == NodeMove::Kind::leave || !tokens[child].parent) continue;
      const auto parent = std::find_if(tokens.begin(), tokens.end(),
                                       [&](const TokenRecord& each) { return each.id == tokens[child].parent; });
      if (parent == tokens.end()) continue;
      const NodeMove& of_parent = moves[static_cast<std::size_t>(parent - tokens.begin())];
      if (of_parent.kind == NodeMove::Kind::stand) continue;
      moves[child] = {NodeMove::Kind::leave, kNoNode, false, false, of_parent.reason};
      is_settled = false;
    }
  }
  return moves;
}

std::string without_counts(std::string_view memory) {
  if (memory.empty()) return {};
  return ListenMemory{ListenMemory::unpack(memory).since, {}}.pack();
}

std::string to_text(const MoveNote& note) {
  return "from version " + std::to_string(note.from) + " to version " + std::to_string(note.to) + ", after " +
         std::to_string(note.visits) + " visits";
}

std::optional<MoveNote> parse_move_note(std::string_view text) {
  const auto take = [&](std::string_view words, std::uint32_t& number) {
    if (!text.starts_with(words)) return false;
    text.remove_prefix(words.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc();
  };
  MoveNote note;
  const bool is_whole = take("from version ", note.from) && take(" to version ", note.to) &&
                        take(", after ", note.visits) && text == " visits";
  return is_whole ? std::optional(note) : std::nullopt;
}

}  // namespace caravan
