#pragma once
// A real SMTP server (tests/support/smtp_server.py) as a child process on a free port of this machine, and the mails
// it has received as another mail program reads them. Tests of everything that sends mails use it.

namespace caravan::test {

struct SmtpServerOptions {
  enum class Tls { none, starttls, implicit };
  Tls tls = Tls::none;
  std::string user = {};  ///< empty: no authentication
  std::string password = {};
  int busy = 0;                          ///< so many receivers get a 451 first
  std::vector<std::string> refuse = {};  ///< receivers that get a 550
  int mails_per_connection = 0;          ///< then the connection is dropped without a word; 0: never
  bool silent = false;                   ///< QUIT is never answered
};

struct ReceivedMail {
  std::string sender;  ///< of the envelope
  std::vector<std::string> receivers;
  std::vector<std::pair<std::string, std::string>> headers;  ///< decoded
  std::string text;                                          ///< decoded, lines ended by \n
  std::string html;
  std::string raw;     ///< the bytes as they came
  int connection = 0;  ///< the same for mails that came over the same connection
  bool encrypted = false;
  bool authenticated = false;

  /// The decoded value of the first header of that name; empty when there is none.
  std::string header(std::string_view name) const;
};

/// Runs from its making to its end. Throws std::runtime_error when the server does not come up.
class SmtpServer {
 public:
  explicit SmtpServer(const SmtpServerOptions& options = {});
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  /// Whether this machine has what the server needs: python3 with aiosmtpd. Where it has not, a test says so and ends.
  static bool available();

  int port() const { return port_; }
  const std::string& certificate() const { return certificate_; }  ///< a file; empty without TLS
  /// Waits until `count` mails have come since the server was started, or throws when they have not within `patience`.
  const std::vector<ReceivedMail>& mails(std::size_t count,
                                         std::chrono::milliseconds patience = std::chrono::seconds(60));
  /// Ends the server; what it has received so far stays.
  void stop();

 private:
  std::string read_line(std::chrono::steady_clock::time_point until);

  int child_ = -1;
  int input_ = -1;
  int output_ = -1;
  int port_ = 0;
  std::string certificate_;
  std::string buffer_;
  std::vector<ReceivedMail> mails_;
};

}  // namespace caravan::test
