// Starts the server, speaks to it by pipes and reads its JSON lines. No waiting here is without an end.

#include "tests/support/smtp_server.hpp"

#include <csignal>
#include <stdexcept>

#include <boost/json/src.hpp>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace caravan::test {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr auto time_to_start = std::chrono::seconds(60);

int spawn(const std::vector<std::string>& words, const posix_spawn_file_actions_t* actions) {
  std::vector<char*> arguments;
  for (const std::string& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = -1;
  return posix_spawnp(&child, arguments[0], actions, nullptr, arguments.data(), environ) == 0 ? child : -1;
}

bool has_aiosmtpd(const std::string& python) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  const int child = spawn({python, "-c", "import aiosmtpd.smtp"}, &actions);
  posix_spawn_file_actions_destroy(&actions);
  if (child < 0) return false;
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// The first python3 with the package: the one on the path may be another than the distribution's.
const std::string& python() {
  static const std::string found = [] {
    for (const char* candidate : {"python3", "/usr/bin/python3"}) {
      if (has_aiosmtpd(candidate)) return std::string(candidate);
    }
    return std::string();
  }();
  return found;
}

std::vector<std::string> command_line(const SmtpServerOptions& options) {
  static constexpr std::array<const char*, 3> tls{"none", "starttls", "implicit"};
  std::vector<std::string> words{python(), CARAVAN_SOURCE_DIR "/tests/support/smtp_server.py"};
  words.insert(words.end(), {"--tls", tls[static_cast<std::size_t>(options.tls)]});
  words.insert(words.end(), {"--user", options.user, "--password", options.password});
  words.insert(words.end(), {"--busy", std::to_string(options.busy)});
  words.insert(words.end(), {"--mails-per-connection", std::to_string(options.mails_per_connection)});
  for (const std::string& address : options.refuse)
    words.insert(words.end(), {"--refuse", address});
  if (options.silent) words.emplace_back("--silent");
  return words;
}

std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

ReceivedMail mail_from(const json::object& line) {
  ReceivedMail mail;
  mail.sender = text_of(line.at("sender"));
  for (const json::value& receiver : line.at("receivers").as_array())
    mail.receivers.push_back(text_of(receiver));
  for (const json::value& header : line.at("headers").as_array()) {
    mail.headers.emplace_back(text_of(header.at(0)), text_of(header.at(1)));
  }
  mail.text = text_of(line.at("text"));
  mail.html = text_of(line.at("html"));
  mail.raw = text_of(line.at("raw"));
  mail.connection = static_cast<int>(line.at("connection").as_int64());
  mail.encrypted = line.at("encrypted").as_bool();
  mail.authenticated = line.at("authenticated").as_bool();
  return mail;
}

}  // namespace

std::string ReceivedMail::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

bool SmtpServer::available() {
  return !python().empty();
}

SmtpServer::SmtpServer(const SmtpServerOptions& options) {
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  if (::pipe2(to_child.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  if (::pipe2(from_child.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  input_ = to_child[1];
  output_ = from_child[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
  child_ = spawn(command_line(options), &actions);
  posix_spawn_file_actions_destroy(&actions);
  ::close(to_child[0]);
  ::close(from_child[1]);

  const std::string line = read_line(Clock::now() + time_to_start);
  if (line.empty()) {
    stop();
    throw std::runtime_error("the SMTP server of the tests did not start");
  }
  const json::value started = json::parse(line);
  port_ = static_cast<int>(started.at("port").as_int64());
  if (started.at("certificate").is_string()) certificate_ = text_of(started.at("certificate"));
}

SmtpServer::~SmtpServer() {
  stop();
}

void SmtpServer::stop() {
  if (input_ >= 0) ::close(std::exchange(input_, -1));
  if (child_ > 0) {
    // What it says to the end is read, so that it cannot be stuck on a full pipe; then it has ended or is ended.
    const auto until = Clock::now() + std::chrono::seconds(10);
    while (Clock::now() < until) {
      const std::string line = read_line(until);
      if (line.empty()) break;
      mails_.push_back(mail_from(json::parse(line).as_object()));
    }
    if (Clock::now() >= until) ::kill(child_, SIGKILL);
    int status = 0;
    ::waitpid(std::exchange(child_, -1), &status, 0);
  }
  if (output_ >= 0) ::close(std::exchange(output_, -1));
}

/// The next line, without its end; empty when the time is over or the server has ended.
std::string SmtpServer::read_line(Clock::time_point until) {
  while (true) {
    if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return {};
    pollfd ready{output_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left)) <= 0) continue;
    std::array<char, 65536> chunk;
    const ssize_t count = ::read(output_, chunk.data(), chunk.size());
    if (count <= 0) return {};
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

const std::vector<ReceivedMail>& SmtpServer::mails(std::size_t count, std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  while (mails_.size() < count) {
    const std::string line = read_line(until);
    if (line.empty()) {
      throw std::runtime_error("the SMTP server has received " + std::to_string(mails_.size()) + " mails, not " +
                               std::to_string(count));
    }
    mails_.push_back(mail_from(json::parse(line).as_object()));
  }
  return mails_;
}

}  // namespace caravan::test
