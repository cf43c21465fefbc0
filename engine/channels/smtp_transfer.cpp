// Sets libcurl up for one mail and reads what came of it. libcurl tells of a failure in its own terms; whether to try
// again is decided by the server's answer, and by whether the answer was about this mail or about us.

#include "engine/channels/smtp_transfer.hpp"

#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

#include "engine/channels/mime.hpp"
#include "engine/channels/smtp_answer.hpp"

namespace caravan {
namespace {

constexpr long connect_seconds = 30;
constexpr long whole_seconds = 300;

bool is_about_authentication(int code) {
  return code == 530 || code == 534 || code == 535 || code == 538;
}

}  // namespace

curl_socket_t Sockets::open(void* sockets, curlsocktype, curl_sockaddr* address) {
  auto& self = *static_cast<Sockets*>(sockets);
  const std::lock_guard lock(self.mutex_);
  if (self.down_) return CURL_SOCKET_BAD;
  const curl_socket_t number = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (number >= 0) self.open_.push_back(number);
  return number;
}

int Sockets::close(void* sockets, curl_socket_t number) {
  auto& self = *static_cast<Sockets*>(sockets);
  const std::lock_guard lock(self.mutex_);
  std::erase(self.open_, number);
  return ::close(number);
}

void Sockets::shut_down() {
  const std::lock_guard lock(mutex_);
  down_ = true;
  for (const curl_socket_t number : open_)
    ::shutdown(number, SHUT_RDWR);
}

SmtpTransfer::SmtpTransfer(const SmtpSettings& settings, Sockets& sockets, const Mail& mail)
    : settings_(settings),
      bytes_(encode_mail(mail)),
      sender_("<" + address_of(mail.from) + ">"),
      receivers_(curl_slist_append(nullptr, ("<" + address_of(mail.to) + ">").c_str())),
      handle_(curl_easy_init()) {
  if (!handle_ || !receivers_) throw std::bad_alloc();
  set_options(sockets);
}

void SmtpTransfer::set_options(Sockets& sockets) {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(handle_.get(), option, value); };
  set(CURLOPT_URL, settings_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_PROXY, "");  // none from the environment either
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
  set(CURLOPT_TIMEOUT, whole_seconds);
  set(CURLOPT_OPENSOCKETFUNCTION, &Sockets::open);
  set(CURLOPT_OPENSOCKETDATA, &sockets);
  set(CURLOPT_CLOSESOCKETFUNCTION, &Sockets::close);
  set(CURLOPT_CLOSESOCKETDATA, &sockets);

  const bool secure = settings_.security != TransportSecurity::none;
  set(CURLOPT_USE_SSL, static_cast<long>(secure ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_file.empty()) set(CURLOPT_CAINFO, settings_.ca_file.c_str());
  if (!settings_.user.empty()) {
    set(CURLOPT_USERNAME, settings_.user.c_str());
    set(CURLOPT_PASSWORD, settings_.password.c_str());
  }

  set(CURLOPT_MAIL_FROM, sender_.c_str());
  set(CURLOPT_MAIL_RCPT, receivers_.get());
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &SmtpTransfer::on_read);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(bytes_.size()));
  set(CURLOPT_HEADERFUNCTION, &SmtpTransfer::on_answer);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &SmtpTransfer::on_output);
  set(CURLOPT_ERRORBUFFER, error_.data());
}

std::size_t SmtpTransfer::on_answer(char* line, std::size_t size, std::size_t count, void* transfer) {
  static_cast<SmtpTransfer*>(transfer)->take_answer({line, size * count});
  return size * count;
}

std::size_t SmtpTransfer::on_read(char* to, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<SmtpTransfer*>(transfer);
  const std::size_t length = std::min(size * count, self.bytes_.size() - self.sent_);
  std::memcpy(to, self.bytes_.data() + self.sent_, length);
  self.sent_ += length;
  return length;
}

std::size_t SmtpTransfer::on_output(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

/// Answers of several lines repeat the code in each: `550-first`, `550 last`.
void SmtpTransfer::take_answer(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r'))
    line.remove_suffix(1);
  int code = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), code);
  if (error != std::errc() || end != line.data() + 3 || code < 400 || code > 599) return;
  if (!continues_ || code != code_) words_ = std::to_string(code);
  words_ += ' ';
  words_ += line.substr(std::min<std::size_t>(4, line.size()));
  code_ = code;
  continues_ = line.size() > 3 && line[3] == '-';
}

bool SmtpTransfer::goes_again(CURLcode code) {
  if (code == CURLE_OK || again_ || sent_ > 0) return false;
  long connects = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connects);
  const bool dropped = code_ == 421 || (code_ == 0 && code != CURLE_OPERATION_TIMEDOUT);
  if (connects != 0 || !dropped) return false;
  again_ = true;
  code_ = 0;
  words_.clear();
  error_.fill('\0');
  curl_easy_setopt(handle_.get(), CURLOPT_FRESH_CONNECT, 1L);
  return true;
}

SendResult SmtpTransfer::result(CURLcode code) const {
  if (code == CURLE_OK) return {};
  SendResult result{outcome(code), without_secrets(settings_.server + ": " + reason(code), settings_)};
  if (result.outcome == SendResult::Outcome::refused)
    result.answer = no_such_receiver(without_secrets(words_, settings_));
  return result;
}

/// Only an answer to the envelope or to the mail itself refuses it. What the server holds against us (a greeting that
/// turns us away, a wrong password) is for the operator to put right, and the mails wait for that.
SendResult::Outcome SmtpTransfer::outcome(CURLcode code) const {
  const bool about_this_mail = code == CURLE_SEND_ERROR || (code == CURLE_WEIRD_SERVER_REPLY && sent_ > 0);
  const bool refused = about_this_mail && code_ >= 500 && !is_about_authentication(code_);
  return refused ? SendResult::Outcome::refused : SendResult::Outcome::retry;
}

std::string SmtpTransfer::reason(CURLcode code) const {
  const std::string own = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK: return "the mail was under way when the channel was closed";
    case CURLE_USE_SSL_FAILED:
      return words_.empty() ? "the server offers no STARTTLS, which security: starttls requires"
                            : "the server does not begin TLS: " + words_;
    case CURLE_PEER_FAILED_VERIFICATION: return "the server's certificate is not trusted: " + own;
    case CURLE_LOGIN_DENIED:
      return "the server does not take user and password" + (words_.empty() ? "" : ": " + words_);
    default: return words_.empty() ? own : words_;
  }
}

}  // namespace caravan
