#include "tools/caravan/output.hpp"

#include <iostream>

#include <poll.h>
#include <unistd.h>

#include "tools/caravan/failure.hpp"

namespace caravan::tools {
namespace {

/// A pipe or socket that nobody reads any more, or a descriptor that was never open.
bool has_reader() {
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&output, 1, 0) >= 0 && (output.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0;
}

}  // namespace

void finish_output() {
  std::cout.flush();
  if (std::cout || !has_reader()) return;
  throw Failure(ExitCode::environment,
                "standard output cannot be written: see that there is room where it leads, and run it again");
}

}  // namespace caravan::tools
