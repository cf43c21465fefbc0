// The file channel writes whole files that any mail program opens, and says what the disk said when it cannot.

#include "engine/channels/file_channel.hpp"

#include <fstream>

#include <boost/asio/io_context.hpp>

#include "engine/channels/mime.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

Mail mail(const std::string& key) {
  return {.key = key,
          .from = "news@seeds.example",
          .to = "ada@acme.example",
          .reply_to = "",
          .subject = "Hello",
          .html = "<p>Hello</p>",
          .text = "Hello",
          .date = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h};
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

SendResult send(boost::asio::io_context& io, MailChannel& channel, const Mail& mail) {
  std::optional<SendResult> result;
  channel.send(mail, [&](SendResult given) { result = std::move(given); });
  CHECK_FALSE(result.has_value());
  io.restart();
  io.run();
  REQUIRE(result.has_value());
  return *result;
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a mail is a file named by its day and key") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_file_channel(io, folder.path() / "outbox");
  CHECK(send(io, *channel, mail("k-1-2-p3")).outcome == SendResult::Outcome::delivered);
  CHECK(content(folder.path() / "outbox/2026-01-05/k-1-2-p3.eml") == encode_mail(mail("k-1-2-p3")));
}

TEST_CASE("the same mail sent again replaces its file and leaves no other") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_file_channel(io, folder.path());
  Mail again = mail("k-1-2-p3");
  send(io, *channel, again);
  again.subject = "Hello again";
  send(io, *channel, again);
  CHECK(files_in(folder.path() / "2026-01-05") == 1);
  CHECK(content(folder.path() / "2026-01-05/k-1-2-p3.eml") == encode_mail(again));
}

TEST_CASE("an outbox that is emptied while in use is made again") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_file_channel(io, folder.path() / "outbox");
  send(io, *channel, mail("k-1-2-p3"));
  fs::remove_all(folder.path() / "outbox");
  CHECK(send(io, *channel, mail("k-1-2-p4")).outcome == SendResult::Outcome::delivered);
  CHECK(fs::exists(folder.path() / "outbox/2026-01-05/k-1-2-p4.eml"));
}

TEST_CASE("a disk that does not take the file is a reason to try again") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_file_channel(io, folder.path() / "outbox");
  std::ofstream(folder.path() / "outbox/2026-01-05") << "a file where a folder should be";
  const SendResult result = send(io, *channel, mail("k-1-2-p3"));
  CHECK(result.outcome == SendResult::Outcome::retry);
  CHECK(result.reason.find("2026-01-05") != std::string::npos);
}

TEST_CASE("an address that is none is refused, and no file is written") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_file_channel(io, folder.path());
  Mail bad = mail("k-1-2-p3");
  bad.to = "nobody";
  CHECK(send(io, *channel, bad).outcome == SendResult::Outcome::refused);
  CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("a closed channel writes nothing") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_file_channel(io, folder.path());
  channel->close();
  CHECK(send(io, *channel, mail("k-1-2-p3")).outcome == SendResult::Outcome::retry);
  CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("a folder that cannot be made is said at once") {
  testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  boost::asio::io_context io;
  std::string reason;
  try {
    make_file_channel(io, folder.path() / "file/outbox");
  } catch (const std::runtime_error& error) {
    reason = error.what();
  }
  CHECK(reason.find("file/outbox cannot be used: ") != std::string::npos);
}

TEST_CASE("ten thousand mails are ten thousand files") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_file_channel(io, folder.path());
  int delivered = 0;
  for (int i = 0; i < 10'000; ++i) {
    channel->send(mail("k-" + std::to_string(i)),
                  [&](const SendResult& result) { delivered += result.outcome == SendResult::Outcome::delivered; });
  }
  io.run();
  CHECK(delivered == 10'000);
  CHECK(files_in(folder.path() / "2026-01-05") == 10'000);
}

TEST_CASE("a text is a file with its address, its date and its words as they are") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const auto channel = make_text_file_channel(io, folder.path() / "sms");
  const auto sent = [&](ShortMessage message) {
    std::optional<SendResult> result;
    channel->send(message, [&](SendResult given) { result = std::move(given); });
    CHECK_FALSE(result.has_value());
    io.restart();
    io.run();
    REQUIRE(result.has_value());
    return *result;
  };
  const ShortMessage text{.key = "k-1-2-p3",
                          .to = "+49 151 1234567",
                          .text = "Grüße & <b>bis</b> bald",
                          .date = std::chrono::sys_days(std::chrono::January / 5 / 2026) + 9h};
  CHECK(sent(text).outcome == SendResult::Outcome::delivered);
  CHECK(content(folder.path() / "sms/2026-01-05/k-1-2-p3.txt") ==
        "To: +49 151 1234567\nDate: 2026-01-05T09:00:00Z\n\nGrüße & <b>bis</b> bald\n");

  for (const std::string& address : {std::string(), std::string("+49\nDate: never"), std::string(321, '1')}) {
    ShortMessage bad = text;
    bad.key = "k-1-2-p4";
    bad.to = address;
    const SendResult refused = sent(bad);
    CHECK(refused.outcome == SendResult::Outcome::refused);
    CHECK(refused.reason == "the address of the person is empty, too long or more than one line");
  }
  CHECK(files_in(folder.path() / "sms/2026-01-05") == 1);
}
