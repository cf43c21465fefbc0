#include "engine/harness/replay.hpp"

#include <semaphore>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "engine/harness/journal_cursor.hpp"

namespace caravan {
namespace {

namespace asio = boost::asio;

/// Writes batches to the scratch store on a thread of its own, one after the other.
class WritingHand {
 public:
  explicit WritingHand(Store& store) : store_(store) {}
  ~WritingHand() { thread_.join(); }
  WritingHand(const WritingHand&) = delete;
  WritingHand& operator=(const WritingHand&) = delete;

  /// Begins to write when the batch before is written. `changes` are its own until the wait() that follows.
  void write(Changes& changes) {
    wait();
    free_.acquire();
    asio::post(thread_, [this, &changes] {
      try {
        commit(changes);
      } catch (...) {
        failure_ = std::current_exception();
      }
      free_.release();
    });
  }

  /// Returns when all is on the disk. Throws what writing has thrown.
  void wait() {
    free_.acquire();
    free_.release();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  void commit(Changes& changes) {
    if (changes.empty()) return;
    try {
      store_.commit(changes);
    } catch (const StoreError&) {
      // Production tells what came of each of its deliveries; here some may not have been promised.
      if (!forget_what_nobody_promised(changes)) throw;
      store_.commit(changes);
    }
  }

  /// Whether there was any.
  bool forget_what_nobody_promised(Changes& changes) {
    std::set<DeliveryKey> promised;
    for (const DeliveryRecord& delivery : changes.deliveries)
      promised.insert(delivery.key);
    const std::unique_ptr<Reader> reader = store_.reader();
    const auto is_promised = [&](const DeliveryProgress& each) {
      if (promised.contains(each.key)) return true;
      std::vector<DeliveryRecord> stored;
      reader->deliveries_of(each.key.token, stored);
      return std::any_of(stored.begin(), stored.end(),
                         [&](const DeliveryRecord& delivery) { return delivery.key == each.key; });
    };
    return std::erase_if(changes.progress, [&](const DeliveryProgress& each) { return !is_promised(each); }) > 0;
  }

  Store& store_;
  std::binary_semaphore free_{1};
  std::exception_ptr failure_;
  asio::thread_pool thread_{1};
};

}  // namespace

/// Two hands as in the scheduler: a batch is run while the one before is written, where production did so as well.
/// Which of the two states the reader saw decides what a turn finds, so it is made exact: a batch that is run stays in
/// this hand until it is known whether the next one saw it.
struct Replay::State {
  State(Reader& the_production, Store& the_scratch, ReplaySettings the_settings)
      : production(the_production),
        scratch(the_scratch),
        settings(std::move(the_settings)),
        names(production),
        reader(scratch.reader()),
        hand(scratch) {}

  Reader& production;
  Store& scratch;
  ReplaySettings settings;
  NameBook names;  ///< all that production ever gave out, so that none has another number here
  std::unique_ptr<Reader> reader;
  std::optional<JourneyLibrary> library;
  std::optional<BatchRunner> runner;  ///< of the present start

  std::array<Changes, 2> batches;
  std::size_t filling = 0;  ///< which of them the next batch fills
  Changes* held = nullptr;  ///< run, and not yet handed to the writer
  std::int64_t last = 0;    ///< the entry that was done last
  std::int64_t before = 0;  ///< the one before it
  static constexpr std::int64_t kNothing = -1;
  std::int64_t seen_entry = kNothing;  ///< what the reader holds
  ReplayedJournal done;
  WritingHand hand;  ///< ends first

  ReplayedJournal run(const Progress& progress) {
    const Reader::JournalRange range = production.journal_range();
    last = before = reader->journal_range().last;
    expect_beginning(range);
    write_names();
    done.first = last + 1;
    JournalCursor cursor(production, done.first);
    while (std::optional<UnpackedEntry> next = cursor.next()) {
      const std::int64_t sequence = next->entry.sequence;
      guarded([&] { do_again(std::move(*next)); });
      before = std::exchange(last, sequence);
      if (progress) progress(sequence - done.first + 1, range.last - done.first + 1, done.inputs);
    }
    let_go();
    hand.wait();
    reader->refresh();
    done.last = last;
    return std::move(done);
  }

  void expect_beginning(const Reader::JournalRange& range) const {
    if (range.last == last)
      throw ReplayError(last == 0 ? "the journal is empty: nothing has happened in this store yet"
                                  : "the journal has nothing behind " + entry_name(last));
    if (range.first > last + 1)
      throw ReplayError("the journal begins with entry " + std::to_string(range.first) + ", and what was before " +
                        (last == 0 ? "was let go, or happened before this store kept a journal"
                                   : "is in the snapshot up to entry " + std::to_string(last)) +
                        ": a replay needs a snapshot up to the entry before the first");
    if (range.last < last)
      throw ReplayError("the snapshot is newer than the journal's last entry " + std::to_string(range.last) +
                        ": they are not of one store");
  }

  void write_names() {
    Changes changes;
    const std::size_t known = reader->names().size();
    changes.names = production.names();
    std::sort(changes.names.begin(), changes.names.end());
    changes.names.erase(changes.names.begin(),
                        changes.names.begin() + static_cast<std::ptrdiff_t>(std::min(known, changes.names.size())));
    if (!changes.empty()) scratch.commit(changes);
    reader->refresh();
  }

  /// What stops a batch that production has run is something that it found otherwise than production did.
  template <class Work>
  void guarded(const Work& work) const {
    try {
      work();
    } catch (const StoreError&) {
      throw;
    } catch (const ReplayError&) {
      throw;
    } catch (const std::exception& error) {
      throw ReplayError(entry_name(last + 1) + " cannot be done again: " + error.what());
    }
  }

  void do_again(UnpackedEntry unpacked) {
    JournalEntry& entry = unpacked.entry;
    if (!done.from) done.from = entry.at;
    done.to = entry.at;
    if (const auto* start = std::get_if<JournalStart>(&entry.what)) return begin(*start);
    if (!runner)
      throw ReplayError(entry_name(entry.sequence) +
                        ", with which the replay begins, is not a start of the engine: the "
                        "file is damaged, or the snapshot is of another store");
    auto& batch = std::get<JournalBatch>(entry.what);
    for (const auto& [position, texts] : unpacked.texts_of)
      std::get<Publish>(batch.order.inputs[position]).workspace = workspace_of(texts, entry.sequence);
    run(batch, entry);
  }

  /// As the engine begins (Engine, Scheduler::go_live).
  void begin(const JournalStart& start) {
    let_go();
    hand.wait();
    runner.reset();
    library.emplace(scratch, names, settings.find_type);
    reader->refresh();
    runner.emplace(*reader, names, *library, BatchRunner::Settings{start.mode, start.turns_per_batch});
    Changes& changes = fresh();
    if (start.published) library->publish(workspace_of(*start.published, last + 1), {}, start.now, changes);
    reader->refresh();
    if (start.mode != BatchRunner::Mode::data) runner->go_live(start.now, changes);
    held = &changes;
    ++done.starts;
    let_go();
    hand.wait();
    reader->refresh();
    seen_entry = kNothing;
  }

  std::shared_ptr<const Workspace> workspace_of(const SourceTexts& texts, std::int64_t sequence) {
    std::shared_ptr<const Workspace> workspace = load_workspace(texts, "published", node_shapes(), names);
    if (workspace->diagnostics.errors() != 0)
      throw ReplayError("what " + entry_name(sequence) +
                        " publishes does not check with this program: replay it with the program that ran it. " +
                        render(workspace->diagnostics.sorted().front(), Colour::never));
    return workspace;
  }

  void run(const JournalBatch& batch, const JournalEntry& entry) {
    for (const IdleLook& look : batch.idle_looks)
      look_again(look, entry.sequence);
    see(batch.seen, entry.sequence);
    Changes& changes = fresh();
    const std::vector<InputResult> results = run_batch(*runner, batch.order, changes);
    runner->handed_over();
    // Whoever writes waits at times for readers that hold an earlier state (storage/store.hpp).
    reader->refresh();
    seen_entry = kNothing;
    compare_answers(batch, results, entry);
    done.inputs += static_cast<std::int64_t>(batch.order.inputs.size());
    done.progress += static_cast<std::int64_t>(batch.order.progress.size());
    held = &changes;
  }

  /// Nothing came of it in production; what may come of it here belongs to the batch that follows.
  void look_again(const IdleLook& look, std::int64_t sequence) {
    see(look.seen, sequence);
    BatchOrder order;
    order.now = look.now;
    order.settled = look.settled;
    order.draining = look.draining;
    run_batch(*runner, order, fresh());
  }

  void compare_answers(const JournalBatch& batch, const std::vector<InputResult>& results, const JournalEntry& entry) {
    for (std::size_t i = 0; i < results.size() && !done.other_answer; ++i) {
      const bool was_refused = i < batch.refused.size() && batch.refused[i];
      if (was_refused != !results[i].refused.empty())
        done.other_answer = OtherAnswer{entry.sequence, entry.at, batch.order.inputs[i], results[i].refused};
    }
  }

  /// The changes that the batch at hand fills.
  Changes& fresh() { return batches[filling]; }

  /// Hands the writer what this hand holds.
  void let_go() {
    if (!held) return;
    hand.write(*std::exchange(held, nullptr));
    filling = 1 - filling;
    // Of the batch before that one, which is written by now.
    batches[filling].clear();
  }

  /// The reader sees what there was behind an entry, and nothing of later ones.
  void see(std::int64_t wanted, std::int64_t by) {
    if (wanted == last) {
      let_go();
      hand.wait();
      look(wanted);
    } else if (wanted == before && (held || seen_entry == wanted)) {
      if (held) {
        hand.wait();
        look(wanted);
        let_go();
      }
    } else {
      throw ReplayError(entry_name(by) + " says that it saw no more than entry " + std::to_string(wanted) +
                        ", which cannot be: the file is damaged");
    }
  }

  void look(std::int64_t entry) {
    if (seen_entry == entry) return;
    reader->refresh();
    reader->engine_time();  // the first read settles what it sees
    seen_entry = entry;
  }
};

Replay::Replay(Reader& production, Store& scratch, ReplaySettings settings)
    : state_(std::make_unique<State>(production, scratch, std::move(settings))) {}

Replay::~Replay() = default;

ReplayedJournal Replay::run(const Progress& progress) {
  return state_->run(progress);
}

}  // namespace caravan
