#include "storage/sqlite/archive_file.hpp"

#include "storage/sqlite/archive_block.hpp"
#include "storage/sqlite/compression.hpp"
#include "storage/sqlite/journal_past.hpp"
#include "storage/varint.hpp"

namespace caravan::sqlite {
namespace {

namespace fs = std::filesystem;

/// "CrvA", and the layout's number.
constexpr std::int64_t kApplicationId = 0x43727641;
constexpr std::int64_t kLayout = 1;
constexpr std::size_t kCacheBytes = std::size_t{1} << 20U;
/// More in a block makes it smaller on the disk by little, and slower to find one of them in.
constexpr std::size_t kMostInBlock = 256;
constexpr std::int64_t kMostRowsInBlock = 4'096;

constexpr const char* kTables = R"sql(
CREATE TABLE block(             -- what many enrollments did
  sequence INTEGER PRIMARY KEY,
  past INTEGER NOT NULL,        -- a hash of the store's name and of all its blocks before, in this file
  here INTEGER NOT NULL,        -- the same with this block
  first INTEGER NOT NULL,       -- the number of its first enrollment
  last INTEGER NOT NULL,
  enrollments INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  ended_from INTEGER NOT NULL,  -- when the first of them ended
  ended_to INTEGER NOT NULL,
  ids BLOB NOT NULL             -- which enrollments: how far each is from the one before
) STRICT;
CREATE INDEX block_here ON block(here);
CREATE TABLE content(           -- apart, so that looking for a block reads none
  block INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL           -- packed; `caravan show account KEY` prints it
) STRICT;
)sql";

/// How many of `history` go into one block.
std::size_t block_size(std::span<const EnrollmentHistory> history) {
  std::size_t size = 0;
  for (std::int64_t rows = 0; size < history.size() && size < kMostInBlock; ++size) {
    rows += history[size].rows();
    if (size > 0 && rows > kMostRowsInBlock) break;
  }
  return size;
}

Instant end_of(const EnrollmentHistory& history) {
  return history.enrollment.ended_at.value_or(history.enrollment.entered_at);
}

std::string ids_of(std::span<const EnrollmentHistory> history) {
  std::string ids;
  TokenId last;
  for (const EnrollmentHistory& each : history)
    put_varint(ids,
               static_cast<std::uint64_t>(each.enrollment.id.value - std::exchange(last, each.enrollment.id).value));
  return ids;
}

}  // namespace

bool ArchiveBlock::has(TokenId enrollment) const {
  std::string_view rest = ids;
  for (std::int64_t id = 0; id < enrollment.value;) {
    const std::optional<std::uint64_t> step = take_varint(rest);
    if (!step || *step == 0) return false;
    id += static_cast<std::int64_t>(*step);
    if (id == enrollment.value) return true;
  }
  return false;
}

ArchiveFile::ArchiveFile(const fs::path& store_file, const std::string& installation, const ArchiveRecord& record,
                         Access access)
    : record_(record),
      start_(past_behind(0, installation + "/" + record.file)),
      connection_(archive_folder(store_file) / record.file, access, {.cache_bytes = kCacheBytes}) {
  if (record_.blocks == 0) record_.past = start_;
  if (access == Access::create) make_layout();
  expect_layout();
}

void ArchiveFile::fail(const std::string& what) const {
  throw StoreError(connection_.file().string() + ": " + what);
}

void ArchiveFile::make_layout() {
  const bool is_empty =
      connection_.number("PRAGMA application_id") == 0 && connection_.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (!is_empty) expect_layout();
  // A block must be on the disk when its rows are let go, so that even a journal of SQLite's that is gone stays gone.
  connection_.run("PRAGMA journal_mode = delete; PRAGMA synchronous = extra");
  if (!is_empty) return;
  connection_.run("BEGIN IMMEDIATE");
  connection_.run(kTables);
  connection_.run(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  connection_.run(("PRAGMA user_version = " + std::to_string(kLayout)).c_str());
  connection_.run("COMMIT");
}

void ArchiveFile::expect_layout() {
  if (connection_.number("PRAGMA application_id") != kApplicationId)
    fail("this is no archive of Caravan's: put back the one that was here; this file was left as it is");
  if (connection_.number("PRAGMA user_version") > kLayout)
    fail("made by a newer Caravan: use the newer program; the file was left as it is");
}

/// Writes its content again, which need not be whole. False when there is no such block.
bool ArchiveFile::mend_block(std::int64_t here, std::int64_t past, const std::string& content) {
  Statement update(connection_);
  update.prepare(
      "INSERT INTO content(block, bytes) SELECT sequence, ?3 FROM block WHERE here = ?1 AND past = ?2"
      " ON CONFLICT DO UPDATE SET bytes = excluded.bytes");
  update.bind(here, past, std::span<const char>(content));
  update.run();
  return connection_.touched() > 0;
}

/// What is appended goes on behind the last block that the store knows.
void ArchiveFile::expect_end() {
  if (record_.blocks == 0) return;
  Statement statement(connection_);
  statement.prepare("SELECT 1 FROM block WHERE here = ?1");
  statement.bind(record_.past);
  Rows rows(statement);
  if (!rows.next())
    fail("this archive does not hold what was put into it last, so nothing more is: put back the file that was here");
}

ArchiveRecord ArchiveFile::append(std::span<const EnrollmentHistory> history) {
  expect_end();
  connection_.run("BEGIN IMMEDIATE");
  try {
    while (!history.empty()) {
      const std::size_t size = block_size(history);
      append_block(history.first(size));
      history = history.subspan(size);
    }
    connection_.run("COMMIT");
  } catch (...) {
    connection_.roll_back();
    throw;
  }
  return record_;
}

/// One that is there already, of a life that ended before the store knew of it, is as good.
void ArchiveFile::append_block(std::span<const EnrollmentHistory> history) {
  const std::string content = Compressor().pack(pack_block(history));
  const std::int64_t past = std::exchange(record_.past, past_behind(record_.past, content));
  ++record_.blocks;
  record_.enrollments += static_cast<std::int64_t>(history.size());
  if (mend_block(record_.past, past, content)) return;
  std::int64_t rows = 0;
  Instant from = end_of(history.front());
  Instant to = from;
  for (const EnrollmentHistory& each : history) {
    rows += each.rows();
    from = std::min(from, end_of(each));
    to = std::max(to, end_of(each));
  }
  Statement insert(connection_);
  insert.prepare(
      "INSERT INTO block(past, here, first, last, enrollments, row_count, ended_from, ended_to, ids)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  const std::string ids = ids_of(history);
  insert.bind(past, record_.past, history.front().enrollment.id, history.back().enrollment.id, history.size(), rows,
              from, to, std::span<const char>(ids));
  insert.run();
  if (!mend_block(record_.past, past, content)) fail("a block that was written is not there");
}

std::vector<ArchiveBlock> ArchiveFile::own_blocks(std::string& problem) {
  std::unordered_map<std::int64_t, Link> links;  // by the hash with them
  Statement select(connection_);
  select.prepare(
      "SELECT here, past, sequence, first, last, enrollments, row_count, ended_from, ended_to, ids FROM block");
  for (Rows rows(select); rows.next();) {
    const auto instant = [&](int column) { return Instant(std::chrono::milliseconds(select.integer(column))); };
    links[select.integer(0)] = {select.integer(1),
                                {select.integer(2),
                                 {select.integer(3)},
                                 {select.integer(4)},
                                 select.integer(5),
                                 select.integer(6),
                                 instant(7),
                                 instant(8),
                                 std::string(select.bytes(9))}};
  }
  std::vector<ArchiveBlock> own = chain_to(record_.past, links);
  if (own.empty()) {
    // An older copy of the file ends with another block of the same chain.
    for (const auto& [here, link] : links) {
      std::vector<ArchiveBlock> older = chain_to(here, links);
      if (older.size() > own.size()) own = std::move(older);
    }
  }
  if (own.size() != static_cast<std::size_t>(record_.blocks)) {
    problem = connection_.file().string() + ": this archive holds " + std::to_string(own.size()) + " of " +
              std::to_string(record_.blocks) + " blocks that were put into it: put back the file that was here";
  }
  std::reverse(own.begin(), own.end());
  return own;
}

/// The blocks from the first one to that of the hash, the newest first; none where they do not hang together.
std::vector<ArchiveBlock> ArchiveFile::chain_to(std::int64_t here,
                                                const std::unordered_map<std::int64_t, Link>& links) const {
  std::vector<ArchiveBlock> chain;
  while (here != start_) {
    const auto found = links.find(here);
    if (found == links.end() || chain.size() == static_cast<std::size_t>(record_.blocks)) return {};
    chain.push_back(found->second.block);
    here = found->second.past;
  }
  return chain;
}

std::vector<EnrollmentHistory> ArchiveFile::content(std::int64_t sequence) {
  Statement select(connection_);
  select.prepare("SELECT here, past, bytes FROM block JOIN content ON block = sequence WHERE sequence = ?1");
  select.bind(sequence);
  Rows rows(select);
  if (!rows.next()) fail("block " + std::to_string(sequence) + " is gone: put back the file that was here");
  const bool is_whole = past_behind(select.integer(1), select.bytes(2)) == select.integer(0);
  const std::optional<std::string> unpacked = is_whole ? unpack_compressed(select.bytes(2)) : std::nullopt;
  auto history = unpacked ? unpack_block(*unpacked) : std::nullopt;
  if (!history) fail("the file is damaged (block " + std::to_string(sequence) + "): put back a copy from your back-up");
  return std::move(*history);
}

}  // namespace caravan::sqlite
