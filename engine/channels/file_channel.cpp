// Writing is a few system calls into the page cache, so it is done where send() is called; only the answer is posted.

#include "engine/channels/file_channel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "engine/channels/message_folder.hpp"
#include "engine/channels/mime.hpp"
#include "engine/channels/short_message.hpp"

namespace caravan {
namespace {

namespace fs = std::filesystem;

std::string file_name(const Mail& mail) {
  return safe_key(mail.key) + ".eml";
}
std::string file_name(const ShortMessage& message) {
  return safe_key(message.key) + ".txt";
}
std::string encoded(const Mail& mail) {
  return encode_mail(mail);
}
std::string encoded(const ShortMessage& message) {
  return encode_text(message);
}

template <class What>
class Files final : public ChannelOf<What> {
 public:
  Files(boost::asio::io_context& io, const fs::path& folder) : io_(io), folder_(folder) {}

  void send(const What& what, std::function<void(SendResult)> done) override {
    boost::asio::post(io_, [done = std::move(done), result = deliver(what)] { done(result); });
  }
  std::size_t concurrency() const override { return 64; }
  void close() override { closed_ = true; }

 private:
  SendResult deliver(const What& what) {
    if (closed_) return {SendResult::Outcome::retry, "the channel is closed"};
    if (std::string problem = address_problem(what); !problem.empty()) {
      return {SendResult::Outcome::refused, std::move(problem)};
    }
    try {
      folder_.write(what.date, file_name(what), encoded(what));
      return {};
    } catch (const std::exception& error) {
      return {SendResult::Outcome::retry, error.what()};
    }
  }

  boost::asio::io_context& io_;
  MessageFolder folder_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<MailChannel> make_file_channel(boost::asio::io_context& io, const fs::path& folder) {
  return std::make_unique<Files<Mail>>(io, folder);
}

std::unique_ptr<ShortMessageChannel> make_text_file_channel(boost::asio::io_context& io, const fs::path& folder) {
  return std::make_unique<Files<ShortMessage>>(io, folder);
}

}  // namespace caravan
