#pragma once
// A replay: does again what the journal of a store says that the engine has done, in a store of its own and at the
// times that the journal tells. A turn is a pure function, so that the same rows must come of it, numbers included;
// where they do not, either store is wrong, and engine/harness/comparison.hpp says where. Nothing is ever sent: what
// came of deliveries is in the journal, and there are no channels.

#include "engine/harness/journal_cursor.hpp"
#include "engine/journey_library.hpp"

namespace caravan {

/// A store that lives in a folder of its own and is gone with this.
class ScratchStore {
 public:
  /// Empty, or a copy of the store file `base`. The folder is made in `parent`; empty: the system's temporary folder.
  /// Throws StoreError.
  explicit ScratchStore(const std::filesystem::path& parent = {}, const std::filesystem::path& base = {});
  ~ScratchStore();
  ScratchStore(const ScratchStore&) = delete;
  ScratchStore& operator=(const ScratchStore&) = delete;

  Store& store() { return *store_; }
  std::filesystem::path file() const { return folder_ / "replay.db"; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

/// An input that production took and the replay refused, or the reverse.
struct OtherAnswer {
  std::int64_t entry = 0;
  Instant at{};
  Input input;
  std::string refused;  ///< what the replay says; empty: it took what production refused
};

/// What was replayed.
struct ReplayedJournal {
  std::int64_t first = 0;  ///< the first entry
  std::int64_t last = 0;   ///< the last one
  std::int64_t starts = 0;
  std::int64_t inputs = 0;
  std::int64_t progress = 0;  ///< what came of deliveries
  std::optional<Instant> from;
  std::optional<Instant> to;
  std::optional<OtherAnswer> other_answer;  ///< the first of them
};

struct ReplaySettings {
  /// Who says how nodes behave; another one is for tests of what a changed behaviour does.
  NodeTypeFinder find_type = find_node_type;
};

class Replay {
 public:
  /// `production` reads the store whose journal is replayed, up to the last entry that it sees at present: it is not
  /// refreshed. `scratch` is empty, or holds what production held behind some entry, and has let go of an own journal
  /// up to that entry (a snapshot). Both outlive it.
  Replay(Reader& production, Store& scratch, ReplaySettings settings = {});
  ~Replay();
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  /// Called now and then: how many entries are done, of how many, and how many inputs that were.
  using Progress = std::function<void(std::int64_t entries, std::int64_t of, std::int64_t inputs)>;
  /// Replays all that there is. Memory is what two batches need, however long the journal. Throws ReplayError and
  /// StoreError.
  ReplayedJournal run(const Progress& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caravan
