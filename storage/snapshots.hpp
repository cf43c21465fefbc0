#pragma once
// Snapshots of a store: whole copies of its state without the journal, in a folder beside it, so that old entries of
// the journal can be let go and a replay still has something to begin with.
//
// A snapshot through entry N holds what all transactions up to that of entry N have left, and nothing of later ones. It
// is taken at an instant at which everything is committed and whoever runs the store begins anew, so that entry N + 1
// is a JournalStart (engine/journal.hpp) and a replay goes from the snapshot to that entry as it goes from an empty
// store to entry 1. Opened as a store, a snapshot has an empty journal whose last entry, let go, was N.

#include "storage/store.hpp"

namespace caravan {

struct StoreSnapshot {
  std::filesystem::path file;
  std::int64_t through = 0;   ///< the last entry of the journal whose effects are in it
  std::optional<Instant> at;  ///< the engine's time in it
  std::uintmax_t bytes = 0;
};

/// Where the snapshots of a store are: `NAME.db-snapshots`, beside it.
std::filesystem::path snapshot_folder(const std::filesystem::path& store_file);

/// The snapshots of this store's own history that are whole, oldest first. What else lies there is left alone, and said
/// in `left_out`, a sentence a file: one that cannot be read, and one of another history, such as of what the store was
/// before an older copy of it was restored. Throws StoreError when the store itself cannot be read.
std::vector<StoreSnapshot> snapshots_of(const std::filesystem::path& store_file,
                                        std::vector<std::string>* left_out = nullptr);

/// With which of them a replay begins that goes through as much of the journal as it can, where the journal's first
/// entry is `first`: the oldest that is followed by an entry which is there. Nothing: the replay begins with an empty
/// store, or, where `first` is not 1, cannot begin.
std::optional<StoreSnapshot> replay_base(std::span<const StoreSnapshot> snapshots, std::int64_t first);

/// Takes a snapshot, or what a crash has left of one, off the disk. Throws StoreError.
void remove_snapshot(const StoreSnapshot& snapshot);
void remove_half_snapshots(const std::filesystem::path& store_file);

/// A state of a store that stays as it is while others write, and is copied in its own time. While it is held, the
/// store's write-ahead log grows with what is committed meanwhile.
class PinnedState {
 public:
  virtual ~PinnedState() = default;
  /// The last entry of the journal that it has seen.
  virtual std::int64_t through() const = 0;
  /// Writes it as a snapshot, from any thread, and lets it go. Whenever the process ends meanwhile, there is a whole
  /// snapshot or none. Throws StoreError; then there is none.
  virtual StoreSnapshot write() = 0;
  /// Makes a write() that is under way on another thread throw soon.
  virtual void give_up() noexcept = 0;
};

/// Pins what is committed now. It belongs to one thread after the other. Throws StoreError.
std::unique_ptr<PinnedState> pin_sqlite(const std::filesystem::path& store_file);

}  // namespace caravan
