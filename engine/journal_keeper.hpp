#pragma once
// Keeps the journal as long as its setting says, and no longer than about twice that: once a day of the engine's time
// it takes a snapshot of the store where the newest one is old enough, and lets go what stands before the one that all
// that must be kept follows.

#include <boost/asio/thread_pool.hpp>

#include "engine/engine.hpp"
#include "storage/snapshots.hpp"

namespace caravan {

/// A snapshot, and when it was taken.
struct DatedSnapshot {
  StoreSnapshot snapshot;
  std::optional<Instant> at;  ///< nothing: nobody has run the store since
};

/// What is to be done with a journal whose oldest entry is of `oldest`.
struct JournalUpkeep {
  bool take_snapshot = false;
  std::int64_t forget = 0;            ///< entries up to this one are let go; 0: none
  std::vector<StoreSnapshot> remove;  ///< which nothing needs any more
  bool operator==(const JournalUpkeep& other) const {
    return take_snapshot == other.take_snapshot && forget == other.forget && remove.size() == other.remove.size();
  }
};

/// By the setting `keep`, on the calendar of `timezone`. `snapshots` are those of the store, oldest first. A snapshot
/// is due when the journal has gone on for `keep` since the last one, and where it begins with nothing that a replay
/// can begin with. What stands before the newest snapshot that is as old as `keep` is let go.
JournalUpkeep upkeep_of(const Reader::JournalRange& journal, std::optional<Instant> oldest,
                        std::span<const DatedSnapshot> snapshots, const std::optional<CalendarDuration>& keep,
                        Instant now, std::string_view timezone);

/// The snapshots of a store, oldest first, each with the time of the entry that follows it.
std::vector<DatedSnapshot> dated_snapshots(Reader& reader, const std::filesystem::path& store_file);

/// On the I/O thread.
class JournalKeeper {
 public:
  /// All references outlive it.
  JournalKeeper(boost::asio::io_context& io, Engine& engine, Store& store, std::filesystem::path store_file,
                std::optional<CalendarDuration> keep, std::string timezone);
  /// A snapshot that is being taken is given up.
  ~JournalKeeper();
  JournalKeeper(const JournalKeeper&) = delete;
  JournalKeeper& operator=(const JournalKeeper&) = delete;

  /// Before the engine starts: takes away what a crash has left of a snapshot, and looks for the first time.
  void start(Instant now);
  /// The engine's time is `now`: looks, where another day has come.
  void look(Instant now);
  /// From the next look on it is kept so long.
  void renew(std::optional<CalendarDuration> keep);
  /// A snapshot is being taken.
  bool is_busy() const;
  /// Told each time that ends.
  void on_rest(std::function<void()> listener);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan
