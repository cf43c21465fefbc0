#pragma once
// One import on its way: what became of each line is counted, and shown where it was refused.

#include <boost/asio/io_context.hpp>

#include "engine/intake/intake_run.hpp"
#include "tools/caravan/file_format.hpp"
#include "tools/caravan/terminal/progress.hpp"

namespace caravan::tools {

struct ImportFile {
  std::string file;  ///< `-`: standard input
  TextFormat format = TextFormat::csv;
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
  void settle(const IntakeOutcome& outcome);
  void finish(const IntakeEnd& end);

  const ImportFile& file_;
  const ImportRules rules_;
  FileSource source_;
  Progress progress_;
  ImportTally tally_;
  IntakeRun run_;  ///< last: it ends before what it uses
};

}  // namespace caravan::tools
