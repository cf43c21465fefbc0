#pragma once
// Scenarios as authors write them (scenarios/*.yaml), read and checked against their workspace: plain values. The
// harness in engine/harness/ runs them.

#include "journeys/definitions.hpp"
#include "journeys/workspace.hpp"

namespace caravan {

/// A scenario's name is one line of at most so many bytes.
inline constexpr std::size_t kLongestScenarioName = 200;

struct ScenarioField;
/// A value as YAML writes it: what is not quoted and reads as a truth value, a number, or a date with a time and an
/// offset is one; every other text is a text. Where the schema gives a type it is of that type: a duration is one, and
/// a whole number that must be a number is.
struct ScenarioValue {
  using List = std::vector<ScenarioValue>;
  using Map = std::vector<ScenarioField>;
  Place place;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Instant, std::chrono::milliseconds, List, Map>
      value;
};
struct ScenarioField {
  std::string name;
  Place place;
  ScenarioValue value;
};
using ScenarioFields = std::vector<ScenarioField>;

/// `{key: acme, industry: technology}`: made, or changed where it is there.
struct ScenarioAccount {
  Place place;
  std::string key;
  ScenarioFields attributes;
};

/// An account that a person belongs to beside the primary one, and what they are there.
struct ScenarioRelation {
  std::string account;
  std::string role;  ///< empty: nothing is said
};

/// `{key: acme-vp, account: acme, email: vp@acme.example}`, also `account_role`, and `accounts` as an import has them.
struct ScenarioPerson {
  Place place;
  std::string key;
  std::string account;                      ///< the primary one; empty: keeps the present one
  std::optional<std::string> account_role;  ///< none: keeps the present one; empty: takes it out
  std::vector<ScenarioRelation> accounts;   ///< beside the primary one
  ScenarioFields attributes;
};

/// `{type: form.submitted, person: acme-vp, form: demo}`: what is beside type, account, person, id and at, or stands in
/// `properties`, is a property.
struct ScenarioEvent {
  Place place;
  std::string type;
  std::string account;
  std::string person;
  std::string id;
  std::optional<Instant> at;
  ScenarioFields properties;
};

/// A buying group as a scenario begins with it, or as a hand changes it.
struct ScenarioGroup {
  Place place;
  std::string account;
  std::string solution_interest;
  std::vector<std::pair<std::string, std::string>> members;  ///< person and role (empty: the first that fits), by hand
  std::vector<std::string> removed;                          ///< taken out by hand, and stay out
  std::string stage;                                         ///< empty: as it is
  std::string status;                                        ///< empty: as it is
};

// Steps.

/// `advance: 3d`, `advance: {to: 2026-01-08T09:00:00Z}`, `advance: {to: end}`: until nobody waits any more.
struct AdvanceStep {
  std::optional<CalendarDuration> by;  ///< on the calendar of the workspace's time zone
  std::optional<Instant> to;           ///< neither: to the end, at most ten years
};
/// `remove_person: acme-vp`
struct RemovePersonStep {
  std::string person;
};
/// `enter: {account: acme}`; the journey is the scenario's unless another is named.
struct EnterStep {
  std::string journey;
  std::string account;
  std::string person;
};
/// `pause: JOURNEY`, also resume, close, abort; without a value the scenario's.
struct LifeStep {
  enum class Command { pause, resume, close, abort } command = Command::pause;
  std::string journey;
};
/// `retry: {node: welcome, account: acme}`, also skip and remove.
struct HelpStep {
  enum class Command { retry, skip, remove } command = Command::retry;
  std::string journey;
  std::string node;     ///< empty: wherever they stand
  std::string account;  ///< empty: all accounts
};
/// `publish: {with: variants/shorter}` or `publish: {texts: {journeys/a.yaml: ...}}`: the workspace with these files
/// instead of those of the same path; a text of null takes a file out. `move: true`, `gone: leave`.
struct PublishStep {
  std::shared_ptr<const Workspace> workspace;  ///< loaded and checked; its faults are the scenario's. Never null
  bool move = false;
  std::string gone;
};
/// `score_engagement:`
struct ScoreStep {};
/// From here on a channel does otherwise: `channel: {name: email, state: down}`, `bounce: {to: vp@acme.example}`.
struct ChannelStep {
  std::string channel;  ///< email, sms, chat, or the name of a connection
  enum class State { up, down, refuses } state = State::up;
  std::string reason;                   ///< what the other side says
  std::string to;                       ///< only messages to this address; empty: all
  std::string message;                  ///< `template`: only this one; empty: all
  std::optional<ScenarioValue> answer;  ///< of a connection that is up: the body that calls are answered with
  std::int64_t status = 200;            ///< of a connection: the status of HTTP
};

// Expectations. What is not written is not looked at.

/// A message as expected: what is written must fit. Texts of `says` must be in it, those of `says_not` must not.
struct ExpectedMessage {
  Place place;
  std::string message;  ///< the template's name, the connection's, or `sales summary`
  std::optional<std::string> to;
  std::optional<std::string> subject;
  std::vector<std::string> says;
  std::vector<std::string> says_not;
};
struct ExpectedGroup {
  Place place;
  std::string solution_interest;
  std::optional<bool> exists;
  std::optional<std::int64_t> completeness;  ///< percent, rounded
  std::optional<std::int64_t> engagement;    ///< rounded
  std::optional<std::string> stage;          ///< empty: none
  std::optional<std::string> status;
  /// All members with their roles; or nothing.
  std::optional<std::vector<std::pair<std::string, std::string>>> members;
  std::optional<std::vector<std::string>> missing_roles;
};
/// A list, an audience or a destination: whether the subject is in it.
struct ExpectedPlace {
  std::string name;
  Place place;
  bool in = true;
};
struct ExpectStep {
  std::string account;
  std::string person;                            ///< of a journey for people, or a person within a people split
  std::string journey;                           ///< the scenario's unless another is named
  std::optional<std::string> at;                 ///< the node where the newest token stands; `nowhere`: never entered
  std::optional<std::string> state;              ///< waiting, listening, joining, held, completed, left, failed
  std::optional<std::string> why;                ///< is in what the timeline says last of why it is there
  std::optional<Instant> until;                  ///< when time will wake it
  std::optional<std::int64_t> entries;           ///< how often it has entered
  std::optional<std::vector<std::string>> path;  ///< of its newest enrollment: node ids, `split/path`, in order
  std::optional<std::vector<ExpectedMessage>> sent;  ///< all of this journey to this subject so far, in order
  std::optional<std::vector<std::string>> notified;  ///< the addresses that were told of a hand-over, in order
  std::optional<std::vector<std::string>> events;    ///< types that the engine or somebody told of it, in order
  std::vector<ExpectedGroup> groups;
  std::vector<ExpectedPlace> lists;
  std::vector<ExpectedPlace> destinations;
  std::vector<ExpectedPlace> audiences;
  ScenarioFields attributes;           ///< of the account, or of the person where one is named; null: it has none
  std::vector<Expression> holds;       ///< expressions, in account or person scope, that must be true
  std::optional<std::string> refused;  ///< of the step before: is in why it was refused; else a refusal is a failure
  std::map<std::string, Place, std::less<>> places;  ///< of the keys that were written, by name
};

struct ScenarioStep {
  Place place;
  std::string key;  ///< as written: `advance`
  std::variant<AdvanceStep, ScenarioAccount, ScenarioPerson, RemovePersonStep, ScenarioEvent, EnterStep, LifeStep,
               HelpStep, PublishStep, ScenarioGroup, ScoreStep, ChannelStep, ExpectStep>
      what;
};

/// One scenario; of a table, one row of it.
struct ScenarioDefinition {
  std::string name;
  Place place;
  std::string row;  ///< of a table: which row, `#3 friday`; else empty
  Place row_place;
  std::string journey;  ///< that steps mean which name none; may be empty
  Instant at{};         ///< where time begins
  std::vector<ScenarioAccount> accounts;
  std::vector<ScenarioPerson> people;
  std::vector<ScenarioGroup> groups;  ///< in this order; several of one group where its stage is some steps away
  std::vector<ScenarioEvent> events;
  std::vector<ScenarioStep> steps;
};

/// The scenarios of a workspace, in the order of files and places, and what is wrong with them.
struct ScenarioSet {
  std::vector<ScenarioDefinition> scenarios;
  Diagnostics diagnostics;
  std::vector<std::unique_ptr<const SourceFile>> files;
};

/// What scenarios are read with.
struct ScenarioLoad {
  NodeShapes shapes;
  AttributeNames& names;  ///< the workspace was loaded with them
  WorkspaceLimits limits = {};
  /// What else is looked at in a workspace that a step publishes, such as its messages; it adds to the diagnostics.
  std::function<void(Workspace&)> also_check = {};
};

/// Reads and checks `scenarios/` of the workspace's folder, and the folders in it; or those of the given texts (by path
/// relative to the workspace) that would stand there. The workspace has no errors and outlives the set. Never throws
/// for what an author wrote.
ScenarioSet load_scenarios(const Workspace& workspace, const ScenarioLoad& load);
ScenarioSet load_scenarios(const Workspace& workspace, SourceTexts texts, const ScenarioLoad& load);

}  // namespace caravan
