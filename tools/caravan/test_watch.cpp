#include "tools/caravan/test_watch.hpp"

#include <csignal>
#include <iostream>
#include <system_error>

#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "tools/caravan/file_watch.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

/// What was before, to be put back.
struct EndOfWatch::Before {
  sigset_t mask{};
  termios keyboard{};
  bool has_keyboard = false;
};

EndOfWatch::EndOfWatch() : before_(std::make_unique<Before>()) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &ending, &before_->mask);
  signals_ = ::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "waiting for signals");
  descriptors_.push_back(signals_);
  if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before_->keyboard) != 0) return;
  // Keys come one by one and unseen; Ctrl-C stays the signal that it is.
  termios keys = before_->keyboard;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  before_->has_keyboard = ::tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0;
  if (before_->has_keyboard) descriptors_.push_back(STDIN_FILENO);
}

EndOfWatch::~EndOfWatch() {
  if (before_->has_keyboard) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_->keyboard);
  ::close(signals_);
  ::pthread_sigmask(SIG_SETMASK, &before_->mask, nullptr);
}

bool EndOfWatch::has_come() {
  signalfd_siginfo signal;
  if (::read(signals_, &signal, sizeof signal) == sizeof signal) has_come_ = true;
  pollfd keyboard{STDIN_FILENO, POLLIN, 0};
  while (before_->has_keyboard && ::poll(&keyboard, 1, 0) > 0) {
    char key = 0;
    // A terminal that is gone is an end as well.
    if (::read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q') {
      has_come_ = true;
      break;
    }
  }
  return has_come_;
}

void watch_and_run(const std::string& folder, const std::function<void(EndOfWatch& end)>& round) {
  const Terminal& terminal = Terminal::output();
  EndOfWatch end;
  FileWatch files(folder);
  for (;;) {
    if (terminal.is_terminal()) std::cout << "\x1b[H\x1b[2J\x1b[3J";
    round(end);
    std::cout << terminal.paint(Style::faint, "watching " + printable(folder) + "; q or Ctrl-C ends") << std::endl;
    do {
      if (end.has_come()) return;
    } while (files.wait(end.descriptors()));
  }
}

}  // namespace caravan::tools
