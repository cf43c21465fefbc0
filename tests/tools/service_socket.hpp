#pragma once
// What a service manager hears of the program.

#include <cstdlib>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/tools/program.hpp"

namespace caravan::tests {

/// The manager's end: a datagram socket in a folder, named by NOTIFY_SOCKET while this lives.
class Manager {
 public:
  explicit Manager(const char* watchdog_microseconds) {
    const std::string path = (folder_ / "notify").string();
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    if (watchdog_microseconds != nullptr) ::setenv("WATCHDOG_USEC", watchdog_microseconds, 1);
  }
  ~Manager() {
    ::close(socket_);
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  /// The next words, `|` for their line ends; empty when none come for long.
  std::string hear(int patience_ms = 20'000) const {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, patience_ms) <= 0) return {};
    std::array<char, 512> buffer{};
    const ssize_t length = ::recv(socket_, buffer.data(), buffer.size(), 0);
    std::string words(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    std::replace(words.begin(), words.end(), '\n', '|');
    return words;
  }
  /// Whether `words` come, whatever comes before.
  bool hears(const std::string& words) const {
    for (std::string heard = hear(); !heard.empty(); heard = hear())
      if (heard.find(words) != std::string::npos) return true;
    return false;
  }

 private:
  Folder folder_;
  int socket_ = -1;
};

}  // namespace caravan::tests
