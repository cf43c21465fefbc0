#include "engine/engagement_rounds.hpp"

namespace caravan {
namespace {

/// As many rows are read at a time.
constexpr std::int64_t kChunk = 256;

std::string_view model_of(const Definitions& definitions) {
  return definitions.engagement ? std::string_view(definitions.engagement->fingerprint) : std::string_view();
}

/// What the subject's group of an interest is; null when it has none.
const GroupRecord* group_of(Subject& subject, NameId interest, Reader& reader) {
  const std::vector<GroupRecord>& groups = subject.groups(reader);
  const auto found =
      std::find_if(groups.begin(), groups.end(), [&](const GroupRecord& each) { return each.interest == interest; });
  return found == groups.end() ? nullptr : &*found;
}

}  // namespace

struct EngagementRounds::Slice {
  Subjects& subjects;
  Effects& effects;
  Changes& changes;
  std::int64_t rows_left;
  std::set<AccountId> changed;  ///< accounts of people whose scores have changed

  bool over() const { return rows_left <= 0; }
  std::size_t chunk() const { return static_cast<std::size_t>(std::clamp(rows_left, std::int64_t{1}, kChunk)); }
};

EngagementRounds::EngagementRounds(Reader& reader, ScoreBook& scores)
    : reader_(reader), scores_(scores), last_(reader.engagement_round()) {}

void EngagementRounds::go_live(std::shared_ptr<const Definitions> definitions, bool anybody_reads_scores) {
  const bool is_same = definitions_ == definitions;
  definitions_ = std::move(definitions);
  anybody_reads_scores_ = anybody_reads_scores;
  if (!round_ || is_same) return;
  if (!definitions_ || model_of(*definitions_) != round_->plan.fingerprint) {
    round_.reset();
  } else if (round_->pass >= Pass::scale_groups) {
    // There may be other interests by now, or roles of other weights.
    round_->group_scale = {};
    go_to(Pass::scale_groups);
  }
}

void EngagementRounds::ask() {
  is_asked_ = definitions_ && definitions_->engagement;
}

/// Whether all that is stored was counted by the model. While a round counts everybody anew there is no such model.
bool EngagementRounds::was_counted_by(std::string_view model) const {
  if (!last_) return false;
  return last_->model == model && (last_->through || !model.empty());
}

std::optional<Instant> EngagementRounds::next_round() const {
  if (round_ || !definitions_ || !definitions_->engagement || !was_counted_by(model_of(*definitions_))) return {};
  return midnight_after(last_->at, definitions_->engagement->timezone);
}

bool EngagementRounds::is_due(Instant now) const {
  if (round_ || !definitions_) return false;
  const bool is_right = was_counted_by(model_of(*definitions_)) && last_->through;
  if (!definitions_->engagement) return last_ && !is_right;
  return is_asked_ || !is_right || *next_round() <= now;
}

void EngagementRounds::begin(Instant now, Changes& changes) {
  if (!is_due(now)) return;
  is_asked_ = false;
  const EngagementPlan plan = definitions_->engagement.value_or(EngagementPlan{});
  const bool counts_everybody = !was_counted_by(plan.fingerprint);
  const std::uint64_t builds_on = changes.empty() ? scores_.batch() - 1 : scores_.batch();
  last_ = EngagementRoundRecord{now, counts_everybody ? std::string() : plan.fingerprint, false};
  changes.engagement_round = last_;
  const Reader::Totals totals = reader_.totals();
  round_.emplace(Round{.plan = plan,
                       .window = EngagementWindow(now, plan.window_days, plan.timezone),
                       .counts_everybody = counts_everybody,
                       .builds_on = builds_on,
                       .rows = {totals.accounts + totals.stand_ins, totals.people, totals.people, totals.people,
                                totals.groups, totals.groups}});
}

std::optional<RoundProgress> EngagementRounds::progress() const {
  if (!round_) return std::nullopt;
  RoundProgress progress;
  for (std::size_t pass = 0; pass < round_->rows.size(); ++pass) {
    const auto at = static_cast<std::size_t>(round_->pass);
    progress.total += round_->rows[pass];
    if (pass < at) progress.done += round_->rows[pass];
    if (pass == at) progress.done += std::min(round_->passed, round_->rows[pass]);
  }
  return progress;
}

std::size_t EngagementRounds::work(Subjects& subjects, Effects& effects, std::size_t turns, Changes& changes) {
  const auto rows = static_cast<std::int64_t>(turns * kRowsPerTurn);
  Slice slice{subjects, effects, changes, rows, {}};
  members_.clear();
  while (round_ && !slice.over() && step(slice)) {
  }
  for (const AccountId account : slice.changed) {
    if (Subject* subject = subjects.find(account)) effects.people_scored(*subject);
  }
  // Most passes only read: the next batch comes because this one writes something.
  if (round_ && slice.rows_left < rows) changes.engagement_round = last_;
  return static_cast<std::size_t>(rows - slice.rows_left + kRowsPerTurn - 1) / kRowsPerTurn;
}

bool EngagementRounds::step(Slice& slice) {
  switch (round_->pass) {
    case Pass::count: return count(slice);
    case Pass::weigh: weigh(slice); break;
    case Pass::scale_people: scale_people(slice); break;
    case Pass::score_people: score_people(slice); break;
    case Pass::scale_groups: scale_groups(slice); break;
    case Pass::score_groups: score_groups(slice); break;
  }
  return true;
}

void EngagementRounds::go_to(Pass pass) {
  round_->pass = pass;
  round_->passed = 0;
  round_->account = {};
  round_->person = {};
  round_->group = {};
}

void EngagementRounds::finish(Changes& changes) {
  last_ = EngagementRoundRecord{round_->window.end(), round_->plan.fingerprint, true};
  changes.engagement_round = last_;
  round_.reset();
}

// Counting.

/// Goes through everybody where it must, and then through those who are due until nobody is. Each time the reader must
/// see what was there when the round began, and what the time before has written.
bool EngagementRounds::count(Slice& slice) {
  Round& round = *round_;
  if (!round.account && scores_.readable() < round.builds_on) return false;
  const std::vector<AccountId> accounts = accounts_to_count(slice.chunk());
  for (const AccountId account : accounts) {
    if (slice.over()) return true;
    round.account = account;
    ++round.passed;
    count_account(account, slice);
  }
  if (!accounts.empty()) {
    round.counted_some = true;
  } else if (round.counts_everybody || round.counted_some) {
    round.counts_everybody = round.counted_some = false;
    round.account = {};
  } else {
    go_to(Pass::weigh);
  }
  return true;
}

std::vector<AccountId> EngagementRounds::accounts_to_count(std::size_t limit) {
  std::vector<AccountId> accounts;
  if (round_->counts_everybody) {
    std::vector<AccountRecord> rows;
    reader_.accounts_from(AccountId{round_->account.value + 1}, limit, rows);
    for (const AccountRecord& row : rows)
      accounts.push_back(row.id);
  } else {
    std::vector<EngagementDueRecord> rows;
    reader_.engagement_due(round_->window.end(), round_->account, limit, rows);
    for (const EngagementDueRecord& row : rows)
      accounts.push_back(row.account);
  }
  return accounts;
}

void EngagementRounds::count_account(AccountId account, Slice& slice) {
  const Round& round = *round_;
  read_account(account, slice.subjects.cached(account));
  slice.rows_left -= 1 + static_cast<std::int64_t>(points_.size() + records_.size());
  const bool had_some = !records_.empty();
  CountedActivity counted = count_activity(points_, round.plan, round.window);
  auto record = records_.begin();
  const auto take_away = [&] {
    const bool had_score = record->score != 0;
    scores_.put({record->person, {}, 0, 0}, slice.changes);
    if (had_score) score_changed(record->person, account, slice);
    ++record;
  };
  for (auto& [person, counts] : counted.people) {
    while (record != records_.end() && record->person < person)
      take_away();
    const bool is_known = record != records_.end() && record->person == person;
    const EngagementRecord before = is_known ? *record++ : EngagementRecord{person, {}, 0, 0};
    const double raw = raw_engagement(counts, round.plan);
    if (before.raw == raw && before.counts == counts) continue;
    scores_.put({person, std::move(counts), raw, before.score}, slice.changes);
  }
  while (record != records_.end())
    take_away();
  const bool is_due_again = counted.count_again_at.has_value();
  if (!round.counts_everybody || had_some || is_due_again)
    slice.changes.engagement_due.push_back({account, counted.count_again_at});
  round_->builds_on = scores_.batch();
}

/// Reads what the account's people have done since the window's begin, also after its end, and the records that they
/// have. A subject that turns have met lately may know more than the reader.
void EngagementRounds::read_account(AccountId account, Subject* subject) {
  points_.clear();
  records_.clear();
  const Instant since = round_->window.begin();
  const bool counts_anything = !round_->plan.weights.empty();
  if (!subject) {
    if (counts_anything) reader_.activity_points(account, since, Instant::max(), points_);
    reader_.engagement_of(account, records_);
    return;
  }
  std::vector<PersonId> people;  // sorted, as the subject's are
  for (const PersonRecord& person : subject->people(reader_)) {
    if (person.account != account) continue;
    people.push_back(person.id);
    EngagementRecord record = scores_.of(person.id);
    if (!record.counts.empty()) records_.push_back(std::move(record));
  }
  if (!counts_anything) return;
  for (const ActivityRecord& each : subject->activity(reader_)) {
    const bool is_of_theirs = std::binary_search(people.begin(), people.end(), each.person);
    if (is_of_theirs && each.at >= since) points_.push_back({each.person, each.type, each.at});
  }
}

/// Remembers that rules of the person's accounts may see another score.
void EngagementRounds::score_changed(PersonId person, AccountId account, Slice& slice) {
  if (!anybody_reads_scores_) return;
  const auto add = [&](AccountId id) {
    if (slice.changed.insert(id).second) slice.rows_left -= kRowsPerTurn;
  };
  if (account) add(account);
  for (const AccountId other : slice.subjects.other_accounts_of(person))
    add(other);
}

// People.

/// Does `work` with the people who have a record, and goes to the next pass after the last of them.
template <class Work>
void EngagementRounds::each_person(Slice& slice, Pass next, const Work& work) {
  const std::size_t wanted = slice.chunk();
  records_.clear();
  reader_.engagement_after(round_->person, wanted, records_);
  for (const EngagementRecord& stored : records_) {
    if (slice.over()) return;
    round_->person = stored.person;
    ++round_->passed;
    --slice.rows_left;
    // Somebody may have been removed meanwhile.
    const EngagementRecord& record = scores_.newest(stored);
    if (!record.counts.empty()) work(record);
  }
  if (records_.size() < wanted) go_to(next);
}

void EngagementRounds::weigh(Slice& slice) {
  each_person(slice, Pass::scale_people, [&](const EngagementRecord& record) {
    for (const ActivityCount& each : record.counts)
      round_->weights.add(each.type, round_->plan);
  });
}

void EngagementRounds::scale_people(Slice& slice) {
  each_person(slice, Pass::score_people, [&](const EngagementRecord& record) {
    ++round_->people;
    round_->people_scale.add(round_->weights.unscaled(record.counts, round_->plan));
  });
  // Who has no record has done nothing.
  if (round_->pass == Pass::score_people && round_->people < reader_.totals().people) round_->people_scale.add(0);
}

void EngagementRounds::score_people(Slice& slice) {
  each_person(slice, Pass::scale_groups, [&](const EngagementRecord& record) {
    const double score = round_->people_scale.score(round_->weights.unscaled(record.counts, round_->plan));
    if (score == record.score) return;
    const PersonId person = record.person;
    scores_.put({person, record.counts, record.raw, score}, slice.changes);
    if (anybody_reads_scores_) score_changed(person, reader_.account_of(person).value_or(AccountId{}), slice);
  });
}

// Groups.

/// Does `work` with the groups of interests that there are, as they are at present and with their members' scores in
/// members_; goes to the next pass, if any, or ends the round after the last of them.
template <class Work>
void EngagementRounds::each_group(Slice& slice, std::optional<Pass> next, const Work& work) {
  const std::size_t wanted = slice.chunk();
  groups_.clear();
  reader_.groups_after(round_->group, wanted, groups_);
  for (const GroupRecord& stored : groups_) {
    if (slice.over()) return;
    if (stored.account != round_->group.first) members_.clear();
    round_->group = {stored.account, stored.interest};
    ++round_->passed;
    --slice.rows_left;
    const InterestPlan* plan = definitions_->interest(stored.interest);
    Subject* subject = slice.subjects.cached(stored.account);
    const GroupRecord* group = subject ? group_of(*subject, stored.interest, reader_) : &stored;
    if (!plan || !group) continue;
    read_members(*group, slice);
    work(*group, *plan);
  }
  if (groups_.size() == wanted) return;
  if (next) return go_to(*next);
  finish(slice.changes);
}

/// Of people who are in several groups of an account once.
void EngagementRounds::read_members(const GroupRecord& group, Slice& slice) {
  for (const MemberRecord& member : group.members) {
    if (member.removed || members_.contains(member.person)) continue;
    const EngagementRecord record = scores_.of(member.person);
    members_.insert({member.person, {record.raw, record.score}});
    --slice.rows_left;
  }
}

double EngagementRounds::unscaled(const GroupRecord& group, const InterestPlan& plan) const {
  return unscaled_engagement(group, plan, [this](PersonId person) { return members_.at(person).score; });
}

void EngagementRounds::scale_groups(Slice& slice) {
  each_group(slice, Pass::score_groups, [&](const GroupRecord& group, const InterestPlan& plan) {
    round_->group_scale.add(unscaled(group, plan));
  });
}

void EngagementRounds::score_groups(Slice& slice) {
  each_group(slice, std::nullopt, [&](const GroupRecord& group, const InterestPlan& plan) {
    const double raw = raw_engagement(group, plan, [this](PersonId person) { return members_.at(person).raw; });
    const double score = round_->group_scale.score(unscaled(group, plan));
    if (raw == group.raw_engagement && score == group.engagement) return;
    slice.rows_left -= kRowsPerTurn;
    Subject* subject = slice.subjects.find(group.account);
    if (subject) slice.effects.group_scored(*subject, plan.interest, raw, score);
  });
}

}  // namespace caravan
