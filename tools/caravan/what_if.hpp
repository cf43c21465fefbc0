#pragma once
// caravan replay --with WORKSPACE: what would have come of what really happened, had the workspace been another one.

#include "tools/caravan/command.hpp"

namespace caravan::tools {

struct WhatIfOptions {
  std::string workspace;  ///< the other one
  std::string folder;     ///< for scratch files; empty: the system's
  std::string figure;     ///< who stands behind it is printed, and nothing else; empty: the report
  std::string picture;    ///< the journey whose picture is printed, and nothing else; empty: the report
  std::string format = "mermaid";
  bool as_json = false;
};

/// `--with` and what goes with it.
void add_what_if_options(CLI::App& command, WhatIfOptions& options);

ExitCode what_if(const std::filesystem::path& database, const WhatIfOptions& options);

}  // namespace caravan::tools
