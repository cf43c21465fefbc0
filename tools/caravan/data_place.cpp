#include "tools/caravan/data_place.hpp"

#include <cerrno>
#include <iostream>

#include "engine/message_check.hpp"
#include "nodes/registry.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

void add_data_options(CLI::App& command, DataOptions& options, Positional positional) {
  const std::string names = positional == Positional::yes ? "workspace,-w,--workspace" : "-w,--workspace";
  command.add_option(names, options.workspace, "The workspace's folder (default: the current folder)")
      ->type_name("DIR");
  command
      .add_option("-d,--database", options.database,
                  "The database, instead of the one that the workspace's caravan.yaml names")
      ->type_name("FILE");
}

std::uint32_t ScratchNames::number_of(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(numbers_.size() + 1);
  numbers_.emplace(name, number);
  return number;
}

std::filesystem::path workspace_folder(const std::string& named) {
  const std::filesystem::path root = named.empty() ? "." : named;
  std::error_code ignored;
  if (!std::filesystem::is_directory(root, ignored)) {
    throw Failure(ExitCode::usage, root.string() + " is not a folder; name the workspace's folder");
  }
  return root;
}

std::unique_ptr<Workspace> look_at_workspace(const DataOptions& options, AttributeNames& names, Probes probes) {
  const std::filesystem::path root = workspace_folder(options.workspace);
  std::unique_ptr<Workspace> workspace = load_workspace(root, node_shapes(), names, {}, probes);
  check_messages(*workspace);
  return workspace;
}

const JourneyDefinition& journey_named(const Workspace& workspace, const std::string& name) {
  const auto found = workspace.journeys.find(name);
  if (found != workspace.journeys.end()) return found->second;
  std::vector<std::string> names;
  std::string listed;
  for (const auto& [known, journey] : workspace.journeys) {
    names.push_back(known);
    listed += (listed.empty() ? "" : ", ") + known;
  }
  std::string sentence = "there is no journey \"" + name + "\" in " + workspace.root.string();
  const std::string meant = did_you_mean(name, names);
  if (!meant.empty()) throw Failure(ExitCode::usage, sentence + "; " + meant);
  throw Failure(ExitCode::usage, sentence + (listed.empty() ? "" : "; there are: " + listed));
}

ScenarioSet look_at_scenarios(const Workspace& workspace, AttributeNames& names) {
  return load_scenarios(workspace, {.shapes = node_shapes(), .names = names, .also_check = check_messages});
}

std::filesystem::path database_file(const DataOptions& options) {
  if (!options.database.empty()) return options.database;
  ScratchNames names;
  return database_file(options, *look_at_workspace(options, names));
}

std::filesystem::path database_file(const DataOptions& options, const Workspace& workspace) {
  if (!options.database.empty()) return options.database;
  return workspace.root / workspace.configuration.database;
}

std::filesystem::path outbox_of(const Workspace& workspace) {
  const auto* file = std::get_if<FileChannel>(&workspace.configuration.email.transport);
  return file ? workspace.root / file->folder : std::filesystem::path();
}

std::unique_ptr<Store> open_for_reading(const std::filesystem::path& database) {
  std::error_code ignored;
  if (!std::filesystem::exists(database, ignored)) {
    throw Failure(ExitCode::environment,
                  "there is no database " + database.string() +
                      "; `caravan import` or `caravan serve` makes it (see `caravan help operations`)");
  }
  return open_sqlite(database, OpenMode::read);
}

std::string faults_counted(std::size_t errors, std::size_t warnings) {
  std::string text = counted(static_cast<std::int64_t>(errors), "error", "errors");
  if (warnings > 0) text += ", " + counted(static_cast<std::int64_t>(warnings), "warning", "warnings");
  return text;
}

void print_diagnostics(const Workspace& workspace) {
  print_diagnostics(workspace.diagnostics);
}

void print_diagnostics(const Diagnostics& diagnostics) {
  const Colour colour = Terminal::error().has_colours() ? Colour::always : Colour::never;
  for (const Diagnostic& each : diagnostics.sorted())
    std::cerr << render(each, colour);
  if (diagnostics.left_out() > 0) std::cerr << "and " << diagnostics.left_out() << " more\n";
  if (diagnostics.errors() + diagnostics.warnings() == 0) return;
  std::cerr << faults_counted(diagnostics.errors(), diagnostics.warnings()) << "\n";
}

bool print_errors_in(const Workspace& workspace, std::span<const std::string_view> files) {
  const Colour colour = Terminal::error().has_colours() ? Colour::always : Colour::never;
  bool has_errors = false;
  for (const Diagnostic& each : workspace.diagnostics.sorted()) {
    const std::string name = each.place.file ? std::filesystem::path(each.place.file->path).filename().string() : "";
    if (each.severity != Severity::error || std::find(files.begin(), files.end(), name) == files.end()) continue;
    std::cerr << render(each, colour);
    has_errors = true;
  }
  return has_errors;
}

std::string program_name() {
  const std::string called = program_invocation_name;
  return called.find('/') == std::string::npos ? "caravan" : shell_word(called);
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/@+";
  if (!text.empty() && text.find_first_not_of(harmless) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text)
    word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string repeated(const DataOptions& options) {
  std::string text;
  if (!options.workspace.empty() && options.database.empty()) text += " --workspace " + shell_word(options.workspace);
  if (!options.database.empty()) text += " --database " + shell_word(options.database);
  return text;
}

}  // namespace caravan::tools
