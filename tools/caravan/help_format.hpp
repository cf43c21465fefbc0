#pragma once
// How `--help` looks: what the command is, how it is called, its arguments and options, examples. All commands alike.

#include "tools/caravan/command.hpp"

namespace caravan::tools {

/// `caravan show account`
std::string called_as(const CLI::App& command);
/// `caravan show account KEY`: with the arguments that stand in a place of their own, and those in brackets that may be
/// left out.
std::string usage_of(const CLI::App& command);
/// How an argument with a place of its own is written in the call of a command: `KEY`.
std::string placeholder_of(const CLI::Option& option);

class HelpFormat final : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace caravan::tools
