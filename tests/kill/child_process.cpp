#include "tests/kill/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <stdexcept>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace caravan::test {

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments)
    pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) throw std::runtime_error(log.string() + " cannot be written");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execv(pointers.front(), pointers.data());
    ::_exit(127);
  }
  ::close(output);
  if (pid_ < 0) throw std::runtime_error("no process can be started");
}

ChildProcess::~ChildProcess() {
  kill();
}

std::optional<int> ChildProcess::reap(int options) {
  if (result_) return result_;
  int status = 0;
  int reaped = 0;
  do {
    reaped = ::waitpid(pid_, &status, options);
  } while (reaped < 0 && errno == EINTR);
  if (reaped != pid_) return std::nullopt;
  result_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result_;
}

std::optional<int> ChildProcess::ended() {
  return reap(WNOHANG);
}

int ChildProcess::wait() {
  return reap(0).value_or(-1);
}

void ChildProcess::kill() {
  if (ended()) return;
  ::kill(pid_, SIGKILL);
  wait();
}

}  // namespace caravan::test
