// caravan schema: JSON Schemas of the documents that authors write, for their editors.

#include <filesystem>
#include <fstream>
#include <iostream>

#include "journeys/diagnostic.hpp"
#include "journeys/editor_schema.hpp"
#include "nodes/registry.hpp"
#include "tools/caravan/failure.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription =
    "Prints the JSON Schema (draft 2020-12) of a type of document: with it, an editor completes keys, shows what "
    "they mean and marks mistakes while you type. Without a type it lists the types.\n\n"
    "`caravan check` finds more: a schema does not know names, expressions and ways. Make the schemas anew when you "
    "install another version of Caravan.";

constexpr const char* kExamples = R"(Examples
  caravan schema                                the types, and how editors use them
  caravan schema journey > journey.schema.json
  caravan schema --all .schemas                 a file for each type)";

constexpr std::string_view kUse = R"(
In an editor with yaml-language-server (VS Code, Neovim, Helix, Emacs), write the
schemas once with `caravan schema --all .schemas`; then begin a file with

  # yaml-language-server: $schema=../.schemas/journey.schema.json

or name the schemas for all files of a folder, in VS Code's settings.json:

  "yaml.schemas": {
    ".schemas/journey.schema.json": "journeys/*.yaml",
    ".schemas/scenario.schema.json": "scenarios/*.yaml",
    ".schemas/any.schema.json": ["audiences/*.yaml", "buying-groups/*.yaml"],
    ".schemas/schema.schema.json": "schema.yaml",
    ".schemas/configuration.schema.json": "caravan.yaml"
  }
)";

struct Options {
  std::string type;
  std::string all;
};

void list_types() {
  const Terminal& terminal = Terminal::output();
  std::size_t width = 0;
  std::size_t files_width = 0;
  for (const EditorSchemaType& type : editor_schema_types()) {
    width = std::max(width, type.name.size());
    files_width = std::max(files_width, type.files.size());
  }
  std::cout << terminal.paint(Style::strong, "Types of `caravan schema TYPE`") << "\n";
  for (const EditorSchemaType& type : editor_schema_types()) {
    std::cout << "  " << terminal.paint(Style::accent, type.name) << std::string(width - type.name.size() + 2, ' ')
              << type.files << std::string(files_width - type.files.size() + 2, ' ') << type.summary << "\n";
  }
  std::cout << kUse << std::flush;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw Failure(ExitCode::environment, "cannot write " + path.string());
}

void write_all(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Failure(ExitCode::environment, "cannot make the folder " + folder.string() + ": " + error.message());
  for (const EditorSchemaType& type : editor_schema_types())
    write_file(folder / (std::string(type.name) + ".schema.json"), editor_schema(type.name, node_shapes()));
}

void print_one(const std::string& wanted) {
  std::vector<std::string> names;
  for (const EditorSchemaType& type : editor_schema_types()) {
    names.emplace_back(type.name);
    if (type.name != wanted) continue;
    std::cout << editor_schema(type.name, node_shapes()) << std::flush;
    return;
  }
  const std::string meant = did_you_mean(wanted, names);
  throw Failure(ExitCode::usage, "there is no schema of \"" + wanted + "\"; " +
                                     (meant.empty() ? "`caravan schema` lists what there is" : meant));
}

ExitCode schema(const Options& options) {
  if (!options.all.empty()) {
    write_all(options.all);
  } else if (options.type.empty()) {
    list_types();
  } else {
    print_one(options.type);
  }
  return ExitCode::success;
}

}  // namespace

void add_schema(CLI::App& app, ExitCode& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("schema", "Prints JSON Schemas of documents, for editors");
  command->description(kDescription);
  command->footer(kExamples);
  CLI::Option* type = command->add_option("type", options->type, "A type of document")->type_name("TYPE");
  command->add_option("--all", options->all, "Writes a file for each type into this folder")
      ->type_name("DIR")
      ->excludes(type);
  command->callback([options, &exit_code] { exit_code = schema(*options); });
}

}  // namespace caravan::tools
