// caravan doctor: how a database, its engine and its workspace are.

#include <iostream>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/caravan/copy_bar.hpp"
#include "tools/caravan/doctor/finding.hpp"
#include "tools/caravan/engine_command.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Says how a database, its engine and its workspace are, and what to do where something is wrong.\n"
    "Whether the file is sound, of this Caravan's layout and has room, what lies beside it, whether clocks agree, who "
    "is "
    "late, held or in doubt, which expressions fail, which published versions do not check any more, and whether "
    "secrets "
    "are there and kept. It changes nothing, and can be asked beside a running engine.";

constexpr const char* footer = R"(Examples
  caravan doctor my-workspace
  caravan doctor my-workspace --full --json
  caravan doctor --database caravan.db            the database alone

Exit codes
  0  all is well
  1  at worst a warning: it works, and somebody should look
  3  at worst a fault: something does not work, or will not)";

struct Options {
  DataOptions data;
  bool is_full = false;
  bool as_json = false;
};

std::string_view word_for(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::warning: return "warning";
    case Health::fault: return "fault";
  }
  return "";
}

Style style_of(Health health) {
  switch (health) {
    case Health::ok: return Style::good;
    case Health::warning: return Style::warning;
    case Health::fault: return Style::bad;
  }
  return Style::plain;
}

Health worst_of(const Findings& findings) {
  Health worst = Health::ok;
  for (const Finding& finding : findings)
    worst = std::max(worst, finding.health);
  return worst;
}

/// Sentences in a column of their own, and under each what to do.
std::string as_text(const Findings& findings, const Terminal& terminal) {
  constexpr std::size_t word_width = 9;
  std::size_t check_width = 0;
  for (const Finding& finding : findings)
    check_width = std::max(check_width, finding.check.size() + 2);
  const std::size_t indent = word_width + check_width;
  // What reads it from a pipe wants a finding on a line.
  const std::size_t width = terminal.is_terminal() ? std::max<std::size_t>(terminal.width(), indent + 40) - indent
                                                   : std::numeric_limits<std::size_t>::max();
  std::string out;
  for (const Finding& finding : findings) {
    const std::string word(word_for(finding.health));
    out += terminal.paint(style_of(finding.health), word) + std::string(word_width - word.size(), ' ');
    out += finding.check + std::string(check_width - finding.check.size(), ' ');
    bool is_first = true;
    for (const std::string& line : wrapped(printable(finding.what), width)) {
      out += (is_first ? "" : std::string(indent, ' ')) + line + "\n";
      is_first = false;
    }
    if (finding.to_do.empty()) continue;
    for (const std::string& line : wrapped("→ " + printable(finding.to_do), width))
      out += std::string(indent, ' ') + terminal.paint(Style::faint, line) + "\n";
  }
  return out;
}

boost::json::object as_json(const std::filesystem::path& database, const Findings& findings) {
  boost::json::array lines;
  for (const Finding& finding : findings) {
    boost::json::object line{{"check", finding.check}, {"state", word_for(finding.health)}, {"what", finding.what}};
    if (!finding.to_do.empty()) line["to_do"] = finding.to_do;
    lines.push_back(std::move(line));
  }
  return {{"database", database.string()}, {"worst", word_for(worst_of(findings))}, {"findings", std::move(lines)}};
}

ExitCode examine(const Options& options) {
  Findings findings;
  ScratchNames scratch;
  std::unique_ptr<Workspace> workspace;
  if (options.data.database.empty() || !options.data.workspace.empty())
    workspace = look_at_workspace(options.data, scratch);
  const std::filesystem::path database =
      workspace ? database_file(options.data, *workspace) : std::filesystem::path(options.data.database);
  const Thoroughness thoroughness = options.is_full ? Thoroughness::full : Thoroughness::quick;
  CopyBar bar;
  const StoreInspection inspection = inspect_sqlite(database, thoroughness, bar.listener());
  check_file(database, inspection, thoroughness, findings);
  // What is damaged is not read further.
  if (inspection.is_there && inspection.problem.empty() && inspection.damage.empty() &&
      !inspection.restore_is_cut_off) {
    const auto store = open_for_reading(database);
    check_engine(*store, database, inspection.writer, machine_time(), findings);
  }
  if (workspace) check_workspace(*workspace, inspection.writer, findings);
  if (options.as_json)
    std::cout << boost::json::serialize(as_json(database, findings)) << "\n";
  else
    std::cout << as_text(findings, Terminal::output());
  switch (worst_of(findings)) {
    case Health::ok: return ExitCode::success;
    case Health::warning: return ExitCode::faults;
    case Health::fault: return ExitCode::environment;
  }
  return ExitCode::internal;
}

}  // namespace

void add_doctor(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("doctor", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  add_data_options(*command, options->data, Positional::yes);
  command->add_flag("--full", options->is_full, "Checks each index against its table too, which takes longer");
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &exit_code] { exit_code = examine(*options); });
}

}  // namespace caravan::tools
