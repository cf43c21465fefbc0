#pragma once
// Caravan as a library for tests of journeys. A workspace is loaded as `caravan check` loads it, a rehearsal runs it in
// memory over a time that the test moves, and the test asks what has come of it. Nothing is ever sent, nothing sleeps.
//
//   #include <caravan/harness.hpp>
//
//   TEST_CASE("a grower who asks for a demo reaches sales") {
//     const caravan::harness::Workspace workspace("path/to/workspace");
//     caravan::harness::Rehearsal rehearsal(workspace, "2026-01-05T09:00:00Z");
//     rehearsal.account("acme", {{"industry", "technology"}, {"employees", 4200}});
//     rehearsal.person("acme-vp", "acme", {{"email", "vp@acme.example"}, {"title", "VP Research"}});
//     rehearsal.advance("3d");
//     CHECK(rehearsal.standing("ai-driven-seeds", "acme").node == "hand-raise");
//     CHECK(rehearsal.sent().at(0).subject == "Welcome");
//   }
//
// This header needs the standard library alone, and works with any test framework. One thread at a time uses a
// rehearsal; several rehearsals of one workspace may run on several threads.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace caravan::harness {

/// A moment, in milliseconds of UTC.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// Reads `2026-01-05T09:00:00Z`, another offset than Z, or a date alone (midnight UTC). Throws std::invalid_argument.
Time time_of(std::string_view text);

/// A value of an attribute, or of an event's property.
struct Value {
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;

  Value() = default;  ///< none: as a change, it takes the attribute out
  template <std::same_as<bool> Flag>
  Value(Flag flag) : value(flag) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Value(Number number) : value(static_cast<std::int64_t>(number)) {}
  Value(double number) : value(number) {}
  Value(const char* text) : value(std::string(text)) {}
  Value(std::string text) : value(std::move(text)) {}
  Value(std::string_view text) : value(std::string(text)) {}
  Value(Time time) : value(time) {}
  Value(std::chrono::milliseconds duration) : value(duration) {}
  Value(List list) : value(std::move(list)) {}
  static Value map(Map entries) {
    Value made;
    made.value = std::move(entries);
    return made;
  }

  bool is_none() const { return value.index() == 0; }
  bool operator==(const Value& other) const = default;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Time, std::chrono::milliseconds, List, Map>
      value;
};

/// Attributes by name; the last of two of one name counts.
using Attributes = std::vector<std::pair<std::string, Value>>;

/// The workspace has errors. what() has all of them as `caravan check` shows them, with file, line and column.
class WorkspaceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The engine does not take what it was given; what() says why. Nothing of it was done.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A workspace that was loaded and checked. Copies share it.
class Workspace {
 public:
  /// A folder with a caravan.yaml and what belongs to it. Throws WorkspaceError.
  explicit Workspace(const std::filesystem::path& folder);
  /// The same from texts by path (`journeys/welcome.yaml`).
  explicit Workspace(std::map<std::string, std::string> texts);
  /// The folder with some of its files replaced or added, to publish a change within a rehearsal; an empty text takes a
  /// file out.
  Workspace with(const std::map<std::string, std::string>& texts) const;

  /// The names of its journeys, in alphabetical order.
  std::vector<std::string> journeys() const;

 private:
  friend class Rehearsal;
  friend std::vector<struct ScenarioOutcome> run_scenarios(const Workspace& workspace);
  struct State;
  explicit Workspace(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// Where an account, or a person, stands in a journey.
struct Standing {
  std::string node;           ///< where its newest token stands; empty: it never entered, or it has ended
  std::string state;          ///< waiting, listening, joining, held, completed, left, failed; empty: it never entered
  std::optional<Time> until;  ///< when time will wake it
  int entries = 0;            ///< how often it has entered
  std::vector<std::string> path;       ///< of its newest entry: the nodes in the order visited, `split/path` for splits
  std::vector<std::string> last_said;  ///< of its last node and all that came after: `hand-raise, timed out`
};

/// A message that left the house.
struct Message {
  Time at{};
  std::string journey;
  std::string channel;  ///< email, sms, chat, or the name of a connection
  std::string name;     ///< the template's, the connection's, or `sales summary`
  std::string account;  ///< the key
  std::string to;       ///< the address; empty for a connection
  std::string subject;  ///< of a mail
  std::string text;     ///< as it was rendered; of a connection the body
  std::string html;     ///< of a mail
};

/// A buying group.
struct Group {
  double completeness = 0;                     ///< percent
  double engagement = 0;                       ///< 0 to 100, as of the last round
  std::string stage;                           ///< empty: none
  std::string status;                          ///< empty: none
  std::map<std::string, std::string> members;  ///< the role by the person's key
  std::vector<std::string> missing_roles;
};

/// A workspace in action, in memory, from a moment on. Each thing that happens is done with all that comes of it at
/// that moment when the function returns: an account enters a journey with the people that it has by then. A key that
/// is not there, or a name that the workspace does not have, is Refused.
class Rehearsal {
 public:
  /// Publishes all journeys of the workspace at that moment.
  Rehearsal(const Workspace& workspace, Time at);
  Rehearsal(const Workspace& workspace, std::string_view at);  ///< as time_of() reads it
  ~Rehearsal();
  Rehearsal(Rehearsal&&) noexcept;
  Rehearsal& operator=(Rehearsal&&) noexcept;

  // What happens.

  /// Makes an account, or changes the attributes that are named.
  void account(const std::string& key, const Attributes& attributes = {});
  /// The same of a person; `account` is the key of the account they belong to, empty keeps the present one.
  void person(const std::string& key, const std::string& account, const Attributes& attributes = {});
  void remove_person(const std::string& key);
  /// Something happens to a person, or to an account: `event("form.submitted", "acme-vp", {{"form", "demo"}})`.
  void event(const std::string& type, const std::string& person, const Attributes& properties = {});
  void account_event(const std::string& type, const std::string& account, const Attributes& properties = {});

  /// An account enters a journey; a person one for people.
  void enter(const std::string& journey, const std::string& account);
  void enter_person(const std::string& journey, const std::string& person);
  void pause(const std::string& journey);
  void resume(const std::string& journey);
  void close(const std::string& journey);
  void abort(const std::string& journey);
  /// Publishes another state of the workspace, which was made by Workspace::with().
  enum class UnderWay { stay, move };
  void publish(const Workspace& workspace, UnderWay under_way = UnderWay::stay);

  /// Time passes, and whatever is due on the way happens at its own time.
  void advance(std::string_view duration);  ///< `3d`, `1d12h`: on the calendar of the workspace's zone
  void advance_to(Time at);
  /// Until nobody waits any more, at most ten years.
  void run_out();
  Time now() const;

  /// From here on messages of a channel (email, sms, chat, or the name of a connection) are not taken, and tried again;
  /// or they are taken again.
  void channel_down(const std::string& channel, const std::string& reason = {});
  void channel_up(const std::string& channel);
  /// Mails to that address are refused for good.
  void bounce(const std::string& address, const std::string& reason = {});
  /// Calls of a connection are answered so.
  void answer(const std::string& connection, int status, const std::string& body);

  // What has come of it.

  Standing standing(const std::string& journey, const std::string& account) const;
  /// Of a journey for people, or of a person within a people split.
  Standing standing_of_person(const std::string& journey, const std::string& person) const;
  /// Everything that was sent, in order; to one address; or by one template.
  std::vector<Message> sent() const;
  std::vector<Message> sent_to(const std::string& address) const;
  std::vector<Message> sent_with(const std::string& name) const;
  /// Nothing when the account has no such group.
  std::optional<Group> group(const std::string& account, const std::string& solution_interest) const;
  /// None when it has no such attribute.
  Value attribute(const std::string& account, const std::string& name) const;
  Value person_attribute(const std::string& person, const std::string& name) const;
  bool in_audience(const std::string& account, const std::string& audience) const;
  bool in_list(const std::string& account, const std::string& list) const;
  bool in_destination(const std::string& account, const std::string& destination) const;
  bool person_in_list(const std::string& person, const std::string& list) const;
  bool person_in_destination(const std::string& person, const std::string& destination) const;
  /// Whether a condition holds now, for the account. Throws std::invalid_argument with what is wrong with its text, and
  /// Refused where it cannot be evaluated.
  bool holds(const std::string& condition, const std::string& account) const;
  bool holds_for_person(const std::string& condition, const std::string& person) const;
  /// What happened to an account, a line a happening: for messages of tests that fail.
  std::vector<std::string> timeline(const std::string& account) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What became of one scenario of a workspace's `scenarios/`, or of one row of a table.
struct ScenarioOutcome {
  std::string name;  ///< with its row: `an order is late (#3 friday)`
  std::string file;  ///< as the workspace's folder was given
  std::size_t line = 0;
  bool held = false;
  std::string report;  ///< of one that did not hold: where, what was expected, what was there, the account's timeline
};

/// Runs all of them. Throws WorkspaceError where a scenario has errors of its own.
std::vector<ScenarioOutcome> run_scenarios(const Workspace& workspace);

}  // namespace caravan::harness
