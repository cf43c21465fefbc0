// The functions of the domain, and the objects they yield. Each asks the evaluation's facts when it is called.

#include "journeys/events.hpp"
#include "journeys/vocabulary_types.hpp"

namespace caravan {
namespace {

using cel::Evaluation;
using cel::Value;

/// `group("x")`: it asks the facts for what is read, when it is read.
class GroupObject final : public cel::Object {
 public:
  GroupObject(const cel::ObjectType& type, std::string_view interest) : type_(&type), interest_(interest) {}
  std::string_view interest() const { return interest_; }

  const cel::ObjectType& type() const override { return *type_; }
  Value field(cel::FieldId id, Evaluation& evaluation) const override {
    const std::optional<GroupFacts> facts = evaluation.host<Facts>().group(interest_);
    if (!facts) return evaluation.error(cel::ErrorCode::host, {"no buying group \"", interest_, "\""});
    switch (static_cast<GroupField>(id)) {
      case GroupField::completeness: return Value::floating(facts->completeness);
      case GroupField::members: return Value::integer(facts->members);
      case GroupField::missing_roles: return texts(facts->missing_roles, evaluation);
      case GroupField::stage: return evaluation.text(facts->stage);
      case GroupField::status: return evaluation.text(facts->status);
      case GroupField::engagement: return Value::floating(facts->engagement);
      case GroupField::raw_engagement: return Value::floating(facts->raw_engagement);
      case GroupField::stage_since:
        return facts->stage_since ? Value::timestamp(cel::Timestamp::from(*facts->stage_since)) : Value::absent();
    }
    return Value::absent();
  }
  Value field(std::string_view name, Evaluation& evaluation) const override {
    const std::optional<cel::ObjectType::Field> known = type_->field(name);
    return known ? field(known->id, evaluation) : Value::absent();
  }
  Value keys(Evaluation& evaluation) const override {
    std::vector<std::string_view> present;
    const std::vector<std::string> names = type_->field_names();
    for (const std::string& name : names) {
      const Value value = field(name, evaluation);
      if (value.is_error()) return value;
      if (!value.is_absent()) present.push_back(name);
    }
    return texts(present, evaluation);
  }
  bool equals(const cel::Object& other) const override {
    return &other.type() == type_ && static_cast<const GroupObject&>(other).interest_ == interest_;
  }

 private:
  static Value texts(const std::vector<std::string_view>& texts, Evaluation& evaluation) {
    std::vector<Value> values;
    for (const std::string_view text : texts) {
      values.push_back(evaluation.text(text));
      if (values.back().is_error()) return values.back();
    }
    return evaluation.list(values);
  }

  const cel::ObjectType* type_;
  std::string_view interest_;
};

/// A literal must be one of `names`; `thing` is what they are.
cel::LiteralCheck one_of(std::string thing, std::vector<std::string> names) {
  return [thing = std::move(thing),
          names = std::move(names)](std::string_view literal) -> std::optional<cel::LiteralFault> {
    if (std::find(names.begin(), names.end(), literal) != names.end()) return std::nullopt;
    return cel::LiteralFault{"unknown " + thing + " \"" + std::string(literal) + "\"", did_you_mean(literal, names)};
  };
}

/// A literal must be a type of events that are kept.
cel::LiteralCheck activity_type(const std::optional<std::vector<std::string>>& event_types) {
  const cel::LiteralCheck known = event_types ? one_of("type of event", *event_types) : cel::LiteralCheck{};
  return [known](std::string_view literal) -> std::optional<cel::LiteralFault> {
    if (!is_kept(literal)) {
      return cel::LiteralFault{"events of the type \"" + std::string(literal) + "\" are not kept",
                               "a journey can listen for them"};
    }
    return known ? known(literal) : std::nullopt;
  };
}

/// The window that a text says; nothing, with the reason in `problem`, when it says none.
std::optional<CalendarDuration> read_window(std::string_view text, std::string& problem) {
  std::optional<CalendarDuration> window = parse_duration(text, problem);
  if (window && *window == CalendarDuration{}) {
    problem = "it is no time at all";
    return std::nullopt;
  }
  return window;
}

std::optional<cel::LiteralFault> check_window(std::string_view literal) {
  std::string problem;
  if (read_window(literal, problem)) return std::nullopt;
  return cel::LiteralFault{"\"" + std::string(literal) + "\" is not a duration: " + problem,
                           "write for example \"30d\", \"1mo\" or \"12h\""};
}

Value activity_since(Evaluation& evaluation, std::span<const Value> arguments, Instant since) {
  return evaluation.host<Facts>().activity(arguments[0], arguments[1].as_text(), since, evaluation);
}

/// `activity(type, "30d")`, on the calendar.
Value activity_in_calendar(Evaluation& evaluation, std::span<const Value> arguments) {
  Facts& facts = evaluation.host<Facts>();
  std::string problem;
  const std::optional<CalendarDuration> window = read_window(arguments[2].as_text(), problem);
  if (!window) return evaluation.host_error("the window of activity() is not a duration: " + problem);
  return activity_since(evaluation, arguments, subtract(facts.now(), *window, facts.timezone()));
}

/// `activity(type, duration("720h"))`, to the hour.
Value activity_in_hours(Evaluation& evaluation, std::span<const Value> arguments) {
  const auto window = std::chrono::duration_cast<std::chrono::milliseconds>(arguments[2].as_duration());
  if (window <= std::chrono::milliseconds::zero()) {
    return evaluation.host_error("the window of activity() is not longer than nothing");
  }
  return activity_since(evaluation, arguments, evaluation.host<Facts>().now() - window);
}

void add_group_functions(cel::Environment& environment, const KnownNames& known) {
  const cel::LiteralCheck interest = one_of("solution interest", known.solution_interests);
  environment.add_function(
      "group(string) -> Group",
      [type = environment.find_type("Group")](Evaluation& evaluation, std::span<const Value> arguments) {
        return evaluation.object<GroupObject>(*type, arguments[0].as_text());
      },
      {interest});
  environment.add_function("has_group(string) -> bool",
                           [](Evaluation& evaluation, std::span<const Value> arguments) {
                             return Value::boolean(evaluation.host<Facts>().has_group(arguments[0].as_text()));
                           },
                           {interest});
  environment.add_function(
      "Group.count(string) -> int",
      [](Evaluation& evaluation, std::span<const Value> arguments) {
        const auto& group = static_cast<const GroupObject&>(arguments[0].as_object());
        return Value::integer(evaluation.host<Facts>().group_members(group.interest(), arguments[1].as_text()));
      },
      {one_of("role", known.roles)});
  environment.add_function("Person.role(string) -> string",
                           [](Evaluation& evaluation, std::span<const Value> arguments) {
                             return Value::string(evaluation.host<Facts>().role(arguments[0], arguments[1].as_text()));
                           },
                           {interest});
  environment.add_function(
      "Person.was_removed(string) -> bool",
      [](Evaluation& evaluation, std::span<const Value> arguments) {
        return Value::boolean(evaluation.host<Facts>().was_removed(arguments[0], arguments[1].as_text()));
      },
      {interest});
}

}  // namespace

void add_domain_functions(cel::Environment& environment, const KnownNames& known,
                          const std::optional<std::vector<std::string>>& event_types) {
  add_group_functions(environment, known);
  const cel::LiteralCheck type = activity_type(event_types);
  for (const std::string subject : {"Account", "Person"}) {
    environment.add_function(subject + ".activity(string, string) -> list(Event)", activity_in_calendar,
                             {type, check_window});
    environment.add_function(subject + ".activity(string, duration) -> list(Event)", activity_in_hours, {type});
  }
}

}  // namespace caravan
