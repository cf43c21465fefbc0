#pragma once
// The names that an author's expressions may use, and what they mean to the checker: variables, their attributes, and
// the functions of the domain (group, person.role, activity, ...). What they yield comes from `Facts`, which the engine
// supplies.
//
// How the engine plugs in:
//   - Before an evaluation it calls `set_facts(evaluation, facts)`, and evaluates with a `FactsActivation` over the
//   same
//     facts. Domain functions find the facts there; nothing else is the evaluation's host.
//   - Its account and person objects (subclasses of cel::Object) answer `type()` with `vocabulary.account_type()` and
//     `vocabulary.person_type()`, and `field(id)` by the id: below `first_builtin_field` it is the attribute of that
//     number (AttributeNames gave it), else it is one of `AccountField` or `PersonField`. Events do the same with
//     `event_type()` and `EventField`, whatever type of event an expression was compiled for; the journey's object with
//     `journey_type()` and `JourneyField`.
//   - Groups are objects of this room; they ask `Facts::group` when a field is read.

#include "journeys/cel/environment.hpp"
#include "journeys/cel/evaluation.hpp"
#include "journeys/cel/program.hpp"
#include "journeys/cel/value.hpp"
#include "journeys/workspace.hpp"

namespace caravan {

/// The variables, in the order of their slots. A variable has the same slot in every environment of a vocabulary.
enum class Variable : std::uint8_t { account, people, person, event, journey, now };

/// The names of the variables, in that order.
inline constexpr std::array<std::string_view, 6> variable_names = {"account", "people",  "person",
                                                                   "event",   "journey", "now"};

/// Field ids from here on are built in; ids below are attribute numbers.
inline constexpr std::uint32_t first_builtin_field = 0x8000'0000U;

enum class AccountField : std::uint32_t { key = first_builtin_field };
enum class PersonField : std::uint32_t { key = first_builtin_field, account_role, engagement };
/// Their names, which no attribute of people can have.
inline constexpr std::array<std::string_view, 3> person_fields = {"key", "account_role", "engagement"};
enum class JourneyField : std::uint32_t { name = first_builtin_field, entry, entered_at };
enum class GroupField : std::uint32_t {
  completeness = first_builtin_field,
  members,
  missing_roles,
  stage,
  status,
  engagement,
  raw_engagement,
  stage_since,
};
/// An event's own fields; its properties are attributes.
enum class EventField : std::uint32_t { type = first_builtin_field, at, id };

/// Whether an expression stands inside a journey, where `journey` is known.
enum class Within { workspace, journey };

/// What a buying group answers to an expression. Percentages are 0 to 100.
struct GroupFacts {
  double completeness = 0;
  std::int64_t members = 0;
  std::vector<std::string_view> missing_roles;
  std::string_view stage;   ///< empty: none
  std::string_view status;  ///< empty: none
  double engagement = 0;    ///< of the last round
  double raw_engagement = 0;
  std::optional<Instant> stage_since = {};  ///< none: it has no stage
};

/// What the engine knows about the subject at hand; one evaluation asks it for what the expression reads and no more.
class Facts {
 public:
  virtual ~Facts() = default;
  /// Called each time an expression reads the variable; the value lives as long as the evaluation.
  virtual cel::Value variable(Variable variable, cel::Evaluation& evaluation) = 0;
  virtual bool has_group(std::string_view interest) = 0;
  /// Nothing when the account has no such group; the expression then fails with `no buying group "x"`.
  virtual std::optional<GroupFacts> group(std::string_view interest) = 0;
  virtual std::int64_t group_members(std::string_view interest, std::string_view role) = 0;
  /// The role of a person object in the account's group, empty for none. It lives as long as the evaluation.
  virtual std::string_view role(const cel::Value& person, std::string_view interest) = 0;
  /// Whether a person was a member of the account's group and is not any more.
  virtual bool was_removed(const cel::Value& person, std::string_view interest) = 0;
  /// The events of a type that happened to `subject` (an account or a person object) from `since` to now, newest first:
  /// a list of event objects. An account's are also those of its people.
  virtual cel::Value activity(const cel::Value& subject, std::string_view type, Instant since,
                              cel::Evaluation& evaluation) = 0;
  /// The engine's time, and the time zone that calendar durations are counted in.
  virtual Instant now() = 0;
  virtual const std::string& timezone() = 0;
};

/// Makes `facts` what the domain's functions ask during the evaluations that follow. Not owned.
inline void set_facts(cel::Evaluation& evaluation, Facts& facts) {
  evaluation.set_host(&facts);
}

/// Variables from facts. Holds a reference only, so it may be made where it is needed.
class FactsActivation final : public cel::Activation {
 public:
  explicit FactsActivation(Facts& facts) : facts_(facts) {}
  cel::Value variable(cel::Slot slot, cel::Evaluation& evaluation) override {
    return facts_.variable(static_cast<Variable>(slot), evaluation);
  }

 private:
  Facts& facts_;
};

/// What the other documents of a workspace let expressions name.
struct KnownNames {
  std::vector<std::string> solution_interests;
  std::vector<std::string> roles;
  bool engagement_model = true;  ///< one is active: without it, nothing may read engagement
};

/// The environments that expressions of one workspace are compiled in. Immutable once made; the workspace owns one.
class Vocabulary {
 public:
  /// `names` outlives the vocabulary.
  Vocabulary(const SchemaDefinition& schema, const KnownNames& known, AttributeNames& names);

  /// In event scope `event` has the properties of `event_type`; with none, or one that is not known, those of any type.
  const cel::Environment& environment(Scope scope, Within within, std::string_view event_type = {}) const;
  const std::shared_ptr<const cel::ObjectType>& account_type() const { return account_; }
  const std::shared_ptr<const cel::ObjectType>& person_type() const { return person_; }
  const std::shared_ptr<const cel::ObjectType>& event_type() const { return event_; }
  const std::shared_ptr<const cel::ObjectType>& journey_type() const { return journey_; }
  const std::shared_ptr<const cel::ObjectType>& group_type() const { return group_; }

  /// The types of events there are, by name, where the schema declares events; nothing where every name is one.
  const std::optional<std::vector<std::string>>& event_types() const { return event_types_; }

 private:
  /// Outside a journey, and inside of one.
  using Pair = std::array<cel::Environment, 2>;
  Pair environments_of(Scope scope, const std::shared_ptr<const cel::ObjectType>& event) const;

  std::optional<std::vector<std::string>> event_types_;
  std::shared_ptr<const cel::ObjectType> account_;
  std::shared_ptr<const cel::ObjectType> person_;
  std::shared_ptr<const cel::ObjectType> event_;
  std::shared_ptr<const cel::ObjectType> journey_;
  std::shared_ptr<const cel::ObjectType> group_;
  cel::Environment basis_;  ///< types and functions, which every environment has
  std::array<Pair, 3> by_scope_;
  std::map<std::string, Pair, std::less<>> by_event_type_;
};

}  // namespace caravan
