#include "engine/history_keeper.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

namespace caravan {
namespace {

namespace asio = boost::asio;

using Day = std::chrono::local_days;

/// They are used again soon.
constexpr std::int64_t kFreePagesKept = 1'024;
/// That takes some milliseconds, as long as no more than so many pages are free: SQLite goes through all of them for
/// each that it gives back.
constexpr std::int64_t kFreedAtOnce = 256;
constexpr std::int64_t kQuicklySearched = 60'000;

/// How many of `free` pages are given back in one step.
std::int64_t pages_at_once(std::int64_t free) {
  if (free <= kFreePagesKept) return 0;
  const std::int64_t quick = std::clamp<std::int64_t>(kFreedAtOnce * kQuicklySearched / free, 4, kFreedAtOnce);
  return std::min(quick, free - kFreePagesKept);
}

/// `2026-11.db`
std::string file_of_month(Instant now, std::string_view timezone) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(local_time_at(now, timezone)));
  std::array<char, 24> text{};
  const int length = std::snprintf(text.data(), text.size(), "%04d-%02u.db", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()));
  return {text.data(), static_cast<std::size_t>(length)};
}

/// What is let go of an enrollment. All of it happened before `now`, by more than a day.
ForgottenHistory forgotten(const EnrollmentHistory& history) {
  ForgottenHistory forgotten{history.enrollment.id, history.enrollment.account, {}, Instant::min()};
  for (const TokenRecord& person : history.people)
    forgotten.people.push_back(person.id);
  for (const NoteRecord& note : history.notes)
    forgotten.notes_until = std::max(forgotten.notes_until, note.at);
  return forgotten;
}

}  // namespace

/// `reader`, `search`, `archives` and what they have found belong to the working thread; all else to the I/O thread.
struct HistoryKeeper::State : std::enable_shared_from_this<HistoryKeeper::State> {
  State(asio::io_context& the_io, Engine& the_engine, Store& store, std::filesystem::path file,
        HistoryDefinition the_definition, std::string the_timezone)
      : io(the_io),
        engine(the_engine),
        store_file(std::move(file)),
        installation(store.installation()),
        timezone(the_timezone),
        definition(the_definition),
        reader(store.reader()),
        archives(the_definition.archive),
        search(std::in_place, std::move(the_definition), std::move(the_timezone)) {}

  void look(Instant now) {
    is_busy = true;
    is_giving_back = false;
    ++round;
    let_go = 0;
    asio::post(working, [self = shared_from_this(), now, anew = std::exchange(renewed, std::nullopt)] {
      self->guarded([&] {
        if (anew) {
          self->archives = anew->archive;
          self->search.emplace(*anew, self->timezone);
        }
        self->reader->refresh();
        self->search->begin(*self->reader, now);
        self->work(now);
      });
    });
  }

  /// On the working thread: finds what is next, and has it let go.
  void work(Instant now) {
    HistorySearch::Portion portion;
    do {
      if (is_ending) return;
      reader->refresh();
      portion = search->next(*reader);
    } while (portion.history.empty() && !portion.is_last);
    HistoryUpkeep upkeep;
    upkeep.next = portion.next;
    for (const EnrollmentHistory& each : portion.history)
      upkeep.forgotten.push_back(forgotten(each));
    if (archives && !portion.history.empty()) {
      ArchiveRecord known{file_of_month(now, timezone)};
      for (const ArchiveRecord& record : reader->history().archives) {
        if (record.file == known.file) known = record;
      }
      upkeep.archive = archive(store_file, installation, known, portion.history);
    }
    reader->refresh();
    tell(now, std::move(upkeep), portion.is_last);
  }

  /// To the I/O thread.
  void tell(Instant now, HistoryUpkeep upkeep, bool is_last) {
    asio::post(io, [weak = weak_from_this(), now, upkeep = std::move(upkeep), is_last]() mutable {
      const auto self = weak.lock();
      if (!self) return;
      if (upkeep.empty()) return self->give_back_next(self->round);
      self->let_go += upkeep.forgotten.size();
      self->engine.let_history_go(std::move(upkeep), [weak, now, is_last] {
        const auto keeper = weak.lock();
        if (!keeper) return;
        if (is_last) return keeper->give_back_next(keeper->round);
        asio::post(keeper->working, [keeper, now] { keeper->guarded([&] { keeper->work(now); }); });
      });
    });
  }

  /// Of a look that another has taken the place of, nothing more is given back.
  void give_back_next(std::uint64_t of_round) {
    if (round != of_round) return;
    asio::post(working, [self = shared_from_this(), of_round] { self->guarded([&] { self->give_back(of_round); }); });
  }

  /// On the working thread: has some pages that hold nothing given back to the file system, where there are many.
  void give_back(std::uint64_t of_round) {
    if (is_ending) return;
    reader->refresh();
    const std::int64_t pages = pages_at_once(reader->free_pages());
    reader->refresh();
    asio::post(io, [weak = weak_from_this(), pages, of_round] {
      const auto self = weak.lock();
      if (!self || self->round != of_round) return;
      if (pages == 0) return self->rest({});
      HistoryUpkeep upkeep;
      upkeep.freed_pages = pages;
      self->engine.let_history_go(std::move(upkeep), [weak, of_round] {
        if (const auto keeper = weak.lock()) keeper->give_back_next(of_round);
      });
      self->is_giving_back = true;
    });
  }

  /// On the working thread.
  template <class Work>
  void guarded(const Work& what) {
    try {
      what();
    } catch (const std::exception& error) {
      search->give_up();
      reader->refresh();
      asio::post(io, [weak = weak_from_this(), problem = std::string(error.what())] {
        if (const auto self = weak.lock()) self->rest(problem);
      });
    }
  }

  void rest(const std::string& problem) {
    is_busy = false;
    is_giving_back = false;
    if (!problem.empty())
      spdlog::warn("history: nothing more is let go until tomorrow: {}", problem);
    else if (let_go > 0)
      spdlog::info("history: {} {} let go{}", let_go, let_go == 1 ? "enrollment was" : "enrollments were",
                   definition.archive ? ", and archived in " + archive_folder(store_file).string() : std::string());
    if (listener) listener();
  }

  asio::io_context& io;
  Engine& engine;
  const std::filesystem::path store_file;
  const std::string installation;
  const std::string timezone;
  HistoryDefinition definition;              ///< as it is now
  std::optional<HistoryDefinition> renewed;  ///< of which the working thread does not know yet
  std::unique_ptr<Reader> reader;
  bool archives;
  std::optional<HistorySearch> search;
  std::optional<Day> looked;  ///< the last day on which it did
  bool is_busy = false;
  /// Pages wait for an engine that has nothing to write. It may have none for days: then another look takes their
  /// place.
  bool is_giving_back = false;
  std::uint64_t round = 0;  ///< of looks
  std::size_t let_go = 0;   ///< enrollments, of this day
  std::function<void()> listener;
  std::atomic<bool> is_ending = false;
  asio::thread_pool working{1};
};

HistoryKeeper::HistoryKeeper(asio::io_context& io, Engine& engine, Store& store, std::filesystem::path store_file,
                             HistoryDefinition definition, std::string timezone)
    : state_(std::make_shared<State>(io, engine, store, std::move(store_file), std::move(definition),
                                     std::move(timezone))) {}

HistoryKeeper::~HistoryKeeper() {
  state_->is_ending = true;
  state_->working.join();
}

void HistoryKeeper::look(Instant now) {
  if ((state_->is_busy && !state_->is_giving_back) || !lets_go(state_->definition)) return;
  const Day today = std::chrono::floor<std::chrono::days>(local_time_at(now, state_->timezone));
  if (state_->looked && *state_->looked >= today) return;
  state_->looked = today;
  state_->look(now);
}

void HistoryKeeper::renew(HistoryDefinition definition) {
  state_->definition = definition;
  state_->renewed = std::move(definition);
  state_->looked.reset();
}

bool HistoryKeeper::is_busy() const {
  return state_->is_busy;
}

void HistoryKeeper::on_rest(std::function<void()> listener) {
  state_->listener = std::move(listener);
}

}  // namespace caravan
