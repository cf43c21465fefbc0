#pragma once
// How `--help` looks: what the command is, how it is called, its arguments and options, examples. All commands alike.

#include "tools/caravan/command.hpp"

namespace caravan::tools {

class HelpFormat final : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace caravan::tools
