// What may be expected of a subject: messages, events, groups, lists and the like, attributes, conditions.
#include "journeys/events.hpp"
#include "journeys/loader/scenario_reader.hpp"

namespace caravan::loader {

void ScenarioReader::read_told(Fields& fields, ExpectStep& expect) {
  if (const yaml::Entry* sent = fields.find("sent")) read_sent(*sent, expect);
  if (const yaml::Entry* notified = fields.find("notified")) expect.notified = read_texts(*notified);
  if (const yaml::Entry* events = fields.find("events")) {
    expect.events.emplace();
    if (has_value(*events, diagnostics_)) {
      for (const yaml::Node& item : one_or_several(*events)) {
        const yaml::Entry event{events->key, events->key_place, item};
        std::optional<std::string> type = loader::read_event_type(checking(), event);
        if (!type) continue;
        if (!is_kept(*type)) {
          diagnostics_.error(item.place, "the event " + in_ticks(*type) + " is heard when it happens, and not kept",
                             "expect what has come of it");
        }
        expect.events->push_back(std::move(*type));
      }
    }
  }
  if (const yaml::Entry* group = fields.find("group")) {
    if (has_value(*group, diagnostics_)) {
      for (const yaml::Node& item : one_or_several(*group))
        read_expected_group(item, expect);
    }
  }
}

void ScenarioReader::read_sent(const yaml::Entry& entry, ExpectStep& expect) {
  if (!has_value(entry, diagnostics_)) return;
  expect.sent.emplace();
  for (const yaml::Node& item : one_or_several(entry)) {
    if (item.is(yaml::Kind::mapping)) {
      expect.sent->push_back(read_message(item));
    } else if (item.is(yaml::Kind::scalar)) {
      expect.sent->push_back({item.place, read_sent_name({entry.key, entry.key_place, item}), {}, {}, {}, {}});
    } else if (!item.is(yaml::Kind::broken)) {
      diagnostics_.error(item.place,
                         "`sent` takes names of mails and messages, and mappings that begin with `template`");
    }
  }
}

ExpectedMessage ScenarioReader::read_message(const yaml::Node& node) {
  ExpectedMessage message;
  message.place = node.place;
  Fields fields(node, diagnostics_);
  const yaml::Entry* name = fields.find("template");
  const yaml::Entry* connection = fields.find("connection");
  if (name != nullptr) message.message = read_template(*name);
  if (connection != nullptr) message.message = read_connection(*connection);
  if (name != nullptr && connection != nullptr) {
    diagnostics_.error(connection->key_place, "a message is made from a `template` or is a call to a `connection`",
                       "take one of them out");
  } else if (name == nullptr && connection == nullptr) {
    diagnostics_.error(node.place, "a message needs the key `template`",
                       "a call by `webhook` has `connection` instead");
  }
  if (const yaml::Entry* to = fields.find("to")) message.to = read_text(*to, diagnostics_);
  if (const yaml::Entry* subject = fields.find("subject")) message.subject = read_text(*subject, diagnostics_);
  if (const yaml::Entry* says = fields.find("says")) {
    message.says = read_texts(*says);
    if (std::find(message.says.begin(), message.says.end(), "") != message.says.end())
      diagnostics_.error(says->key_place, "`says` has no words, and so fits everything", "write some of them");
  }
  if (const yaml::Entry* says_not = fields.find("says_not")) message.says_not = read_texts(*says_not);
  fields.finish();
  return message;
}

void ScenarioReader::read_expected_group(const yaml::Node& node, ExpectStep& expect) {
  if (node.is(yaml::Kind::broken)) return;
  if (!node.is(yaml::Kind::mapping)) {
    diagnostics_.error(node.place, "a group must be a mapping that begins with `solution_interest`");
    return;
  }
  ExpectedGroup group;
  group.place = node.place;
  Fields fields(node, diagnostics_);
  if (const yaml::Entry* interest = fields.require("solution_interest", "a group", node.place))
    group.solution_interest = read_interest(*interest);
  if (const yaml::Entry* exists = fields.find("exists")) group.exists = read_flag(*exists, diagnostics_);
  if (const yaml::Entry* completeness = fields.find("completeness"))
    group.completeness = read_whole_number(*completeness, 0, 100, diagnostics_);
  if (const yaml::Entry* engagement = fields.find("engagement"))
    group.engagement = read_whole_number(*engagement, 0, 100, diagnostics_);
  if (const yaml::Entry* stage = fields.find("stage")) {
    const bool is_none = stage->value.is(yaml::Kind::scalar) && stage->value.text.empty();
    group.stage = is_none ? std::string() : read_stage(*stage, group.solution_interest);
  }
  if (const yaml::Entry* status = fields.find("status")) group.status = read_text(*status, diagnostics_);
  if (const yaml::Entry* members = fields.find("members")) read_expected_members(*members, group);
  if (const yaml::Entry* missing = fields.find("missing_roles")) {
    group.missing_roles.emplace();
    for (const yaml::Node& item : one_or_several(*missing))
      group.missing_roles->push_back(read_role({missing->key, missing->key_place, item}, group.solution_interest));
  }
  fields.finish();
  const bool has_further =
      group.completeness || group.engagement || group.stage || group.status || group.members || group.missing_roles;
  if (group.exists == false && has_further) {
    diagnostics_.error(fields.find("exists")->key_place, "a group that is not there has nothing else to expect",
                       "take `exists` out, or all other keys");
  } else if (node.entries.size() == 1 && !group.solution_interest.empty()) {
    diagnostics_.error(node.place, "nothing is expected of the group",
                       "write `exists: true`, or for example `members`");
  }
  expect.groups.push_back(std::move(group));
}

void ScenarioReader::read_expected_members(const yaml::Entry& entry, ExpectedGroup& group) {
  if (!is_mapping(entry, diagnostics_)) return;
  group.members.emplace();
  for (const yaml::Entry& member : entry.value.entries) {
    std::string role = read_role(member, group.solution_interest);
    group.members->emplace_back(read_person_key(entry_of_key(member)), std::move(role));
  }
}

void ScenarioReader::read_places(Fields& fields, ExpectStep& expect) {
  const ConfigurationDefinition& configuration = current().configuration;
  if (const yaml::Entry* lists = fields.find("lists"))
    expect.lists = read_rosters(*lists, configuration.lists, "list", expect);
  if (const yaml::Entry* destinations = fields.find("destinations"))
    expect.destinations = read_rosters(*destinations, configuration.destinations, "destination", expect);
  if (const yaml::Entry* audiences = fields.find("audiences")) {
    Names names;
    for (const auto& [name, audience] : current().audiences)
      names.push_back(name);
    expect.audiences = read_names_that_hold(*audiences, names, "audience", "they stand in audiences/");
  }
  if (const yaml::Entry* attributes = fields.find("attributes")) {
    const bool is_person = expect.places.contains("person");
    if (is_mapping(*attributes, diagnostics_))
      expect.attributes =
          read_attributes(attributes->value, {}, is_person ? AttributeOf::people : AttributeOf::accounts);
  }
  if (const yaml::Entry* holds = fields.find("holds")) read_holds(*holds, expect);
}

std::vector<ExpectedPlace> ScenarioReader::read_rosters(
    const yaml::Entry& entry, const std::map<std::string, RosterDefinition, std::less<>>& rosters,
    std::string_view what, const ExpectStep& expect) {
  Names names;
  for (const auto& [name, roster] : rosters)
    names.push_back(name);
  std::vector<ExpectedPlace> places =
      read_names_that_hold(entry, names, what, std::string(what) + "s stand in caravan.yaml");
  for (const ExpectedPlace& place : places) {
    const auto roster = rosters.find(place.name);
    if (roster == rosters.end()) continue;
    const bool is_of_people = roster->second.of == RosterOf::people;
    if (is_of_people && !expect.places.contains("person")) {
      diagnostics_.error(place.place, "the " + std::string(what) + " " + in_ticks(place.name) + " holds people",
                         "name a `person`");
    } else if (!is_of_people && !expect.places.contains("account")) {
      diagnostics_.error(place.place, "the " + std::string(what) + " " + in_ticks(place.name) + " holds accounts",
                         "name an `account`");
    }
  }
  return places;
}

std::vector<ExpectedPlace> ScenarioReader::read_names_that_hold(const yaml::Entry& entry, const Names& known,
                                                                std::string_view what, std::string_view hint) {
  std::vector<ExpectedPlace> places;
  if (!has_value(entry, diagnostics_)) return places;
  if (!entry.value.is(yaml::Kind::mapping)) {
    for (const yaml::Node& item : one_or_several(entry)) {
      std::string name = read_known({entry.key, entry.key_place, item}, known, what, hint);
      places.push_back({std::move(name), item.place, true});
    }
    return places;
  }
  for (const yaml::Entry& one : entry.value.entries) {
    read_known(entry_of_key(one), known, what, hint);
    places.push_back({one.key, one.key_place, read_flag(one, diagnostics_).value_or(true)});
  }
  return places;
}

void ScenarioReader::read_holds(const yaml::Entry& entry, ExpectStep& expect) {
  if (!has_value(entry, diagnostics_)) return;
  const Scope scope = expect.places.contains("person") ? Scope::person : Scope::account;
  for (const yaml::Node& item : one_or_several(entry)) {
    const yaml::Entry condition{entry.key, entry.key_place, item};
    std::optional<Expression> expression =
        read_expression(checking(), condition, {scope, Within::workspace, cel::Type::boolean(), {}});
    if (expression) expect.holds.push_back(std::move(*expression));
  }
}

}  // namespace caravan::loader
