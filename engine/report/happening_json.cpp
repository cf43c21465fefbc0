#include "engine/report/happening_json.hpp"

#include "engine/lifecycle.hpp"

namespace caravan {

namespace json = boost::json;

json::object HappeningTeller::operator()(const VisitHappened& each) {
  const VersionNames& version = names_.of(each.version);
  json::object object = of_version(each.version, each.account, each.person, each.at);
  object["enrollment"] = each.enrollment.value;
  object["node"] = version.node(each.visit.node);
  object["type"] = version.type(each.visit.node);
  if (std::string path = version.path(each.visit.node, each.visit.path); !path.empty()) object["path"] = path;
  object["outcome"] = word_for(each.visit.outcome);
  return object;
}

json::object HappeningTeller::operator()(const EnrollmentHappened& each) {
  json::object object = of_version(each.version, each.account, each.person, each.at);
  object["enrollment"] = each.enrollment.value;
  object["state"] = each.ended ? to_text(*each.ended) : "entered";
  return object;
}

json::object HappeningTeller::operator()(const DeliveryHappened& each) {
  const VersionNames& version = names_.of(each.version);
  const PersonId person{each.key.recipient.value > 0 ? each.key.recipient.value : 0};
  json::object object = of_version(each.version, each.account, person, each.at);
  object["enrollment"] = keys_.enrollment(each.key.token).value;
  object["delivery"] = name_of(each.key);
  object["channel"] = word_for(version.message_kind(each.message));
  object["message"] = version.message(each.message);
  object["state"] = each.is_promised ? "promised" : word_for(each.state);
  if (!each.reason.empty()) object["reason"] = each.reason;
  return object;
}

json::object HappeningTeller::operator()(const GroupHappened& each) {
  json::object object = of_group(each.account, each.interest, each.source, each.at);
  object["what"] = each.aspect == GroupAspect::stage ? "stage" : "status";
  if (each.before != NameId{}) object["before"] = texts_.text_of(each.before);
  if (each.after != NameId{}) object["after"] = texts_.text_of(each.after);
  return object;
}

json::object HappeningTeller::operator()(const MemberHappened& each) {
  json::object object = of_group(each.account, each.interest, each.source, each.at);
  object["person"] = keys_.person(each.person);
  object["role"] = texts_.text_of(each.role);
  object["change"] = each.is_removed ? "removed" : "assigned";
  return object;
}

json::object HappeningTeller::of_version(VersionId version, AccountId account, PersonId person, Instant at) {
  json::object object{
      {"at", to_text(at)}, {"journey", names_.journey_of(version)}, {"version", names_.of(version).number()}};
  if (const std::string& key = keys_.account(account); !key.empty()) object["account"] = key;
  if (person) object["person"] = keys_.person(person);
  return object;
}

json::object HappeningTeller::of_group(AccountId account, NameId interest, MembershipSource source, Instant at) {
  return {{"at", to_text(at)},
          {"account", keys_.account(account)},
          {"solution_interest", texts_.text_of(interest)},
          {"source", word_for(source)}};
}

}  // namespace caravan
