#pragma once
// What a node type looks like in YAML: its name, its keys and what each may hold. Every node type states its shape
// beside its behaviour (nodes/), and hands it to the loader, which reads, checks and documents all of them alike.

namespace caravan {

class Diagnostics;
struct NodeDefinition;

/// What a key of a node may hold. The loader turns each into the matching alternative of `SettingValue`.
enum class KeyKind {
  text,               ///< any text                                  -> std::string
  whole_number,       ///< an integer, within KeyShape::minimum/maximum -> std::int64_t
  flag,               ///< true or false                             -> bool
  choice,             ///< one of KeyShape::choices                  -> std::string
  duration,           ///< `3d`, `1d12h`                             -> CalendarDuration
  condition,          ///< an expression that yields a bool          -> Expression
  value,              ///< an expression that yields anything        -> Expression
  values,             ///< a map of name to expression               -> ValueMap
  recipients,         ///< a list (or one) of e-mail addresses and of expressions that yield one -> Recipients
  handles,            ///< a list (or one) of `#channel` and `@person` of a chat and of expressions that yield one; only
                      ///< where caravan.yaml has a channel for chats -> Recipients
  email_template,     ///< the name of a file in emails/             -> std::string
  solution_interest,  ///< the name of a solution interest           -> std::string
  role,               ///< a role of the node's solution interest    -> std::string
  stage,              ///< a stage of its stage model                -> std::string
  text_template,      ///< the name of a file in messages/           -> std::string
  connection,         ///< the name of a connection of caravan.yaml  -> std::string
  list,               ///< the name of a list of caravan.yaml        -> std::string
  destination,        ///< the name of a destination of caravan.yaml -> std::string
  journey,            ///< the name of a journey                     -> std::string
  attribute,          ///< the name of an attribute; in person scope, of people    -> std::string
  moment,             ///< a date, or an expression that yields a timestamp -> Moment
  weekly_time,        ///< `{days: [mon, fri], time: "09:00", timezone: Europe/Berlin}`, any of them -> WeeklyTime
  time_zone,          ///< an IANA name                              -> std::string
  wait,               ///< a duration, or a mapping of a wait's keys -> WaitDefinition
  event_type,         ///< `form.submitted`                          -> std::string
  events,             ///< a list of `{event, where, at_least}`      -> EventPatterns
  paths,              ///< a list of paths                           -> NodeDefinition::paths
  exit_path,  ///< `{next: id}` or `{nodes: [...]}`          -> one more of NodeDefinition::paths, named as the key less
              ///< `on_`
};

/// Whose expression it is: what the names in it may be. What runs for one person (in a people split, in a journey for
/// people) knows `person` everywhere, whatever a key's scope.
enum class Scope {
  account,  ///< account, people, group(), journey, now
  person,   ///< the same and `person`
  event,    ///< the same, `event`, and `person` where the event is a person's
};

struct KeyShape {
  std::string_view name;
  KeyKind kind = KeyKind::text;
  bool required = false;
  std::string_view summary;  ///< one sentence for the reference and for editors
  Scope scope = Scope::account;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::vector<std::string_view> choices = {};
  bool names_attributes = false;  ///< of `values`: its names are attributes of accounts or, in person scope, of people
};

/// Whether a token stops at a node, for the rule that a cycle must wait.
enum class Stops {
  never,
  always,
  with_timeout,  ///< at a listen, which may never be left: only one with a `timeout` counts
};

/// Where a token goes after a node.
enum class Continues {
  next,      ///< to `next` or to the node below; its paths, if any, are exits (`on_timeout`)
  by_paths,  ///< by one of its paths; after a path's own nodes to `next` or to the node below
  nowhere,   ///< it ends here
};

/// How a token is told which path to take.
enum class PathChoice {
  condition,  ///< `when`; only the last may have none
  percent,    ///< `percent`, whole numbers that add up to 100
};

/// Whether each of the account's people goes along a path of their own, to come together after the node.
enum class ForPeople {
  never,
  always,
  by_people,  ///< when the key `by` says `people`
};

struct PathShape {
  std::size_t minimum = 1;
  std::size_t maximum = 25;  ///< for editors; a workspace is held to the limits of its caravan.yaml
  PathChoice choice = PathChoice::condition;
  ForPeople people = ForPeople::never;
};

struct NodeShape {
  std::string_view type;        ///< the key in YAML: `send_email`
  std::string_view summary;     ///< one sentence
  std::string_view short_form;  ///< the key that a bare scalar or list stands for (`wait: 3d`); empty: none
  std::vector<KeyShape> keys;
  Stops stops = Stops::never;
  Continues continues = Continues::next;
  std::optional<PathShape> paths = {};  ///< for `Continues::by_paths`
  std::string_view example;             ///< YAML of one node, run through the loader by a test
  /// Reports what no key can say alone: keys that exclude or need each other. Null: nothing. It is asked once all keys
  /// have been read, of a node whose keys have no faults of their own.
  void (*check)(const NodeDefinition& node, Diagnostics& diagnostics) = nullptr;
};

/// The node types there are, by name; nodes/registry.hpp has the only real one.
using NodeShapes = std::span<const NodeShape* const>;

}  // namespace caravan
