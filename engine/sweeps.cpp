#include "engine/sweeps.hpp"

namespace caravan {
namespace {

/// Whoever comes now is not swept before the next round; never, where the audience is evaluated once.
constexpr AccountId kRoundIsOver{std::numeric_limits<std::int64_t>::max()};

/// Looks at an account that is at hand already, for so many more journeys, take as long as a turn.
constexpr std::size_t kLooksATurn = 16;

/// An audience whose members change as time passes is gone through once a day.
CronSchedule at_midnight() {
  std::string problem;
  return *parse_cron("0 0 * * *", problem);
}

/// When a journey's audience is gone through again; nothing: never.
std::optional<CronSchedule> rounds_of(const JourneyDefinition& definition, const AudiencePlan* audience) {
  if (definition.evaluate == Evaluate::scheduled) return definition.schedule;
  const bool is_timed = definition.evaluate == Evaluate::continuously && audience && audience->reads.time;
  return is_timed ? std::optional(at_midnight()) : std::nullopt;
}

}  // namespace

void Sweeps::read_stored() {
  for (const SweepRecord& sweep : reader_.sweeps())
    swept_below_ = std::max(swept_below_, sweep.next);
}

void Sweeps::go_live(const LivePlan& plan, AccountId last, Instant now, Changes& changes) {
  const std::vector<SweepRecord> stored = reader_.sweeps();
  const std::vector<Sweep> before = std::exchange(sweeps_, {});
  sweep_groups(plan, before, stored, last, now, changes);
  for (const LiveJourney& journey : plan.journeys()) {
    const JourneyDefinition& definition = journey.definition();
    if (definition.audience.empty()) continue;
    const VersionId version = journey.journey->record.id;
    const AudiencePlan* audience = plan.audience(names_.id_of(definition.audience));
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const Sweep& each) { return each.journey && each.record.version == version; });
    if (known != before.end()) {
      const bool is_resumed = known->rests() && journey.state == JourneyState::live;
      sweeps_.push_back(*known);
      sweeps_.back().journey = journey;
      sweeps_.back().audience = audience;
      sweeps_.back().rounds = rounds_of(definition, audience);
      if (is_resumed) sweeps_.back().last = last;
      continue;
    }
    Sweep sweep{.journey = journey,
                .audience = audience,
                .definitions = {},
                .record = {version, AccountId{1}, {}},
                .last = last,
                .rounds = {},
                .timezone = {},
                .begins_at = {}};
    const auto& configuration = journey.journey->workspace->configuration;
    sweep.timezone = !definition.schedule_timezone.empty() ? definition.schedule_timezone
                     : !definition.timezone.empty()        ? definition.timezone
                                                           : configuration.timezone;
    sweep.rounds = rounds_of(definition, audience);
    const auto found =
        std::find_if(stored.begin(), stored.end(), [&](const auto& each) { return each.version == version; });
    if (found != stored.end()) {
      sweep.record = *found;
    } else {
      sweep.record.began_at = now;
      if (definition.evaluate == Evaluate::scheduled) sweep.record.next = kRoundIsOver;
      changes.sweeps.push_back(sweep.record);
    }
    if (definition.from && now < *definition.from) sweep.begins_at = definition.from;
    sweeps_.push_back(std::move(sweep));
  }
}

/// Begins anew where other definitions than before say who has a group and who is in it.
void Sweeps::sweep_groups(const LivePlan& plan, const std::vector<Sweep>& before, std::span<const SweepRecord> stored,
                          AccountId last, Instant now, Changes& changes) {
  if (!plan.definitions()) return;
  const DefinitionsRecord& definitions = plan.definitions()->record;
  const bool makes_groups = std::any_of(plan.interests().begin(), plan.interests().end(),
                                        [](const InterestPlan& each) { return each.audience != NameId{}; });
  // Whose own sweep was for the audience as it was before.
  const bool is_drawn_otherwise =
      std::any_of(plan.journeys().begin(), plan.journeys().end(), [&](const LiveJourney& each) {
        return !each.definition().audience.empty() && each.journey->record.snapshot < definitions.snapshot;
      });
  if (!makes_groups && !is_drawn_otherwise) return;
  Sweep sweep{.journey = {},
              .audience = nullptr,
              .definitions = definitions.snapshot,
              .record = {VersionId{}, AccountId{1}, now},
              .last = last,
              .rounds = {},
              .timezone = plan.definitions()->workspace->configuration.timezone,
              .begins_at = {}};
  if (plan.groups_read_time()) sweep.rounds = at_midnight();
  const auto known = std::find_if(before.begin(), before.end(), [](const Sweep& each) { return !each.journey; });
  const auto found = std::find_if(stored.begin(), stored.end(), [](const auto& each) { return !each.version; });
  if (known != before.end() && known->definitions == definitions.snapshot) {
    sweep.record = known->record;
    sweep.last = known->last;
  } else if (known == before.end() && found != stored.end() && found->began_at >= definitions.published_at) {
    // One that began before they were published was for others.
    sweep.record = *found;
  } else {
    changes.sweeps.push_back(sweep.record);
  }
  sweeps_.push_back(std::move(sweep));
}

void Sweeps::restart(std::string_view journey, AccountId last, Instant now, Changes& changes) {
  for (Sweep& sweep : sweeps_) {
    if (!sweep.journey || sweep.journey->journey->journey.name != journey || sweep.has_rounds_only()) continue;
    sweep.record = {sweep.record.version, AccountId{1}, now};
    sweep.last = last;
    changes.sweeps.push_back(sweep.record);
  }
}

void Sweeps::begin(AccountId last, Instant now, Changes& changes) {
  for (Sweep& sweep : sweeps_) {
    if (sweep.begins_at && *sweep.begins_at <= now) {
      sweep.begins_at.reset();
      sweep.last = last;
    }
    if (sweep.rests() || sweep.begins_at || sweep.is_working()) continue;
    if (const std::optional<Instant> round = sweep.next_round(); round && *round <= now) {
      sweep.record.next = AccountId{1};
      sweep.record.began_at = now;
      sweep.last = last;
      changes.sweeps.push_back(sweep.record);
    }
    if (!sweep.is_working()) end_round(sweep, changes);
  }
}

/// There is nobody left to go through.
void Sweeps::end_round(Sweep& sweep, Changes& changes) {
  if (!sweep.has_rounds_only() || sweep.record.next == kRoundIsOver) return;
  sweep.record.next = kRoundIsOver;
  changes.sweeps.push_back(sweep.record);
}

std::size_t Sweeps::work(TurnRunner& runner, Subjects& subjects, std::size_t turns, Instant now, Changes& changes) {
  std::size_t run = 0;
  std::set<AccountId> looked_at;  // where sweeps stand; those that stand together go on together
  for (const Sweep& first : sweeps_) {
    if (!first.is_working() || !looked_at.insert(first.record.next).second) continue;
    std::vector<Sweep*> together;
    for (Sweep& sweep : sweeps_) {
      if (sweep.is_working() && sweep.record.next == first.record.next) together.push_back(&sweep);
    }
    work_on(std::move(together), runner, subjects, turns, run, now, changes);
  }
  return run;
}

/// An account is read once for all of them.
void Sweeps::work_on(std::vector<Sweep*> together, TurnRunner& runner, Subjects& subjects, std::size_t turns,
                     std::size_t& run, Instant now, Changes& changes) {
  while (run < turns && !together.empty()) {
    const std::size_t turns_an_account = 1 + (together.size() - 1) / kLooksATurn;
    account_rows_.clear();
    reader_.accounts_from(together.front()->record.next, std::max<std::size_t>((turns - run) / turns_an_account, 1),
                          account_rows_);
    AccountId last;
    for (const Sweep* sweep : together)
      last = std::max(last, sweep->last);
    while (!account_rows_.empty() && account_rows_.back().id > last)
      account_rows_.pop_back();
    // The last ones may have been made by a batch that is not on the disk yet: the next one comes back for them.
    if (account_rows_.empty()) return;
    const AccountId last_read = account_rows_.back().id;
    member_rows_.clear();
    reader_.audiences_between(account_rows_.front().id, last_read, member_rows_);
    auto member = member_rows_.begin();
    for (AccountRecord& row : account_rows_) {
      const AccountId id = row.id;
      const auto from = member;
      while (member != member_rows_.end() && member->account == id)
        ++member;
      Subject& subject = subjects.of(std::move(row));
      subject.give_audiences({from, member});
      run += turns_an_account;
      for (Sweep* sweep : together) {
        if (id > sweep->last) continue;
        sweep->record.next = AccountId{id.value + 1};
        if (sweep->audience) {
          runner.sweep(subject, *sweep->journey, *sweep->audience, now, changes);
        } else if (!sweep->journey) {
          runner.sweep_groups(subject, now, changes);
        }
      }
    }
    for (Sweep* sweep : together) {
      sweep->record.next = AccountId{std::min(sweep->last, last_read).value + 1};
      changes.sweeps.push_back(sweep->record);
      if (!sweep->is_working()) end_round(*sweep, changes);
      swept_below_ = std::max(swept_below_, sweep->record.next);
    }
    std::erase_if(together, [](const Sweep* sweep) { return !sweep->is_working(); });
  }
}

bool Sweeps::awaits_first_round() const {
  return std::any_of(sweeps_.begin(), sweeps_.end(), [](const Sweep& sweep) {
    if (!sweep.journey) return false;
    const bool is_scheduled = sweep.journey->definition().evaluate == Evaluate::scheduled;
    return sweep.begins_at || (is_scheduled && sweep.record.began_at == sweep.journey->journey->record.published_at);
  });
}

void Sweeps::skip_to(AccountId last, Changes& changes) {
  for (Sweep& sweep : sweeps_) {
    const bool is_done = !sweep.rests() && !sweep.is_working() && !sweep.begins_at;
    if (!is_done || sweep.record.next > last) continue;
    sweep.record.next = AccountId{last.value + 1};
    sweep.last = last;
    changes.sweeps.push_back(sweep.record);
    swept_below_ = std::max(swept_below_, sweep.record.next);
  }
}

bool Sweeps::is_to_come(AccountId account) const {
  return std::any_of(sweeps_.begin(), sweeps_.end(), [&](const Sweep& sweep) {
    return sweep.is_working() && account >= sweep.record.next && account <= sweep.last;
  });
}

bool Sweeps::exhausted() const {
  return std::none_of(sweeps_.begin(), sweeps_.end(), [](const Sweep& sweep) { return sweep.is_working(); });
}

std::optional<SweepProgress> Sweeps::progress() const {
  SweepProgress progress;
  for (const Sweep& sweep : sweeps_) {
    if (!sweep.is_working()) continue;
    progress.done += sweep.record.next.value - 1;
    progress.total += sweep.last.value;
  }
  return progress.total == 0 ? std::nullopt : std::optional(progress);
}

std::optional<Instant> Sweeps::Sweep::next_round() const {
  if (begins_at) return begins_at;
  if (!rounds || !record.began_at) return std::nullopt;
  // A time of the schedule before the start of entry is none, one at the very start is the first.
  const std::optional<Instant> from = journey ? journey->definition().from : std::nullopt;
  const Instant since = from ? std::max(*record.began_at, *from - std::chrono::milliseconds(1)) : *record.began_at;
  return next_time(*rounds, since, timezone);
}

std::optional<Instant> Sweeps::next_round() const {
  std::optional<Instant> next;
  for (const Sweep& sweep : sweeps_) {
    if (sweep.rests()) continue;
    const std::optional<Instant> at = sweep.next_round();
    if (at && (!next || *at < *next)) next = at;
  }
  return next;
}

}  // namespace caravan
