#include "engine/publication_plan.hpp"

namespace caravan {
namespace {

std::int64_t standing_at(const NodeCounts& counts, std::size_t node) {
  return node < counts.standing.size() ? counts.standing[node] : 0;
}

/// "3 accounts stand at `settle`", "1 person stands at `ask`"
std::string who_stands(const MovePlan& plan, const CompiledJourney& journey, const NodeCounts& counts,
                       std::size_t node) {
  const std::int64_t number = standing_at(counts, node);
  const bool is_for_people = plan.is_for_people || plan.people_split[node] != kNoNode;
  const std::string_view one = is_for_people ? " person stands" : " account stands";
  const std::string_view many = is_for_people ? " people stand" : " accounts stand";
  return std::to_string(number) + std::string(number == 1 ? one : many) + " at `" + journey.nodes[node].id + "`";
}

}  // namespace

NodeCounts node_counts(std::span<const std::pair<CounterKey, std::int64_t>> counters, VersionId version,
                       std::size_t nodes) {
  NodeCounts counts{std::vector<std::int64_t>(nodes), std::vector<std::int64_t>(nodes)};
  for (const auto& [key, number] : counters) {
    if (key.version != version || key.slot >= nodes) continue;
    if (key.kind == CounterKind::standing) counts.standing[key.slot] = number;
    if (key.kind == CounterKind::held) counts.held[key.slot] = number;
  }
  return counts;
}

std::int64_t under_way(std::span<const std::pair<CounterKey, std::int64_t>> counters, VersionId version) {
  std::int64_t number = 0;
  for (const auto& [key, count] : counters) {
    if (key.version != version) continue;
    switch (key.kind) {
      case CounterKind::entered:
      case CounterKind::moved_in: number += count; break;
      case CounterKind::completed:
      case CounterKind::left:
      case CounterKind::failed:
      case CounterKind::moved_out: number -= count; break;
      default: break;
    }
  }
  return number;
}

std::vector<std::string> refusals(const MovePlan& plan, const CompiledJourney& from, const NodeCounts& counts) {
  std::vector<std::string> sentences;
  for (std::size_t node = 0; node < plan.nodes.size(); ++node) {
    const NodeMove& move = plan.nodes[node];
    if (move.kind != NodeMove::Kind::refuse || standing_at(counts, node) == 0) continue;
    const NodeIndex split = plan.people_split[node];
    // Said of the split, for the accounts that wait there.
    if (split != kNoNode && plan.of(split).kind == NodeMove::Kind::refuse) continue;
    sentences.push_back(who_stands(plan, from, counts, node) + ", which " + move.reason);
  }
  // Where several journeys are published, the rule may be meant for another: it is missed where somebody needs it.
  if (!sentences.empty() && !plan.fault.empty()) sentences.insert(sentences.begin(), plan.fault);
  return sentences;
}

std::string refusal(const MovePlan& plan, const CompiledJourney& from, const NodeCounts& counts) {
  const std::vector<std::string> sentences = refusals(plan, from, counts);
  if (sentences.empty()) return {};
  std::string all;
  for (const std::string& sentence : sentences)
    all += (all.empty() ? "" : "; ") + sentence;
  return all + ": say what becomes of those whose node is gone: leave, stay, or the node they go on at";
}

std::vector<std::string> warnings(const MovePlan& plan, const CompiledJourney& from, const CompiledJourney& to,
                                  const NodeCounts& counts) {
  std::vector<std::string> sentences;
  for (std::size_t node = 0; node < plan.nodes.size(); ++node) {
    const NodeMove& move = plan.nodes[node];
    if (standing_at(counts, node) == 0) continue;
    const auto warn = [&](const std::string& why, const std::string& then) {
      sentences.push_back(who_stands(plan, from, counts, node) + ", which " + why + ": " + then);
    };
    switch (move.kind) {
      case NodeMove::Kind::stand:
        if (move.forgets) warn(move.reason, "what came so far counts no more");
        if (move.keeps_time) warn("has another time now", "they keep the one they were given");
        break;
      case NodeMove::Kind::visit: warn(move.reason, "they go on at `" + to.node(move.to).id + "`"); break;
      case NodeMove::Kind::leave: warn(move.reason, "they leave"); break;
      case NodeMove::Kind::stay: warn(move.reason, "they stay on their version"); break;
      case NodeMove::Kind::refuse: break;
    }
  }
  return sentences;
}

std::vector<std::string> changed_texts(const SourceTexts& before, const SourceTexts& after,
                                       const CompiledJourney& journey) {
  std::set<std::string> messages;
  for (const MessageDefinition& message : journey.messages) {
    if (message.kind == MessageKind::email) messages.insert("emails/" + message.name + ".html");
    if (message.kind == MessageKind::sms || message.kind == MessageKind::chat) {
      messages.insert("messages/" + message.name + ".txt");
    }
  }
  const std::string_view file = journey.definition->place.file->path;
  const auto can_change_it = [&](const std::string& path) {
    return path == "caravan.yaml" || path == "schema.yaml" || path.starts_with("audiences/") ||
           path.starts_with("buying-groups/") || messages.contains(path) || file.ends_with(path);
  };
  std::set<std::string> changed;
  for (const auto& [path, text] : after) {
    const auto was = before.find(path);
    if (can_change_it(path) && (was == before.end() || was->second != text)) changed.insert(path);
  }
  for (const auto& [path, text] : before) {
    if (can_change_it(path) && !after.contains(path)) changed.insert(path);
  }
  return {changed.begin(), changed.end()};
}

}  // namespace caravan
