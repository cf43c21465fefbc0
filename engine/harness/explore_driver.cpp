// The choices are random where nothing is known of them, and of a fixed seed:
// the same journey is explored the same way each time.

#include "engine/harness/explore_driver.hpp"

namespace caravan::exploring {
namespace {

constexpr const char* kAccount = "acme";
constexpr std::size_t kMostSteps = 60;
constexpr std::size_t kMostPeople = 12;

ScenarioField text_field(const std::string& name, std::string text) {
  return {name, {}, {{}, std::move(text)}};
}

}  // namespace

void merge_fields(ScenarioFields& to, const ScenarioFields& from) {
  for (const ScenarioField& field : from) {
    const auto known =
        std::find_if(to.begin(), to.end(), [&](const ScenarioField& each) { return each.name == field.name; });
    if (known == to.end())
      to.push_back(field);
    else
      known->value = field.value;
  }
}

ScenarioPerson Driver::person(std::size_t number, ScenarioFields attributes) const {
  ScenarioPerson person;
  person.key = std::string(kAccount) + "-" + std::to_string(number);
  person.account = kAccount;
  const ConfigurationDefinition& configuration = ground_.workspace->configuration;
  person.attributes = {text_field("email", person.key + "@example.com")};
  for (const auto& channel : {configuration.sms, configuration.chat})
    if (channel && !channel->address.empty())
      merge_fields(person.attributes, {text_field(channel->address, "+1555010" + std::to_string(number))});
  merge_fields(person.attributes, attributes);
  return person;
}

Plan Driver::begin(const Aim& aim) {
  Plan plan;
  plan.at = at_;
  ScenarioAccount account{{}, kAccount, recipes_.everybody};
  // The first recipe is of an account that does no more than come in.
  const Recipe* recipe = aim.recipe != nullptr && !aim.late ? aim.recipe : nullptr;
  if (recipe == nullptr && !recipes_.of_points.empty()) recipe = &recipes_.of_points.front();
  if (recipe != nullptr) merge_fields(account.attributes, recipe->account);
  plan.accounts.push_back(std::move(account));

  const auto add = [&](const ScenarioFields& attributes) {
    if (plan.people.size() < kMostPeople) plan.people.push_back(person(plan.people.size() + 1, attributes));
  };
  const bool has_person = recipe != nullptr && recipe->person.has_value();
  if (aim.company == Company::team || (aim.company == Company::some && once_in(2))) {
    for (const RoleRecipe& role : recipes_.roles)
      for (std::int64_t i = 0; i < role.members; ++i)
        if (aim.company == Company::team || once_in(2)) add(role.person);
  }
  if (aim.company == Company::some) {
    for (std::size_t left = pick(3); left > 0; --left) {
      ScenarioFields attributes;
      for (const auto& [name, values] : recipes_.person_values)
        if (once_in(2)) merge_fields(attributes, {{name, {}, values[pick(values.size())]}});
      add(attributes);
    }
  }
  if (aim.company != Company::alone && has_person) add(*recipe->person);
  const bool needs_somebody = ground_.journey.subject == JourneySubject::person || aim.company != Company::alone;
  if (needs_somebody && plan.people.empty()) add({});
  return plan;
}

std::string Driver::any_person(PlanRun& run) {
  const std::vector<ScenarioPerson>& people = run.plan().people;
  return people.empty() ? std::string() : people[pick(people.size())].key;
}

bool Driver::enter(PlanRun& run) {
  if (!recipes_.of_entry.empty()) {
    const EventRecipe& event = recipes_.of_entry[pick(recipes_.of_entry.size())];
    return may_be_told(event.type) ? tell(run, event, 1, {}) : stir(run, event.type);
  }
  if (!ground_.journey.audience.empty()) return run.step(std::nullopt);
  EnterStep enter{ground_.journey.name, {}, {}};
  if (ground_.journey.subject == JourneySubject::person)
    enter.person = any_person(run);
  else
    enter.account = kAccount;
  return run.step(ScenarioStep{{}, "enter", enter});
}

void Driver::drive(PlanRun& run, const Aim& aim) {
  bool becomes = aim.late && aim.recipe != nullptr;
  std::size_t idle = 0;
  for (std::size_t steps = 0; steps < kMostSteps && idle < 3; ++steps) {
    const std::vector<TokenRecord> tokens = run.tokens();
    const bool is_open =
        std::any_of(tokens.begin(), tokens.end(), [](const TokenRecord& token) { return !is_final(token.state); });
    bool done = false;
    if (!is_open && (tokens.empty() || (ground_.journey.re_enter && once_in(2)))) {
      done = enter(run);
      if (!done && becomes) {
        becomes = false;
        done = become(run, *aim.recipe);
      }
    } else if (!is_open) {
      return;
    } else if (becomes && once_in(3)) {
      becomes = false;
      done = become(run, *aim.recipe);
    } else {
      done = go_on(run, aim);
    }
    idle = done ? 0 : idle + 1;
  }
}

bool Driver::go_on(PlanRun& run, const Aim& aim) {
  if (aim.company == Company::some && once_in(6)) return change_something(run);
  std::vector<TokenRecord> listening;
  for (const TokenRecord& token : run.tokens())
    if (token.state == TokenState::listening) listening.push_back(token);
  if (!listening.empty()) {
    const TokenRecord& token = listening[pick(listening.size())];
    const std::string node = run.node_of(token);
    const bool wants_time_out = aim.timed_out.contains(node);
    const bool wants_heard = aim.heard.contains(node);
    const bool listens = wants_heard != wants_time_out ? wants_heard : once_in(2);
    if (listens || !token.due_at) {
      if (listen(run, aim, token, node)) return true;
    }
  }
  return run.step(std::nullopt);
}

bool Driver::listen(PlanRun& run, const Aim& aim, const TokenRecord& token, const std::string& node) {
  const auto patterns = recipes_.of_patterns.find(node);
  if (patterns == recipes_.of_patterns.end()) return false;
  const EventRecipe& event = patterns->second[pick(patterns->second.size())];
  if (!may_be_told(event.type)) return stir(run, event.type);
  // Now and then fewer than it takes, or something that it does not hear.
  const auto at_least = recipes_.at_least.find(node);
  const std::int64_t times = at_least == recipes_.at_least.end() ? 1 : at_least->second;
  if (aim.company == Company::some && !recipes_.events.empty() && once_in(4))
    return tell(run, recipes_.events[pick(recipes_.events.size())], 1, token.person);
  return tell(run, event, times, token.person);
}

bool Driver::tell(PlanRun& run, const EventRecipe& event, std::int64_t times, PersonId about) {
  ScenarioEvent told;
  told.type = event.type;
  told.properties = event.properties;
  if (about) {
    std::vector<PersonRecord> people;
    const std::optional<AccountRecord> account = run.rehearsal().reader().account(kAccount);
    if (account) run.rehearsal().reader().people_of(account->id, people);
    for (const PersonRecord& each : people)
      if (each.id == about) told.person = each.key;
  }
  if (told.person.empty()) told.person = any_person(run);
  if (told.person.empty()) told.account = kAccount;
  bool done = false;
  for (std::int64_t i = 0; i < times; ++i)
    done = run.step(ScenarioStep{{}, "event", told}) || done;
  return done;
}

bool Driver::stir(PlanRun& run, std::string_view type) {
  if (type == "buying_group.stage_changed" || type == "buying_group.status_changed") return change_stage(run);
  if (type.starts_with("buying_group.member") || type == "buying_group.completeness_changed")
    return somebody_comes(run);
  if (type == "buying_group.engagement_changed") {
    if (!recipes_.events.empty()) tell(run, recipes_.events[pick(recipes_.events.size())], 3, {});
    return run.step(ScenarioStep{{}, "score_engagement", ScoreStep{}});
  }
  return change_something(run);
}

bool Driver::become(PlanRun& run, const Recipe& recipe) {
  bool done = false;
  if (!recipe.account.empty())
    done = run.step(ScenarioStep{{}, "account", ScenarioAccount{{}, kAccount, recipe.account}});
  if (recipe.person) {
    ScenarioPerson person;
    person.key = any_person(run);
    person.attributes = *recipe.person;
    if (!person.key.empty()) done = run.step(ScenarioStep{{}, "person", person}) || done;
  }
  return done;
}

bool Driver::change_stage(PlanRun& run) {
  ScenarioGroup group;
  group.account = kAccount;
  if (!recipes_.stages.empty() && (recipes_.statuses.empty() || once_in(2))) {
    std::tie(group.solution_interest, group.stage) = recipes_.stages[pick(recipes_.stages.size())];
  } else if (!recipes_.statuses.empty()) {
    std::tie(group.solution_interest, group.status) = recipes_.statuses[pick(recipes_.statuses.size())];
  } else {
    return false;
  }
  return run.step(ScenarioStep{{}, "group", group});
}

bool Driver::somebody_comes(PlanRun& run) {
  if (recipes_.roles.empty()) return false;
  // Numbered behind those who were given; who came by a step before is changed.
  const std::size_t number = run.plan().people.size() + 1 + pick(3);
  return run.step(ScenarioStep{{}, "person", person(number, recipes_.roles[pick(recipes_.roles.size())].person)});
}

bool Driver::change_something(PlanRun& run) {
  const auto random_field = [&](const std::map<std::string, std::vector<ScenarioValue>>& values) {
    const auto at = std::next(values.begin(), static_cast<std::ptrdiff_t>(pick(values.size())));
    return ScenarioFields{{at->first, {}, at->second[pick(at->second.size())]}};
  };
  const std::string somebody = any_person(run);
  switch (pick(6)) {
    case 0:
      if (recipes_.account_values.empty()) return false;
      return run.step(
          ScenarioStep{{}, "account", ScenarioAccount{{}, kAccount, random_field(recipes_.account_values)}});
    case 1: {
      if (recipes_.person_values.empty() || somebody.empty()) return false;
      ScenarioPerson person;
      person.key = somebody;
      person.attributes = random_field(recipes_.person_values);
      return run.step(ScenarioStep{{}, "person", person});
    }
    case 2: return !recipes_.events.empty() && tell(run, recipes_.events[pick(recipes_.events.size())], 1, {});
    case 3: return change_stage(run);
    case 4: return somebody_comes(run);
    default: {
      if (somebody.empty()) return false;
      ChannelStep bounce;
      bounce.channel = "email";
      bounce.state = ChannelStep::State::refuses;
      bounce.to = somebody + "@example.com";
      return run.step(ScenarioStep{{}, "bounce", bounce});
    }
  }
}

}  // namespace caravan::exploring
