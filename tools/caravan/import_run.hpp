#pragma once
// One import on its way: a thread reads and posts, a bounded window ahead of the engine's answers, and the I/O thread
// counts what became of each line, in the order of the file.

#include <condition_variable>
#include <deque>
#include <stop_token>

#include <boost/asio/io_context.hpp>

#include "engine/engine.hpp"
#include "engine/intake/intake.hpp"
#include "tools/caravan/file_format.hpp"
#include "tools/caravan/terminal/progress.hpp"

namespace caravan::tools {

struct ImportFile {
  std::string file;  ///< `-`: standard input
  FileFormat format = FileFormat::csv;
  IntakeSettings intake;
};

struct ImportTally {
  std::uint64_t created = 0;  ///< new records; events that were not known
  std::uint64_t updated = 0;  ///< of records
  std::uint64_t known = 0;    ///< events that their account had already
  std::uint64_t refused = 0;
  std::size_t last_line = 0;  ///< everything up to it was taken or refused
  bool is_whole = false;      ///< read to its end
  std::string unreadable;     ///< why it could not be read at all, or not to its end
};

struct ImportRules {
  bool stop_on_error = false;
  std::uint64_t shown_refusals = 20;  ///< per file; the rest is counted
  std::size_t window = 8'192;         ///< inputs
};

/// `accounts`, `people` or `events`.
std::string name_of(RecordKind kind);

/// Reads one file into the engine. Made, run and destroyed on the I/O thread.
class ImportRun {
 public:
  ImportRun(boost::asio::io_context& io, Engine& engine, const ImportFile& file, const ImportRules& rules);
  ~ImportRun();

  /// Throws std::system_error when the file cannot be opened. `done` is called on the I/O thread once every line
  /// that was posted has its answer.
  void start(std::function<void()> done);
  /// Reads no further; what was posted is still answered.
  void interrupt();
  const ImportTally& tally() const { return tally_; }

 private:
  struct Pending {
    std::size_t line = 0;
    std::optional<std::string> refused = {};  ///< known before the engine saw it
    std::size_t answers = 1;                  ///< still to come: one an input of the line
    std::optional<InputResult> result = {};   ///< of the line, by what has come
  };
  void read(std::stop_token stop);
  void read_lines(InputReader& reader, const std::stop_token& stop);
  bool wait_for_room(const std::stop_token& stop);
  void post(IntakeLine line, const std::stop_token& stop);
  void refuse(IntakeProblem problem);
  void answered(const InputResult& result);
  static void take(const InputResult& result, Pending& pending);
  void settle_refused();
  void settle(const Pending& pending, const InputResult& result);
  void show_progress();
  void finish();

  boost::asio::io_context& io_;
  Engine& engine_;
  const ImportFile& file_;
  const ImportRules rules_;
  FileSource source_;
  Progress progress_;
  ImportTally tally_;
  std::function<void()> done_;

  std::mutex mutex_;
  std::condition_variable_any room_;
  std::deque<Pending> pending_;  ///< in the order of the file
  std::size_t unanswered_ = 0;   ///< of pending_, all inputs together
  bool is_read_ = false;         ///< nothing more will be posted
  bool reached_end_ = false;
  bool is_finished_ = false;  ///< I/O thread only
  std::jthread reader_;       ///< last: it ends before what it uses
};

}  // namespace caravan::tools
