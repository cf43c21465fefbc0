#include <csignal>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tools/program_output.hpp"

namespace caravan::tests {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// In the child: nothing but system calls from here on.
[[noreturn]] void become(char* const* arguments, int input, int output, int error) {
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  ::execv(CARAVAN_PROGRAM, arguments);
  ::_exit(127);
}

pid_t start(const std::vector<std::string>& arguments, int input, int output, int error) {
  std::vector<std::string> all = {CARAVAN_PROGRAM};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& each : all)
    pointers.push_back(each.data());
  pointers.push_back(nullptr);
  const pid_t process = ::fork();
  if (process < 0) throw std::runtime_error("fork failed");
  if (process == 0) become(pointers.data(), input, output, error);
  return process;
}

int open_file(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor < 0) throw std::runtime_error("cannot open " + path.string());
  return descriptor;
}

int exit_code_of(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Outcome run_with_output(const std::vector<std::string>& arguments, int output) {
  const Folder folder;
  const int in = open_file("/dev/null", O_RDONLY);
  const int err = open_file(folder / "err", O_WRONLY | O_CREAT);
  const pid_t process = start(arguments, in, output, err);
  for (const int descriptor : {in, output, err})
    ::close(descriptor);
  const int exit_code = exit_code_of(process);
  return {exit_code, "", read_file(folder / "err")};
}

}  // namespace

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "caravan-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Folder::write(const std::string& name, const std::string& text) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

Outcome run(const std::vector<std::string>& arguments, const std::string& input) {
  const Folder folder;
  const int in = open_file(folder.write("in", input), O_RDONLY);
  const int out = open_file(folder / "out", O_WRONLY | O_CREAT);
  const int err = open_file(folder / "err", O_WRONLY | O_CREAT);
  const pid_t process = start(arguments, in, out, err);
  for (const int descriptor : {in, out, err})
    ::close(descriptor);
  const int exit_code = exit_code_of(process);
  return {exit_code, read_file(folder / "out"), read_file(folder / "err")};
}

Outcome run_unread(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ::close(ends[0]);
  return run_with_output(arguments, ends[1]);
}

Outcome run_into(const std::string& file, const std::vector<std::string>& arguments) {
  return run_with_output(arguments, open_file(file, O_WRONLY));
}

Running::Running(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const int in = open_file("/dev/null", O_RDONLY);
  const int err = open_file(folder_ / "err", O_WRONLY | O_CREAT);
  process_ = start(arguments, in, ends[1], err);
  for (const int descriptor : {in, ends[1], err})
    ::close(descriptor);
  output_ = ends[0];
}

Running::~Running() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    exit_code_of(process_);
  }
  ::close(output_);
}

bool Running::wait_for(const std::string& text) {
  std::array<char, 4'096> buffer{};
  while (seen_.find(text) == std::string::npos) {
    const ssize_t count = ::read(output_, buffer.data(), buffer.size());
    if (count <= 0) return false;
    seen_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return true;
}

void Running::signal(int number) const {
  ::kill(process_, number);
}

Outcome Running::wait() {
  std::array<char, 4'096> buffer{};
  for (ssize_t count = 0; (count = ::read(output_, buffer.data(), buffer.size())) > 0;) {
    seen_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const int exit_code = exit_code_of(std::exchange(process_, -1));
  return {exit_code, seen_, read_file(folder_ / "err")};
}

}  // namespace caravan::tests
