// The journal in the file: in order, in little room, let go from the front.

#include "storage/sqlite/compression.hpp"
#include "tests/storage/sqlite/fixture.hpp"

namespace caravan {
namespace {

using namespace testing;  // NOLINT: the fixture's short names are what makes these tests readable

Changes with_entry(std::int64_t sequence, std::string entry) {
  Changes changes;
  changes.journal = JournalRecord{sequence, at(sequence * 1'000), std::move(entry)};
  return changes;
}

TEST_CASE("entries of the journal are read back in order, from any of them") {
  Reopened store{with_entry(1, "one"), with_entry(2, std::string(5'000, 'b')), with_entry(3, "")};
  CHECK(store->journal_range() == Reader::JournalRange{1, 3});
  CHECK(gather<JournalRecord>([&](auto& to) { store->journal_from(2, 10, to); }) ==
        std::vector<JournalRecord>{{2, at(2'000), std::string(5'000, 'b')}, {3, at(3'000), ""}});
  CHECK(gather<JournalRecord>([&](auto& to) { store->journal_from(1, 2, to); }).size() == 2);
}

TEST_CASE("a store without a journal has an empty range") {
  Reopened store{with_accounts({1})};
  CHECK(store->journal_range() == Reader::JournalRange{0, 0});
}

TEST_CASE("an entry is in the store exactly when what it did is") {
  TemporaryFolder folder;
  const auto store = open_sqlite(folder.file(), OpenMode::write);
  Changes good = with_accounts({1});
  good.journal = JournalRecord{1, at(1'000), "made"};
  store->commit(good);
  Changes bad = with_entry(2, "changed");
  bad.accounts.push_back({{{9}, "nobody", {}}, false});
  CHECK_THROWS_AS(store->commit(bad), StoreError);
  CHECK(store->reader()->journal_range() == Reader::JournalRange{1, 1});
}

TEST_CASE("old entries are let go from the front, and numbers go on") {
  TemporaryFolder folder;
  {
    const auto store = open_sqlite(folder.file(), OpenMode::write);
    for (std::int64_t sequence = 1; sequence <= 5; ++sequence)
      store->commit(with_entry(sequence, "entry"));
    Changes forget;
    forget.forgotten_journal = 3;
    store->commit(forget);
    CHECK(store->reader()->journal_range() == Reader::JournalRange{4, 5});
    forget.forgotten_journal = 5;
    store->commit(forget);
  }
  const auto reader = open_sqlite(folder.file(), OpenMode::read)->reader();
  CHECK(reader->journal_range() == Reader::JournalRange{6, 5});
  CHECK(gather<JournalRecord>([&](auto& to) { reader->journal_from(1, 9, to); }).empty());
}

TEST_CASE("what repeats itself takes little room, and what does not stays as it was") {
  sqlite::Compressor compressor;
  const std::string repeating(100'000, 'a');
  CHECK(compressor.pack(repeating).size() < 100);
  CHECK(sqlite::unpack_compressed(compressor.pack(repeating)) == repeating);
  CHECK(compressor.pack("short").size() == 6);
  CHECK(sqlite::unpack_compressed(compressor.pack("short")) == "short");
  CHECK(sqlite::unpack_compressed(compressor.pack("")) == "");
}

TEST_CASE("a damaged entry is not unpacked") {
  CHECK_FALSE(sqlite::unpack_compressed(""));
  CHECK_FALSE(sqlite::unpack_compressed("\x07what"));
  CHECK_FALSE(sqlite::unpack_compressed("\x01not a frame"));
  std::string packed = sqlite::Compressor().pack(std::string(1'000, 'a'));
  packed.pop_back();
  CHECK_FALSE(sqlite::unpack_compressed(packed));
}

}  // namespace
}  // namespace caravan
