// Engagement whatever happens: scores stay within 0 and 100, more activity never lowers a raw score, what is counted is
// what a naive count says, and rounds that read only what has changed give what a count of everything gives.

#include "tests/engine/scored_store.hpp"
#include "tests/support/property.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<std::uint8_t>;

constexpr Instant kStart{std::chrono::sys_days(std::chrono::year{2026} / 3 / 20) + 9h};
constexpr std::array kTypes{kOpened, kAttended, kNotWeighed};

/// A model over a week in which clocks change.
EngagementPlan a_week_in_berlin() {
  EngagementPlan plan = two_types();
  plan.window_days = 7;
  plan.daily_cap = 3;
  plan.timezone = "Europe/Berlin";
  return plan;
}

/// Up to four people's activity over the twelve days that end 31 March; three numbers a point.
std::vector<ActivityPoint> points_of(const Numbers& numbers) {
  std::vector<ActivityPoint> points;
  for (std::size_t i = 0; i + 2 < numbers.size(); i += 3) {
    const PersonId person{1 + numbers[i] % 4};
    const Instant at = kStart + numbers[i + 1] * 67min + numbers[i + 2] / 3 * 1min;
    points.push_back({person, kTypes[numbers[i + 2] % 3], at});
  }
  return points;
}

std::map<PersonId, double> raw_of(std::vector<ActivityPoint> points, const EngagementPlan& plan,
                                  const EngagementWindow& window) {
  std::map<PersonId, double> raw;
  for (const auto& [person, counts] : count_activity(points, plan, window).people)
    raw[person] = raw_engagement(counts, plan);
  return raw;
}

/// The same by asking each point for its date.
std::map<PersonId, double> naive_raw_of(const std::vector<ActivityPoint>& points, const EngagementPlan& plan,
                                        Instant now) {
  const auto date_of = [&](Instant at) {
    return std::chrono::floor<std::chrono::days>(local_time_at(at, plan.timezone));
  };
  std::map<std::tuple<PersonId, NameId, std::chrono::local_days>, std::int64_t> a_day;
  for (const ActivityPoint& point : points) {
    const bool is_within = point.at <= now && date_of(point.at) > date_of(now) - std::chrono::days(plan.window_days);
    if (is_within) ++a_day[{point.person, point.type, date_of(point.at)}];
  }
  std::map<PersonId, double> raw;
  for (const auto& [key, count] : a_day) {
    const double weight = plan.weight(std::get<NameId>(key));
    if (weight > 0) raw[std::get<PersonId>(key)] += weight * static_cast<double>(std::min(count, plan.daily_cap));
  }
  return raw;
}

/// Three accounts, of which people do things, come, join groups and are removed.
class World {
 public:
  World(std::size_t turns) : store(kStart, turns) {
    for (AccountId& account : accounts_)
      account = store.account();
    for (std::size_t i = 0; i < 6; ++i)
      come(i);
    store.run();
  }

  ScoredStore store;

  /// What a number means is the same for every world.
  void happen(std::uint8_t what, std::uint8_t how) {
    if (people_.empty()) come(how);
    const PersonId person = people_[how % people_.size()];
    switch (what % 12) {
      case 0: return come(how);
      case 1: return leave(how);
      case 2: return join(person, how);
      case 3: return pass(how % 23 * 1h);
      case 4: return pass(how % 9 * 24h);
      case 5: return store.did(person, kTypes[how / 3 % 3], store.now - how * 1h);  // a late one
      case 6: return store.did(person, kAttended, 1 + how % 5);
      default: return store.did(person, kTypes[how / 5 % 3], store.now, 1 + how % 2);
    }
  }

  void pass(std::chrono::milliseconds time) { store.advance_to(store.now + time); }

 private:
  void come(std::size_t how) {
    const AccountId account = accounts_[how % accounts_.size()];
    people_.push_back(store.person(account));
    home_[people_.back()] = account;
    if (how % 4 != 0) join(people_.back(), how / 4);
  }
  void leave(std::size_t how) {
    const auto who = people_.begin() + static_cast<std::ptrdiff_t>(how % people_.size());
    store.remove(*who);
    people_.erase(who);
  }
  void join(PersonId person, std::size_t how) {
    store.put_into_group(home_.at(person), how % 3 == 0 ? kTools : kSeeds, person,
                         how % 2 == 0 ? kDecisionMaker : kInfluencer);
  }

  std::array<AccountId, 3> accounts_;
  std::vector<PersonId> people_;
  std::map<PersonId, AccountId> home_;
};

void check_bounds(ScoredStore& store) {
  for (const EngagementRecord& record : store.people()) {
    RC_ASSERT(record.score >= 0 && record.score <= 100);
    RC_ASSERT(record.raw > 0);
    RC_ASSERT(!record.counts.empty());
  }
  for (const GroupRecord& group : store.groups()) {
    RC_ASSERT(group.engagement >= 0 && group.engagement <= 100);
    RC_ASSERT(group.raw_engagement >= 0);
  }
}

}  // namespace

TEST_CASE("what is counted is what asking each activity for its date counts, also where clocks change") {
  CHECK(holds_in(300, [](const Numbers& numbers, std::uint16_t minutes) {
    const EngagementPlan plan = a_week_in_berlin();
    const std::vector<ActivityPoint> points = points_of(numbers);
    const Instant now = kStart + minutes % (13 * 1440) * 1min;
    RC_ASSERT(raw_of(points, plan, {now, plan.window_days, plan.timezone}) == naive_raw_of(points, plan, now));
  }));
}

TEST_CASE("counts stay what they are until they must be counted again, and are others then") {
  CHECK(holds_in(300, [](const Numbers& numbers, std::uint16_t minutes) {
    const EngagementPlan plan = a_week_in_berlin();
    std::vector<ActivityPoint> points = points_of(numbers);
    const Instant now = kStart + minutes % (13 * 1440) * 1min;
    const EngagementWindow window(now, plan.window_days, plan.timezone);
    const std::map<PersonId, double> raw = raw_of(points, plan, window);
    const std::optional<Instant> again = count_activity(points, plan, window).count_again_at;
    RC_ASSERT(!again || *again > now);
    const Instant last = again ? *again - 1ms : now + 400 * 24h;
    RC_ASSERT(raw_of(points, plan, {last, plan.window_days, plan.timezone}) == raw);
  }));
}

TEST_CASE("more activity never lowers a raw score of the same day, of a person or of a group") {
  CHECK(holds_in(300, [](const Numbers& numbers, const Numbers& more) {
    const EngagementPlan plan = a_week_in_berlin();
    const EngagementWindow window(kStart + 12 * 24h, plan.window_days, plan.timezone);
    std::vector<ActivityPoint> points = points_of(numbers);
    const std::map<PersonId, double> before = raw_of(points, plan, window);
    const std::vector<ActivityPoint> added = points_of(more);
    points.insert(points.end(), added.begin(), added.end());
    const std::map<PersonId, double> after = raw_of(points, plan, window);
    for (const auto& [person, raw] : before)
      RC_ASSERT(after.at(person) >= raw);

    const InterestPlan interest = definitions_of(plan)->interests.front();
    GroupRecord group;
    for (std::int64_t person = 1; person <= 4; ++person) {
      MemberRecord member;
      member.person = PersonId{person};
      member.role = person % 2 == 0 ? kDecisionMaker : kInfluencer;
      group.members.push_back(member);
    }
    const auto of_group = [&](const std::map<PersonId, double>& raw) {
      return raw_engagement(group, interest, [&](PersonId person) {
        const auto found = raw.find(person);
        return found == raw.end() ? 0.0 : found->second;
      });
    };
    RC_ASSERT(of_group(after) >= of_group(before));
  }));
}

TEST_CASE(
    "a round of what has changed gives what a round over everybody gives, after any sequence of events and days") {
  CHECK(holds_in(60, [](const Numbers& history, const Numbers& details, std::uint8_t turns) {
    World daily(1 + turns % 40);
    daily.store.go_live(definitions_of(a_week_in_berlin()), turns % 2 == 0);
    World once(1'000);
    for (std::size_t i = 0; i < std::min(history.size(), details.size()); ++i) {
      for (World* world : {&daily, &once})
        world->happen(history[i], details[i]);
      check_bounds(daily.store);
    }
    daily.store.run();
    once.store.run();
    daily.store.ask();
    daily.store.run();
    once.store.go_live(definitions_of(a_week_in_berlin()));
    once.store.run();
    RC_ASSERT(daily.store.rounds().last_round() == once.store.rounds().last_round());
    RC_ASSERT(daily.store.people() == once.store.people());
    RC_ASSERT(daily.store.groups() == once.store.groups());
    check_bounds(once.store);
  }));
}

TEST_CASE("it makes no difference whether rounds died on the way") {
  CHECK(holds_in(40, [](const Numbers& history, const Numbers& details, std::uint8_t turns) {
    World undisturbed(1 + turns % 8);
    World killed(1 + turns % 8);
    for (World* world : {&undisturbed, &killed})
      world->store.go_live(definitions_of(a_week_in_berlin()));
    for (std::size_t i = 0; i < std::min(history.size(), details.size()); ++i) {
      for (World* world : {&undisturbed, &killed})
        world->happen(history[i], details[i]);
      if (history[i] % 3 != 0) continue;
      undisturbed.store.run();
      undisturbed.store.ask();
      undisturbed.store.run();
      killed.store.run();
      killed.store.ask();
      for (int batch = 0; batch < details[i] % 11; ++batch)
        killed.store.run_batch();
      if (details[i] % 2 == 0) killed.store.settle();
      killed.store.kill();
      killed.store.ask();
      killed.store.run();
    }
    for (World* world : {&undisturbed, &killed})
      world->pass(24h);
    RC_ASSERT(undisturbed.store.people() == killed.store.people());
    RC_ASSERT(undisturbed.store.groups() == killed.store.groups());
  }));
}
