#include "tools/bench/process.hpp"

#include <csignal>
#include <iostream>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/store.hpp"

namespace caravan::bench {
namespace {

/// What the new process does, and how it tells of it. Nothing of its parent's is closed or written twice.
[[noreturn]] void work_and_end(const std::function<boost::json::value()>& work, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody would read of it
  boost::json::object said;
  try {
    said["gave"] = work();
  } catch (const StoreError& error) {
    said["no_store"] = error.what();
  } catch (const std::exception& error) {
    said["failed"] = error.what();
  }
  const std::string text = boost::json::serialize(said);
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t step = ::write(pipe, text.data() + written, text.size() - written);
    if (step <= 0) ::_exit(1);
    written += static_cast<std::size_t>(step);
  }
  ::_exit(0);
}

std::string read_all(int pipe) {
  std::string text;
  std::array<char, 4'096> buffer{};
  for (;;) {
    const ssize_t step = ::read(pipe, buffer.data(), buffer.size());
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(step));
  }
}

}  // namespace

boost::json::value apart(const std::function<boost::json::value()>& work) {
  std::array<int, 2> pipe{};
  std::cout.flush();
  if (::pipe(pipe.data()) != 0) throw std::system_error(errno, std::generic_category(), "no pipe to a process");
  const pid_t process = ::fork();
  if (process < 0) throw std::system_error(errno, std::generic_category(), "no process for the measurement");
  if (process == 0) {
    ::close(pipe[0]);
    work_and_end(work, pipe[1]);
  }
  ::close(pipe[1]);
  const std::string text = read_all(pipe[0]);
  ::close(pipe[0]);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    throw std::runtime_error("the process of the measurement was ended by signal " + std::to_string(WTERMSIG(status)));
  if (text.empty()) throw std::runtime_error("the process of the measurement ended without a word");
  boost::json::object said = boost::json::parse(text).as_object();
  if (const auto* failed = said.if_contains("no_store")) throw StoreError(std::string(failed->as_string()));
  if (const auto* failed = said.if_contains("failed")) throw std::runtime_error(std::string(failed->as_string()));
  return said.at("gave");
}

void do_apart(const std::function<void()>& work) {
  apart([&] {
    work();
    return boost::json::value();
  });
}

}  // namespace caravan::bench
