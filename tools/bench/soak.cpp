#include "tools/bench/soak.hpp"

#include <boost/asio/post.hpp>

#include "engine/history_keeper.hpp"
#include "engine/journal_keeper.hpp"
#include "tools/bench/engine_on_file.hpp"
#include "tools/bench/soak_world.hpp"

namespace caravan::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kDaysAnEdition = kSoakMonth;
constexpr std::size_t kDaysALife = 14;
/// Inputs that are told and not acknowledged yet.
constexpr std::size_t kUnderWay = 8'192;

/// What the soak's caravan.yaml would say.
HistoryDefinition history_kept() {
  HistoryDefinition history;
  history.keep = CalendarDuration{.days = std::chrono::days(60)};
  return history;
}

/// Takes every mail at once, and counts.
class TakenMails final : public MailChannel {
 public:
  TakenMails(boost::asio::io_context& io, std::int64_t& taken) : io_(io), taken_(taken) {}
  void send(const Mail&, std::function<void(SendResult)> done) override {
    ++taken_;
    boost::asio::post(io_, [done = std::move(done)] { done({}); });
  }
  std::size_t concurrency() const override { return 64; }
  void close() override {}

 private:
  boost::asio::io_context& io_;
  std::int64_t& taken_;
};

/// Where the soak stands, over all lives of the engine.
struct Soaked {
  SoakSettings settings;
  std::filesystem::path file;
  SoakWorld world;
  VirtualClock clock{kMeasuredAt};
  SoakReport report = {};
  std::size_t day = 0;                        ///< the one whose inputs are being told
  std::vector<std::vector<Input>> told = {};  ///< of this day
  std::size_t next = 0;                       ///< of these
  std::int64_t wal = 0;                       ///< the largest since the last week's end
  std::function<void(std::size_t days)> progress = {};

  void begin_day() {
    told = world.inputs_of(day);
    next = 0;
  }
  bool publishes_today() const { return day % kDaysAnEdition == 0; }
};

/// How a life of the engine ends.
enum class End { in_order, dropped };

/// From an opening of the store to its closing.
class Life {
 public:
  /// Lives until the day `until` and ends so.
  Life(Soaked& soaked, std::size_t until, End end)
      : soaked_(soaked),
        until_(until),
        end_(end),
        engine_(soaked.file, soaked.clock, soaked.day == 0 ? soak_workspace(0) : SourceTexts{},
                [&](boost::asio::io_context& io) {
                  Channels channels;
                  channels.email.channel = std::make_unique<TakenMails>(io, soaked.report.deliveries);
                  return channels;
                }),
        reader_(engine_.store().reader()),
        keeper_(engine_.io(), engine_.engine(), engine_.store(), soaked.file, JournalDefinition().keep, "UTC"),
        history_(engine_.io(), engine_.engine(), engine_.store(), soaked.file, history_kept(), "UTC") {}

  void live() {
    engine_.on_batch([this](const BatchReport& report) { committed(report); });
    engine_.engine().on_idle([this](std::optional<Instant> next_due) { idle(next_due); });
    keeper_.on_rest([this] { engine_.engine().poke(); });
    history_.on_rest([this] { engine_.engine().poke(); });
    keeper_.start(soaked_.clock.now());
    history_.look(soaked_.clock.now());
    tell();
    engine_.run();
  }

 private:
  void committed(const BatchReport& report) {
    keeper_.look(report.now);
    history_.look(report.now);
    soaked_.wal = std::max(soaked_.wal, wal_bytes(soaked_.file));
    // In the middle of a day's work: some of it is committed, some is in hand, some was not told.
    if (end_ == End::dropped && soaked_.day == until_ && report.inputs > 0) engine_.leave();
  }

  /// Whoever told what was not acknowledged when the engine was dropped tells all of that day again; events that it has
  /// are known by their ids.
  void tell() {
    while (under_way_ < kUnderWay && soaked_.next < soaked_.told.size()) {
      std::vector<Input> inputs = soaked_.told[soaked_.next++];
      under_way_ += inputs.size();
      if (!engine_.engine().post_all(std::move(inputs), [this](const InputResult& result) { acknowledged(result); }))
        throw std::logic_error("the engine refuses inputs for which it has room");
    }
  }

  void acknowledged(const InputResult& result) {
    --under_way_;
    if (!result.refused.empty()) throw std::logic_error("an input was refused: " + result.refused);
    if (!result.duplicate) ++soaked_.report.inputs;
    tell();
  }

  void idle(std::optional<Instant> next_due) {
    if (is_stopping_ || keeper_.is_busy() || history_.is_busy() || under_way_ > 0) return;
    const Instant tomorrow = kMeasuredAt + std::chrono::days(soaked_.day + 1);
    std::optional<Instant> next;
    for (const std::optional<Instant>& each : {next_due, engine_.engine().next_attempt()}) {
      if (each && (!next || *each < *next)) next = each;
    }
    if (next && *next < tomorrow) {
      // What is due already is being looked at.
      if (*next <= soaked_.clock.now()) return;
      soaked_.clock.move_to(*next);
      return engine_.engine().poke();
    }
    end_day();
    soaked_.clock.move_to(tomorrow);
    if (soaked_.day == until_ && end_ == End::in_order) {
      is_stopping_ = true;
      return engine_.stop();
    }
    if (soaked_.publishes_today()) publish();
    tell();
    engine_.engine().poke();
  }

  void end_day() {
    look_for_late_tokens();
    ++soaked_.day;
    soaked_.progress(soaked_.day);
    if (soaked_.day % 7 == 0) {
      soaked_.report.weeks.push_back({soaked_.day, resident_bytes(), cache_bytes(), std::exchange(soaked_.wal, 0)});
      if (soaked_.day % kSoakMonth == 0) soaked_.report.months.push_back({soaked_.day, look_at(soaked_.file)});
    }
    soaked_.begin_day();
  }

  void look_for_late_tokens() {
    const std::optional<Instant> due = reader_->next_due();
    reader_->refresh();
    if (!due || *due > soaked_.clock.now()) return;
    ++soaked_.report.behind;
    soaked_.report.most_late = std::max(soaked_.report.most_late, soaked_.clock.now() - *due);
  }

  void publish() {
    const std::size_t edition = soaked_.day / kDaysAnEdition;
    Publish publication{.workspace = read_workspace(soak_workspace(edition), engine_.names()),
                        .journeys = {std::string(kSoakEdited)},
                        .under_way = Publish::UnderWay::move,
                        .gone = std::string(kSoakGoneTo)};
    ++under_way_;
    ++soaked_.report.publications;
    engine_.engine().post(std::move(publication), [this](const InputResult& result) {
      --under_way_;
      if (!result.refused.empty()) throw std::logic_error("a publication was refused: " + result.refused);
    });
  }

  Soaked& soaked_;
  std::size_t until_;
  End end_;
  EngineOnFile engine_;
  std::unique_ptr<Reader> reader_;
  JournalKeeper keeper_;
  HistoryKeeper history_;
  std::size_t under_way_ = 0;
  bool is_stopping_ = false;
};

}  // namespace

SoakReport run_soak(const SoakSettings& settings) {
  count_sqlite_memory();
  const Stopwatch watch;
  const Scratch scratch(settings.folder);
  PhaseProgress phases;
  Soaked soaked{
      .settings = settings, .file = scratch.file("soak.db"), .world = SoakWorld(settings.accounts, settings.seed)};
  soaked.progress = [&](std::size_t days) { phases.update("days lived", days, settings.days); };
  soaked.begin_day();
  for (std::size_t life = 1; soaked.day < settings.days; ++life) {
    const std::size_t until = std::min(life * kDaysALife, settings.days);
    const bool is_last = until == settings.days;
    const End end = is_last || life % 2 == 1 ? End::in_order : End::dropped;
    Life(soaked, until, end).live();
    if (!is_last) ++(end == End::in_order ? soaked.report.restarts : soaked.report.drops);
    soaked.next = 0;
  }
  phases.finish();
  if (soaked.day % kSoakMonth != 0) soaked.report.months.push_back({soaked.day, look_at(soaked.file)});
  soaked.report.seconds = watch.seconds();
  return soaked.report;
}

}  // namespace caravan::bench
