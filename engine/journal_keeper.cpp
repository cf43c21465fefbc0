#include "engine/journal_keeper.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace caravan {
namespace {

namespace asio = boost::asio;

using Day = std::chrono::local_days;

Day day_of(Instant now, std::string_view timezone) {
  return std::chrono::floor<std::chrono::days>(local_time_at(now, timezone));
}

std::optional<Instant> time_of_entry(Reader& reader, std::int64_t sequence) {
  std::vector<JournalRecord> found;
  reader.journal_from(sequence, 1, found);
  if (found.empty() || found.front().sequence != sequence) return std::nullopt;
  return found.front().at;
}

/// When the engine was first given something that is still there. Data that were taken in before a time lapse have the
/// machine's time, which may be years ahead of the engine's: those entries are passed over.
std::optional<Instant> time_of_oldest(Reader& reader, std::int64_t first, Instant now) {
  constexpr std::int64_t looked_at = 256;
  const std::optional<Instant> oldest = time_of_entry(reader, first);
  if (!oldest || *oldest <= now) return oldest;
  for (std::int64_t entry = first + 1; entry < first + looked_at; ++entry) {
    const std::optional<Instant> at = time_of_entry(reader, entry);
    if (!at || *at <= now) return at;
  }
  return std::nullopt;
}

}  // namespace

JournalUpkeep upkeep_of(const Reader::JournalRange& journal, std::optional<Instant> oldest,
                        std::span<const DatedSnapshot> snapshots, const std::optional<CalendarDuration>& keep,
                        Instant now, std::string_view timezone) {
  JournalUpkeep upkeep;
  const auto is_old = [&](std::optional<Instant> at) { return keep && at && *at <= subtract(now, *keep, timezone); };
  const bool has_base =
      journal.first <= 1 || std::any_of(snapshots.begin(), snapshots.end(), [&](const DatedSnapshot& each) {
        return each.snapshot.through + 1 >= journal.first;
      });
  upkeep.take_snapshot = !has_base || is_old(snapshots.empty() ? oldest : snapshots.back().at);
  const auto base =
      std::find_if(snapshots.rbegin(), snapshots.rend(), [&](const DatedSnapshot& each) { return is_old(each.at); });
  if (base == snapshots.rend()) return upkeep;
  if (base->snapshot.through >= journal.first) upkeep.forget = base->snapshot.through;
  for (const DatedSnapshot& each : snapshots) {
    if (each.snapshot.through < base->snapshot.through) upkeep.remove.push_back(each.snapshot);
  }
  return upkeep;
}

std::vector<DatedSnapshot> dated_snapshots(Reader& reader, const std::filesystem::path& store_file) {
  std::vector<DatedSnapshot> dated;
  for (StoreSnapshot& snapshot : snapshots_of(store_file)) {
    const std::optional<Instant> at = time_of_entry(reader, snapshot.through + 1);
    dated.push_back({std::move(snapshot), at});
  }
  return dated;
}

/// `pinned` belongs to the turn thread, then to the copying thread; all else to the I/O thread.
struct JournalKeeper::State : std::enable_shared_from_this<JournalKeeper::State> {
  State(asio::io_context& the_io, Engine& the_engine, Store& store, std::filesystem::path file,
        std::optional<CalendarDuration> the_keep, std::string the_timezone)
      : io(the_io),
        engine(the_engine),
        reader(store.reader()),
        store_file(std::move(file)),
        keep(the_keep),
        timezone(std::move(the_timezone)) {}

  void look(Instant now) {
    if (is_busy) return;
    try {
      do_upkeep(now);
    } catch (const std::exception& error) {
      spdlog::warn("journal: {}; it is looked at again tomorrow", error.what());
    }
    reader->refresh();
  }

  void do_upkeep(Instant now) {
    reader->refresh();
    const Reader::JournalRange journal = reader->journal_range();
    const std::optional<Instant> oldest = time_of_oldest(*reader, journal.first, now);
    const JournalUpkeep upkeep = upkeep_of(journal, oldest, dated_snapshots(*reader, store_file), keep, now, timezone);
    if (upkeep.forget > 0) engine.forget_journal(upkeep.forget);
    for (const StoreSnapshot& snapshot : upkeep.remove)
      remove_snapshot(snapshot);
    if (upkeep.take_snapshot) take_snapshot(now);
  }

  void take_snapshot(Instant now) {
    is_busy = true;
    engine.rest([self = shared_from_this(), now](std::int64_t) {
      std::string problem;
      try {
        const std::lock_guard lock(self->mutex);
        self->pinned = pin_sqlite(self->store_file);
      } catch (const std::exception& error) {
        problem = error.what();
      }
      if (!problem.empty()) return self->tell(now, std::move(problem));
      asio::post(self->copying, [self, now] { self->copy(now); });
    });
  }

  void copy(Instant now) {
    std::string problem;
    try {
      const StoreSnapshot snapshot = pinned->write();
      spdlog::info("journal: a snapshot was taken: {}", snapshot.file.string());
    } catch (const std::exception& error) {
      problem = error.what();
    }
    {
      const std::lock_guard lock(mutex);
      pinned.reset();
    }
    tell(now, std::move(problem));
  }

  void tell(Instant now, std::string problem) {
    asio::post(io, [weak = weak_from_this(), now, problem = std::move(problem)] {
      const auto self = weak.lock();
      if (!self) return;
      self->is_busy = false;
      if (problem.empty())
        self->look(now);  // what the one before was needed for may be let go
      else
        spdlog::warn("journal: no snapshot was taken, and nothing is let go before there is one: {}", problem);
      if (self->listener) self->listener();
    });
  }

  asio::io_context& io;
  Engine& engine;
  std::unique_ptr<Reader> reader;
  const std::filesystem::path store_file;
  std::optional<CalendarDuration> keep;
  const std::string timezone;
  std::optional<Day> looked;  ///< the last day on which it did
  bool is_busy = false;
  std::function<void()> listener;
  std::mutex mutex;  ///< guards that `pinned` is there, not what is done with it
  std::unique_ptr<PinnedState> pinned;
  asio::thread_pool copying{1};
};

JournalKeeper::JournalKeeper(asio::io_context& io, Engine& engine, Store& store, std::filesystem::path store_file,
                             std::optional<CalendarDuration> keep, std::string timezone)
    : state_(std::make_shared<State>(io, engine, store, std::move(store_file), keep, std::move(timezone))) {}

JournalKeeper::~JournalKeeper() {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->pinned) state_->pinned->give_up();
  }
  state_->copying.join();
}

void JournalKeeper::start(Instant now) {
  try {
    remove_half_snapshots(state_->store_file);
    std::vector<std::string> left_out;
    snapshots_of(state_->store_file, &left_out);
    for (const std::string& sentence : left_out)
      spdlog::warn("journal: {}", sentence);
  } catch (const StoreError& error) {
    spdlog::warn("journal: {}", error.what());
  }
  look(now);
}

void JournalKeeper::look(Instant now) {
  const Day today = day_of(now, state_->timezone);
  if (state_->looked && *state_->looked >= today) return;
  state_->looked = today;
  state_->look(now);
}

void JournalKeeper::renew(std::optional<CalendarDuration> keep) {
  state_->keep = keep;
}

bool JournalKeeper::is_busy() const {
  return state_->is_busy;
}

void JournalKeeper::on_rest(std::function<void()> listener) {
  state_->listener = std::move(listener);
}

}  // namespace caravan
