// What is there of history, and what was let go.
//
// Settings tell of it: history/next and history/forgotten, as HistoryRecord has them; history/token, the greatest
// number of a token that is gone; and of each archive file, by its name behind `history/archive/`, how far it goes.

#include "storage/sqlite/archive_setting.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {

HistoryRecord SqliteReader::history() {
  query(history_, "SELECT name, value FROM setting WHERE name > 'history/' AND name < 'history0' ORDER BY name");
  HistoryRecord history;
  for (Rows rows(history_); rows.next();) {
    const std::string_view name = history_.bytes(0);
    if (name == "history/next") {
      history.next = {history_.integer(1)};
    } else if (name == "history/forgotten") {
      history.forgotten = history_.integer(1);
    } else if (name != "history/token") {
      std::optional<ArchiveRecord> archive = parse_archive_setting(name, history_.bytes(1));
      if (!archive) damaged("the setting " + std::string(name));
      history.archives.push_back(std::move(*archive));
    }
  }
  return history;
}

/// Goes by the ids, past the tokens of people and past what was let go.
void SqliteReader::enrollments_with_history(TokenId first, TokenId last, std::size_t limit,
                                            std::vector<TokenRecord>& to) {
  query(enrollments_with_history_,
        "SELECT " CARAVAN_TOKEN_COLUMNS
        " FROM token WHERE id >= ?1 AND id <= ?2 AND parent IS NULL"
        " AND (state < 6 OR (visits > 0 AND EXISTS(SELECT 1 FROM run WHERE run.token = token.id)))"
        " ORDER BY id LIMIT ?3",
        first, last, limit);
  for (Rows rows(enrollments_with_history_); rows.next();)
    to.push_back(token_in(enrollments_with_history_));
}

bool SqliteReader::was_forgotten(const TokenRecord& enrollment) {
  if (!is_final(enrollment.state) || enrollment.parent || enrollment.visits == 0) return false;
  query(has_runs_, "SELECT 1 FROM run WHERE token = ?1 LIMIT 1", enrollment.id);
  Rows rows(has_runs_);
  return !rows.next();
}

std::string SqliteReader::why_untold(const TokenRecord& enrollment) {
  return was_forgotten(enrollment) ? std::string(kLetGo) : std::string();
}

std::int64_t SqliteReader::free_pages() {
  return number(free_pages_,
                "SELECT freelist_count FROM pragma_freelist_count"
                " WHERE (SELECT auto_vacuum FROM pragma_auto_vacuum) = 2");
}

}  // namespace caravan::sqlite
