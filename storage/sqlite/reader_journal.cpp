// The journal, read back.

#include "storage/sqlite/compression.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/rows.hpp"

namespace caravan::sqlite {

Reader::JournalRange SqliteReader::journal_range() {
  query(journal_range_,
        "SELECT (SELECT min(sequence) FROM journal), (SELECT max(sequence) FROM journal), "
        "(SELECT value FROM setting WHERE name = 'journal_sequence')");
  Rows rows(journal_range_);
  if (!rows.next()) return {};
  const std::int64_t forgotten = journal_range_.is_null(2) ? 0 : journal_range_.integer(2);
  if (!journal_range_.is_null(0)) return {journal_range_.integer(0), journal_range_.integer(1)};
  return forgotten == 0 ? JournalRange{} : JournalRange{forgotten + 1, forgotten};
}

void SqliteReader::journal_from(std::int64_t first, std::size_t limit, std::vector<JournalRecord>& to) {
  query(journal_from_, "SELECT sequence, at, entry FROM journal WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2", first,
        limit);
  for (Rows rows(journal_from_); rows.next();) {
    const std::int64_t sequence = journal_from_.integer(0);
    std::optional<std::string> entry = unpack_compressed(journal_from_.bytes(2));
    if (!entry) damaged("entry " + std::to_string(sequence) + " of the journal");
    to.push_back({sequence, instant_in(journal_from_, 1), std::move(*entry)});
  }
}

std::int64_t SqliteReader::journal_bytes() {
  return number(journal_bytes_, "SELECT sum(length(entry)) FROM journal");
}

}  // namespace caravan::sqlite
