#include "engine/api/schemas.hpp"

#include <boost/json/array.hpp>

namespace caravan::api {
namespace {

namespace json = boost::json;

using Members = std::vector<std::pair<std::string, json::value>>;

json::object text(std::string_view description = {}) {
  json::object schema{{"type", "string"}};
  if (!description.empty()) schema["description"] = description;
  return schema;
}

json::object of_type(std::string_view type) {
  return {{"type", type}};
}

json::object number() {
  return of_type("number");
}
json::object whole() {
  return of_type("integer");
}
json::object flag() {
  return of_type("boolean");
}
json::object any_object() {
  return of_type("object");
}
json::object time() {
  return {{"type", "string"}, {"format", "date-time"}};
}
json::object or_null(std::string_view type, std::string_view description = {}) {
  json::object schema{{"type", json::array{type, "null"}}};
  if (!description.empty()) schema["description"] = description;
  return schema;
}
json::object words(std::initializer_list<std::string_view> some) {
  json::array all;
  for (const std::string_view word : some)
    all.emplace_back(word);
  return {{"type", "string"}, {"enum", std::move(all)}};
}
json::object ref(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string(name)}};
}
json::object list(json::value of) {
  return {{"type", "array"}, {"items", std::move(of)}};
}

/// `always` are there in every one; others than these there are none.
json::object closed(const Members& always, const Members& sometimes = {}) {
  json::object properties;
  json::array required;
  for (const auto& [name, schema] : always) {
    properties[name] = schema;
    required.emplace_back(name);
  }
  for (const auto& [name, schema] : sometimes)
    properties[name] = schema;
  json::object object{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) object["required"] = std::move(required);
  return object;
}

/// The same, and others as well: attributes, properties.
json::object open(const Members& always, const Members& sometimes = {}) {
  json::object object = closed(always, sometimes);
  object.erase("additionalProperties");
  return object;
}

json::object page_of(json::value of) {
  return closed(
      {{"items", list(std::move(of))}, {"next", or_null("string", "the cursor of the next page; null at the end")}});
}

json::object list_of(json::value of) {
  return closed({{"items", list(std::move(of))}});
}

json::object one_of(json::value left, json::value right) {
  return {{"oneOf", json::array{std::move(left), std::move(right)}}};
}

Members joined(Members left, const Members& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

void add_common(json::object& all) {
  all["Problem"] = closed({{"type", text()},
                           {"title", text()},
                           {"status", whole()},
                           {"code", text("words joined by dashes, which a program may rely on")},
                           {"detail", text("what is wrong and what to do")}},
                          {{"field", text("the parameter, header or member that is wrong")}});
  all["Result"] = closed({{"result", text("what became of it")}});
  all["Health"] = closed({{"status", text()}});
}

void add_subjects(json::object& all) {
  all["Attributes"] = json::object{
      {"type", "object"}, {"description", "by name: texts, numbers, flags, timestamps as ISO 8601, lists and maps"}};
  all["Account"] = closed({{"key", text()}, {"attributes", ref("Attributes")}});
  all["AccountPage"] = page_of(ref("Account"));
  all["Person"] = closed({{"key", text()}, {"account", or_null("string")}, {"attributes", ref("Attributes")}},
                         {{"account_role", text()}});
  all["PersonPage"] = page_of(ref("Person"));
  all["PersonInput"] = open({}, {{"account", text("the key of their account")},
                                 {"account_role", or_null("string", "what they are in it")},
                                 {"accounts", list(any_object())}});
  json::object person = all["PersonInput"].as_object();
  person["required"] = json::array{"key"};
  person["properties"].as_object()["key"] = text();
  all["AccountWithPeople"] = closed({}, {{"attributes", ref("Attributes")}, {"people", list(std::move(person))}});
  all["PeopleOfAccountPage"] = page_of(
      closed({{"key", text()}, {"is_primary", flag()}, {"attributes", ref("Attributes")}}, {{"account_role", text()}}));
  all["PersonStory"] =
      closed({{"key", text()}, {"account", or_null("string")}, {"attributes", ref("Attributes")}},
             {{"account_role", text()},
              {"engagement", closed({{"score", number()}, {"raw", number()}, {"counts", any_object()}})}});
  const json::object place = closed({{"solution_interest", text()},
                                     {"role", text()},
                                     {"since", time()},
                                     {"source", words({"conditions", "journey", "hand"})},
                                     {"removed", flag()}});
  all["AccountsOfPersonPage"] = page_of(
      closed({{"account", text()}, {"is_primary", flag()}, {"buying_groups", list(place)}}, {{"role", text()}}));
  all["Relation"] = closed({}, {{"role", text("what they are in that account")}});
}

void add_intake(json::object& all) {
  all["AccountLine"] = open({{"key", text()}});
  all["PersonLine"] = open({{"key", text()}}, {{"account", text("the key of their account")}});
  all["Event"] = open({{"type", text("lower-case words joined by dots, such as form.submitted")}},
                      {{"account", text("the key of whom it happened to")},
                       {"person", text("the same")},
                       {"id", text("the sender's; an account takes each once")},
                       {"at", text("when; now without it")}});
  json::object batch = list(ref("Event"));
  batch["minItems"] = 1;
  batch["maxItems"] = 1'000;
  all["EventOrEvents"] = one_of(ref("Event"), std::move(batch));
  all["EventResults"] =
      one_of(ref("Result"),
             closed({{"results",
                      list(closed({{"result", text()}}, {{"code", text()}, {"reason", text()}, {"field", text()}}))}}));
  all["LineResult"] = one_of(
      closed({{"line", whole()}, {"result", words({"created", "updated", "known", "refused"})}}, {{"reason", text()}}),
      closed({{"summary", any_object()}}));
}

void add_groups(json::object& all) {
  const Members group = {{"account", text()},      {"solution_interest", text()}, {"completeness", or_null("number")},
                         {"engagement", number()}, {"raw_engagement", number()},  {"missing_roles", list(text())},
                         {"created_at", time()}};
  const Members sometimes = {{"stage", text()}, {"stage_since", time()}, {"status", text()}};
  all["Group"] = closed(joined(group, {{"members", whole()}}), sometimes);
  all["GroupPage"] = page_of(ref("Group"));
  const json::object source = words({"conditions", "journey", "hand"});
  all["GroupMemberPage"] = page_of(closed({{"person", text("empty where they are gone")},
                                           {"role", text()},
                                           {"since", time()},
                                           {"source", source},
                                           {"removed", flag()}},
                                          {{"reason", text()}}));
  all["GroupHistoryPage"] = page_of(closed({{"at", time()}, {"what", words({"stage", "status"})}, {"source", source}},
                                           {{"before", text()}, {"after", text()}, {"reason", text()}}));
  all["GroupChange"] = closed({}, {{"stage", text("one that the stage model allows from here")},
                                   {"status", text()},
                                   {"reason", text("kept with it")}});
  all["Membership"] =
      closed({}, {{"role", text("without it the first whose condition holds")}, {"reason", text("kept with it")}});
}

/// Each kind of a timeline's entries, in the words of the stream.
json::array timeline_entries() {
  const auto entry = [](std::string_view kind, Members always, Members sometimes) {
    always.insert(always.begin(), {{"kind", words({kind})}, {"at", time()}});
    sometimes.emplace_back("account", text());
    sometimes.emplace_back("person", text("empty where they are gone"));
    return closed(always, sometimes);
  };
  const Members journey = {{"journey", text()}, {"version", whole()}, {"enrollment", whole()}};
  return {
      entry("event", {{"type", text()}, {"number", whole()}, {"properties", any_object()}}, {{"id", text()}}),
      entry("enrollment", joined(journey, {{"state", words({"entered", "completed", "left", "failed"})}}), {}),
      entry("visit", joined(journey, {{"node", text()}, {"type", text()}, {"outcome", text()}}), {{"path", text()}}),
      entry("delivery",
            joined(journey,
                   {{"delivery", text("its id")},
                    {"channel", text()},
                    {"message", text()},
                    {"address", text()},
                    {"state", words({"pending", "under_way", "delivered", "failed", "in_doubt", "suppressed"})}}),
            {{"reason", text()}, {"ended_at", time()}}),
      entry("note",
            {{"about",
              words({"expression_error", "failure", "refused", "taken_out", "reached_goal", "moved", "interfered"})},
             {"text", text()}},
            joined(journey, {{"node", text()}})),
      entry("group",
            {{"solution_interest", text()},
             {"what", words({"stage", "status"})},
             {"source", words({"conditions", "journey", "hand"})}},
            {{"before", text()}, {"after", text()}, {"reason", text()}}),
  };
}

void add_timelines(json::object& all) {
  all["TimelineEntry"] = json::object{{"oneOf", timeline_entries()}};
  all["TimelinePage"] = page_of(ref("TimelineEntry"));
}

void add_journeys(json::object& all) {
  Members figures = {{"journey", text()},
                     {"title", text()},
                     {"version", whole()},
                     {"newest", flag()},
                     {"state", words({"live", "paused", "closed", "finished", "aborted"})},
                     {"state_since", time()},
                     {"published_at", time()}};
  for (const char* count :
       {"entered", "under_way", "completed", "left", "failed", "held", "reached_goal", "moved_in", "moved_out"})
    figures.emplace_back(count, whole());
  all["JourneyFigures"] = closed(figures);
  all["JourneyList"] = list_of(ref("JourneyFigures"));
  const json::object map_line = closed({{"depth", whole()}}, {{"node", text()},
                                                              {"path", text()},
                                                              {"type", text()},
                                                              {"leads", text()},
                                                              {"visited", whole()},
                                                              {"taken", whole()},
                                                              {"share", number()},
                                                              {"standing", whole()},
                                                              {"held", whole()},
                                                              {"timed_out", whole()},
                                                              {"joined", whole()},
                                                              {"failed_expressions", whole()}});
  const json::object message = open({{"message", text()},
                                     {"promised", whole()},
                                     {"delivered", whole()},
                                     {"waiting", whole()},
                                     {"undelivered", whole()},
                                     {"deduplicated", whole()},
                                     {"suppressed", whole()}});
  all["JourneyVersion"] = closed(joined(figures, {{"map", list(map_line)}, {"messages", list(message)}}));
  all["Journey"] = closed({{"journey", text()},
                           {"versions", list(ref("JourneyVersion"))},
                           {"next", or_null("string", "the cursor of the versions before; null at the end")}});
  all["Status"] = closed({{"version", text("of the program")},
                          {"ready", flag()},
                          {"accounts", whole()},
                          {"people", whole()},
                          {"buying_groups", whole()},
                          {"members", whole()},
                          {"engine_time", or_null("string")},
                          {"journeys", list(ref("JourneyVersion"))}},
                         {{"condition", text("what keeps the daemon from going on")}});
  all["Enrol"] = closed(
      {}, {{"account", text("the key of the account that enters")}, {"person", text("in a journey for people")}});
  json::object everybody = flag();
  everybody["description"] = "to remove all who are under way";
  all["Abort"] = closed({{"everybody", flag()}});
  all["Interference"] = closed(
      {}, {{"account", text("of this account alone")}, {"node", text("at this node alone")}, {"everybody", everybody}});
  all["Publication"] = closed({}, {{"journeys", list(text())}, {"move", flag()}, {"gone", text()}});
  all["PublicationReport"] =
      closed({{"journeys", list(open({{"journey", text()}, {"change", text()}, {"version", whole()}}))},
              {"published", flag()}});
}

void add_enrollments(json::object& all) {
  const Members token = {
      {"id", whole()},
      {"journey", text()},
      {"version", whole()},
      {"state", words({"ready", "waiting", "listening", "joining", "held", "completed", "left", "failed"})},
      {"entry", whole()},
      {"entered_at", time()}};
  const Members sometimes = {{"account", text()},  {"person", text()},       {"node", text()},     {"due_at", time()},
                             {"ended_at", time()}, {"reached_goal", flag()}, {"attempts", whole()}};
  all["Enrollment"] = closed(token, sometimes);
  all["EnrollmentPage"] = page_of(ref("Enrollment"));
  all["EnrollmentStory"] = closed(token, joined(sometimes, {{"untold", text("why nothing tells what it did")}}));
  all["Delivery"] = closed(
      {{"id", text()},
       {"enrollment", whole()},
       {"journey", text()},
       {"version", whole()},
       {"channel", text()},
       {"message", text()},
       {"address", text()},
       {"state", words({"pending", "under_way", "delivered", "failed", "in_doubt", "suppressed"})},
       {"attempts", whole()},
       {"created_at", time()}},
      {{"account", text()}, {"person", text()}, {"next_attempt_at", time()}, {"ended_at", time()}, {"reason", text()}});
  all["DeliveryPage"] = page_of(ref("Delivery"));
}

void add_memberships(json::object& all) {
  const Members who = {{"account", text()}, {"person", text()}};
  all["MemberSetList"] = list_of(closed({{"name", text()}, {"title", text()}, {"of", words({"accounts", "people"})}}));
  all["MemberPage"] = page_of(closed({{"since", time()}}, who));
  all["MembershipPage"] =
      page_of(closed({{"in", words({"audience", "list", "destination"})}, {"name", text()}, {"since", time()}}, who));
  all["ChangeFeed"] =
      closed({{"items", list(closed({{"number", whole()}, {"change", words({"in", "out"})}, {"at", time()}}, who))},
              {"last", whole()}});
}

void add_the_rest(json::object& all) {
  all["ScenarioList"] = list_of(closed({{"scenario", text()}, {"journey", text()}, {"file", text()}}));
  all["ScenarioChoice"] =
      closed({}, {{"filter", text("stands in its name or file")}, {"journey", text("of this journey alone")}});
  all["ScenarioRun"] = closed({{"run", whole()},
                               {"failed", whole()},
                               {"loading_milliseconds", number()},
                               {"running_milliseconds", number()},
                               {"scenarios", list(open({{"scenario", text()}, {"holds", flag()}}))}});
  all["AuditPage"] =
      page_of(closed({{"number", whole()}, {"at", time()}, {"action", text()}, {"target", text()}, {"request", text()}},
                     {{"caller", text()}, {"refused", text()}}));
}

}  // namespace

json::object schemas() {
  json::object all;
  add_common(all);
  add_subjects(all);
  add_intake(all);
  add_groups(all);
  add_timelines(all);
  add_journeys(all);
  add_enrollments(all);
  add_memberships(all);
  add_the_rest(all);
  return all;
}

}  // namespace caravan::api
