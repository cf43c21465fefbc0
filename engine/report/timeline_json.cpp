#include "engine/report/timeline_json.hpp"

#include "engine/report/attributes_json.hpp"

namespace caravan {

namespace json = boost::json;

json::object TimelineTeller::tell(const TimelineEntry& entry) {
  json::object object{{"kind", word_for(kind_of(entry))}};
  json::object told = std::visit([&](const auto& each) { return tell_entry(each); }, entry);
  for (auto& member : told)
    object.emplace(member.key(), std::move(member.value()));
  return object;
}

json::object TimelineTeller::tell_entry(const ActivityRecord& event) {
  json::object object{{"at", to_text(event.at)}};
  if (const std::string& account = keys_.account(event.account); !account.empty()) object["account"] = account;
  if (event.person) object["person"] = keys_.person(event.person);
  object["type"] = texts_.text_of(event.type);
  object["number"] = event.sequence;
  if (!event.id.empty()) object["id"] = event.id;
  object["properties"] = as_json(event.properties, texts_);
  return object;
}

json::object TimelineTeller::tell_entry(const DeliveryRecord& delivery) {
  json::object object =
      happenings_(DeliveryHappened{delivery.key, delivery.account, delivery.version, delivery.message, delivery.state,
                                   false, delivery.attempts, delivery.reason, delivery.created_at});
  object["address"] = delivery.address;
  if (delivery.ended_at) object["ended_at"] = to_text(*delivery.ended_at);
  return object;
}

json::object TimelineTeller::tell_entry(const TimelineNote& noted) {
  const NoteRecord& note = noted.note;
  json::object object;
  if (noted.token) {
    const TokenRecord& token = *noted.token;
    object = happenings_.of_version(token.version, token.account, token.person, note.at);
    object["enrollment"] = token.parent ? token.parent.value : token.id.value;
    if (note.node != kNoNode) object["node"] = names_.of(token.version).node(note.node);
  } else {
    object["at"] = to_text(note.at);
    if (const std::string& account = keys_.account(note.account); !account.empty()) object["account"] = account;
  }
  object["about"] = word_for(note.kind);
  object["text"] = note.text;
  return object;
}

json::object TimelineTeller::tell_entry(const TimelineChange& changed) {
  json::object object = happenings_(changed.change);
  if (!changed.reason.empty()) object["reason"] = changed.reason;
  return object;
}

}  // namespace caravan
