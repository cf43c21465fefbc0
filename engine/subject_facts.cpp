#include "engine/subject_facts.hpp"

namespace caravan {
namespace {

constexpr bool is_builtin(cel::FieldId id) {
  return static_cast<std::uint32_t>(id) >= first_builtin_field;
}

}  // namespace

cel::Value SubjectFacts::RecordObject::field(cel::FieldId id, cel::Evaluation& evaluation) const {
  if (is_builtin(id)) {
    // Accounts have only `key` built in.
    switch (person_ ? static_cast<PersonField>(id) : PersonField::key) {
      case PersonField::key: return cel::Value::string(*key_);
      case PersonField::account_role: return cel::Value::string(facts_->names_.text_of(person_->account_role));
      case PersonField::engagement: return cel::Value::floating(facts_->scores_.score(person_->id));
    }
  }
  const std::optional<AttributeValue> found = attributes_->find(NameId{static_cast<std::uint32_t>(id)});
  return found ? to_value(*found, evaluation) : cel::Value::absent();
}

cel::Value SubjectFacts::RecordObject::field(std::string_view name, cel::Evaluation& evaluation) const {
  if (const auto builtin = type_->field(name); builtin && is_builtin(builtin->id))
    return field(builtin->id, evaluation);
  const std::optional<NameId> id = facts_->names_.find(name);
  const std::optional<AttributeValue> found = id ? attributes_->find(*id) : std::nullopt;
  return found ? to_value(*found, evaluation) : cel::Value::absent();
}

bool SubjectFacts::RecordObject::has(cel::FieldId id, cel::Evaluation&) const {
  return is_builtin(id) || attributes_->find(NameId{static_cast<std::uint32_t>(id)}).has_value();
}

cel::Value SubjectFacts::RecordObject::keys(cel::Evaluation& evaluation) const {
  std::vector<cel::Value> keys = {cel::Value::string("key")};
  if (person_) {
    keys.push_back(cel::Value::string("account_role"));
    keys.push_back(cel::Value::string("engagement"));
  }
  attributes_->each(
      [&](NameId name, AttributeValue) { keys.push_back(cel::Value::string(facts_->names_.text_of(name))); });
  return evaluation.list(keys);
}

bool SubjectFacts::RecordObject::equals(const cel::Object& other) const {
  // Keys are unique among accounts, and among people.
  return &other.type() == type_ && *static_cast<const RecordObject&>(other).key_ == *key_;
}

const cel::ObjectType& SubjectFacts::JourneyObject::type() const {
  return *facts_->workspace_->vocabulary->journey_type();
}

cel::Value SubjectFacts::JourneyObject::field(cel::FieldId id, cel::Evaluation&) const {
  switch (static_cast<JourneyField>(id)) {
    case JourneyField::name: return cel::Value::string(facts_->journey_->journey.name);
    case JourneyField::entry: return cel::Value::integer(facts_->token_->entry);
    case JourneyField::entered_at: return cel::Value::timestamp(cel::Timestamp::from(facts_->token_->entered_at));
  }
  return cel::Value::absent();
}

cel::Value SubjectFacts::JourneyObject::field(std::string_view name, cel::Evaluation& evaluation) const {
  const auto known = type().field(name);
  return known ? field(known->id, evaluation) : cel::Value::absent();
}

cel::Value SubjectFacts::JourneyObject::keys(cel::Evaluation& evaluation) const {
  const std::array keys = {cel::Value::string("name"), cel::Value::string("entry"), cel::Value::string("entered_at")};
  return evaluation.list(keys);
}

void SubjectFacts::about(Subject& subject, const RunnableJourney& journey, const TokenRecord* token, Instant now) {
  about(subject, *journey.workspace, now);
  journey_ = &journey;
  token_ = token;
  journey_object_.emplace(*this);
}

void SubjectFacts::about(Subject& subject, const Workspace& workspace, Instant now) {
  subject_ = &subject;
  workspace_ = &workspace;
  journey_ = nullptr;
  token_ = nullptr;
  person_ = nullptr;
  event_ = nullptr;
  now_ = now;
  changed();
  account_object_.emplace(*this, *workspace.vocabulary->account_type(), subject.account);
}

SubjectFacts::RecordObject SubjectFacts::person_object(const PersonRecord& person) const {
  return {*this, *workspace_->vocabulary->person_type(), person};
}

cel::Value SubjectFacts::variable(Variable variable, cel::Evaluation& evaluation) {
  switch (variable) {
    case Variable::account: return cel::Value::object(*account_object_);
    case Variable::people:
      if (!std::exchange(people_made_, true)) {
        people_objects_.clear();
        for (const PersonRecord& person : subject_->people(reader_))
          people_objects_.push_back(person_object(person));
        for (const RecordObject& object : people_objects_)
          people_.push_back(cel::Value::object(object));
      }
      return cel::Value::list(people_);
    case Variable::person:
      if (!person_) return evaluation.host_error("there is no person here");
      current_person_.emplace(person_object(*person_));
      return cel::Value::object(*current_person_);
    case Variable::event:
      if (!event_) return evaluation.host_error("there is no event here");
      return evaluation.object<EventObject>(*workspace_->vocabulary->event_type(), names_, parts_of(*event_));
    case Variable::journey:
      if (!token_) return evaluation.host_error("there is no journey here");
      return cel::Value::object(*journey_object_);
    case Variable::now: return cel::Value::timestamp(cel::Timestamp::from(now_));
  }
  return evaluation.host_error("unknown variable");
}

const GroupRecord* SubjectFacts::find_group(std::string_view interest) {
  const std::optional<NameId> id = names_.find(interest);
  if (!id) return nullptr;
  const std::vector<GroupRecord>& groups = subject_->groups(reader_);
  const auto found =
      std::find_if(groups.begin(), groups.end(), [&](const GroupRecord& g) { return g.interest == *id; });
  return found == groups.end() ? nullptr : &*found;
}

bool SubjectFacts::has_group(std::string_view interest) {
  return find_group(interest) != nullptr;
}

std::optional<GroupFacts> SubjectFacts::group(std::string_view interest) {
  const GroupRecord* group = find_group(interest);
  const InterestPlan* plan = find_plan(interest);
  if (!group || !plan) return std::nullopt;
  return GroupFacts{.completeness = completeness(*group, *plan),
                    .members = members_of(*group),
                    .missing_roles = missing_roles(*group, *plan),
                    .stage = names_.text_of(group->stage),
                    .status = names_.text_of(group->status),
                    .engagement = group->engagement,
                    .raw_engagement = group->raw_engagement,
                    .stage_since = group->stage_since};
}

const InterestPlan* SubjectFacts::find_plan(std::string_view interest) {
  const InterestPlan* plan = definitions_ ? definitions_->interest(interest) : nullptr;
  return plan || !journey_ ? plan : journey_->interest(interest);
}

std::int64_t SubjectFacts::group_members(std::string_view interest, std::string_view role) {
  const GroupRecord* group = find_group(interest);
  const std::optional<NameId> id = names_.find(role);
  return group && id ? members_in(*group, *id) : 0;
}

const MemberRecord* SubjectFacts::find_member(const cel::Value& person, std::string_view interest) {
  const GroupRecord* group = find_group(interest);
  if (!group) return nullptr;
  const PersonId id = static_cast<const RecordObject&>(person.as_object()).person();
  const auto member = std::find_if(group->members.begin(), group->members.end(),
                                   [&](const MemberRecord& each) { return each.person == id; });
  return member == group->members.end() ? nullptr : &*member;
}

std::string_view SubjectFacts::role(const cel::Value& person, std::string_view interest) {
  const MemberRecord* member = find_member(person, interest);
  return member && !member->removed ? names_.text_of(member->role) : std::string_view();
}

bool SubjectFacts::was_removed(const cel::Value& person, std::string_view interest) {
  const MemberRecord* member = find_member(person, interest);
  return member && member->removed;
}

cel::Value SubjectFacts::activity(const cel::Value& subject, std::string_view type, Instant since,
                                  cel::Evaluation& evaluation) {
  const std::optional<NameId> wanted = names_.find(type);
  const PersonId person = static_cast<const RecordObject&>(subject.as_object()).person();
  std::vector<const ActivityRecord*> found;
  if (wanted) {
    const std::vector<ActivityRecord>& all = subject_->activity(reader_);
    if (!evaluation.charge(all.size() / 16)) return evaluation.list({});
    for (const ActivityRecord& each : all) {
      if (each.type == *wanted && each.at >= since && (!person || each.person == person)) found.push_back(&each);
    }
  }
  // Newest first; of the same instant, what arrived last.
  std::sort(found.begin(), found.end(), [](const ActivityRecord* a, const ActivityRecord* b) {
    return a->at != b->at ? a->at > b->at : a->sequence > b->sequence;
  });
  std::vector<cel::Value> events;
  events.reserve(found.size());
  for (const ActivityRecord* each : found) {
    events.push_back(evaluation.object<EventObject>(*workspace_->vocabulary->event_type(), names_, parts_of(*each)));
    if (events.back().is_error()) return events.back();
  }
  return evaluation.list(events);
}

const std::string& SubjectFacts::timezone() {
  if (journey_ && !journey_->journey.timezone.empty()) return journey_->journey.timezone;
  const ConfigurationDefinition& configuration = workspace_->configuration;
  if (configuration.timezone_attribute.empty()) return configuration.timezone;
  const std::optional<NameId> attribute = names_.find(configuration.timezone_attribute);
  const auto named = attribute ? subject_->account.attributes.find(*attribute) : std::nullopt;
  if (!named || named->kind() != AttributeKind::text) return configuration.timezone;
  if (named->text() == account_zone_) return account_zone_;
  if (!time_zone_exists(named->text())) return configuration.timezone;
  account_zone_ = named->text();
  return account_zone_;
}

}  // namespace caravan
