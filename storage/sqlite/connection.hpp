#pragma once
// The thinnest layer over SQLite that the writer and the readers share: a connection that turns SQLite's error codes
// into sentences, and statements that are prepared at their first use and kept. A connection, with its statements,
// belongs to one thread at a time.

#include "storage/store.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace caravan::sqlite {

enum class Access {
  create,  ///< read and write; makes the file where there is none
  look,    ///< the file must be there; statements that would change it fail
};

class Connection {
 public:
  /// Throws StoreError. A file that is no database is found out at the first statement, not here.
  Connection(const std::filesystem::path& file, Access access, const SqliteSettings& settings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const std::filesystem::path& file() const { return file_; }
  sqlite3* handle() const { return handle_; }

  /// Runs SQL of one or more statements that return nothing of interest.
  void run(const char* sql);
  /// The first column of the first row; 0 when there is none.
  std::int64_t number(const char* sql);
  std::string text(const char* sql);
  /// How many rows the last insert, update or delete touched.
  std::int64_t touched() const;
  /// The id of the row inserted last into a table that has ids; 0 when none was since forget_inserted().
  std::int64_t last_inserted() const;
  void forget_inserted();
  /// An error may have ended it.
  bool is_in_transaction() const;
  /// Ends a transaction that was begun and not committed, if there is one. Does not throw.
  void roll_back() noexcept;
  /// Waits for another's lock as long as the settings say; so it is from the beginning.
  void be_patient() noexcept;

  /// Throws a StoreError that says what `code` means for whoever runs this, and what to do about it.
  [[noreturn]] void fail(int code) const;

 private:
  void configure(const SqliteSettings& settings);

  std::filesystem::path file_;
  std::chrono::milliseconds patience_;
  sqlite3* handle_ = nullptr;
};

/// One statement of a connection. SQL stands where it is used: `prepare` takes it at every call and needs it once.
class Statement {
 public:
  explicit Statement(Connection& connection) : connection_(connection) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void prepare(const char* sql) {
    if (statement_ == nullptr) prepare_first(sql);
  }

  /// Binds `values` to ?1, ?2, ... Texts are not copied: they must live until the statement is done.
  template <class... Values>
  void bind(const Values&... values) {
    int position = 0;
    (bind_at(++position, values), ...);
  }

  /// Runs a statement that returns no row, and makes it ready for the next.
  void run();
  /// The next row, if there is one.
  bool step();
  /// Done with the rows, so that they hold nothing any more.
  void reset() noexcept;

  /// Of a statement that selects.
  int columns() const;
  std::string_view name(int column) const;
  /// What the present row has in a column.
  enum class Kind { nothing, integer, real, bytes };
  Kind kind(int column) const;

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  /// Text or blob, valid until the next step.
  std::string_view bytes(int column) const;

 private:
  void prepare_first(const char* sql);
  void bind_at(int position, std::int64_t value);
  void bind_at(int position, std::nullptr_t);
  void bind_at(int position, const std::string& text);
  void bind_at(int position, std::string_view text);
  void bind_at(int position, std::span<const char> blob);
  template <class Tag>
  void bind_at(int position, Id<Tag> id) {
    bind_at(position, id.value);
  }
  template <class Number>
  requires std::is_enum_v<Number> || std::is_integral_v<Number>
  void bind_at(int position, Number value) { bind_at(position, static_cast<std::int64_t>(value)); }
  void bind_at(int position, Instant at) { bind_at(position, std::int64_t{at.time_since_epoch().count()}); }
  template <class Value>
  void bind_at(int position, const std::optional<Value>& value) {
    if (value)
      bind_at(position, *value);
    else
      bind_at(position, nullptr);
  }

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

/// Resets a statement at the end of a scope, however it is left.
class Rows {
 public:
  explicit Rows(Statement& statement) : statement_(statement) {}
  ~Rows() { statement_.reset(); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  bool next() { return statement_.step(); }

 private:
  Statement& statement_;
};

}  // namespace caravan::sqlite
