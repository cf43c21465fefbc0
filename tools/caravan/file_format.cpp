#include "tools/caravan/file_format.hpp"

#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace caravan::tools {

TextFormat format_of(const std::string& file, const std::string& named) {
  if (named == "csv") return TextFormat::csv;
  if (named == "jsonl") return TextFormat::json_lines;
  const std::string extension = std::filesystem::path(file).extension().string();
  if (extension == ".csv" || extension == ".tsv") return TextFormat::csv;
  if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") return TextFormat::json_lines;
  throw Failure(ExitCode::usage, "is " + file + " CSV or JSON lines? Say so with --format csv or --format jsonl");
}

void check_readable(const std::string& file) {
  if (file != "-" && ::access(file.c_str(), R_OK) != 0) throw std::system_error(errno, std::generic_category(), file);
  if (std::filesystem::is_directory(file)) throw Failure(ExitCode::environment, file + " is a folder");
}

}  // namespace caravan::tools
