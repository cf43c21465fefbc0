// Decides after each commit whether the log is to be copied back, how much of it at once, and how hard to try.

#include "storage/sqlite/wal_keeper.hpp"

#include <sqlite3.h>

namespace caravan::sqlite {
namespace {

/// Somebody waits for each of many small commits: what they wait for while it is copied back is parted, so that none
/// waits long. Commits of more pages are those of work that nobody waits for step by step. Idle time takes smaller
/// parts, so that little is left to the commits of an engine that has any.
constexpr int kFewPages = 256;
constexpr int kParts = 16;
constexpr int kIdleParts = 2 * kParts;

/// Copying back without waiting is tried this often before the writer waits for the readers.
constexpr int kPatience = 3;
constexpr std::chrono::milliseconds kPause{1};
/// In pauses. A turn thread's batch takes tens of milliseconds; somebody's long report must not stop the engine.
constexpr int kPauses = 250;

}  // namespace

WalKeeper::WalKeeper(Connection& connection, std::size_t checkpoint_bytes) : connection_(connection) {
  const auto page_bytes = static_cast<std::size_t>(connection_.number("PRAGMA page_size"));
  step_ = static_cast<int>(std::max<std::size_t>(checkpoint_bytes / page_bytes, 1));
  next_ = step_;
  // After a reader has held the log long, the file shrinks again; the slack spares a truncation each time.
  connection_.run(("PRAGMA journal_size_limit = " + std::to_string(2 * checkpoint_bytes)).c_str());
  sqlite3_wal_hook(
      connection_.handle(),
      [](void* pages, sqlite3*, const char*, int length) {
        *static_cast<int*>(pages) = length;
        return SQLITE_OK;
      },
      &pages_);
}

void WalKeeper::after_commit() noexcept {
  const bool has_begun_anew = pages_ < last_;
  const int committed = has_begun_anew ? pages_ : pages_ - last_;
  if (has_begun_anew) {
    attempts_ = 0;
    next_ = step_;
    copied_ = 0;
  }
  last_ = pages_;
  if (pages_ < next_) {
    if (committed <= kFewPages && pages_ - copied_ >= step_ / kParts) copy_back();
    return;
  }
  if (++attempts_ % (kPatience + 1) == 0)
    begin_anew();
  else
    copy_back();
  next_ = pages_ + step_;
}

void WalKeeper::use_idle_time() noexcept {
  if (pages_ - copied_ >= step_ / kIdleParts) copy_back();
}

void WalKeeper::copy_back() noexcept {
  sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  copied_ = pages_;
}

void WalKeeper::begin_anew() noexcept {
  sqlite3_busy_handler(
      connection_.handle(),
      [](void*, int pauses) {
        std::this_thread::sleep_for(kPause);
        return pauses < kPauses ? 1 : 0;
      },
      nullptr);
  sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  connection_.be_patient();
  copied_ = pages_;
}

}  // namespace caravan::sqlite
