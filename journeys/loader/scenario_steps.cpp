// Steps of scenarios: what happens, one thing a step.
#include "journeys/loader/scenario_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 3> channel_names = {"email", "sms", "chat"};
constexpr std::array<std::string_view, 3> channel_states = {"up", "down", "refuses"};
constexpr std::chrono::days longest_scenario{36'525};

}  // namespace

/// What a key of a step says.
struct ScenarioReader::StepType {
  std::string_view key;
  std::optional<What> (ScenarioReader::*read)(const yaml::Entry& entry);
  bool may_be_refused = true;  ///< by the engine
};

std::span<const ScenarioReader::StepType> ScenarioReader::step_types() {
  using Life = LifeStep::Command;
  using Help = HelpStep::Command;
  static constexpr std::array<StepType, 18> types = {{
      {"advance", &ScenarioReader::read_advance, false},
      {"event", &ScenarioReader::read_event_step},
      {"account", &ScenarioReader::read_account_step},
      {"person", &ScenarioReader::read_person_step},
      {"remove_person", &ScenarioReader::read_remove_person},
      {"enter", &ScenarioReader::read_enter},
      {"group", &ScenarioReader::read_group_step},
      {"score_engagement", &ScenarioReader::read_score},
      {"channel", &ScenarioReader::read_channel, false},
      {"bounce", &ScenarioReader::read_bounce, false},
      {"publish", &ScenarioReader::read_publish},
      {"pause", &ScenarioReader::read_life<Life::pause>},
      {"resume", &ScenarioReader::read_life<Life::resume>},
      {"close", &ScenarioReader::read_life<Life::close>},
      {"abort", &ScenarioReader::read_life<Life::abort>},
      {"retry", &ScenarioReader::read_help<Help::retry>},
      {"skip", &ScenarioReader::read_help<Help::skip>},
      {"remove", &ScenarioReader::read_help<Help::remove>},
  }};
  return types;
}

void ScenarioReader::read_step(const yaml::Node& node) {
  if (node.is(yaml::Kind::broken)) return;
  if (!node.is(yaml::Kind::mapping) || node.entries.empty()) {
    diagnostics_.error(node.place, "a step must be a mapping with one key", "for example `advance: 3d`");
    return;
  }
  if (node.entries.size() > 1) {
    const yaml::Entry& second = node.entries[1];
    diagnostics_.error(
        second.key_place,
        "a step does one thing, and here are " + in_ticks(node.entries[0].key) + " and " + in_ticks(second.key),
        "begin each step with `- `, or put the keys of a step behind it in `{...}`");
    return;
  }
  const yaml::Entry& entry = node.entries[0];
  if (entry.key == "expect") {
    read_expect(entry);
    return;
  }
  Names names = {"expect"};
  for (const StepType& type : step_types()) {
    if (type.key == entry.key) {
      after_input_ = type.may_be_refused;
      if (std::optional<What> what = (this->*type.read)(entry))
        scenario_.steps.push_back({entry.key_place, entry.key, std::move(*what)});
      return;
    }
    names.emplace_back(type.key);
  }
  after_input_ = true;  // whatever it was meant to be
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string meant = did_you_mean(entry.key, names);
  diagnostics_.error(entry.key_place, "unknown step " + in_ticks(entry.key),
                     meant.empty() ? "a step is " + listed(known) : meant);
}

std::optional<ScenarioReader::What> ScenarioReader::read_advance(const yaml::Entry& entry) {
  AdvanceStep step;
  if (!entry.value.is(yaml::Kind::mapping)) {
    if (entry.value.is(yaml::Kind::scalar) && entry.value.text.starts_with('-')) {
      diagnostics_.error(entry.value.place, "time does not go back", "advance by a duration, for example `3d`");
      return std::nullopt;
    }
    step.by = read_duration(entry, diagnostics_);
    if (!step.by) return std::nullopt;
    pass(entry, add(now_, *step.by, loading_.workspace.configuration.timezone));
    return step;
  }
  Fields fields(entry.value, diagnostics_);
  const yaml::Entry* to = fields.require("to", "`advance`", entry.key_place);
  fields.finish();
  if (to == nullptr) return std::nullopt;
  if (to->value.is(yaml::Kind::scalar) && to->value.text == "end") {
    knows_time_ = false;
    return step;
  }
  step.to = read_time(*to);
  if (!step.to) return std::nullopt;
  if (*step.to <= now_) {
    diagnostics_.error(to->value.place, "time does not go back",
                       "it is " + to_text(now_) + (knows_time_ ? "" : " or later") + " here");
    return std::nullopt;
  }
  pass(entry, *step.to);
  return step;
}

void ScenarioReader::pass(const yaml::Entry& entry, Instant to) {
  if (to - scenario_.at <= longest_scenario) {
    now_ = to;
  } else {
    diagnostics_.error(entry.key_place, "a scenario lasts at most a hundred years",
                       "this step would lead to " + to_text(to));
  }
}

std::optional<ScenarioReader::What> ScenarioReader::read_event_step(const yaml::Entry& entry) {
  if (!has_value(entry, diagnostics_)) return std::nullopt;
  return read_event(entry.value);
}

std::optional<ScenarioReader::What> ScenarioReader::read_account_step(const yaml::Entry& entry) {
  if (!has_value(entry, diagnostics_)) return std::nullopt;
  return read_account(entry.value, Told::by_step);
}

std::optional<ScenarioReader::What> ScenarioReader::read_person_step(const yaml::Entry& entry) {
  if (!has_value(entry, diagnostics_)) return std::nullopt;
  return read_person(entry.value, Told::by_step);
}

std::optional<ScenarioReader::What> ScenarioReader::read_remove_person(const yaml::Entry& entry) {
  RemovePersonStep step{read_person_key(entry)};
  if (step.person.empty()) return std::nullopt;
  people_.find(step.person)->second.removed = entry.key_place;
  return step;
}

std::optional<ScenarioReader::What> ScenarioReader::read_enter(const yaml::Entry& entry) {
  if (!is_mapping(entry, diagnostics_)) return std::nullopt;
  EnterStep step;
  Fields fields(entry.value, diagnostics_);
  step.journey = take_journey(fields, entry.key_place, "this");
  const yaml::Entry* account = fields.find("account");
  const yaml::Entry* person = fields.find("person");
  if (account != nullptr) step.account = read_account_key(*account);
  if (person != nullptr) step.person = read_person_key(*person);
  fields.finish();
  const JourneyDefinition* journey = find_journey(step.journey);
  const bool is_for_people = journey != nullptr && journey->subject == JourneySubject::person;
  if (account != nullptr && person != nullptr) {
    diagnostics_.error(person->key_place, "an account enters, or a person, not both");
  } else if (journey != nullptr && is_for_people && person == nullptr) {
    diagnostics_.error(entry.key_place, "the journey " + in_ticks(step.journey) + " is for people", "name a `person`");
  } else if (account == nullptr && person == nullptr) {
    diagnostics_.error(entry.key_place, "nobody enters", "name an `account`, or a `person` for a journey for people");
  } else if (journey != nullptr && !is_for_people && person != nullptr) {
    diagnostics_.error(person->key_place, "the journey " + in_ticks(step.journey) + " is for accounts",
                       "name an `account`");
  }
  return step;
}

template <LifeStep::Command command>
std::optional<ScenarioReader::What> ScenarioReader::read_life(const yaml::Entry& entry) {
  LifeStep step{command, scenario_.journey};
  if (!entry.value.is(yaml::Kind::null)) {
    step.journey = read_journey(entry);
  } else if (scenario_.journey.empty() && !lacks_journey_) {
    diagnostics_.error(entry.key_place, "nobody knows which journey " + in_ticks(entry.key) + " means",
                       "write " + in_ticks(entry.key + ": JOURNEY"));
  }
  return step;
}

template <HelpStep::Command command>
std::optional<ScenarioReader::What> ScenarioReader::read_help(const yaml::Entry& entry) {
  if (!is_mapping(entry, diagnostics_)) return std::nullopt;
  HelpStep step;
  step.command = command;
  Fields fields(entry.value, diagnostics_);
  step.journey = take_journey(fields, entry.key_place, in_ticks(entry.key));
  if (const yaml::Entry* node = fields.find("node")) step.node = read_node(*node, step.journey);
  if (const yaml::Entry* account = fields.find("account")) step.account = read_account_key(*account);
  fields.finish();
  return step;
}

std::optional<ScenarioReader::What> ScenarioReader::read_group_step(const yaml::Entry& entry) {
  if (!has_value(entry, diagnostics_)) return std::nullopt;
  const std::size_t errors = diagnostics_.errors();
  std::optional<ScenarioGroup> group = read_group(entry.value);
  const bool is_sound = group && diagnostics_.errors() == errors;
  if (is_sound && group->members.empty() && group->removed.empty() && group->stage.empty() && group->status.empty()) {
    diagnostics_.error(entry.key_place, "the step changes nothing", "add `members`, `removed`, `stage` or `status`");
  }
  return group;
}

std::optional<ScenarioReader::What> ScenarioReader::read_score(const yaml::Entry& entry) {
  if (!entry.value.is(yaml::Kind::null)) diagnostics_.error(entry.value.place, "`score_engagement` takes no value");
  if (current().engagement_model() == nullptr) {
    diagnostics_.error(entry.key_place, "nothing scores engagement", "the workspace has no active `engagement_model`");
  }
  return ScoreStep{};
}

std::optional<ScenarioReader::What> ScenarioReader::read_channel(const yaml::Entry& entry) {
  if (!is_mapping(entry, diagnostics_)) return std::nullopt;
  ChannelStep step;
  const ConfigurationDefinition& configuration = current().configuration;
  Fields fields(entry.value, diagnostics_);
  bool is_connection = false;
  if (const yaml::Entry* name = fields.require("name", "`channel`", entry.key_place)) {
    Names names = owned(channel_names);
    for (const auto& [connection, definition] : configuration.connections)
      names.push_back(connection);
    step.channel = read_known(*name, names, "channel", "it is `email`, `sms`, `chat` or a connection of caravan.yaml");
    is_connection = configuration.connections.contains(step.channel) &&
                    std::find(channel_names.begin(), channel_names.end(), step.channel) == channel_names.end();
    const bool is_missing =
        (step.channel == "sms" && !configuration.sms) || (step.channel == "chat" && !configuration.chat);
    if (is_missing)
      diagnostics_.error(name->value.place, "caravan.yaml has no channel " + in_ticks(step.channel),
                         "see `caravan help channels`");
  }
  const yaml::Entry* state = fields.require("state", "`channel`", entry.key_place);
  const std::string chosen = state == nullptr ? "" : read_choice(*state, channel_states, diagnostics_).value_or("");
  if (chosen == "down") step.state = ChannelStep::State::down;
  if (chosen == "refuses") step.state = ChannelStep::State::refuses;
  const auto only_of = [&](std::string_view key, bool fits, std::string_view rule) {
    const yaml::Entry* found = fields.find(key);
    if (found == nullptr || fits || step.channel.empty() || chosen.empty()) return found;
    diagnostics_.error(found->key_place, in_ticks(key) + " is " + std::string(rule));
    return found;
  };
  const bool is_up = chosen == "up";
  if (const yaml::Entry* reason = only_of("reason", !is_up, "why messages do not come through, and the state is `up`"))
    step.reason = read_text(*reason, diagnostics_).value_or("");
  if (const yaml::Entry* to = only_of("to", !is_connection, "an address, which a connection has none of"))
    step.to = read_text(*to, diagnostics_).value_or("");
  if (const yaml::Entry* message = only_of("template", !is_connection, "of messages, and a connection has none"))
    step.message = read_template(*message);
  if (const yaml::Entry* status = only_of("status", is_connection && is_up, "of a connection that is `up`"))
    step.status = read_whole_number(*status, 100, 599, diagnostics_).value_or(200);
  if (const yaml::Entry* answer = only_of("answer", is_connection && is_up, "of a connection that is `up`"))
    step.answer = read_value(answer->value, AttributeType::any, "answer");
  fields.finish();
  return step;
}

std::optional<ScenarioReader::What> ScenarioReader::read_bounce(const yaml::Entry& entry) {
  if (!is_mapping(entry, diagnostics_)) return std::nullopt;
  ChannelStep step;
  step.channel = "email";
  step.state = ChannelStep::State::refuses;
  Fields fields(entry.value, diagnostics_);
  fields.take_text("to", step.to);
  if (const yaml::Entry* message = fields.find("template")) step.message = read_template(*message);
  fields.take_text("reason", step.reason);
  fields.finish();
  return step;
}

}  // namespace caravan::loader
