#pragma once
// A command that asks something of the engine and ends: `caravan publish`, `pause`, `retry` and the like. The store is
// opened for writing, an engine that wakes nothing which is due takes one input, and does at once what comes of it.

#include "engine/engine.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

struct CommandOptions {
  DataOptions data;
  std::string at;  ///< `--at`: empty, `now` or `store`
  bool as_json = false;
};

/// `--workspace`, `--database`, `--at` and `--json`.
void add_command_options(CLI::App& command, CommandOptions& options, Positional positional);
/// `--at` and `--json` alone, where the workspace and the database are options of another command.
void add_moment_options(CLI::App& command, CommandOptions& options);

/// A store that is open for writing while a command is done, and read beside it.
class CommandStore {
 public:
  /// Throws StoreError; where an engine runs on it, Failure with what to do. Makes the store only where `make` says so.
  enum class Make { yes, no };
  CommandStore(const std::filesystem::path& database, const CommandOptions& options, Make make);

  Store& store() { return *store_; }
  /// Sees what is committed by now.
  Reader& reader();
  NameBook& names() { return names_; }

  /// Gives the input to the engine and returns its answer when all that comes of it at once is on the disk. Throws
  /// StoreError; std::runtime_error when a published version does not check any more.
  InputResult ask(Input input);
  /// The same of many, in order. They are taken a few thousand at a time: where one of these ends, an error or a kill
  /// leaves what stands before done.
  std::vector<InputResult> ask_all(std::vector<Input> inputs);

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  NameBook names_;
  VirtualClock clock_;
};

/// When a command on a store happens. A store that was left more than a day before `now`, or after it, is perhaps run
/// in time lapse, and the person must say whose time is meant: throws Failure where `at` does not.
Instant command_time(std::optional<Instant> store_time, Instant now, const std::string& at);

/// When a store is looked at: the machine's time, or, by the same rule, the time at which it was left.
Instant present_of(std::optional<Instant> store_time, Instant now);

/// What the machine's clock says.
Instant machine_time();

/// The name of a published journey as a person means it: throws Failure, with the nearest name, when there is none.
void expect_journey(Reader& reader, const std::string& journey);

/// Throws Failure with what the engine said when it refused.
void expect_taken(const InputResult& result);

}  // namespace caravan::tools
