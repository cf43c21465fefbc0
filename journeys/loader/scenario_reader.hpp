#pragma once
// Reads one scenario, or one row of it, against its workspace. It keeps what the steps before have made, so that each
// step is held to what is there when its turn comes: accounts and people, the time, what was published.

#include "journeys/loader/loading.hpp"
#include "journeys/scenario.hpp"

namespace caravan::loader {

/// What the scenarios of one load share.
struct ScenarioLoading {
  const Workspace& workspace;
  const SourceTexts& texts;  ///< of all that is below scenarios/
  const ScenarioLoad& load;
  ScenarioSet& set;
  /// What steps publish, by its texts: many steps publish the same.
  std::map<SourceTexts, std::shared_ptr<const Workspace>> published{};
  /// The paths of each node of a journey, by its id; looked up for every name in every row of a table.
  using NodePaths = std::map<std::string, std::vector<std::string>, std::less<>>;
  std::map<const JourneyDefinition*, NodePaths> nodes{};
  /// What is wrong with a folder's file is told once, however many steps publish it: its path, and what it is part of.
  std::set<std::pair<const Workspace*, std::string>> told{};
};

/// What `notify_sales` sends, as expectations name it.
inline constexpr std::string_view sales_summary = "sales summary";

/// The folder that a step's `with` means, relative to the workspace's: `scenarios/variants/shorter/`. Empty when it
/// would not be one below scenarios/, or would hold `file`, the scenario's own.
std::string published_folder(std::string_view file, std::string_view with);

class ScenarioReader {
 public:
  /// `file` is the path of the scenario's file, relative to the workspace. Faults go to `diagnostics`.
  ScenarioReader(ScenarioLoading& loading, std::string file, Diagnostics& diagnostics)
      : loading_(loading), file_(std::move(file)), diagnostics_(diagnostics), workspaces_{&loading.workspace} {}

  ScenarioDefinition read(const yaml::Node& document);

 private:
  using Items = std::span<const yaml::Node>;
  using Names = std::vector<std::string>;

  // scenario_reader.cpp: the head, and what a scenario begins with.
  void read_given(const yaml::Entry& entry);
  /// Adds a group that is given. A stage that is further than one step from where groups enter is reached step by
  /// step, as a hand would: by further groups that only change the stage.
  void add_group(ScenarioGroup group);
  Names way_to_stage(const ScenarioGroup& group) const;
  void read_steps(const yaml::Entry& entry);
  void read_step(const yaml::Node& node);

  // scenario_subjects.cpp: accounts, people, groups and events, given or by a step.
  enum class Told { given, by_step };
  std::optional<ScenarioAccount> read_account(const yaml::Node& node, Told told);
  std::optional<ScenarioPerson> read_person(const yaml::Node& node, Told told);
  std::optional<ScenarioGroup> read_group(const yaml::Node& node);
  std::optional<ScenarioEvent> read_event(const yaml::Node& node);
  std::optional<std::string> read_new_key(const yaml::Node& node, std::string_view owner);
  void read_relations(const yaml::Entry& entry, ScenarioPerson& person);
  void read_members(const yaml::Entry& entry, ScenarioGroup& group);
  void read_event_type(const yaml::Entry& entry, ScenarioEvent& event);
  void check_happened(const yaml::Entry& entry, Instant at);
  /// A name that stands as a key, as the value of an entry.
  static yaml::Entry entry_of_key(const yaml::Entry& entry);
  /// The account that a key names: one that is there.
  std::string read_account_key(const yaml::Entry& entry);
  /// The person, who is there as well.
  std::string read_person_key(const yaml::Entry& entry);
  /// Reports a person who does not belong to the account.
  void check_belongs(const std::string& person, const std::string& account, const Place& place);

  // scenario_values.cpp: values, and the attributes and properties that hold them.
  ScenarioValue read_value(const yaml::Node& node, AttributeType type, std::string_view name);
  ScenarioValue plain_value(const yaml::Node& node);
  bool fit(ScenarioValue& value, const yaml::Node& node, AttributeType type) const;
  /// The keys of a mapping that are no attributes or properties, and those of them that a name may be meant for.
  struct OwnKeys {
    std::span<const std::string_view> all;
    std::span<const std::string_view> telling;
  };
  ScenarioFields read_attributes(const yaml::Node& mapping, const OwnKeys& own, AttributeOf of);
  void read_properties(const yaml::Node& mapping, const OwnKeys& own, ScenarioEvent& event);
  /// Reports a name that nothing knows where it was meant to be one of the mapping's own keys. True: it is an error.
  bool report_misspelt(const yaml::Entry& entry, const yaml::Node& mapping, const OwnKeys& own,
                       const std::vector<AttributeDefinition>& known, bool is_closed);
  bool is_known_event(std::string_view type) const;
  /// Whether a name that nothing knows was meant to be one of `taken`; reports it then.
  bool report_misspelt(const yaml::Entry& entry, std::span<const std::string_view> taken, bool is_closed);

  // scenario_steps.cpp: what a step does, by its key. Each gives nothing where it cannot be read.
  using What = decltype(ScenarioStep::what);
  struct StepType;
  static std::span<const StepType> step_types();
  std::optional<What> read_advance(const yaml::Entry& entry);
  std::optional<What> read_event_step(const yaml::Entry& entry);
  std::optional<What> read_account_step(const yaml::Entry& entry);
  std::optional<What> read_person_step(const yaml::Entry& entry);
  std::optional<What> read_remove_person(const yaml::Entry& entry);
  std::optional<What> read_enter(const yaml::Entry& entry);
  template <LifeStep::Command command>
  std::optional<What> read_life(const yaml::Entry& entry);
  template <HelpStep::Command command>
  std::optional<What> read_help(const yaml::Entry& entry);
  std::optional<What> read_group_step(const yaml::Entry& entry);
  std::optional<What> read_score(const yaml::Entry& entry);
  std::optional<What> read_channel(const yaml::Entry& entry);
  std::optional<What> read_bounce(const yaml::Entry& entry);
  void pass(const yaml::Entry& entry, Instant to);

  // scenario_publish.cpp: another workspace, from here on.
  std::optional<What> read_publish(const yaml::Entry& entry);
  /// Where a file of what is published stands; with neither, in the workspace itself.
  struct Origin {
    std::string path;                    ///< of a folder's file, relative to the workspace
    const yaml::Node* scalar = nullptr;  ///< of a text in the scenario
  };
  struct Publication {
    SourceTexts texts;
    std::map<std::string, Origin, std::less<>> origins;  ///< by path in `texts`
  };
  void take_folder(const yaml::Entry& entry, Publication& publication);
  void take_texts(const yaml::Entry& entry, Publication& publication);
  std::shared_ptr<const Workspace> load(const SourceTexts& texts);
  void report_published(const Workspace& workspace, const Publication& publication, const Place& step);
  void read_gone(const yaml::Entry& entry, PublishStep& step);

  // scenario_expectations.cpp: what must have come of it, of whom, and where they stand.
  void read_expect(const yaml::Entry& entry);
  void read_expectation(const yaml::Entry& entry, const yaml::Node& node);
  void expect_something(const yaml::Entry& key);
  void read_subject(Fields& fields, const Place& place, ExpectStep& expect);
  void read_standing(Fields& fields, ExpectStep& expect);
  void read_path(const yaml::Entry& entry, ExpectStep& expect);

  // scenario_expected.cpp: what else is expected of them.
  void read_told(Fields& fields, ExpectStep& expect);
  void read_sent(const yaml::Entry& entry, ExpectStep& expect);
  ExpectedMessage read_message(const yaml::Node& node);
  void read_expected_group(const yaml::Node& node, ExpectStep& expect);
  void read_expected_members(const yaml::Entry& entry, ExpectedGroup& group);
  void read_places(Fields& fields, ExpectStep& expect);
  std::vector<ExpectedPlace> read_rosters(const yaml::Entry& entry,
                                          const std::map<std::string, RosterDefinition, std::less<>>& rosters,
                                          std::string_view what, const ExpectStep& expect);
  std::vector<ExpectedPlace> read_names_that_hold(const yaml::Entry& entry, const Names& known, std::string_view what,
                                                  std::string_view hint);
  void read_holds(const yaml::Entry& entry, ExpectStep& expect);

  // scenario_names.cpp: names of the workspace, and of all that was published since.
  const Workspace& current() const { return *workspaces_.back(); }
  Checking checking() const { return {current(), diagnostics_}; }
  const JourneyDefinition* find_journey(std::string_view name) const;
  std::string read_journey(const yaml::Entry& entry);
  /// The journey that a step names, or else the scenario's; reports when there is neither.
  std::string take_journey(Fields& fields, const Place& step, std::string_view what);
  std::string read_node(const yaml::Entry& entry, std::string_view journey);
  using NodePaths = ScenarioLoading::NodePaths;
  /// Of each workspace that has the journey, its nodes.
  std::vector<const NodePaths*> nodes_of(std::string_view journey);
  /// Whether some version of the journey has the node; reports it where none has.
  bool check_node(std::string_view id, const Place& place, std::string_view journey);
  std::string read_node_on_path(const yaml::Entry& entry, std::string_view journey);
  std::string read_interest(const yaml::Entry& entry);
  std::string read_role(const yaml::Entry& entry, std::string_view interest);
  std::string read_stage(const yaml::Entry& entry, std::string_view interest);
  Names template_names() const;
  Names connection_names() const;
  std::string read_template(const yaml::Entry& entry);
  /// A template or a connection.
  std::string read_sent_name(const yaml::Entry& entry);
  std::string read_connection(const yaml::Entry& entry);
  std::string read_known(const yaml::Entry& entry, Names names, std::string_view what, std::string_view hint);
  /// The names that `names_of` gives of each workspace, once each.
  template <class NamesOf>
  Names all_names(const NamesOf& names_of) const;

  /// One value, or the items of a list.
  static Items one_or_several(const yaml::Entry& entry);
  /// The texts of one scalar, or of a list of them.
  Names read_texts(const yaml::Entry& entry);
  /// A date, or a date and time with its offset, in a scenario.
  std::optional<Instant> read_time(const yaml::Entry& entry);

  struct KnownPerson {
    std::set<std::string, std::less<>> accounts;
    Place place;  ///< where they were made
    std::optional<Place> removed;
    std::string primary = {};
  };

  ScenarioLoading& loading_;
  std::string file_;
  Diagnostics& diagnostics_;
  std::vector<const Workspace*> workspaces_;  ///< the newest last
  ScenarioDefinition scenario_;
  std::map<std::string, Place, std::less<>> accounts_;
  std::map<std::string, KnownPerson, std::less<>> people_;
  Instant now_{};               ///< the time that steps have come to, or the earliest it can be
  bool knows_time_ = true;      ///< nothing has run to its end yet
  bool lacks_journey_ = false;  ///< the scenario names one that is not there
  bool after_input_ = false;    ///< the step before is one that the engine may refuse
};

}  // namespace caravan::loader
