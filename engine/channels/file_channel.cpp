// Writes each mail under a temporary name and renames it, so that a file ending in .eml is always whole. Writing is a
// few system calls into the page cache, so it is done where send() is called; only the answer is posted.

#include "engine/channels/file_channel.hpp"

#include <cerrno>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "engine/channels/mime.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  const std::error_code error(errno, std::generic_category());
  throw fs::filesystem_error(what, path, error);
}

/// An open file; closed at the end of its scope at the latest.
class Descriptor {
 public:
  explicit Descriptor(const fs::path& path)
      : number_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (number_ < 0) fail("cannot be written", path);
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view bytes, const fs::path& path) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot be written", path);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void close(const fs::path& path) {
    if (::close(std::exchange(number_, -1)) != 0) fail("cannot be written", path);
  }

 private:
  int number_;
};

std::string day_of(Instant date) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(date));
  const auto two = [](unsigned number) { return (number < 10 ? "-0" : "-") + std::to_string(number); };
  return std::to_string(static_cast<int>(day.year())) + two(static_cast<unsigned>(day.month())) +
         two(static_cast<unsigned>(day.day()));
}

void write_whole(const fs::path& folder, const std::string& name, std::string_view bytes) {
  const fs::path whole = folder / (name + ".eml");
  const fs::path part = folder / ("." + name + ".part");
  try {
    Descriptor file(part);
    file.write(bytes, part);
    file.close(part);
    if (::rename(part.c_str(), whole.c_str()) != 0) fail("cannot be put in its place", whole);
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
}

class FileMails final : public Channel {
 public:
  FileMails(boost::asio::io_context& io, fs::path folder) : io_(io), folder_(std::move(folder)) {}

  void send(const Mail& mail, std::function<void(SendResult)> done) override {
    boost::asio::post(io_, [done = std::move(done), result = deliver(mail)] { done(result); });
  }
  std::size_t concurrency() const override { return 64; }
  void close() override { closed_ = true; }

 private:
  SendResult deliver(const Mail& mail) {
    if (closed_) return {SendResult::Outcome::retry, "the channel is closed"};
    if (std::string problem = address_problem(mail); !problem.empty()) {
      return {SendResult::Outcome::refused, std::move(problem)};
    }
    try {
      const std::string bytes = encode_mail(mail);
      const fs::path folder = folder_ / day_of(mail.date);
      // Asked each time: somebody may empty the outbox while it is in use.
      if (folder != made_ || !fs::is_directory(folder)) fs::create_directories(folder);
      made_ = folder;
      write_whole(folder, safe_key(mail.key), bytes);
      return {};
    } catch (const std::exception& error) {
      return {SendResult::Outcome::retry, error.what()};
    }
  }

  boost::asio::io_context& io_;
  const fs::path folder_;
  fs::path made_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<Channel> make_file_channel(boost::asio::io_context& io, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && ::access(folder.c_str(), W_OK | X_OK) != 0) error.assign(errno, std::generic_category());
  if (error) throw std::runtime_error("the outbox folder " + folder.string() + " cannot be used: " + error.message());
  return std::make_unique<FileMails>(io, folder);
}

}  // namespace caravan
