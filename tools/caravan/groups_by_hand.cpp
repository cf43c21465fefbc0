// caravan groups assign, remove, release, stage, status and score: buying groups changed by hand.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/journey_library.hpp"
#include "tools/caravan/engine_command.hpp"
#include "tools/caravan/groups.hpp"

namespace caravan::tools {
namespace {

using Command = ChangeMember::Command;

struct HandOptions {
  CommandOptions command;
  std::string account;
  std::string interest;
  std::string what;  ///< a person's key, a stage or a status
  std::string role;
  std::string reason;
};

/// A store for commands, with what is published of buying groups.
class HandStore {
 public:
  explicit HandStore(const CommandOptions& options)
      : store_(database_file(options.data), options, CommandStore::Make::no),
        definitions_(JourneyLibrary(store_.store(), store_.names()).definitions()) {}

  CommandStore& commands() { return store_; }
  const InterestPlan& plan(const std::string& interest) const { return expect_interest(interest, definitions_.get()); }

  /// The group as it is now; nothing where the account has none of that interest.
  std::optional<GroupLine> group(const std::string& account, const InterestPlan& plan) {
    Reader& reader = store_.reader();
    const std::optional<AccountRecord> found = reader.account(account);
    if (!found) return std::nullopt;
    std::vector<GroupRecord> groups;
    reader.groups_of(found->id, groups);
    const auto of_interest = [&](const GroupRecord& group) { return group.interest == plan.interest; };
    const auto group = std::find_if(groups.begin(), groups.end(), of_interest);
    if (group == groups.end()) return std::nullopt;
    return GroupReader(reader, store_.names(), definitions_.get()).line_of(std::move(*group));
  }

  /// A person's place in it, removed or not; null where they have none.
  const MemberRecord* member(const GroupLine& group, const std::string& person) {
    const std::optional<PersonRecord> found = store_.reader().person(person);
    const auto& members = group.record.members;
    const auto is_meant = [&](const MemberRecord& each) { return found && each.person == found->id; };
    const auto member = std::find_if(members.begin(), members.end(), is_meant);
    return member == members.end() ? nullptr : &*member;
  }

 private:
  CommandStore store_;
  std::shared_ptr<const Definitions> definitions_;
};

/// `seeds of acme`
std::string group_name(const HandOptions& options) {
  return printable(options.interest) + " of " + printable(options.account);
}

/// `; the group is 67 % complete and misses influencer`
std::string standing(const GroupLine& group) {
  if (!group.completeness) return {};
  std::string text = "; the group is " + std::to_string(shown(*group.completeness)) + " % complete";
  for (std::size_t each = 0; each < group.missing.size(); ++each)
    text += (each == 0 ? " and misses " : ", ") + printable(group.missing[each]);
  return text;
}

void print(const HandOptions& options, const std::optional<GroupLine>& group, const std::string& sentence,
           boost::json::object extra) {
  if (!options.command.as_json) {
    std::cout << sentence << (group ? standing(*group) : "") << "\n";
    return;
  }
  boost::json::object object =
      group ? as_json(*group)
            : boost::json::object{{"account", options.account}, {"solution_interest", options.interest}};
  for (auto& [name, value] : extra)
    object[name] = std::move(value);
  std::cout << boost::json::serialize(object) << "\n";
}

std::string sentence_of(Command command, const HandOptions& options, const std::string& role) {
  const std::string person = printable(options.what);
  switch (command) {
    case Command::assign: return person + " is " + printable(role) + " in " + group_name(options);
    case Command::remove: return person + " is taken out of " + group_name(options) + " and stays out";
    case Command::release:
      return person + " is left to the conditions of " + group_name(options) + ": " +
             (role.empty() ? "no role now" : printable(role) + " now");
  }
  return {};
}

ExitCode change_member(Command command, const HandOptions& options) {
  HandStore store(options.command);
  const InterestPlan& plan = store.plan(options.interest);
  if (!options.role.empty()) expect_role(options.role, plan);
  expect_taken(store.commands().ask(
      ChangeMember{command, options.account, options.interest, options.what, options.role, options.reason}));
  const std::optional<GroupLine> group = store.group(options.account, plan);
  const MemberRecord* member = group ? store.member(*group, options.what) : nullptr;
  const bool is_in = member && !member->removed;
  const std::string role = is_in ? std::string(store.commands().names().text_of(member->role)) : std::string();
  boost::json::object extra{{"person", options.what}, {"in", is_in}};
  if (is_in) extra["role"] = role;
  print(options, group, sentence_of(command, options, role), std::move(extra));
  return ExitCode::success;
}

enum class Aspect { stage, status };

ExitCode change_group(Aspect aspect, const HandOptions& options) {
  if (options.what.empty()) throw Failure(ExitCode::usage, "a stage or a status has a name: say which");
  HandStore store(options.command);
  const InterestPlan& plan = store.plan(options.interest);
  ChangeGroup change{options.account, options.interest, {}, {}, options.reason};
  if (aspect == Aspect::stage) expect_stage(options.what, plan);
  (aspect == Aspect::stage ? change.stage : change.status) = options.what;
  expect_taken(store.commands().ask(std::move(change)));
  const std::string sentence = aspect == Aspect::stage
                                   ? group_name(options) + " is at the stage " + printable(options.what)
                                   : "the status of " + group_name(options) + " is " + printable(options.what);
  print(options, store.group(options.account, plan), sentence, {});
  return ExitCode::success;
}

/// People who have done something within the window.
std::int64_t scored_people(Reader& reader) {
  constexpr std::size_t page = 10'000;
  std::int64_t number = 0;
  std::vector<EngagementRecord> rows;
  PersonId after;
  do {
    rows.clear();
    reader.engagement_after(after, page, rows);
    number += static_cast<std::int64_t>(rows.size());
    if (!rows.empty()) after = rows.back().person;
  } while (rows.size() == page);
  return number;
}

ExitCode score(const HandOptions& options) {
  CommandStore store(database_file(options.command.data), options.command, CommandStore::Make::no);
  expect_taken(store.ask(ScoreEngagement{}));
  Reader& reader = store.reader();
  const std::optional<EngagementRoundRecord> round = reader.engagement_round();
  if (!round || !round->through) throw std::logic_error("the engine has stopped in the middle of a round");
  const std::int64_t people = scored_people(reader);
  const std::int64_t groups = reader.totals().groups;
  if (options.command.as_json) {
    std::cout << boost::json::serialize(
                     boost::json::object{{"groups", groups}, {"people", people}, {"at", to_text(round->at)}})
              << "\n";
  } else {
    std::cout << counted(groups, "group is", "groups are") << " scored, by what "
              << counted(people, "person has", "people have") << " done up to " << short_time(round->at) << "\n";
  }
  return ExitCode::success;
}

constexpr const char* common = R"(

The workspace and the database are named as of `caravan groups`, by -w and -d. While an engine runs on it, nothing is
changed: stop it first.)";

/// A part of `groups`, whose workspace and database are those of the command it belongs to.
CLI::App* add_part(CLI::App& groups, const std::shared_ptr<GroupOptions>& shared,
                   const std::shared_ptr<HandOptions>& options, const std::string& name, const char* description,
                   const std::string& example, std::function<ExitCode(const HandOptions&)> run, ExitCode& exit_code) {
  CLI::App* command = groups.add_subcommand(name, description);
  command->footer("Example\n  caravan groups " + name + example + " -w my-workspace" + common);
  command->fallthrough();
  command->group("By hand");
  add_moment_options(*command, options->command);
  command->callback([&groups, shared, options, name, run = std::move(run), &exit_code] {
    expect_no_other_options(groups, name, {});
    options->command.data = shared->data;
    exit_code = run(*options);
  });
  return command;
}

void add_subject(CLI::App& command, HandOptions& options, const char* what, const char* type, const char* summary) {
  command.add_option("account", options.account, "The account's key")->required()->type_name("ACCOUNT");
  command.add_option("interest", options.interest, "The solution interest")->required()->type_name("INTEREST");
  command.add_option(what, options.what, summary)->required()->type_name(type);
  command.add_option("--reason", options.reason, "Why, for whoever asks later")->type_name("TEXT");
}

struct MemberPart {
  Command command;
  const char* name;
  const char* description;
  const char* example;
};

constexpr std::array member_parts = {
    MemberPart{Command::assign, "assign",
               "Puts a person into an account's buying group, and makes it where there is none.\n"
               "Neither a journey nor the roles' conditions change that any more.",
               " acme ai-driven-seeds acme-vp --role decision_maker --reason 'signs the contract'"},
    MemberPart{Command::remove, "remove",
               "Takes a person out of a buying group.\n"
               "They stay out, whatever a journey or the roles' conditions say.",
               " acme ai-driven-seeds acme-vp --reason 'has left the company'"},
    MemberPart{Command::release, "release",
               "Lets the roles' conditions decide about a person again.\n"
               "What was decided by hand or by a journey is forgotten.",
               " acme ai-driven-seeds acme-vp"},
};

void add_member_part(CLI::App& groups, const std::shared_ptr<GroupOptions>& shared, const MemberPart& part,
                     ExitCode& exit_code) {
  const auto options = std::make_shared<HandOptions>();
  CLI::App* command = add_part(
      groups, shared, options, part.name, part.description, part.example,
      [&part](const HandOptions& given) { return change_member(part.command, given); }, exit_code);
  add_subject(*command, *options, "person", "PERSON", "The person's key");
  if (part.command != Command::assign) return;
  command->add_option("--role", options->role, "The role; without it, the first whose condition holds for them")
      ->type_name("ROLE");
}

void add_group_part(CLI::App& groups, const std::shared_ptr<GroupOptions>& shared, Aspect aspect, const char* name,
                    const char* description, const char* example, ExitCode& exit_code) {
  const auto options = std::make_shared<HandOptions>();
  CLI::App* command = add_part(
      groups, shared, options, name, description, example,
      [aspect](const HandOptions& given) { return change_group(aspect, given); }, exit_code);
  if (aspect == Aspect::stage) add_subject(*command, *options, name, "STAGE", "One that the stage model allows");
  if (aspect == Aspect::status) add_subject(*command, *options, name, "STATUS", "In your own words");
}

}  // namespace

void add_groups_by_hand(CLI::App& groups, const std::shared_ptr<GroupOptions>& shared, ExitCode& exit_code) {
  for (const MemberPart& part : member_parts)
    add_member_part(groups, shared, part, exit_code);
  add_group_part(groups, shared, Aspect::stage, "stage",
                 "Moves a buying group to another stage.\n"
                 "It must be one that the stage model allows from where the group stands.",
                 " acme ai-driven-seeds Engaged --reason 'asked for an offer'", exit_code);
  add_group_part(groups, shared, Aspect::status, "status", "Gives a buying group a status.",
                 " acme ai-driven-seeds 'in talks'", exit_code);
  add_part(groups, shared, std::make_shared<HandOptions>(), "score",
           "Scores the engagement of all people and buying groups now.\nElse that is done at midnight. It waits until "
           "everybody is scored.",
           "", score, exit_code);
}

}  // namespace caravan::tools
