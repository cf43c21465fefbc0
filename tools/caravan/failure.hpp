#pragma once
// How a command says that it cannot go on: one sentence for the person, and the exit code for the script. main()
// prints it; nothing else catches it.

#include <stdexcept>

#include "tools/caravan/command.hpp"

namespace caravan::tools {

class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace caravan::tools
