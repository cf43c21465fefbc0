// A merge of two ordered scans a table. `SELECT *` is meant: a column that a later layout adds is compared as well. Of
// deliveries the texts are compared, however they are packed.

#include "storage/compare.hpp"

#include <bit>
#include <tuple>

#include "storage/sqlite/forgotten_rows.hpp"
#include "storage/sqlite/reader.hpp"

namespace caravan::sqlite {
namespace {

/// Which of a table's columns says whose a row is.
enum class Owner { nobody, account, token, person };

struct Table {
  std::string_view name;
  const char* sql;
  std::size_t key;  ///< how many columns, the first ones, are the key
  Owner owner;
  const char* owner_column;  ///< null for nobody
  const char* time;          ///< the column that says when; null: none does
};

/// In the order in which differences of the same account and instant are told.
constexpr Table kTables[] = {
    {"run", "SELECT * FROM run ORDER BY token, first_visit", 2, Owner::token, "token", "at"},
    {"token", "SELECT * FROM token ORDER BY id", 1, Owner::token, "id", "entered_at"},
    {"delivery",
     "SELECT token, visit, recipient, account, version, message, state, attempts, created_at, next_attempt_at, "
     "ended_at,"
     " reason, delivery_address(dictionary, address, message_values) AS address,"
     " delivery_values(dictionary, address, message_values) AS message_values"
     " FROM delivery ORDER BY token, visit, recipient",
     3, Owner::token, "token", "created_at"},
    {"activity", "SELECT * FROM activity ORDER BY account, sequence", 2, Owner::account, "account", "at"},
    {"group_change", "SELECT * FROM group_change ORDER BY account, interest, at, sequence", 4, Owner::account,
     "account", "at"},
    {"note", "SELECT * FROM note ORDER BY account, at, sequence", 3, Owner::account, "account", "at"},
    {"buying_group", "SELECT * FROM buying_group ORDER BY account, interest", 2, Owner::account, "account",
     "created_at"},
    {"member", "SELECT * FROM member ORDER BY account, interest, person", 3, Owner::account, "account", "since"},
    {"audience_member", "SELECT * FROM audience_member ORDER BY account, audience", 2, Owner::account, "account",
     "since"},
    {"roster_change", "SELECT * FROM roster_change ORDER BY sequence", 1, Owner::account, "account", "at"},
    {"roster", "SELECT * FROM roster ORDER BY kind, name, account, person", 4, Owner::account, "account", "since"},
    {"account", "SELECT * FROM account ORDER BY id", 1, Owner::account, "id", nullptr},
    {"person", "SELECT * FROM person ORDER BY id", 1, Owner::account, "account", nullptr},
    {"relation", "SELECT * FROM relation ORDER BY account, person", 2, Owner::account, "account", nullptr},
    {"engagement", "SELECT * FROM engagement ORDER BY person", 1, Owner::person, "person", nullptr},
    {"engagement_due", "SELECT * FROM engagement_due ORDER BY account", 1, Owner::account, "account", nullptr},
    {"account_to_evaluate", "SELECT * FROM account_to_evaluate ORDER BY account", 1, Owner::account, "account",
     nullptr},
    {"kept_consent", "SELECT * FROM kept_consent ORDER BY address, kind, topic", 3, Owner::nobody, nullptr, "at"},
    {"mailed", "SELECT * FROM mailed ORDER BY journey, message, address", 3, Owner::nobody, nullptr, nullptr},
    {"journey", "SELECT * FROM journey ORDER BY name", 1, Owner::nobody, nullptr, "since"},
    {"version", "SELECT * FROM version ORDER BY id", 1, Owner::nobody, nullptr, "published_at"},
    {"definitions", "SELECT * FROM definitions ORDER BY only", 1, Owner::nobody, nullptr, "published_at"},
    {"snapshot", "SELECT * FROM snapshot ORDER BY id", 1, Owner::nobody, nullptr, nullptr},
    {"snapshot_text", "SELECT * FROM snapshot_text ORDER BY snapshot, path", 2, Owner::nobody, nullptr, nullptr},
    {"task", "SELECT * FROM task ORDER BY id", 1, Owner::nobody, nullptr, "since"},
    {"sweep", "SELECT * FROM sweep ORDER BY version", 1, Owner::nobody, nullptr, nullptr},
    {"engagement_round", "SELECT * FROM engagement_round ORDER BY only", 1, Owner::nobody, nullptr, nullptr},
    {"counter", "SELECT * FROM counter ORDER BY version, kind, slot, path", 4, Owner::nobody, nullptr, nullptr},
    {"name", "SELECT * FROM name ORDER BY number", 1, Owner::nobody, nullptr, nullptr},
    {"setting",
     "SELECT * FROM setting WHERE name NOT IN ('installation', 'journal_sequence', 'journal_past')"
     " AND name NOT LIKE 'history/%' ORDER BY name",
     1, Owner::nobody, nullptr, nullptr},
};

/// What a channel reports of a delivery; the rest was promised with it.
constexpr std::array<std::string_view, 5> kProgressColumns = {"state", "attempts", "next_attempt_at", "ended_at",
                                                              "reason"};

Cell cell_in(const Statement& row, int column) {
  switch (row.kind(column)) {
    case Statement::Kind::nothing: return {};
    case Statement::Kind::integer: return row.integer(column);
    case Statement::Kind::real: return row.real(column);
    case Statement::Kind::bytes: break;
  }
  return std::string(row.bytes(column));
}

bool are_equal(const Statement& left, const Statement& right, int column) {
  const Statement::Kind kind = left.kind(column);
  if (kind != right.kind(column)) return false;
  switch (kind) {
    case Statement::Kind::nothing: return true;
    case Statement::Kind::integer: return left.integer(column) == right.integer(column);
    case Statement::Kind::real:
      return std::bit_cast<std::uint64_t>(left.real(column)) == std::bit_cast<std::uint64_t>(right.real(column));
    case Statement::Kind::bytes: return left.bytes(column) == right.bytes(column);
  }
  return false;
}

/// By the key: below, at or above 0. A key has no NULL, and a column of it has one type.
int order_of(const Statement& left, const Statement& right, std::size_t key) {
  for (int column = 0; column < static_cast<int>(key); ++column) {
    if (left.kind(column) == Statement::Kind::integer) {
      const std::int64_t one = left.integer(column), other = right.integer(column);
      if (one != other) return one < other ? -1 : 1;
    } else if (const int order = left.bytes(column).compare(right.bytes(column)); order != 0) {
      return order;
    }
  }
  return 0;
}

std::optional<Instant> earlier(std::optional<Instant> one, std::optional<Instant> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

/// One of the two stores.
class Side {
 public:
  explicit Side(Reader& reader)
      : reader_(dynamic_cast<SqliteReader*>(&reader)), last_run_(connection()), account_of_token_(connection()) {
    define_functions(connection(), reader_->delivery_texts());
    reader_->engine_time();  // from here on the connection sees one state
  }

  SqliteReader& reader() { return *reader_; }

  Connection& connection() {
    if (!reader_) throw std::logic_error("only stores in SQLite files are compared");
    return reader_->connection();
  }

  /// When the token was run last; nothing when it never was.
  std::optional<Instant> last_run(std::int64_t token) {
    last_run_.prepare("SELECT max(at) FROM run WHERE token = ?1");
    last_run_.bind(token);
    Rows rows(last_run_);
    if (!rows.next() || last_run_.is_null(0)) return std::nullopt;
    return Instant(std::chrono::milliseconds(last_run_.integer(0)));
  }

  std::optional<AccountId> account_of_token(std::int64_t token) {
    account_of_token_.prepare("SELECT account FROM token WHERE id = ?1");
    account_of_token_.bind(token);
    Rows rows(account_of_token_);
    if (!rows.next()) return std::nullopt;
    return AccountId{account_of_token_.integer(0)};
  }

  std::optional<AccountId> account_of_person(std::int64_t person) { return reader_->account_of(PersonId{person}); }

 private:
  SqliteReader* reader_;
  Statement last_run_;
  Statement account_of_token_;
};

/// Compares one table.
class TableComparison {
 public:
  TableComparison(const Table& table, Side& left, Side& right)
      : table_(table), left_(left), right_(right), left_rows_(left.connection()), right_rows_(right.connection()) {
    left_rows_.prepare(table.sql);
    right_rows_.prepare(table.sql);
  }

  template <class Differs, class Done>
  void run(const Differs& differs, const Done& done) {
    bool has_left = left_rows_.step(), has_right = right_rows_.step();
    while (has_left || has_right) {
      const int order = !has_right ? -1 : !has_left ? 1 : order_of(left_rows_, right_rows_, table_.key);
      if (order != 0) {
        differs(alone(order < 0));
      } else if (!rest_is_equal()) {
        differs(changed());
      }
      if (order <= 0) {
        done(left_rows_);
        has_left = left_rows_.step();
      }
      if (order >= 0) has_right = right_rows_.step();
    }
  }

  /// The position of a column; -1 where the table has none of that name.
  int column(std::string_view name) const {
    for (int each = 0; each < left_rows_.columns(); ++each) {
      if (left_rows_.name(each) == name) return each;
    }
    return -1;
  }

 private:
  bool rest_is_equal() const {
    for (int each = static_cast<int>(table_.key); each < left_rows_.columns(); ++each) {
      if (!are_equal(left_rows_, right_rows_, each)) return false;
    }
    return true;
  }

  RowDifference alone(bool is_left) {
    const Statement& row = is_left ? left_rows_ : right_rows_;
    RowDifference difference = begin(row);
    difference.is_left = is_left;
    difference.is_right = !is_left;
    for (int each = static_cast<int>(table_.key); each < row.columns(); ++each)
      difference.rest.emplace_back(row.name(each), cell_in(row, each));
    difference.at = time_in(row);
    own(row, difference);
    return difference;
  }

  RowDifference changed() {
    RowDifference difference = begin(left_rows_);
    difference.is_left = difference.is_right = true;
    for (int each = static_cast<int>(table_.key); each < left_rows_.columns(); ++each) {
      if (are_equal(left_rows_, right_rows_, each)) continue;
      difference.columns.push_back(
          {std::string(left_rows_.name(each)), cell_in(left_rows_, each), cell_in(right_rows_, each)});
    }
    own(left_rows_, difference);
    difference.at = time_of_change(difference);
    return difference;
  }

  RowDifference begin(const Statement& row) const {
    RowDifference difference;
    difference.table = table_.name;
    difference.rank = static_cast<std::size_t>(&table_ - kTables);
    for (int each = 0; each < static_cast<int>(table_.key); ++each)
      difference.key.emplace_back(row.name(each), cell_in(row, each));
    return difference;
  }

  std::optional<Instant> time_in(const Statement& row, std::string_view name) const {
    const int position = column(name);
    if (position < 0 || row.is_null(position)) return std::nullopt;
    return Instant(std::chrono::milliseconds(row.integer(position)));
  }
  std::optional<Instant> time_in(const Statement& row) const {
    return table_.time ? time_in(row, table_.time) : std::nullopt;
  }

  /// When it came to what is different.
  std::optional<Instant> time_of_change(const RowDifference& difference) {
    if (table_.name == "token") {
      // What differs of a token and not of its runs is how it was left by the last of them.
      const std::optional<Instant> left = left_.last_run(difference.token.value);
      const std::optional<Instant> right = right_.last_run(difference.token.value);
      if (left || right) return left && right ? std::max(*left, *right) : left ? left : right;
    }
    if (table_.name == "delivery" && is_of_progress(difference)) {
      const auto ended = earlier(time_in(left_rows_, "ended_at"), time_in(right_rows_, "ended_at"));
      if (ended) return ended;
    }
    // That of the group's engagement is the last round's.
    if (table_.name == "buying_group") {
      const bool is_staged = std::any_of(difference.columns.begin(), difference.columns.end(), [](const auto& each) {
        return each.column == "stage_since" || each.column == "created_at";
      });
      if (!is_staged) return std::nullopt;
      return earlier(time_in(left_rows_, "stage_since"), time_in(right_rows_, "stage_since"));
    }
    return earlier(time_in(left_rows_), time_in(right_rows_));
  }

  static bool is_of_progress(const RowDifference& difference) {
    return std::all_of(difference.columns.begin(), difference.columns.end(), [](const ColumnDifference& each) {
      return std::find(kProgressColumns.begin(), kProgressColumns.end(), each.column) != kProgressColumns.end();
    });
  }

  /// Finds out whose it is.
  void own(const Statement& row, RowDifference& difference) {
    if (const int person = column("person"); person >= 0 && row.integer(person) > 0)
      difference.person = PersonId{row.integer(person)};
    if (table_.name == "person") difference.person = PersonId{row.integer(0)};
    if (const int token = column("token"); token >= 0 && row.integer(token) > 0)
      difference.token = TokenId{row.integer(token)};
    const std::int64_t owner = table_.owner_column ? row.integer(column(table_.owner_column)) : 0;
    switch (table_.owner) {
      case Owner::nobody: return;
      case Owner::account: difference.account = AccountId{owner}; return;
      case Owner::token: {
        difference.token = TokenId{owner};
        const auto account = left_.account_of_token(owner);
        difference.account = (account ? account : right_.account_of_token(owner)).value_or(AccountId{});
        return;
      }
      case Owner::person: {
        const auto account = left_.account_of_person(owner);
        difference.account = (account ? account : right_.account_of_person(owner)).value_or(AccountId{});
        return;
      }
    }
  }

  const Table& table_;
  Side& left_;
  Side& right_;
  Statement left_rows_;
  Statement right_rows_;
};

/// Counts what was compared, and tells now and then.
class Counting {
 public:
  Counting(ComparedRows& counted, const std::function<void(std::int64_t)>& progress)
      : counted_(counted), progress_(progress) {}

  void count(std::string_view table, int visits, const Statement& row) {
    if (table == "account") ++counted_.accounts;
    if (table == "delivery") ++counted_.deliveries;
    if (table == "token") counted_.visits += row.integer(visits);
    constexpr std::int64_t kTellEvery = 8'192;
    if (++counted_.rows % kTellEvery == 0 && progress_) progress_(counted_.rows);
  }

 private:
  ComparedRows& counted_;
  const std::function<void(std::int64_t)>& progress_;
};

}  // namespace
}  // namespace caravan::sqlite

namespace caravan {

bool RowDifference::is_before(const RowDifference& other) const {
  const Instant mine = at.value_or(Instant::max()), others = other.at.value_or(Instant::max());
  return std::tie(mine, account, rank, key) < std::tie(others, other.account, other.rank, other.key);
}

ComparedRows compare(Reader& left, Reader& right, const std::function<void(const RowDifference&)>& differs,
                     const std::function<void(std::int64_t rows)>& progress) {
  sqlite::Side left_side(left), right_side(right);
  ComparedRows counted;
  sqlite::Counting counting(counted, progress);
  sqlite::ForgottenRows forgotten(left_side.reader(), right_side.reader());
  const auto differs_unless_forgotten = [&](const RowDifference& row) {
    if (!forgotten.take(row)) differs(row);
  };
  for (const sqlite::Table& table : sqlite::kTables) {
    sqlite::TableComparison comparison(table, left_side, right_side);
    const int visits = comparison.column("visits");
    comparison.run(differs_unless_forgotten,
                   [&](const sqlite::Statement& row) { counting.count(table.name, visits, row); });
  }
  forgotten.compare(counted, differs);
  return counted;
}

std::vector<std::string_view> compared_tables() {
  std::vector<std::string_view> names;
  for (const sqlite::Table& table : sqlite::kTables)
    names.push_back(table.name);
  return names;
}

}  // namespace caravan
