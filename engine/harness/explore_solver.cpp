// Every combination of the classes that conditions tell apart is tried where these are few, else some at random.

#include "engine/harness/explore_solver.hpp"

#include "journeys/events.hpp"

namespace caravan::exploring {
namespace {

using Of = std::function<Truth(std::size_t)>;

constexpr std::size_t kMostTries = 20'000;

AttributeType type_in(const std::vector<AttributeDefinition>& attributes, std::string_view name) {
  for (const AttributeDefinition& each : attributes)
    if (each.name == name) return each.type;
  return AttributeType::any;
}

}  // namespace

AttributeType type_of(const SchemaDefinition& schema, const Quality& quality) {
  switch (quality.of) {
    case Quality::Of::account: return type_in(schema.account, quality.name);
    case Quality::Of::person: return type_in(schema.person, quality.name);
    case Quality::Of::event: break;
  }
  for (const EventDefinition& event : schema.events) {
    const AttributeType type =
        event.type == quality.event_type ? type_in(event.properties, quality.name) : AttributeType::any;
    if (type != AttributeType::any) return type;
  }
  if (const EventType* builtin = find_event_type(quality.event_type)) {
    for (const EventProperty& property : builtin->properties)
      if (property.name == quality.name) return property.type;
  }
  return AttributeType::any;
}

/// One value of each class that leaves can tell apart, and what they come to for it.
struct Solver::Choice {
  Quality quality;
  std::vector<std::size_t> leaves;
  std::vector<std::pair<std::optional<ScenarioValue>, std::vector<Truth>>> classes;
};

std::optional<std::map<Quality, ScenarioValue>> Solver::solve(const std::vector<Wanted>& wanted) {
  std::set<std::size_t> used;
  for (const Wanted& each : wanted)
    leaves_of(*each.logic, used);
  std::vector<Choice> choices;
  std::vector<std::size_t> free;
  choices_among(used, choices, free);
  double combinations = 1;
  for (const Choice& choice : choices)
    combinations *= static_cast<double>(choice.classes.size());
  combinations *= std::pow(3.0, static_cast<double>(free.size()));
  const bool all = combinations <= static_cast<double>(kMostTries);
  const auto tries = all ? static_cast<std::size_t>(combinations) : kMostTries;
  std::vector<Truth> now(leaves_.all().size(), Truth::failed);
  std::vector<std::size_t> taken(choices.size());
  const Of of = [&](std::size_t leaf) { return now[leaf]; };
  for (std::size_t attempt = 0; attempt < tries; ++attempt) {
    std::size_t rest = all ? attempt : random_();
    const auto next = [&](std::size_t among) {
      const std::size_t pick = all ? rest % among : random_() % among;
      rest /= among;
      return pick;
    };
    for (const std::size_t leaf : free)
      now[leaf] = std::array{Truth::yes, Truth::no, Truth::failed}.at(next(3));
    for (std::size_t i = 0; i < choices.size(); ++i) {
      taken[i] = next(choices[i].classes.size());
      const std::vector<Truth>& answers = choices[i].classes[taken[i]].second;
      for (std::size_t leaf = 0; leaf < answers.size(); ++leaf)
        now[choices[i].leaves[leaf]] = answers[leaf];
    }
    const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const Wanted& each) {
      return std::find(each.to.begin(), each.to.end(), truth_of(*each.logic, of)) != each.to.end();
    });
    if (!fits) continue;
    std::map<Quality, ScenarioValue> values;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const std::optional<ScenarioValue>& value = choices[i].classes[taken[i]].first;
      if (value) values.emplace(choices[i].quality, *value);
    }
    return values;
  }
  return std::nullopt;
}

void Solver::choices_among(const std::set<std::size_t>& used, std::vector<Choice>& choices,
                           std::vector<std::size_t>& free) {
  std::map<Quality, std::vector<std::size_t>> by_quality;
  for (const std::size_t leaf : used) {
    const std::optional<Quality>& quality = leaves_.all()[leaf].quality;
    if (quality)
      by_quality[*quality].push_back(leaf);
    else
      free.push_back(leaf);
  }
  for (auto& [quality, leaves] : by_quality) {
    Choice choice{quality, leaves, {}};
    const AttributeType type = type_of(schema_, quality);
    for (std::size_t value = 0; value < leaves_.worth_trying(quality); ++value) {
      const AttributeInput& input = leaves_.values(quality)[value];
      const bool is_absent = std::holds_alternative<std::monostate>(input.value);
      std::optional<ScenarioValue> written = is_absent ? std::nullopt : to_scenario_value(input, type);
      if (!is_absent && !written) continue;
      std::vector<Truth> answers;
      for (const std::size_t leaf : leaves)
        answers.push_back(leaves_.all()[leaf].answers[value]);
      const bool known = std::any_of(choice.classes.begin(), choice.classes.end(),
                                     [&](const auto& each) { return each.second == answers; });
      if (!known) choice.classes.emplace_back(std::move(written), std::move(answers));
    }
    choices.push_back(std::move(choice));
  }
}

std::optional<ScenarioValue> to_scenario_value(AttributeInput value, AttributeType type) {
  if (type == AttributeType::number) {
    if (const auto* whole = std::get_if<std::int64_t>(&value.value)) value.value = static_cast<double>(*whole);
  }
  if (type == AttributeType::timestamp) {
    const auto* text = std::get_if<std::string>(&value.value);
    if (const auto time = text ? parse_instant(*text) : std::nullopt) value.value = *time;
  }
  return std::visit(
      [&](auto& each) -> std::optional<ScenarioValue> {
        using T = std::decay_t<decltype(each)>;
        const bool fits_any = type == AttributeType::any;
        if constexpr (std::is_same_v<T, bool>) {
          if (!fits_any && type != AttributeType::flag) return std::nullopt;
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          if (!fits_any && type != AttributeType::whole_number) return std::nullopt;
        } else if constexpr (std::is_same_v<T, double>) {
          if (!std::isfinite(each) || (!fits_any && type != AttributeType::number)) return std::nullopt;
        } else if constexpr (std::is_same_v<T, std::string>) {
          const bool is_line =
              std::none_of(each.begin(), each.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
          if (!is_line || (!fits_any && type != AttributeType::text)) return std::nullopt;
        } else if constexpr (std::is_same_v<T, Instant>) {
          if (!fits_any && type != AttributeType::timestamp) return std::nullopt;
        } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
          // Only where the schema says so, a text is a duration.
          if (type != AttributeType::duration || each < std::chrono::milliseconds(0)) return std::nullopt;
        } else {
          return std::nullopt;
        }
        if constexpr (std::is_same_v<T, AttributeList> || std::is_same_v<T, AttributeMap>)
          return std::nullopt;
        else
          return ScenarioValue{{}, std::move(each)};
      },
      value.value);
}

}  // namespace caravan::exploring
