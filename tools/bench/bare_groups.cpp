#include "tools/bench/bare_groups.hpp"

#include "tools/bench/bare_database.hpp"

namespace caravan::bench {
namespace {

/// As many as the engine's batches have.
constexpr std::size_t kAccountsPerCommit = 4'096;

/// Copies of what the engine has written when it made and filled groups, from one account to another.
struct GroupCopies {
  explicit GroupCopies(sqlite3* database)
      : audiences(database,
                  "INSERT INTO main.audience_member SELECT * FROM engine.audience_member WHERE account BETWEEN ?1 "
                  "AND ?2"),
        groups(database,
               "INSERT INTO main.buying_group SELECT * FROM engine.buying_group WHERE account BETWEEN ?1 AND ?2"),
        members(database, "INSERT INTO main.member SELECT * FROM engine.member WHERE account BETWEEN ?1 AND ?2"),
        history(database,
                "INSERT INTO main.group_change SELECT * FROM engine.group_change WHERE account BETWEEN ?1 AND ?2"),
        events(database,
               "INSERT INTO main.activity SELECT * FROM engine.activity WHERE account BETWEEN ?1 AND ?2 AND sequence "
               "> ?3") {}
  Bound audiences, groups, members, history, events;
};

/// The scan of all activity, and copies of what the engine has written when it scored.
struct ScoreCopies {
  explicit ScoreCopies(sqlite3* database)
      : activity(database, "SELECT person, type, at FROM engine.activity WHERE account BETWEEN ?1 AND ?2"),
        people(database, "INSERT INTO main.engagement SELECT * FROM engine.engagement WHERE person BETWEEN ?1 AND ?2"),
        groups(database,
               "UPDATE main.buying_group SET raw_engagement = scored.raw_engagement, engagement = scored.engagement "
               "FROM engine.buying_group AS scored WHERE scored.account = main.buying_group.account AND "
               "scored.interest = main.buying_group.interest AND main.buying_group.account BETWEEN ?1 AND ?2"),
        due(database,
            "INSERT INTO main.engagement_due SELECT * FROM engine.engagement_due WHERE account BETWEEN ?1 AND ?2") {}
  Bound activity, people, groups, due;
};

}  // namespace

GroupRows group_rows(const std::filesystem::path& file) {
  const BareDatabase database = open_bare(file);
  const auto count = [&](const char* sql) { return number_of(database.get(), sql); };
  return {count("SELECT count(*) FROM buying_group"), count("SELECT count(*) FROM member WHERE removed = 0"),
          count("SELECT count(*) FROM engagement"), count("SELECT count(*) FROM buying_group WHERE engagement > 0"),
          count("SELECT count(*) FROM activity")};
}

struct BareGroups::State {
  State(const std::filesystem::path& file, const GroupSizes& the_sizes) : sizes(the_sizes), database(open_bare(file)) {}

  /// `write` is told the first and the last account of each transaction. Gives the seconds all took.
  double in_commits(std::string_view what, const Progress& progress,
                    const std::function<void(std::int64_t first, std::int64_t last)>& write) {
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t done = 0; done < sizes.accounts;) {
      const std::size_t first = done + 1;
      done = std::min(done + kAccountsPerCommit, sizes.accounts);
      execute(database.get(), "BEGIN IMMEDIATE");
      write(static_cast<std::int64_t>(first), static_cast<std::int64_t>(done));
      execute(database.get(), "COMMIT");
      progress(what, done, sizes.accounts);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }

  const GroupSizes sizes;
  BareDatabase database;
};

BareGroups::BareGroups(const std::filesystem::path& file, const std::filesystem::path& engine_file,
                       const GroupSizes& sizes) {
  { const auto made = open_sqlite(file, OpenMode::write); }
  state_ = std::make_unique<State>(file, sizes);
  Bound(state_->database.get(), "ATTACH ?1 AS engine").run(engine_file.string());
}

BareGroups::~BareGroups() = default;

double BareGroups::write_groups(const Progress& progress) {
  GroupCopies copies(state_->database.get());
  const auto filled = static_cast<std::int64_t>(state_->sizes.activities());
  return state_->in_commits("rows written", progress, [&](std::int64_t first, std::int64_t last) {
    for (Bound* each : {&copies.audiences, &copies.groups, &copies.members, &copies.history})
      each->run(first, last);
    copies.events.run(first, last, filled);
  });
}

double BareGroups::scan_and_write_scores(const Progress& progress) {
  ScoreCopies copies(state_->database.get());
  const auto people = static_cast<std::int64_t>(state_->sizes.people_per_account);
  return state_->in_commits("rows read", progress, [&](std::int64_t first, std::int64_t last) {
    copies.activity.run(first, last);
    copies.people.run((first - 1) * people + 1, last * people);
    copies.groups.run(first, last);
    copies.due.run(first, last);
  });
}

}  // namespace caravan::bench
