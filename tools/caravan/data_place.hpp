#pragma once
// Where a command finds its workspace and its data: the options that import, serve, status and show share, and what
// they mean. `--database` beats what caravan.yaml says; without either the workspace is the current folder.

#include "journeys/scenario.hpp"
#include "storage/store.hpp"
#include "tools/caravan/failure.hpp"

namespace caravan::tools {

struct DataOptions {
  std::string workspace;  ///< empty: not given
  std::string database;   ///< empty: not given
};

/// `--workspace` and `--database`; with `Positional::yes` the workspace may also stand alone.
enum class Positional { no, yes };
void add_data_options(CLI::App& command, DataOptions& options, Positional positional);

/// Attribute numbers for a workspace that is only looked at.
class ScratchNames final : public AttributeNames {
 public:
  std::uint32_t number_of(std::string_view name) override;

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
};

/// The folder that is named, or the current one. Throws Failure where it is none.
std::filesystem::path workspace_folder(const std::string& named);

/// Loads the workspace that the options name. Only what stands in files is looked at; faults are in its diagnostics.
std::unique_ptr<Workspace> look_at_workspace(const DataOptions& options, AttributeNames& names,
                                             Probes probes = Probes::none);

/// The journey of that name. Throws Failure that says which there are, or which was meant.
const JourneyDefinition& journey_named(const Workspace& workspace, const std::string& name);

/// The scenarios of a workspace without errors, which was loaded with `names`.
ScenarioSet look_at_scenarios(const Workspace& workspace, AttributeNames& names);

/// The database that the options name; reads caravan.yaml only where it must.
std::filesystem::path database_file(const DataOptions& options);
std::filesystem::path database_file(const DataOptions& options, const Workspace& workspace);

/// The folder that the workspace's file channel writes mails into; empty for any other channel.
std::filesystem::path outbox_of(const Workspace& workspace);

/// Opens it for reading. Throws Failure that says how data gets there when there is none.
std::unique_ptr<Store> open_for_reading(const std::filesystem::path& database);

/// The faults of a workspace on standard error, and their count as the last line.
void print_diagnostics(const Workspace& workspace);
void print_diagnostics(const Diagnostics& diagnostics);

/// How many there are, as every command says it: `1 error`, `2 errors, 1 warning`.
std::string faults_counted(std::size_t errors, std::size_t warnings);

/// Prints the faults of these files (by name: `caravan.yaml`) alone; whether there were any.
bool print_errors_in(const Workspace& workspace, std::span<const std::string_view> files);

/// The program as it was called, for commands that a person may copy: `caravan`, or `build/caravan`.
std::string program_name();

/// A text as one word of a shell.
std::string shell_word(std::string_view text);

/// The options as a person would repeat them, for hints: ` --database build/run/caravan.db`; may be empty.
std::string repeated(const DataOptions& options);

}  // namespace caravan::tools
