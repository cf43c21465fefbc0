#pragma once
// Keeps the write-ahead log short. SQLite's own automatic checkpoint copies what no reader still needs, but the log
// only begins anew at an instant when no reader holds any part of it; with a reader that always has a batch in hand,
// that instant never comes and the log grows without end. So when copying alone has not helped for a while, the
// writer waits a moment for the readers: one that calls refresh() when it has finished a batch lets it through.

#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

class WalKeeper {
 public:
  /// `connection` is the writer's and outlives this.
  WalKeeper(Connection& connection, std::size_t checkpoint_bytes);
  WalKeeper(const WalKeeper&) = delete;
  WalKeeper& operator=(const WalKeeper&) = delete;

  /// To be called after each commit. Does not throw: what was committed is safe in the log however this ends.
  void after_commit() noexcept;

  /// The same while nobody waits for a commit: much less is then worth to be copied back.
  void use_idle_time() noexcept;

 private:
  /// Copies back what no reader still needs.
  void copy_back() noexcept;
  /// Copies everything back and makes the log begin anew, if the readers let it within a moment.
  void begin_anew() noexcept;

  Connection& connection_;
  int pages_ = 0;     ///< length of the log after the last commit
  int step_ = 1;      ///< `checkpoint_bytes` in pages
  int next_ = 1;      ///< copy back when the log is this long
  int last_ = 0;      ///< its length after the commit before
  int copied_ = 0;    ///< its length when it was last copied back
  int attempts_ = 0;  ///< to copy back, since the log last began anew
};

}  // namespace caravan::sqlite
