// Of what a scenario reaches the sentence says what is hardest to come by: paths before time-outs, these before nodes
// and outcomes of conditions.

#include "engine/harness/explore_names.hpp"

#include "journeys/cel/ast.hpp"

namespace caravan {
namespace {

using Kind = CoverPoint::Kind;

/// The text of a condition in one line.
std::string condition_text(const Place& place) {
  if (place.file == nullptr) return "its condition";
  constexpr std::size_t kLongest = 80;
  std::string text;
  for (const char c : std::string_view(place.file->text).substr(place.offset, place.length)) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank)
      text += c;
    else if (!text.empty() && text.back() != ' ')
      text += ' ';
  }
  if (text.size() > kLongest) {
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      --end;
    text = text.substr(0, end) + "…";
  }
  return text;
}

int rank_of(const CoverPoint& point) {
  switch (point.kind) {
    case Kind::path: return point.path == kHeard ? 1 : 0;
    case Kind::time_out: return 1;
    case Kind::node: return 2;
    case Kind::condition: return 3;
  }
  return 4;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

/// As the predicate of a sentence about somebody.
std::string predicate_of(const CoverPoint& point) {
  switch (point.kind) {
    case Kind::path:
      if (point.path == kHeard) return "goes on from " + point.node + " by what it hears";
      if (point.path == kNoPathTaken) return "fits no path of " + point.node;
      return "takes " + point.node + "/" + point.path;
    case Kind::time_out: return "waits at " + point.node + " until its time-out";
    case Kind::node: return "reaches " + point.node;
    case Kind::condition:
      return "finds " + condition_text(point.place) + (point.outcome ? " true" : " false") +
             (point.node.empty() ? "" : " at " + point.node);
  }
  return {};
}

std::string attributes_in_words(const ScenarioFields& fields) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> parts;
  for (const ScenarioField& field : fields) {
    if (parts.size() == kMost) break;
    const auto* text = std::get_if<std::string>(&field.value.value);
    parts.push_back(field.name + " " + (text ? cel::quote(*text) : exploring::yaml_of(field.value)));
  }
  return parts.empty() ? "" : " with " + joined(parts);
}

}  // namespace

std::string to_text(const CoverPoint& point) {
  switch (point.kind) {
    case Kind::path: return point.node + "/" + point.path;
    case Kind::time_out: return point.node + " times out";
    case Kind::node: return point.node;
    case Kind::condition: return condition_text(point.place) + (point.outcome ? " is true" : " is false");
  }
  return {};
}

namespace exploring {

std::string name_of(const ScenarioDefinition& scenario, std::span<const CoverPoint> reaches) {
  constexpr std::size_t kMost = 2;
  constexpr std::size_t kLongest = 60;  // a predicate that is longer stands alone
  std::vector<const CoverPoint*> points;
  for (const CoverPoint& each : reaches)
    points.push_back(&each);
  std::stable_sort(points.begin(), points.end(),
                   [](const CoverPoint* a, const CoverPoint* b) { return rank_of(*a) < rank_of(*b); });
  std::vector<std::string> parts;
  for (const CoverPoint* each : points) {
    if (parts.size() == kMost || (!parts.empty() && rank_of(*each) > rank_of(*points.front()))) break;
    std::string predicate = predicate_of(*each);
    if (!parts.empty() && (parts.front().size() > kLongest || predicate.size() > kLongest)) break;
    parts.push_back(std::move(predicate));
  }
  std::string who = "an account";
  if (!scenario.accounts.empty()) who += attributes_in_words(scenario.accounts.front().attributes);
  if (scenario.people.size() == 1) who += " and a person" + attributes_in_words(scenario.people.front().attributes);
  if (scenario.people.size() > 1) who += " and " + std::to_string(scenario.people.size()) + " people";
  return who + " " + joined(parts);
}

}  // namespace exploring
}  // namespace caravan
