#include "engine/report/group_lines.hpp"

#include "engine/report/attributes_json.hpp"

namespace caravan {
namespace {

constexpr std::size_t page = 1'000;

std::optional<std::int64_t> parse_bound(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > 100) return std::nullopt;
  return number;
}

[[noreturn]] void fail_unknown(UnknownName::Of of, const std::string& what, const std::string& name,
                               std::vector<std::string> known) {
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const std::string meant = did_you_mean(name, known);
  throw UnknownName(what + " \"" + name + "\"" + (meant.empty() ? "" : "; " + meant), of);
}

/// The plans that a filter is about: of its solution interest, or all.
std::vector<const InterestPlan*> plans_of(const GroupFilter& filter, const Definitions& definitions) {
  std::vector<const InterestPlan*> plans;
  for (const InterestPlan& plan : definitions.interests) {
    if (filter.interest.empty() || filter.interest == plan.name) plans.push_back(&plan);
  }
  return plans;
}

void expect_stage_of(const std::string& stage, std::span<const InterestPlan* const> plans) {
  std::vector<std::string> known;
  for (const InterestPlan* plan : plans) {
    for (const StagePlan& each : plan->stages)
      known.push_back(each.name);
  }
  if (std::find(known.begin(), known.end(), stage) != known.end()) return;
  if (plans.size() == 1 && known.empty())
    throw UnknownName(
        "the solution interest \"" + plans[0]->name + "\" has no stages: give it a `stage_model`, and publish that",
        UnknownName::Of::stage);
  const std::string whose = plans.size() == 1 ? "the solution interest \"" + plans[0]->name + "\" has no stage"
                                              : "no published solution interest has a stage";
  fail_unknown(UnknownName::Of::stage, whose, stage, std::move(known));
}

void expect_role_of(const std::string& role, std::span<const InterestPlan* const> plans) {
  std::vector<std::string> known;
  for (const InterestPlan* plan : plans) {
    for (const RolePlan& each : plan->roles)
      known.push_back(each.name);
  }
  if (std::find(known.begin(), known.end(), role) != known.end()) return;
  const std::string whose = plans.size() == 1 ? "the solution interest \"" + plans[0]->name + "\" has no role"
                                              : "no published solution interest has a role";
  fail_unknown(UnknownName::Of::role, whose, role, std::move(known));
}

/// A role that nobody requires is never missing: whoever asks for it waits for an answer that cannot come.
void expect_required(const std::string& role, std::span<const InterestPlan* const> plans) {
  const bool is_required = std::any_of(plans.begin(), plans.end(), [&](const InterestPlan* plan) {
    return std::any_of(plan->roles.begin(), plan->roles.end(),
                       [&](const RolePlan& each) { return each.name == role && each.required; });
  });
  if (!is_required)
    throw UnknownName("no group can miss the role \"" + role + "\": its template says `required: false` of it",
                      UnknownName::Of::role);
}

}  // namespace

bool HundredRange::contains(double value) const {
  return shown(value) >= least && shown(value) <= greatest;
}

std::optional<HundredRange> parse_hundred_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  const std::string_view first = text.substr(0, dots);
  const std::string_view last = dots == std::string_view::npos ? first : text.substr(dots + 2);
  if (first.empty() && last.empty()) return std::nullopt;
  const std::optional<std::int64_t> least = first.empty() ? 0 : parse_bound(first);
  const std::optional<std::int64_t> greatest = last.empty() ? 100 : parse_bound(last);
  if (!least || !greatest || *least > *greatest) return std::nullopt;
  return HundredRange{*least, *greatest};
}

const Definitions& expect_definitions(const Definitions* definitions) {
  if (definitions) return *definitions;
  throw UnknownName(
      "nothing that is published says what buying groups are: give `caravan publish`, and ask then for "
      "solution interests, stages, roles or completeness");
}

void expect_known_names(const GroupFilter& filter, const Definitions* definitions) {
  const bool is_asked = !filter.interest.empty() || !filter.stage.empty() || !filter.missing.empty();
  if (!is_asked && !filter.completeness) return;
  const Definitions& known = expect_definitions(definitions);
  if (!filter.interest.empty()) expect_interest(filter.interest, definitions);
  const std::vector<const InterestPlan*> plans = plans_of(filter, known);
  if (!filter.stage.empty()) expect_stage_of(filter.stage, plans);
  if (filter.missing.empty()) return;
  expect_role_of(filter.missing, plans);
  expect_required(filter.missing, plans);
}

const InterestPlan& expect_interest(const std::string& interest, const Definitions* definitions) {
  const Definitions& known = expect_definitions(definitions);
  if (const InterestPlan* plan = known.interest(interest)) return *plan;
  std::vector<std::string> names;
  for (const InterestPlan& plan : known.interests)
    names.push_back(plan.name);
  fail_unknown(UnknownName::Of::interest, "no published solution interest is called", interest, std::move(names));
}

void expect_role(const std::string& role, const InterestPlan& plan) {
  expect_role_of(role, std::array{&plan});
}

void expect_stage(const std::string& stage, const InterestPlan& plan) {
  expect_stage_of(stage, std::array{&plan});
}

bool is_chosen(const GroupLine& line, const GroupFilter& filter) {
  const auto is_like = [](const std::string& asked, const std::string& value) {
    return asked.empty() || asked == value;
  };
  if (!is_like(filter.interest, line.interest) || !is_like(filter.stage, line.stage) ||
      !is_like(filter.status, line.status))
    return false;
  if (filter.engagement && !filter.engagement->contains(line.record.engagement)) return false;
  if (filter.completeness && (!line.completeness || !filter.completeness->contains(*line.completeness))) return false;
  return filter.missing.empty() ||
         std::find(line.missing.begin(), line.missing.end(), filter.missing) != line.missing.end();
}

void GroupReader::each(const GroupFilter& filter, const Take& take) {
  if (!filter.account.empty()) return each_of_account(filter, take);
  std::pair<AccountId, NameId> after;
  std::vector<GroupRecord> groups;
  do {
    groups.clear();
    reader_.groups_after(after, page, groups);
    for (GroupRecord& group : groups) {
      after = {group.account, group.interest};
      const GroupLine line = line_of(std::move(group));
      if (is_chosen(line, filter) && !take(line)) return;
    }
  } while (groups.size() == page);
}

void GroupReader::each_of_account(const GroupFilter& filter, const Take& take) {
  const std::optional<AccountRecord> found = reader_.account(filter.account);
  if (!found) throw UnknownName("there is no account \"" + filter.account + "\"");
  std::vector<GroupRecord> groups;
  reader_.groups_of(found->id, groups);
  for (GroupRecord& group : groups) {
    const GroupLine line = line_of(std::move(group));
    if (is_chosen(line, filter) && !take(line)) return;
  }
}

GroupLine GroupReader::line_of(GroupRecord record) {
  GroupLine line;
  line.account = account(record.account);
  line.interest = names_.text_of(record.interest);
  line.stage = names_.text_of(record.stage);
  line.status = names_.text_of(record.status);
  if (const InterestPlan* plan = definitions_ ? definitions_->interest(record.interest) : nullptr) {
    line.completeness = completeness(record, *plan);
    for (const std::string_view role : missing_roles(record, *plan))
      line.missing.emplace_back(role);
  }
  line.record = std::move(record);
  return line;
}

const AccountRecord& GroupReader::account(AccountId id) {
  if (account_.id == id) return account_;
  account_ = reader_.account(id).value_or(AccountRecord{id, {}, {}});
  if (is_stand_in(account_)) account_.key.clear();
  return account_;
}

std::int64_t shown(double value) {
  return std::llround(value);
}

std::string with_two_decimals(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::string stretch_since(Instant since, Instant now) {
  using namespace std::chrono;
  const auto passed = std::max(now - since, milliseconds(0));
  if (passed < hours(1)) return std::to_string(floor<minutes>(passed).count()) + " min";
  if (passed < days(2)) return std::to_string(floor<hours>(passed).count()) + " h";
  return std::to_string(floor<days>(passed).count()) + " d";
}

boost::json::object as_json(const GroupLine& line) {
  boost::json::object object{{"account", line.account.key}, {"solution_interest", line.interest}};
  if (!line.stage.empty()) object["stage"] = line.stage;
  if (line.record.stage_since) object["stage_since"] = to_text(*line.record.stage_since);
  if (!line.status.empty()) object["status"] = line.status;
  if (line.completeness) {
    object["completeness"] = number_as_json(*line.completeness);
  } else {
    object["completeness"] = nullptr;
  }
  object["engagement"] = number_as_json(line.record.engagement);
  object["raw_engagement"] = number_as_json(line.record.raw_engagement);
  object["members"] = members_of(line.record);
  object["missing_roles"] = boost::json::array(line.missing.begin(), line.missing.end());
  object["created_at"] = to_text(line.record.created_at);
  return object;
}

}  // namespace caravan
