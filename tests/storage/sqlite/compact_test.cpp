// Room that a store does not need any more goes back to the file system: all at once by hand, then in small portions.

#include "storage/compact.hpp"

#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

/// The journal's entries are what comes and goes here.
Changes with_entries(std::int64_t first, std::int64_t last) {
  Changes changes = with_accounts({first});
  changes.journal = JournalRecord{first, at(first), {}};
  for (std::int64_t i = 0; i < (last - first + 1) * 40; ++i)
    changes.journal->entry += std::to_string(i * 7'919 % 1'000'003) + " ";
  return changes;
}

std::int64_t pages(const std::filesystem::path& file) {
  return std::stoll(ask(file, "PRAGMA page_count"));
}

Changes let_go(std::int64_t through) {
  Changes changes;
  changes.forgotten_journal = through;
  return changes;
}

TEST_CASE("compacting gives back what is free, and changes nothing else") {
  TemporaryFolder folder;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    for (std::int64_t i = 1; i <= 40; ++i)
      store->commit(with_entries(i, i + 40));
    store->commit(let_go(39));
  }
  const std::int64_t before = pages(folder.file());
  const CompactedStore compacted = compact_sqlite(folder.file());
  CHECK(pages(folder.file()) + 30 < before);
  CHECK(compacted.after == std::filesystem::file_size(folder.file()));
  CHECK(compacted.after < compacted.before);
  CHECK(ask(folder.file(), "PRAGMA integrity_check") == "ok");
  const auto reader = open_sqlite(folder.file(), OpenMode::write)->reader();
  CHECK(reader->totals().accounts == 40);
  CHECK(reader->journal_range() == Reader::JournalRange{40, 40});
}

TEST_CASE("a compacted store gives back free pages as it is told, a few at a time") {
  TemporaryFolder folder;
  open_sqlite(folder.file(), OpenMode::write);
  compact_sqlite(folder.file());
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  for (std::int64_t i = 1; i <= 40; ++i)
    store->commit(with_entries(i, i + 40));
  const auto reader = store->reader();
  CHECK(reader->free_pages() == 0);
  store->commit(let_go(39));
  reader->refresh();
  const std::int64_t free = reader->free_pages();
  CHECK(free > 30);
  reader->refresh();
  const std::int64_t before = pages(folder.file());
  Changes changes;
  changes.history.freed_pages = 10;
  store->commit(changes);
  CHECK(reader->free_pages() == free - 10);
  CHECK(pages(folder.file()) <= before - 10);
  reader->refresh();
  changes.history.freed_pages = 10'000;
  store->commit(changes);
  CHECK(reader->free_pages() == 0);
  CHECK(reader->account(AccountId{7}));
  CHECK(ask(folder.file(), "PRAGMA integrity_check") == "ok");
}

TEST_CASE("a store that somebody writes is not compacted") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  CHECK_THROWS_AS(compact_sqlite(folder.file()), StoreInUse);
}

}  // namespace
}  // namespace caravan
