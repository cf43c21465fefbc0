#include "tools/bench/bare_loop.hpp"

#include "tools/bench/bare_database.hpp"

namespace caravan::bench {
namespace {

constexpr std::int64_t kStart = 1'767'603'600'000;
constexpr std::int64_t kDue = kStart + 86'400'000;
constexpr std::string_view kNothing = "";

/// The statements that the journey's rows need.
class Loop {
 public:
  Loop(sqlite3* database, std::size_t accounts, std::size_t accounts_per_commit, const Progress& progress)
      : database_(database), accounts_(accounts), accounts_per_commit_(accounts_per_commit), progress_(progress) {}

  /// Up to the wait: the token, its run, the mail.
  void enter() {
    in_commits("rows written", 0, [this](std::size_t number) {
      const auto id = static_cast<std::int64_t>(number);
      insert_token_.run(id, 1, id, 5, 2, kDue, 3, 1, kStart, nullptr);
      insert_run_.run(id, 0, kStart, std::span<const char>(first_run_));
      insert_delivery_.run(id, 1, id, id, 1, 0, 1, 0, kStart, kStart, nullptr, kNothing,
                           std::span<const char>(texts_).first(30), kNothing, 1);
    });
  }

  /// After the wait: the token's end, its run, the group where there is one, the summary.
  void finish() {
    in_commits("rows written", accounts_, [this](std::size_t number) {
      const bool enterprise = reference_account(number).employees >= 1000;
      const auto id = static_cast<std::int64_t>(number);
      update_token_.run(id, 1, 9, 6, nullptr, enterprise ? 7 : 6, 1, kStart, kDue);
      insert_run_.run(id, 3, kDue, std::span<const char>(second_run_));
      if (enterprise) {
        insert_group_.run(id, 8, kDue);
        insert_member_.run(id, 8, id, 9, 2, kDue);
      }
      insert_delivery_.run(id, enterprise ? 5 : 4, -1, id, 1, 1, 1, 0, kDue, kDue, nullptr, kNothing,
                           std::span<const char>(texts_).first(enterprise ? 57 : 30), kNothing, 2);
    });
  }

 private:
  template <class Write>
  void in_commits(std::string_view what, std::size_t before, Write write) {
    for (std::size_t number = 1; number <= accounts_; ++number) {
      if ((number - 1) % accounts_per_commit_ == 0) execute(database_, "BEGIN IMMEDIATE");
      write(number);
      if (number % accounts_per_commit_ == 0 || number == accounts_) {
        execute(database_, "COMMIT");
        progress_(what, before + number, 2 * accounts_);
      }
    }
  }

  sqlite3* database_;
  std::size_t accounts_;
  std::size_t accounts_per_commit_;
  const Progress& progress_;
  std::vector<char> texts_ = std::vector<char>(64);  ///< as many bytes as the engine packs of an address and values
  std::vector<char> first_run_ = std::vector<char>(6);
  std::vector<char> second_run_ = std::vector<char>(8);
  Bound insert_token_{
      database_,
      "INSERT INTO token(id, version, account, node, state, due_at, visits, entry, entered_at, ended_at)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
  Bound update_token_{database_,
                      "UPDATE token SET version = ?2, node = ?3, state = ?4, due_at = ?5, visits = ?6, entry = ?7,"
                      " entered_at = ?8, ended_at = ?9 WHERE id = ?1"};
  Bound insert_run_{database_, "INSERT INTO run(token, first_visit, at, visits) VALUES(?1, ?2, ?3, ?4)"};
  Bound insert_delivery_{database_,
                         "INSERT INTO delivery(token, visit, recipient, account, version, message, state, attempts,"
                         " created_at, next_attempt_at, ended_at, address, message_values, reason, dictionary)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"};
  Bound insert_group_{database_, "INSERT INTO buying_group(account, interest, created_at) VALUES(?1, ?2, ?3)"};
  Bound insert_member_{
      database_, "INSERT INTO member(account, interest, person, role, source, since) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"};
};

}  // namespace

double run_bare_loop(const std::filesystem::path& file, std::size_t accounts, std::size_t accounts_per_commit,
                     const Progress& progress) {
  const BareDatabase database = open_bare(file);
  const auto began = std::chrono::steady_clock::now();
  Loop loop(database.get(), accounts, accounts_per_commit, progress);
  loop.enter();
  loop.finish();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace caravan::bench
