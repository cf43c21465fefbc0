// Accounts, people, buying groups and events of scenarios, as they begin with them and as steps make them.
#include "journeys/events.hpp"
#include "journeys/loader/scenario_reader.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 1> account_keys = {"key"};
constexpr std::array<std::string_view, 4> person_keys = {"key", "account", "account_role", "accounts"};
constexpr std::array<std::string_view, 3> relation_keys = {"account", "account_role", "accounts"};
constexpr std::array<std::string_view, 6> event_keys = {"type", "account", "person", "id", "at", "properties"};
constexpr std::array<std::string_view, 1> property_keys = {"properties"};

const yaml::Entry* find_entry(const yaml::Node& mapping, std::string_view key) {
  const auto found = std::find_if(mapping.entries.begin(), mapping.entries.end(),
                                  [&](const yaml::Entry& entry) { return entry.key == key; });
  return found == mapping.entries.end() ? nullptr : &*found;
}

/// Why a text is no key; empty when it is one.
std::string fault_of_key(std::string_view key) {
  constexpr std::size_t longest = 255;
  if (key.empty()) return "a key is not empty";
  if (key.size() > longest) return "a key has at most " + std::to_string(longest) + " bytes";
  const bool is_line =
      std::none_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!is_line) return "a key has no control characters";
  if (key.front() == '~') return "a key does not begin with `~`, which the engine keeps for itself";
  return {};
}

}  // namespace

std::optional<std::string> ScenarioReader::read_new_key(const yaml::Node& node, std::string_view owner) {
  if (node.is(yaml::Kind::broken)) return std::nullopt;
  if (!node.is(yaml::Kind::mapping)) {
    diagnostics_.error(node.place, std::string(owner) + " must be a mapping that begins with `key`");
    return std::nullopt;
  }
  const yaml::Entry* entry = find_entry(node, "key");
  if (entry == nullptr) {
    diagnostics_.error(node.place, std::string(owner) + " needs the key `key`");
    return "";
  }
  const std::string key = read_text(*entry, diagnostics_).value_or("");
  if (!entry->value.is(yaml::Kind::scalar)) return "";
  const std::string fault = fault_of_key(key);
  if (fault.empty()) return key;
  diagnostics_.error(entry->value.place, fault);
  return "";
}

std::optional<ScenarioAccount> ScenarioReader::read_account(const yaml::Node& node, Told told) {
  const std::optional<std::string> key = read_new_key(node, "an account");
  if (!key) return std::nullopt;
  ScenarioAccount account{node.place, *key, read_attributes(node, {account_keys, {}}, AttributeOf::accounts)};
  if (account.key.empty()) return account;
  const Place place = find_entry(node, "key")->value.place;
  const auto [before, is_new] = accounts_.try_emplace(account.key, place);
  if (!is_new && told == Told::given) {
    diagnostics_.error(place, "there is already an account " + in_ticks(account.key),
                       "the first is in line " + std::to_string(position_of(before->second).line));
  }
  return account;
}

std::optional<ScenarioPerson> ScenarioReader::read_person(const yaml::Node& node, Told told) {
  const std::optional<std::string> key = read_new_key(node, "a person");
  if (!key) return std::nullopt;
  ScenarioPerson person;
  person.place = node.place;
  person.key = *key;
  if (const yaml::Entry* account = find_entry(node, "account")) person.account = read_account_key(*account);
  if (const yaml::Entry* role = find_entry(node, "account_role")) {
    // Nothing takes out what they are, as in an import.
    const bool is_taken_out = role->value.is(yaml::Kind::null);
    person.account_role = is_taken_out ? std::string() : read_text(*role, diagnostics_);
  }
  if (const yaml::Entry* accounts = find_entry(node, "accounts")) read_relations(*accounts, person);
  person.attributes = read_attributes(node, {person_keys, relation_keys}, AttributeOf::people);
  if (person.key.empty()) return person;
  const Place place = find_entry(node, "key")->value.place;
  const auto [known, is_new] = people_.try_emplace(person.key, KnownPerson{{}, place, std::nullopt});
  if (!is_new && told == Told::given) {
    diagnostics_.error(place, "there is already a person " + in_ticks(person.key),
                       "the first is in line " + std::to_string(position_of(known->second.place).line));
  }
  if (known->second.removed) known->second = {{}, place, std::nullopt};
  if (!person.account.empty()) {
    known->second.accounts.erase(std::exchange(known->second.primary, person.account));
    known->second.accounts.insert(person.account);
  }
  for (const ScenarioRelation& relation : person.accounts)
    known->second.accounts.insert(relation.account);
  return person;
}

void ScenarioReader::read_relations(const yaml::Entry& entry, ScenarioPerson& person) {
  if (!has_value(entry, diagnostics_)) return;
  for (const yaml::Node& item : one_or_several(entry)) {
    ScenarioRelation relation;
    if (item.is(yaml::Kind::mapping)) {
      Fields fields(item, diagnostics_);
      if (const yaml::Entry* account = fields.require("account", "an account of a person", item.place))
        relation.account = read_account_key(*account);
      fields.take_text("role", relation.role);
      fields.finish();
    } else {
      relation.account = read_account_key({entry.key, entry.key_place, item});
    }
    if (!relation.account.empty()) person.accounts.push_back(std::move(relation));
  }
}

std::string ScenarioReader::read_account_key(const yaml::Entry& entry) {
  Names keys;
  for (const auto& [key, place] : accounts_)
    keys.push_back(key);
  const std::string key =
      read_known(entry, std::move(keys), "account", "it stands under `given`, or an earlier step makes it");
  return accounts_.contains(key) ? key : "";
}

std::string ScenarioReader::read_person_key(const yaml::Entry& entry) {
  Names keys;
  for (const auto& [key, person] : people_)
    keys.push_back(key);
  const std::string key =
      read_known(entry, std::move(keys), "person", "they stand under `given`, or an earlier step makes them");
  const auto found = people_.find(key);
  if (found == people_.end()) return "";
  if (!found->second.removed) return key;
  diagnostics_.error(
      entry.value.place, "the person " + in_ticks(key) + " is not there any more",
      "the step in line " + std::to_string(position_of(*found->second.removed).line) + " has removed them");
  return "";
}

void ScenarioReader::check_belongs(const std::string& person, const std::string& account, const Place& place) {
  const auto found = people_.find(person);
  if (found == people_.end() || account.empty() || found->second.accounts.contains(account)) return;
  diagnostics_.error(place, "the person " + in_ticks(person) + " does not belong to the account " + in_ticks(account),
                     "their accounts stand in `account` and `accounts` where they are made");
}

std::optional<ScenarioGroup> ScenarioReader::read_group(const yaml::Node& node) {
  if (node.is(yaml::Kind::broken)) return std::nullopt;
  if (!node.is(yaml::Kind::mapping)) {
    diagnostics_.error(node.place, "a group must be a mapping that begins with `account`");
    return std::nullopt;
  }
  ScenarioGroup group;
  group.place = node.place;
  Fields fields(node, diagnostics_);
  if (const yaml::Entry* account = fields.require("account", "a group", node.place))
    group.account = read_account_key(*account);
  if (const yaml::Entry* interest = fields.require("solution_interest", "a group", node.place))
    group.solution_interest = read_interest(*interest);
  if (const yaml::Entry* members = fields.find("members")) read_members(*members, group);
  if (const yaml::Entry* removed = fields.find("removed")) {
    for (const yaml::Node& item : one_or_several(*removed)) {
      std::string person = read_person_key({removed->key, removed->key_place, item});
      check_belongs(person, group.account, item.place);
      if (!person.empty()) group.removed.push_back(std::move(person));
    }
  }
  if (const yaml::Entry* stage = fields.find("stage")) group.stage = read_stage(*stage, group.solution_interest);
  fields.take_text("status", group.status);
  fields.finish();
  return group;
}

void ScenarioReader::read_members(const yaml::Entry& entry, ScenarioGroup& group) {
  const auto add = [&](const yaml::Entry& person, std::string role) {
    std::string key = read_person_key(person);
    check_belongs(key, group.account, person.value.place);
    if (!key.empty()) group.members.emplace_back(std::move(key), std::move(role));
  };
  if (!has_value(entry, diagnostics_)) return;
  if (!entry.value.is(yaml::Kind::mapping)) {
    for (const yaml::Node& item : one_or_several(entry))
      add({entry.key, entry.key_place, item}, "");
    return;
  }
  for (const yaml::Entry& member : entry.value.entries) {
    std::string role;
    if (!member.value.is(yaml::Kind::null)) role = read_role(member, group.solution_interest);
    add(entry_of_key(member), std::move(role));
  }
}

yaml::Entry ScenarioReader::entry_of_key(const yaml::Entry& entry) {
  yaml::Node key;
  key.kind = yaml::Kind::scalar;
  key.place = entry.key_place;
  key.text = entry.key;
  key.begin = yaml::Node::nowhere;
  return {entry.key, entry.key_place, std::move(key)};
}

std::optional<ScenarioEvent> ScenarioReader::read_event(const yaml::Node& node) {
  if (node.is(yaml::Kind::broken)) return std::nullopt;
  if (!node.is(yaml::Kind::mapping)) {
    diagnostics_.error(node.place, "an event must be a mapping that begins with `type`");
    return std::nullopt;
  }
  ScenarioEvent event;
  event.place = node.place;
  const yaml::Entry* type = find_entry(node, "type");
  if (type == nullptr) diagnostics_.error(node.place, "an event needs the key `type`");
  if (type != nullptr) read_event_type(*type, event);
  const yaml::Entry* account = find_entry(node, "account");
  const yaml::Entry* person = find_entry(node, "person");
  if (account != nullptr) event.account = read_account_key(*account);
  if (person != nullptr) event.person = read_person_key(*person);
  if (account == nullptr && person == nullptr) {
    diagnostics_.error(node.place, "the event happened to nobody", "name a `person` or an `account`");
  } else if (account != nullptr && person != nullptr) {
    check_belongs(event.person, event.account, person->value.place);
  }
  if (const yaml::Entry* id = find_entry(node, "id")) event.id = read_text(*id, diagnostics_).value_or("");
  if (const yaml::Entry* at = find_entry(node, "at")) {
    event.at = read_time(*at);
    if (event.at) check_happened(*at, *event.at);
  }
  read_properties(node, {event_keys, property_keys}, event);
  const yaml::Entry* properties = find_entry(node, "properties");
  if (properties != nullptr && is_mapping(*properties, diagnostics_)) read_properties(properties->value, {}, event);
  return event;
}

void ScenarioReader::read_event_type(const yaml::Entry& entry, ScenarioEvent& event) {
  const std::optional<std::string> type = loader::read_event_type(checking(), entry);
  if (!type) return;
  event.type = *type;
  const EventType* known = find_event_type(*type);
  const bool is_lower = std::none_of(type->begin(), type->end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_lower) {
    diagnostics_.error(entry.value.place, "the type of an event that is told is in lower case");
  } else if (known != nullptr && known->source == EventSource::engine && !known->kept) {
    diagnostics_.error(entry.value.place, "the engine alone says that " + in_ticks(*type) + " has happened",
                       "make it happen with another step, or give the event a type of its own");
  }
}

void ScenarioReader::check_happened(const yaml::Entry& entry, Instant at) {
  if (!knows_time_ || at <= now_) return;
  diagnostics_.error(entry.value.place, "the event would happen at a time to come",
                     "it is " + to_text(now_) + " here; `advance` first, or leave `at` out");
}

}  // namespace caravan::loader
