// What nodes see and do during a visit. Everything they do is in the write set, or in the agenda, when they are done.

#include <cmath>

#include "engine/attribute_values.hpp"
#include "engine/channels/mime.hpp"
#include "engine/hand_over_values.hpp"
#include "engine/lower_case.hpp"
#include "engine/message_values.hpp"
#include "engine/turn.hpp"

namespace caravan {
namespace {

/// An SMS number or a chat handle is taken as it stands, within reason.
constexpr std::size_t kLongestHandle = 256;

constexpr std::uint16_t slot_of(NodeIndex node) {
  return static_cast<std::uint16_t>(node);
}

std::optional<double> number_in(const std::optional<AttributeValue>& value) {
  if (!value || value->kind() == AttributeKind::null) return 0.0;
  if (value->kind() == AttributeKind::integer) return static_cast<double>(value->integer());
  if (value->kind() == AttributeKind::real) return value->real();
  return std::nullopt;
}

/// A whole number as such, so that a score stays one as long as whole numbers are added.
AttributeInput number_input(double value) {
  constexpr double exact = 9'007'199'254'740'992.0;  // 2^53
  if (std::nearbyint(value) == value && std::abs(value) <= exact) return {static_cast<std::int64_t>(value)};
  return {value};
}

}  // namespace

void TurnRunner::look_at(const RunnableJourney& journey, const TokenRecord* token, const Event* event) {
  facts_.about(*subject_, journey, token, now_);
  facts_.event(event);
  set_facts(evaluation_, facts_);
}

void TurnRunner::look_at(const Workspace& workspace) {
  facts_.about(*subject_, workspace, now_);
  set_facts(evaluation_, facts_);
}

std::span<const PersonRecord> TurnRunner::people() {
  if (token_->person) return {person_, person_ ? std::size_t{1} : std::size_t{0}};
  return subject_->people(reader_);
}

cel::Value TurnRunner::evaluate(const cel::Program& program, const PersonRecord* person) {
  facts_.person(person ? person : person_);
  FactsActivation activation(facts_);
  const cel::Value value = program.evaluate(activation, evaluation_);
  if (value.is_error()) note_expression(program, std::string(value.as_error().message));
  return value;
}

/// An expression that gave nothing of use.
void TurnRunner::note_expression(const cel::Program& program, const std::string& why) {
  note(NoteKind::expression_error, program.text() + ": " + why);
  count(CounterKind::expression_errors, slot_of(at_));
}

bool TurnRunner::test(const cel::Program& condition, const PersonRecord* person) {
  const cel::Value value = evaluate(condition, person);
  if (!value.is_error() && !value.is(cel::Kind::boolean)) {
    note_expression(condition, "yields neither true nor false but " + to_text(value));
  }
  return value.is_true();
}

std::optional<AttributeInput> TurnRunner::value_of(const cel::Program& program, const PersonRecord* person) {
  const cel::Value value = evaluate(program, person);
  if (value.is_error()) return std::nullopt;
  std::optional<AttributeInput> input = to_input(value);
  if (!input) note_expression(program, "yields what cannot be kept: " + to_text(value));
  return input;
}

std::optional<std::string> TurnRunner::text_of(const cel::Program& program) {
  const cel::Value value = evaluate(program, nullptr);
  if (value.is(cel::Kind::string)) return std::string(value.as_text());
  if (!value.is_error()) note_expression(program, "yields no text but " + to_text(value));
  return std::nullopt;
}

std::optional<double> TurnRunner::number_of(const cel::Program& program, const PersonRecord* person) {
  const std::optional<AttributeInput> value = value_of(program, person);
  if (!value) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&value->value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value->value)) return *real;
  note_expression(program, "yields no number");
  return std::nullopt;
}

std::optional<Instant> TurnRunner::instant_of(const cel::Program& program) {
  const std::optional<AttributeInput> value = value_of(program, nullptr);
  if (!value) return std::nullopt;
  if (const auto* instant = std::get_if<Instant>(&value->value)) return *instant;
  if (const auto* text = std::get_if<std::string>(&value->value)) {
    if (const std::optional<Instant> read = parse_instant(*text)) return read;
  }
  note_expression(program, "yields no time");
  return std::nullopt;
}

std::optional<std::string> TurnRunner::account_text(NameId attribute) {
  const std::optional<AttributeValue> value = subject_->account.attributes.find(attribute);
  if (!value || value->kind() != AttributeKind::text) return std::nullopt;
  return std::string(value->text());
}

bool TurnRunner::send(MessageIndex message, const PersonRecord& person, std::span<const MessageValue> with) {
  const MessageKind kind = journey_->journey.messages[static_cast<std::size_t>(message)].kind;
  const RunnableMessage& runnable = journey_->messages[static_cast<std::size_t>(message)];
  const std::optional<AttributeValue> reached_at = person.attributes.find(runnable.address);
  if (!reached_at || reached_at->kind() != AttributeKind::text) return false;
  std::string address = kind == MessageKind::email ? address_of(reached_at->text()) : std::string(reached_at->text());
  if (address.empty() || address.size() > kLongestHandle) return false;
  if (kind == MessageKind::email && (is_suppressed(message, person, address) || was_mailed_already(message, address)))
    return false;
  const auto computed = [&](std::string_view name) -> std::optional<AttributeInput> {
    const auto value =
        std::find_if(with.begin(), with.end(), [&](const MessageValue& each) { return each.name == name; });
    return value == with.end() ? std::nullopt : value_of(*value->program, &person);
  };
  return promise(message, RecipientId{person.id.value}, std::move(address),
                 message_values(runnable, {*journey_, subject_->account, &person}, computed));
}

/// Whether the person must not be sent the mail, which is noted.
bool TurnRunner::is_suppressed(MessageIndex message, const PersonRecord& person, std::string_view address) {
  const Message& mail = *journey_->messages[static_cast<std::size_t>(message)].message;
  const std::optional<NotMailed> why = consent_.why_not(person.attributes, mail, address);
  if (!why) return false;
  count(CounterKind::suppressed, static_cast<std::uint16_t>(message));
  note(NoteKind::refused,
       "the mail " + mail.name() + " was not sent to " + person.key + ", " + who_is_not_mailed(*why, mail));
  return true;
}

/// Whether the journey sends each address a message once, and this one has had it; from now on it has.
bool TurnRunner::was_mailed_already(MessageIndex message, const std::string& address) {
  if (!journey_->journey.definition->email_deduplication) return false;
  MailedRecord mailed{names_.id_of(journey_->journey.name),
                      names_.id_of(journey_->journey.messages[static_cast<std::size_t>(message)].name),
                      in_lower_case(address)};
  if (mailed_.contains(mailed) || mailed_before_.contains(mailed) || reader_.was_mailed(mailed)) {
    count(CounterKind::deduplicated, static_cast<std::uint16_t>(message));
    return true;
  }
  mailed_.insert(mailed);
  changes_->mailed.push_back(std::move(mailed));
  return false;
}

bool TurnRunner::notify(MessageIndex message, int ordinal, std::string_view address, NameId interest) {
  const MessageKind kind = journey_->journey.messages[static_cast<std::size_t>(message)].kind;
  std::string reached_at = kind == MessageKind::sales_summary ? address_of(address) : std::string(address);
  if (reached_at.empty() || reached_at.size() > kLongestHandle) return false;
  const HandOver told = hand_over(told_of(interest), names_);
  AttributeMap values = kind == MessageKind::webhook ? call_values(told) : text_values(told);
  const auto computed = [&](std::string_view name) -> std::optional<AttributeInput> {
    const auto value = std::find_if(values.begin(), values.end(), [&](const auto& each) { return each.first == name; });
    return value == values.end() ? std::nullopt : std::optional(std::move(value->second));
  };
  const RunnableMessage& runnable = journey_->messages[static_cast<std::size_t>(message)];
  return promise(message, RecipientId{-ordinal}, std::move(reached_at),
                 message_values(runnable, {*journey_, subject_->account, nullptr}, computed));
}

HandOverFacts TurnRunner::told_of(NameId interest) {
  HandOverFacts facts{.plan = *interest_plan(interest), .account = subject_->account};
  facts.group = find_group(interest);
  facts.people = subject_->people(reader_);
  facts.activity = subject_->activity(reader_);
  if (plan_.definitions() && plan_.definitions()->engagement)
    facts.engagement = [this](PersonId person) { return scores_.of(person); };
  facts.journey = journey_->journey.name;
  facts.journey_title = journey_->journey.title;
  facts.now = now_;
  facts.timezone = timezone();
  return facts;
}

void TurnRunner::call(MessageIndex message, std::span<const MessageValue> body) {
  std::vector<std::pair<NameId, AttributeInput>> values;
  for (std::size_t i = 0; i < body.size(); ++i) {
    std::optional<AttributeInput> value = value_of(*body[i].program, nullptr);
    if (value) values.emplace_back(NameId{static_cast<std::uint32_t>(i)}, std::move(*value));
  }
  const MessageDefinition& definition = journey_->journey.messages[static_cast<std::size_t>(message)];
  promise(message, RecipientId{}, definition.name, Attributes().with(values));
}

bool TurnRunner::promise(MessageIndex message, RecipientId recipient, std::string address, Attributes values) {
  if (address.empty()) return false;
  DeliveryRecord delivery;
  delivery.key = {token_->id, token_->visits, recipient};
  delivery.account = subject_->account.id;
  delivery.version = journey_->record.id;
  delivery.message = message;
  delivery.created_at = now_;
  delivery.next_attempt_at = now_;
  delivery.address = std::move(address);
  delivery.values = values.bytes();
  changes_->deliveries.push_back(std::move(delivery));
  count(CounterKind::promised, static_cast<std::uint16_t>(message));
  return true;
}

void TurnRunner::save_groups() {
  if (!groups_before_) groups_before_ = subject_->groups(reader_);
}

/// What a node of a journey does: by which journey and node.
TurnRunner::Author TurnRunner::journey_author() const {
  return {MembershipSource::journey, {}, journey_->authors[static_cast<std::size_t>(at_)]};
}

bool TurnRunner::assign(NameId interest, const PersonRecord& person, NameId role) {
  save_groups();
  const InterestPlan& plan = *interest_plan(interest);
  const Author author = journey_author();
  GroupRecord& group = group_for(plan, author);
  const std::int64_t members = members_of(group);
  if (!put_in(group, plan, person.id, role, author)) return false;
  if (members_of(group) > members) count(CounterKind::joined, slot_of(at_));
  return true;
}

bool TurnRunner::unassign(NameId interest, const PersonRecord& person) {
  save_groups();
  GroupRecord* group = find_group(interest);
  return group && take_from(*group, *interest_plan(interest), person.id, journey_author());
}

bool TurnRunner::update_group(NameId interest, NameId stage, NameId status) {
  GroupRecord* group = find_group(interest);
  const InterestPlan& plan = *interest_plan(interest);
  if (!group) {
    note(NoteKind::refused, "there is no buying group of " + plan.name);
    return false;
  }
  save_groups();
  const bool other_stage = stage != NameId{} && stage != group->stage;
  const bool other_status = status != NameId{} && status != group->status;
  if (std::string why = set_stage(*group, plan, stage, status, journey_author()); !why.empty()) {
    note(NoteKind::refused, std::move(why));
    return false;
  }
  return other_stage || other_status;
}

bool TurnRunner::set_account(NameId attribute, const AttributeInput& value) {
  const std::array input = {std::pair{attribute, value}};
  Attributes changed = subject_->account.attributes.with(input);
  if (changed == subject_->account.attributes) return false;
  const std::vector<AttributeChange> difference = changes_between(subject_->account.attributes, changed);
  if (!account_before_) account_before_ = subject_->account.attributes;
  subject_->account.attributes = std::move(changed);
  changes_->accounts.push_back({subject_->account, false});
  for (const AttributeChange& each : difference)
    raise_changed(each, {});
  agenda_.push_back(Changed{{.account_attributes = {attribute}}});
  return true;
}

bool TurnRunner::set_person(const PersonRecord& person, NameId attribute, const AttributeInput& value) {
  const std::array input = {std::pair{attribute, value}};
  Attributes changed = person.attributes.with(input);
  if (changed == person.attributes) return false;
  const std::vector<AttributeChange> difference = changes_between(person.attributes, changed);
  if (!people_before_) people_before_ = subject_->people(reader_);
  PersonRecord& kept = *subject_->find_person(reader_, person.id);
  kept.attributes = std::move(changed);
  // Whoever belongs here beside another account is written as that one has them, when it is spread.
  if (kept.account == subject_->account.id) changes_->people.push_back({kept, false});
  for (const AttributeChange& each : difference)
    raise_changed(each, kept.id);
  for (const AttributeChange& each : difference)
    people_set_.emplace_back(kept.id, each);
  agenda_.push_back(Changed{{.person_attributes = {attribute}}});
  return true;
}

std::optional<double> TurnRunner::change_score(NameId score, double by, const PersonRecord* person) {
  const Attributes& attributes = person ? person->attributes : subject_->account.attributes;
  const std::optional<double> before = number_in(attributes.find(score));
  const std::string name(names_.text_of(score));
  if (!before) {
    note(NoteKind::refused, "the attribute " + name + " holds no number, and so nothing can be added to it");
    return std::nullopt;
  }
  const double after = *before + by;
  if (!std::isfinite(after)) {
    note(NoteKind::refused, "the score " + name + " would be beyond all numbers");
    return std::nullopt;
  }
  const PersonId whose = person ? person->id : PersonId{};
  const bool is_changed =
      person ? set_person(*person, score, number_input(after)) : set_account(score, number_input(after));
  if (is_changed) {
    raise_event("score.changed", {{"score", {name}}, {"old", number_input(*before)}, {"new", number_input(after)}},
                whose);
  }
  return after;
}

void TurnRunner::raise(std::string_view type, AttributeMap properties, const PersonRecord* person) {
  raise_event(type, std::move(properties), person ? person->id : PersonId{});
}

void TurnRunner::enrol(Roster roster, const PersonRecord* person, bool in) {
  changes_->rosters.push_back(
      {roster.kind, roster.name, subject_->account.id, person ? person->id : PersonId{}, now_, in});
}

void TurnRunner::enter_journey(std::string_view journey) {
  agenda_.push_back(Enter{std::string(journey), token_->person});
}

void TurnRunner::leave_journey(std::string_view journey) {
  agenda_.push_back(
      LeaveJourney{std::string(journey), token_->person, "taken out by the journey " + journey_->journey.name});
}

std::int64_t TurnRunner::taken(PathIndex path) {
  std::int64_t taken = tally_.taken(journey_->record.id, at_, path);
  // What this run has counted is not in the tally yet.
  const CounterKey key{journey_->record.id, CounterKind::taken, slot_of(at_), path};
  for (const auto& [counted, by] : counted_) {
    if (counted == key) taken += by;
  }
  return taken;
}

std::string_view TurnRunner::subject_key(const PersonRecord* person) {
  return person ? std::string_view(person->key) : std::string_view(subject_->account.key);
}

}  // namespace caravan
