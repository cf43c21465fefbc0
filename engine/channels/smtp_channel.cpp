// Sends mails by libcurl. It runs on a thread of its own: when a connection ends, libcurl waits for the server's
// answer to QUIT, and the I/O thread, which serves everybody else, must not wait for a mail server.

#include "engine/channels/smtp_channel.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>
#include <signal.h>

#include "engine/channels/curl_multi.hpp"
#include "engine/channels/mime.hpp"
#include "engine/channels/smtp_settings.hpp"
#include "engine/channels/smtp_transfer.hpp"

namespace caravan {
namespace {

namespace asio = boost::asio;

using WorkGuard = asio::executor_work_guard<asio::io_context::executor_type>;
using Done = std::function<void(SendResult)>;

/// A mail on its way, with the settings that it began with, and who is told.
struct MailErrand {
  MailErrand(std::shared_ptr<const SmtpSettings> with, Sockets& sockets, const Mail& mail, Done done,
             asio::io_context& io)
      : settings(std::move(with)),
        transfer(*settings, sockets, mail),
        done(std::move(done)),
        io(io),
        work(io.get_executor()) {}

  void answer(SendResult result) {
    asio::post(io, [done = std::move(done), result = std::move(result)] { done(result); });
    work.reset();
  }

  std::shared_ptr<const SmtpSettings> settings;
  std::shared_ptr<CurlMulti> multi;  ///< whose connections it uses, once it is on its way
  SmtpTransfer transfer;
  Done done;
  asio::io_context& io;
  WorkGuard work;  ///< run() does not return while a mail is under way
};

class SmtpMails final : public MailChannel {
 public:
  SmtpMails(asio::io_context& io, SmtpSettings settings, std::size_t connections)
      : io_(io),
        settings_(std::make_shared<const SmtpSettings>(std::move(settings))),
        connections_(std::max<std::size_t>(1, connections)),
        work_(mail_io_.get_executor()),
        multi_(std::make_shared<CurlMulti>(mail_io_, connections_)),
        thread_([this] { run(); }) {}

  ~SmtpMails() override {
    close();
    thread_.join();
  }

  void send(const Mail& mail, Done done) override {
    if (closed_) return answer(std::move(done), SendResult::Outcome::retry, "the channel is closed");
    if (std::string problem = address_problem(mail); !problem.empty()) {
      return answer(std::move(done), SendResult::Outcome::refused, std::move(problem));
    }
    auto errand = std::make_shared<MailErrand>(settings_, sockets_, mail, std::move(done), io_);
    asio::post(mail_io_, [this, errand = std::move(errand)] { start(errand); });
  }

  std::size_t concurrency() const override { return connections_; }

  std::function<void()> renewal(const ConfigurationDefinition& configuration) override {
    const auto* definition = std::get_if<SmtpChannel>(&configuration.email.transport);
    if (!definition) return {};
    return [this, settings = std::make_shared<const SmtpSettings>(read_settings(*definition))] {
      settings_ = settings;
      // Connections that are kept open were made by the settings of before: whoever uses them ends, and they with them.
      asio::post(mail_io_, [this] { multi_ = std::make_shared<CurlMulti>(mail_io_, connections_); });
    };
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    // First the sockets: whatever libcurl waits for on its thread ends at once.
    sockets_.shut_down();
    asio::post(mail_io_, [this] {
      multi_->close();
      work_.reset();
    });
  }

 private:
  void answer(Done done, SendResult::Outcome outcome, std::string reason) {
    asio::post(io_, [done = std::move(done), result = SendResult{outcome, std::move(reason)}] { done(result); });
  }

  void run() {
    // Signals are for the program's own threads; a broken connection is an error value here.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    mail_io_.run();
  }

  void start(const std::shared_ptr<MailErrand>& errand) {
    if (!errand->multi) errand->multi = multi_;
    errand->multi->start(errand->transfer.handle(), [this, errand](CURLcode code) {
      if (code != CURLE_ABORTED_BY_CALLBACK && errand->transfer.goes_again(code)) return start(errand);
      errand->answer(errand->transfer.result(code));
      asio::post(mail_io_,
                 [last = std::move(errand->multi)] {});  // it may be the end of it, which is not for its own call
    });
  }

  asio::io_context& io_;
  std::shared_ptr<const SmtpSettings> settings_;
  const std::size_t connections_;
  bool closed_ = false;

  // Everything below is used on the mail thread; Sockets from both.
  Sockets sockets_;
  asio::io_context mail_io_{1};
  WorkGuard work_;
  std::shared_ptr<CurlMulti> multi_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<MailChannel> make_smtp_channel(asio::io_context& io, const SmtpChannel& definition,
                                               std::size_t connections) {
  initialise_curl();
  return std::make_unique<SmtpMails>(io, read_settings(definition), connections);
}

}  // namespace caravan
