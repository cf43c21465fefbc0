#pragma once
// Rows that one store alone has because the other has let them go: they are compared, enrollment by enrollment, with
// what that one's archives say.

#include "storage/compare.hpp"
#include "storage/sqlite/reader.hpp"

namespace caravan::sqlite {

class ForgottenRows {
 public:
  /// Both outlive it.
  ForgottenRows(SqliteReader& left, SqliteReader& right);

  /// Whether the row is in the right store alone since the left one has let go what its enrollment did.
  bool take(const RowDifference& row);
  /// Compares the enrollments whose rows were taken, and counts them.
  void compare(ComparedRows& counted, const std::function<void(const RowDifference&)>& differs);

 private:
  std::optional<TokenRecord> right_token(TokenId id);
  bool is_forgotten(TokenId enrollment);
  void compare(const TokenRecord& enrollment, ComparedRows& counted,
               const std::function<void(const RowDifference&)>& differs);

  SqliteReader& left_;
  SqliteReader& right_;
  const bool has_forgotten_;  ///< the left store has let anything go
  Statement right_token_;
  Statement left_token_;
  std::vector<bool> taken_;  ///< by the number of an enrollment
};

}  // namespace caravan::sqlite
