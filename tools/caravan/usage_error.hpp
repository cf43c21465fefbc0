#pragma once
// What is wrong with a command line, as a sentence that says what to write instead. The option library knows what
// happened; its own words speak of how it is built.

#include "tools/caravan/command.hpp"

namespace caravan::tools {

/// A word in the place of a command that is none; nothing where the first argument is no such word.
std::optional<std::string> unknown_command(const CLI::App& app, std::span<char*> arguments);

/// The sentence for what parsing the command line of `app` ended with.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error);

}  // namespace caravan::tools
