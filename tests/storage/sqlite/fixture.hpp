#pragma once
// What the store's tests share: a folder with a store's file in it, short ways to records, and a second opinion on
// the file from SQLite itself.

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/store.hpp"
#include "tests/storage/both_stores.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

namespace caravan::testing {

inline Instant at(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

inline Attributes one_attribute(std::int64_t value) {
  const std::pair<NameId, AttributeInput> input[] = {{NameId{1}, {value}}};
  return Attributes().with(input);
}

inline TokenRecord waiting_token(std::int64_t id, std::int64_t due) {
  TokenRecord token;
  token.id.value = id;
  token.version.value = 1;
  token.account.value = id;
  token.node = NodeIndex{2};
  token.state = TokenState::waiting;
  token.due_at = at(due);
  token.visits = 3;
  token.entered_at = at(1'000);
  return token;
}

inline DeliveryRecord pending_delivery(std::int64_t token, std::uint32_t visit, std::int64_t due) {
  DeliveryRecord delivery;
  delivery.key = {{token}, visit, {1}};
  delivery.account.value = token;
  delivery.version.value = 1;
  delivery.created_at = at(1'000);
  delivery.next_attempt_at = at(due);
  delivery.address = "vp@acme.example";
  return delivery;
}

inline GroupRecord group_of(std::int64_t account, NameId interest, std::vector<MemberRecord> members) {
  GroupRecord group;
  group.account.value = account;
  group.interest = interest;
  group.created_at = at(1'000);
  group.members = std::move(members);
  return group;
}

inline Changes with_accounts(std::initializer_list<std::int64_t> ids) {
  Changes changes;
  for (const std::int64_t id : ids)
    changes.accounts.push_back({{{id}, "account-" + std::to_string(id), one_attribute(id)}, true});
  return changes;
}

/// Commits to a file and to memory; closes the file and opens it again; gives a reader of both.
class Reopened {
 public:
  explicit Reopened(std::initializer_list<Changes> commits) {
    for (const Changes& changes : commits)
      store_.commit(changes);
    store_.reopen();
    reader_ = store_.reader();
  }
  Reader* operator->() { return reader_.get(); }

 private:
  BothStores store_;
  std::unique_ptr<Reader> reader_;
};

/// What a reader's function appends.
template <class Record, class Read>
std::vector<Record> gather(Read read) {
  std::vector<Record> to;
  read(to);
  return to;
}

/// The text of the first column of the first row, asked on a connection of its own.
inline std::string ask(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* handle = nullptr;
  sqlite3_stmt* statement = nullptr;
  std::string answer;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  REQUIRE(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  if (sqlite3_step(statement) == SQLITE_ROW)
    answer = std::string(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return answer;
}

/// Runs statements that return nothing, on a connection of their own; makes the file where there is none.
inline void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  const int code = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
  INFO(sqlite3_errmsg(handle));
  CHECK(code == SQLITE_OK);
  sqlite3_close(handle);
}

/// Matches a sentence that says `part`; Catch2 2 and 3 call it by different names.
inline auto says(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

/// The sentence of the StoreError that `action` throws; empty when it throws none.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const StoreError& error) {
    return error.what();
  }
  return {};
}

/// Another process that runs `action` with the writing end of a pipe. Ended, if it still runs, with this.
class Child {
 public:
  template <class Action>
  explicit Child(Action action) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ == 0) {
      ::close(ends[0]);
      // Never back into the test's frames: the child is not the test.
      try {
        action(ends[1]);
      } catch (const std::exception& error) {
        say(ends[1], std::string("unexpected: ") + error.what());
      }
      ::_exit(0);
    }
    ::close(ends[1]);
    input_ = ends[0];
  }
  ~Child() {
    kill();
    ::close(input_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  static void say(int output, const std::string& words) {
    if (::write(output, words.data(), words.size()) != static_cast<ssize_t>(words.size())) ::_exit(1);
  }
  pid_t process() const { return process_; }
  /// Waits for exactly `length` bytes; fewer when the child ended before.
  std::string hear(std::size_t length) {
    std::string heard(length, '\0');
    std::size_t have = 0;
    while (have < length) {
      const ssize_t got = ::read(input_, heard.data() + have, length - have);
      if (got <= 0) break;
      have += static_cast<std::size_t>(got);
    }
    heard.resize(have);
    return heard;
  }
  /// Waits until the child has ended, and holds no lock any more; all it has said.
  std::string hear_all() {
    std::string heard = hear(std::size_t{1} << 20U);
    if (process_ > 0) ::waitpid(std::exchange(process_, -1), nullptr, 0);
    return heard;
  }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

 private:
  pid_t process_ = -1;
  int input_ = -1;
};

}  // namespace caravan::testing
