// How long an event takes when nothing else is to do: told to an idle engine, acknowledged after its commit, and the
// mail that it causes in its file. One at a time, by the machine's clock, with a bare commit on the same disk behind
// each, and a bare file, which some file systems take long for.

#include <boost/asio/post.hpp>

#include "engine/channels/message_folder.hpp"
#include "tools/bench/accounts.hpp"
#include "tools/bench/bare_copy.hpp"
#include "tools/bench/engine_on_file.hpp"
#include "tools/bench/measurement.hpp"
#include "tools/bench/process.hpp"

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

/// A file made as a mail's is, of about its length, in a folder of its own.
class BareFiles {
 public:
  explicit BareFiles(const std::filesystem::path& folder) : folder_(folder) {}

  /// Gives the seconds it took.
  double write_one(std::size_t number) {
    const std::string name = std::to_string(number) + ".eml";
    const Stopwatch watch;
    folder_.write(kMeasuredAt, name, text_);
    return watch.seconds();
  }

 private:
  MessageFolder folder_;
  const std::string text_ = std::string(1'000, 'x');
};

/// One event after the other, each told when the engine is at rest. With `bare`, a commit of it and a file behind each.
class Samples {
 public:
  Samples(const std::filesystem::path& folder, const Task& task, const Progress& progress, BareCopy* bare)
      : task_(task),
        progress_(progress),
        bare_(bare),
        bare_files_(folder / "bare"),
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

  std::vector<double> acknowledged, delivered, bare, files;

 private:
  void idle() {
    if (std::exchange(is_under_way_, true)) return;
    // Not from within the engine's own call, and behind what it does with its idle time: it shall be at rest.
    engine_.engine().sign_of_life([this] { at_rest(); });
  }

  void at_rest() {
    if (told_ > 0 && bare_) {
      bare.push_back(bare_->write_one(told_, task_.size));
      files.push_back(bare_files_.write_one(told_));
    }
    if (told_ == task_.size)
      engine_.stop();
    else
      tell();
  }

  void tell() {
    TellEvent event;
    event.type = "form.submitted";
    event.person = "person-" + std::to_string(++told_) + "-1";
    watch_ = Stopwatch();
    engine_.engine().post(std::move(event), [this](const InputResult& result) {
      acknowledged.push_back(watch_.seconds());
      if (!result.refused.empty()) throw std::logic_error("an event was refused: " + result.refused);
      progress_(bare_ ? "events told" : "events told to warm up", told_, task_.size);
    });
  }

  void written() {
    delivered.push_back(watch_.seconds());
    is_under_way_ = false;
  }

  const Task& task_;
  const Progress& progress_;
  BareCopy* bare_;
  BareFiles bare_files_;
  std::unique_ptr<Clock> clock_;
  EngineOnFile engine_;
  Stopwatch watch_;
  std::size_t told_ = 0;
  bool is_under_way_ = false;  ///< an event, or the end of it all
};

}  // namespace

std::vector<Row> measure_latency(const Task& task, const Progress& progress) {
  const Scratch scratch(task.folder);
  const std::filesystem::path warm = scratch.path() / "warm", measured = scratch.path() / "measured";
  for (const std::filesystem::path& each : {warm, measured})
    std::filesystem::create_directory(each);
  const auto start = scratch.file("start.db");
  fill_apart(start, task.size, 1, progress);
  // The first time tells which rows a bare commit has to write, the second one is measured.
  for (const std::filesystem::path& each : {warm, measured})
    std::filesystem::copy_file(start, each / "engine.db");
  const boost::json::value peak_memory = apart([&] {
    Samples(warm, task, progress, nullptr).take();
    return boost::json::value(peak_memory_bytes());
  });
  BareCopy copy(start, warm / "engine.db", progress);
  Samples samples(measured, task, progress, &copy);
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
  first.peak_memory = peak_memory.to_number<std::int64_t>();
  first.bytes_per_account = bytes_per_account(warm / "engine.db", task.size);
  Row& second = add("idle: event to mail in its file", percentiles_of(samples.delivered));
  second.ratio = second.latency->p99 / bare.p99;
  add("idle: a bare commit of the same rows", bare);
  add("idle: a bare file", percentiles_of(samples.files));
  return rows;
}

}  // namespace caravan::bench
