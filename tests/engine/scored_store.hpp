#pragma once
// A store whose people are scored, without the rest of the engine: what happens to them is written as turns write it,
// and rounds are run batch by batch, each batch before the one before it is on the disk.

#include "engine/engagement_rounds.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

namespace caravan::test {

inline constexpr NameId kOpened{1};
inline constexpr NameId kAttended{2};
inline constexpr NameId kNotWeighed{3};
inline constexpr NameId kSeeds{10};
inline constexpr NameId kTools{20};
inline constexpr NameId kDecisionMaker{11};
inline constexpr NameId kInfluencer{12};

/// Opening weighs 30, attending 60; calendar days of UTC.
inline EngagementPlan two_types(std::string fingerprint = "two types") {
  EngagementPlan plan;
  plan.fingerprint = std::move(fingerprint);
  plan.weights = {{kOpened, 30}, {kAttended, 60}};
  return plan;
}

/// Two interests whose roles weigh 100 and 60.
inline std::shared_ptr<Definitions> definitions_of(std::optional<EngagementPlan> engagement) {
  auto definitions = std::make_shared<Definitions>();
  definitions->engagement = std::move(engagement);
  for (const NameId interest : {kSeeds, kTools}) {
    InterestPlan& plan = definitions->interests.emplace_back();
    plan.interest = interest;
    for (const auto& [role, weight] : {std::pair{kDecisionMaker, 100}, {kInfluencer, 60}}) {
      RolePlan& planned = plan.roles.emplace_back();
      planned.role = role;
      planned.weight = weight;
    }
  }
  return definitions;
}

class ScoredStore final : private EngagementRounds::Effects {
 public:
  explicit ScoredStore(Instant start, std::size_t turns = 1'000) : now(start), turns_(turns) { open(); }

  Instant now;
  /// What rounds have done to the engine.
  std::vector<std::pair<AccountId, NameId>> groups_told;
  std::vector<AccountId> people_told;
  std::size_t commits = 0;

  // What happens is written by the next batch.

  AccountId account() {
    const AccountId id{++last_account_};
    inputs_.push_back([this, id](Changes& changes) {
      AccountRecord record;
      record.id = id;
      record.key = "account " + std::to_string(id.value);
      changes.accounts.push_back({record, true});
      subjects_->create(std::move(record));
    });
    return id;
  }
  PersonId person(AccountId account) {
    const PersonId id{++last_person_};
    accounts_[id] = account;
    inputs_.push_back([this, id, account](Changes& changes) {
      PersonRecord record;
      record.id = id;
      record.account = account;
      record.key = "person " + std::to_string(id.value);
      changes.people.push_back({record, true});
      subjects_->find(account)->people(*reader_).push_back(std::move(record));
    });
    return id;
  }
  void remove(PersonId person) {
    const AccountId account = accounts_.at(person);
    accounts_.erase(person);
    inputs_.push_back([this, person, account](Changes& changes) {
      changes.removed_people.push_back(person);
      Subject& subject = *subjects_->find(account);
      std::erase_if(subject.people(*reader_), [&](const PersonRecord& each) { return each.id == person; });
      for (GroupRecord& group : subject.groups(*reader_))
        std::erase_if(group.members, [&](const MemberRecord& each) { return each.person == person; });
      scores_->remove(person);
    });
  }
  /// Has done so at `at`, which is not later than the batch that writes it.
  void did(PersonId person, NameId type, Instant at, int times = 1) {
    const AccountId account = accounts_.at(person);
    for (int i = 0; i < times; ++i) {
      inputs_.push_back([this, person, account, type, at](Changes& changes) {
        ActivityRecord record;
        record.account = account;
        record.sequence = ++last_activity_;
        record.at = at;
        record.person = person;
        record.type = type;
        subjects_->find(account)->add_activity(record, *reader_);
        changes.activity.push_back(std::move(record));
        changes.engagement_due.push_back({account, now});
      });
    }
  }
  void did(PersonId person, NameId type, int times = 1) { did(person, type, now, times); }
  /// Makes the account's group where there is none, and puts the person into it.
  void put_into_group(AccountId account, NameId interest, PersonId person, NameId role) {
    inputs_.push_back([this, account, interest, person, role](Changes& changes) {
      std::vector<GroupRecord>& groups = subjects_->find(account)->groups(*reader_);
      auto found =
          std::find_if(groups.begin(), groups.end(), [&](const auto& each) { return each.interest == interest; });
      if (found == groups.end()) {
        GroupRecord group;
        group.account = account;
        group.interest = interest;
        found = groups.insert(groups.end(), std::move(group));
      }
      MemberRecord member;
      member.person = person;
      member.role = role;
      assign_member(*found, member);
      changes.groups.push_back(*found);
    });
  }
  void relate(PersonId person, AccountId account) {
    inputs_.push_back([this, person, account](Changes& changes) {
      changes.relations.push_back({person, account, {}, true});
      subjects_->set_other_accounts(person, {account});
    });
  }

  void go_live(std::shared_ptr<const Definitions> definitions, bool anybody_reads_scores = false) {
    definitions_ = std::move(definitions);
    anybody_reads_scores_ = anybody_reads_scores;
    rounds_->go_live(definitions_, anybody_reads_scores_);
  }
  void ask() { rounds_->ask(); }

  /// Batches until nothing is to be done at this time.
  void run() {
    while (run_batch()) {
    }
  }
  /// False when there was nothing to do.
  bool run_batch() {
    Changes changes;
    reader_->refresh();
    if (!in_flight_) {
      subjects_->forget();
      scores_->forget();
    }
    for (const auto& input : std::exchange(inputs_, {}))
      input(changes);
    changes_ = &changes;
    rounds_->begin(now, changes);
    rounds_->work(*subjects_, *this, turns_, changes);
    const bool was_idle = !in_flight_;
    commit();
    if (changes.empty()) {
      // With everything on the disk and nothing to write, there would never be another batch.
      REQUIRE((!was_idle || rounds_->exhausted()));
      return !was_idle;
    }
    subjects_->next_batch();
    scores_->next_batch();
    in_flight_ = std::move(changes);
    return true;
  }
  /// Time passes, and each round comes at its time.
  void advance_to(Instant at) {
    run();
    for (std::optional<Instant> next = rounds_->next_round(); next && *next <= at; next = rounds_->next_round()) {
      now = *next;
      run();
    }
    now = at;
    run();
  }
  /// What is on its way to the disk gets there.
  void settle() { commit(); }
  /// The process dies: what is on its way to the disk is lost.
  void kill() {
    in_flight_.reset();
    inputs_.clear();
    open();
    if (definitions_) rounds_->go_live(definitions_, anybody_reads_scores_);
  }

  const EngagementRounds& rounds() const { return *rounds_; }
  EngagementRecord of(PersonId person) { return ScoreBook(*fresh_reader()).of(person); }
  std::vector<EngagementRecord> people() {
    std::vector<EngagementRecord> all;
    fresh_reader()->engagement_after({}, 1'000'000, all);
    return all;
  }
  std::vector<GroupRecord> groups() {
    std::vector<GroupRecord> all;
    fresh_reader()->groups_after({}, 1'000'000, all);
    return all;
  }
  GroupRecord group(AccountId account, NameId interest = kSeeds) {
    for (GroupRecord& each : groups()) {
      if (each.account == account && each.interest == interest) return each;
    }
    FAIL("there is no such group");
    return {};
  }
  std::vector<EngagementDueRecord> due() {
    std::vector<EngagementDueRecord> all;
    fresh_reader()->engagement_due(Instant::max(), {}, 1'000'000, all);
    return all;
  }
  bool has_person(PersonId person) const { return accounts_.contains(person); }

 private:
  void open() {
    rounds_.reset();
    scores_.reset();
    subjects_.reset();
    reader_ = store_->reader();
    subjects_.emplace(*reader_);
    scores_.emplace(*reader_);
    rounds_.emplace(*reader_, *scores_);
  }
  void commit() {
    if (!in_flight_) return;
    store_->commit(*in_flight_);
    in_flight_.reset();
    ++commits;
  }
  std::unique_ptr<Reader>& fresh_reader() {
    fresh_reader_ = store_->reader();
    return fresh_reader_;
  }
  void group_scored(Subject& subject, NameId interest, double raw, double score) override {
    groups_told.emplace_back(subject.account.id, interest);
    for (GroupRecord& group : subject.groups(*reader_)) {
      if (group.interest != interest) continue;
      group.raw_engagement = raw;
      group.engagement = score;
      changes_->groups.push_back(group);
    }
  }
  void people_scored(Subject& subject) override { people_told.push_back(subject.account.id); }

  testing::TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_sqlite(folder_.file(), OpenMode::write,
                                              {.synchronous = SqliteSettings::Synchronous::off,
                                               .cache_bytes = std::size_t{1} << 20U,
                                               .checkpoint_bytes = std::size_t{1} << 20U,
                                               .patience = std::chrono::milliseconds(0)});
  std::size_t turns_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Reader> fresh_reader_;
  std::optional<Subjects> subjects_;
  std::optional<ScoreBook> scores_;
  std::optional<EngagementRounds> rounds_;
  std::shared_ptr<const Definitions> definitions_;
  bool anybody_reads_scores_ = false;
  std::vector<std::function<void(Changes&)>> inputs_;
  std::optional<Changes> in_flight_;
  Changes* changes_ = nullptr;
  std::map<PersonId, AccountId> accounts_;
  std::int64_t last_account_ = 0;
  std::int64_t last_person_ = 0;
  std::int64_t last_activity_ = 0;
};

}  // namespace caravan::test
