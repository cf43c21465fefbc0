// How long an event takes when nothing else is to do: told to an idle engine, acknowledged after its commit, and the
// mail that it causes in its file. One at a time, by the machine's clock, with a bare commit on the same disk behind
// each.

#include <boost/asio/post.hpp>

#include "tools/bench/accounts.hpp"
#include "tools/bench/bare_database.hpp"
#include "tools/bench/engine_on_file.hpp"
#include "tools/bench/measurement.hpp"

namespace caravan::bench {
namespace {

constexpr std::string_view kJourney = R"(journey: answers
enter:
  event: form.submitted
nodes:
  - id: thanks
    send_email: thanks
)";

SourceTexts workspace() {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"emails/thanks.html", "---\nsubject: Thanks\n---\n<p>Dear {{person.first_name}}.</p>\n"},
          {"journeys/answers.yaml", std::string(kJourney)}};
}

/// The channel that writes mails into files, and says when it has written one.
class TimedMails final : public MailChannel {
 public:
  TimedMails(std::unique_ptr<MailChannel> files, std::function<void()> written)
      : files_(std::move(files)), written_(std::move(written)) {}

  void send(const Mail& mail, std::function<void(SendResult)> done) override {
    files_->send(mail, std::move(done));  // which writes the file before it comes back
    written_();
  }
  std::size_t concurrency() const override { return files_->concurrency(); }
  void close() override { files_->close(); }

 private:
  std::unique_ptr<MailChannel> files_;
  std::function<void()> written_;
};

/// A transaction that writes one row of about as many bytes as an event's rows have.
class BareCommits {
 public:
  explicit BareCommits(const std::filesystem::path& file) : database_(made(file)) {}

  double seconds() {
    const Stopwatch watch;
    execute(database_.get(), "BEGIN IMMEDIATE");
    insert_.run(std::string_view(text_));
    execute(database_.get(), "COMMIT");
    return watch.seconds();
  }

 private:
  static BareDatabase made(const std::filesystem::path& file) {
    { const auto store = open_sqlite(file, OpenMode::write); }
    BareDatabase database = open_bare(file);
    execute(database.get(), "CREATE TABLE line(number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
    return database;
  }

  BareDatabase database_;
  std::string text_ = std::string(400, 'x');
  Bound insert_{database_.get(), "INSERT INTO line(text) VALUES(?1)"};
};

/// One event after the other, each told when the engine has nothing to do.
class Samples {
 public:
  Samples(const std::filesystem::path& folder, const Task& task, const Progress& progress)
      : task_(task),
        progress_(progress),
        bare_(folder / "bare.db"),
        clock_(make_real_clock(Instant::min())),
        engine_(folder / "engine.db", *clock_, workspace(), [&](boost::asio::io_context& io) {
          Channels channels = make_channels(io, {}, folder, folder / "outbox");
          channels.email.channel =
              std::make_unique<TimedMails>(std::move(channels.email.channel), [this] { written(); });
          return channels;
        }) {}

  void take() {
    engine_.engine().on_idle([this](std::optional<Instant>) { idle(); });
    engine_.run();
  }

  std::vector<double> acknowledged, delivered, bare;

 private:
  void idle() {
    if (is_under_way_) return;
    if (told_ == task_.size) return engine_.stop();
    if (told_ > 0) bare.push_back(bare_.seconds());
    is_under_way_ = true;
    // Not from within the engine's own call: it shall be at rest.
    boost::asio::post(engine_.io(), [this] { tell(); });
  }

  void tell() {
    TellEvent event;
    event.type = "form.submitted";
    event.person = "person-" + std::to_string(++told_) + "-1";
    watch_ = Stopwatch();
    engine_.engine().post(std::move(event), [this](const InputResult& result) {
      acknowledged.push_back(watch_.seconds());
      if (!result.refused.empty()) throw std::logic_error("an event was refused: " + result.refused);
      progress_("events told", told_, task_.size);
    });
  }

  void written() {
    delivered.push_back(watch_.seconds());
    is_under_way_ = false;
  }

  const Task& task_;
  const Progress& progress_;
  BareCommits bare_;
  std::unique_ptr<Clock> clock_;
  EngineOnFile engine_;
  Stopwatch watch_;
  std::size_t told_ = 0;
  bool is_under_way_ = false;
};

}  // namespace

std::vector<Row> measure_latency(const Task& task, const Progress& progress) {
  const Scratch scratch(task.folder);
  fill_apart(scratch.file("engine.db"), task.size, 1, progress);
  Samples samples(scratch.path(), task, progress);
  samples.take();
  if (samples.acknowledged.size() != task.size || samples.delivered.size() != task.size)
    throw std::logic_error("not every event was acknowledged and answered with a mail");
  const Percentiles bare = percentiles_of(samples.bare);
  std::vector<Row> rows;
  const auto add = [&](std::string title, const Percentiles& times) -> Row& {
    rows.push_back({.kind = "latency", .title = std::move(title), .size = task.size, .latency = times});
    return rows.back();
  };
  Row& first = add("idle: event to acknowledged", percentiles_of(samples.acknowledged));
  first.ratio = first.latency->p99 / bare.p99;
  first.peak_memory = peak_memory_bytes();
  Row& second = add("idle: event to mail in its file", percentiles_of(samples.delivered));
  second.ratio = second.latency->p99 / bare.p99;
  add("a bare commit beside each", bare);
  return rows;
}

}  // namespace caravan::bench
