// The step `expect`: of whom, and where they stand in a journey. What else may be expected of them is in
// scenario_expected.cpp.
#include "journeys/loader/scenario_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 7> states = {"waiting",   "listening", "joining", "held",
                                                    "completed", "left",      "failed"};
/// Keys that say whose and which, and expect nothing by themselves.
constexpr std::array<std::string_view, 3> subject_keys = {"account", "person", "journey"};
/// Keys that are about a journey.
constexpr std::array<std::string_view, 8> journey_keys = {"at",      "state", "why",  "until",
                                                          "entries", "path",  "sent", "notified"};
constexpr std::string_view nowhere = "nowhere";

/// Of these, those that say where a subject stands: a person stands in a journey for accounts only within a split of
/// people.
constexpr std::array<std::string_view, 6> standing_keys = {"at", "state", "why", "until", "entries", "path"};
/// Keys that expect nothing when they are empty; `sent: []` and the like do.
constexpr std::array<std::string_view, 6> never_empty = {"holds", "group",        "attributes",
                                                         "lists", "destinations", "audiences"};
/// Keys whose words must be in what there is: no words are in everything.
constexpr std::array<std::string_view, 2> wordy_keys = {"why", "refused"};

bool divides_people(std::span<const NodeDefinition> nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const NodeDefinition& node) {
    return node.divides_people || std::any_of(node.paths.begin(), node.paths.end(),
                                              [](const PathDefinition& path) { return divides_people(path.nodes); });
  });
}

bool is_one_of(std::span<const std::string_view> keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

void ScenarioReader::read_expect(const yaml::Entry& entry) {
  if (!has_value(entry, diagnostics_)) return;
  if (entry.value.is(yaml::Kind::sequence) && entry.value.items.empty())
    diagnostics_.error(entry.key_place, "the step expects nothing");
  for (const yaml::Node& node : one_or_several(entry)) {
    if (node.is(yaml::Kind::mapping)) {
      read_expectation(entry, node);
    } else if (!node.is(yaml::Kind::broken)) {
      diagnostics_.error(node.place, "what is expected must be a mapping, or a list of them",
                         "for example `expect: {account: acme, at: settle}`");
    }
  }
}

void ScenarioReader::read_expectation(const yaml::Entry& entry, const yaml::Node& node) {
  ExpectStep expect;
  bool expects = false;
  for (const yaml::Entry& key : node.entries) {
    expect.places.emplace(key.key, key.key_place);
    expects = expects || !is_one_of(subject_keys, key.key);
    expect_something(key);
  }
  const Place place = entry.value.is(yaml::Kind::sequence) ? node.place : entry.key_place;
  if (!expects) {
    diagnostics_.error(place, "the step expects nothing",
                       "for example `at: NODE`, `state: completed`, `path: [...]` or `sent: [...]`");
  }
  Fields fields(node, diagnostics_);
  read_subject(fields, place, expect);
  read_standing(fields, expect);
  read_told(fields, expect);
  read_places(fields, expect);
  if (const yaml::Entry* refused = fields.find("refused")) {
    expect.refused = read_text(*refused, diagnostics_);
    if (!after_input_) {
      diagnostics_.error(refused->key_place,
                         "`refused` is about the step before, and there is none that can be refused",
                         "put it behind an `event`, an `enter` or the like");
    }
  }
  after_input_ = false;
  fields.finish();
  scenario_.steps.push_back({place, entry.key, std::move(expect)});
}

/// What is written must be able to fail.
void ScenarioReader::expect_something(const yaml::Entry& key) {
  const yaml::Node& value = key.value;
  const bool is_empty = (value.is(yaml::Kind::sequence) && value.items.empty()) ||
                        (value.is(yaml::Kind::mapping) && value.entries.empty());
  if (is_empty && is_one_of(never_empty, key.key)) {
    diagnostics_.error(key.key_place, in_ticks(key.key) + " expects nothing",
                       "write what must be there; what must not is `NAME: false`, or `null` for an attribute");
  }
  if (value.is(yaml::Kind::scalar) && value.text.empty() && is_one_of(wordy_keys, key.key))
    diagnostics_.error(value.place, in_ticks(key.key) + " has no words, and so fits everything", "write some of them");
}

void ScenarioReader::read_subject(Fields& fields, const Place& place, ExpectStep& expect) {
  const yaml::Entry* account = fields.find("account");
  const yaml::Entry* person = fields.find("person");
  const yaml::Entry* named = fields.find("journey");
  if (account != nullptr) expect.account = read_account_key(*account);
  if (person != nullptr) expect.person = read_person_key(*person);
  if (account != nullptr && person != nullptr) check_belongs(expect.person, expect.account, person->value.place);
  expect.journey = named != nullptr ? read_journey(*named) : scenario_.journey;
  const auto first_of = [&](const auto& wanted) {
    const std::pair<const std::string, Place>* first = nullptr;
    for (const auto& written : expect.places) {
      if (wanted(written.first) && (first == nullptr || written.second.offset < first->second.offset)) first = &written;
    }
    return first;
  };
  const auto* of_subject =
      first_of([](std::string_view key) { return !is_one_of(subject_keys, key) && key != "refused"; });
  const auto* of_journey = first_of([](std::string_view key) { return is_one_of(journey_keys, key); });
  if (of_subject != nullptr && account == nullptr && person == nullptr) {
    diagnostics_.error(place, "nobody knows of whom this is expected", "name an `account` or a `person`");
    return;
  }
  if (of_journey == nullptr) return;
  if (expect.journey.empty() && named == nullptr && !lacks_journey_) {
    diagnostics_.error(of_journey->second, "nobody knows which journey " + in_ticks(of_journey->first) + " means",
                       "name it here with `journey`, or at the top of the scenario");
  }
  const JourneyDefinition* journey = find_journey(expect.journey);
  if (journey != nullptr && journey->subject == JourneySubject::person && person == nullptr) {
    diagnostics_.error(of_journey->second, "the journey " + in_ticks(expect.journey) + " is for people",
                       "name a `person`");
  }
  const auto* of_standing = first_of([](std::string_view key) { return is_one_of(standing_keys, key); });
  if (of_standing != nullptr && journey != nullptr && person != nullptr &&
      journey->subject == JourneySubject::account && !divides_people(journey->nodes)) {
    diagnostics_.error(of_standing->second,
                       "the journey " + in_ticks(expect.journey) +
                           " is for accounts and has no `split_people`: nobody stands in it alone",
                       "name the `account`");
  }
}

void ScenarioReader::read_standing(Fields& fields, ExpectStep& expect) {
  if (const yaml::Entry* at = fields.find("at")) {
    const bool is_end = at->value.is(yaml::Kind::scalar) && at->value.text == "end";
    if (at->value.is(yaml::Kind::scalar) && at->value.text == nowhere) {
      expect.at = at->value.text;
    } else if (is_end) {
      diagnostics_.error(at->value.place, "nobody stands at the end", "expect `state: completed`");
    } else if (has_value(*at, diagnostics_)) {
      expect.at = read_node(*at, expect.journey);
    }
  }
  if (const yaml::Entry* state = fields.find("state")) expect.state = read_choice(*state, states, diagnostics_);
  if (const yaml::Entry* why = fields.find("why")) expect.why = read_text(*why, diagnostics_);
  if (const yaml::Entry* until = fields.find("until")) expect.until = read_time(*until);
  if (const yaml::Entry* entries = fields.find("entries"))
    expect.entries = read_whole_number(*entries, 0, 1'000'000, diagnostics_);
  if (const yaml::Entry* path = fields.find("path")) read_path(*path, expect);
  const bool was_never_there = expect.at == nowhere;
  if (was_never_there && (expect.state || expect.until || expect.path)) {
    diagnostics_.error(expect.places.find("at")->second,
                       "who is `nowhere` has never entered, and has no state and no path", "take one of them out");
  }
}

void ScenarioReader::read_path(const yaml::Entry& entry, ExpectStep& expect) {
  if (!is_list(entry, diagnostics_)) return;
  Names path;
  for (const yaml::Node& item : entry.value.items) {
    if (!item.is(yaml::Kind::broken))
      path.push_back(read_node_on_path({entry.key, entry.key_place, item}, expect.journey));
  }
  expect.path = std::move(path);
}

}  // namespace caravan::loader
