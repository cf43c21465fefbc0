#include "storage/sqlite/forgotten_rows.hpp"

#include "storage/archive.hpp"
#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {

ForgottenRows::ForgottenRows(SqliteReader& left, SqliteReader& right)
    : left_(left),
      right_(right),
      has_forgotten_(left.history().forgotten > 0),
      right_token_(right.connection()),
      left_token_(left.connection()) {}

std::optional<TokenRecord> ForgottenRows::right_token(TokenId id) {
  right_token_.prepare("SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE id = ?1");
  right_token_.bind(id);
  Rows rows(right_token_);
  return rows.next() ? std::optional(token_in(right_token_)) : std::nullopt;
}

bool ForgottenRows::is_forgotten(TokenId enrollment) {
  std::optional<TokenRecord> token;
  {
    left_token_.prepare("SELECT " CARAVAN_TOKEN_COLUMNS " FROM token WHERE id = ?1");
    left_token_.bind(enrollment);
    Rows rows(left_token_);
    if (rows.next()) token = token_in(left_token_);
  }
  return token && left_.was_forgotten(*token);
}

bool ForgottenRows::take(const RowDifference& row) {
  constexpr std::array<std::string_view, 4> tables = {"run", "delivery", "note", "token"};
  const bool is_history = std::find(tables.begin(), tables.end(), row.table) != tables.end();
  if (!has_forgotten_ || row.is_left || !is_history || !row.token) return false;
  const std::optional<TokenRecord> token = right_token(row.token);
  if (!token) return false;
  const TokenId enrollment = token->parent ? token->parent : token->id;
  const auto number = static_cast<std::size_t>(enrollment.value);
  if (number < taken_.size() && taken_[number]) return true;
  if (!is_forgotten(enrollment)) return false;
  if (number >= taken_.size()) taken_.resize(std::max(number + 1, taken_.size() * 2));
  taken_[number] = true;
  return true;
}

void ForgottenRows::compare(ComparedRows& counted, const std::function<void(const RowDifference&)>& differs) {
  for (std::size_t number = 0; number < taken_.size(); ++number) {
    if (!taken_[number]) continue;
    if (const auto enrollment = right_token({static_cast<std::int64_t>(number)}))
      compare(*enrollment, counted, differs);
  }
}

void ForgottenRows::compare(const TokenRecord& enrollment, ComparedRows& counted,
                            const std::function<void(const RowDifference&)>& differs) {
  const std::string why = left_.why_untold(enrollment);
  if (!why.empty()) {
    if (counted.untold++ == 0) counted.why_untold = why;
    counted.visits -= enrollment.visits;  // that were counted with its token
    return;
  }
  const EnrollmentHistory left = history_of(left_, enrollment);
  const EnrollmentHistory right = history_of(right_, enrollment);
  ++counted.archived;
  counted.rows += left.rows();
  counted.deliveries += static_cast<std::int64_t>(left.deliveries.size());
  for (const TokenRecord& person : left.people)
    counted.visits += person.visits;
  if (left == right) return;
  RowDifference difference;
  difference.table = "run";
  difference.key = {{"token", enrollment.id.value}};
  difference.is_left = difference.is_right = true;
  difference.columns = {{"rows", left.rows(), right.rows()}};
  difference.at = enrollment.entered_at;
  difference.account = enrollment.account;
  difference.token = enrollment.id;
  differs(difference);
}

}  // namespace caravan::sqlite
