// Sets libcurl up for one call and reads what came of it. Whether to try again is decided by the answer's status; where
// there is none, by whether anything that changes by itself was in the way.

#include "engine/channels/http_transfer.hpp"

#include <sys/socket.h>

#include "engine/channels/call_signature.hpp"
#include "engine/channels/connection.hpp"
#include "engine/channels/network_address.hpp"
#include "engine/channels/secrets.hpp"
#include "engine/channels/transfer_encoding.hpp"

namespace caravan {
namespace {

constexpr std::string_view user_agent = "caravan/" CARAVAN_VERSION;

std::string url_of(const ConnectionSettings& settings, const Call& call) {
  const std::string slash = call.path.empty() || call.path.starts_with('/') ? "" : "/";
  std::string query = settings.query;
  if (!query.empty() && call.path.find('?') != std::string::npos) query[0] = '&';
  return settings.url + slash + call.path + query;
}

bool same_header(std::string_view left, std::string_view right) {
  return left.size() == right.size() && curl_strnequal(left.data(), right.data(), left.size()) != 0;
}

}  // namespace

bool may_come_later(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

std::optional<std::chrono::seconds> read_retry_after(const std::string& value, std::chrono::sys_seconds now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (end == value.data() + value.size() && error != std::errc::invalid_argument) {
    if (error == std::errc::result_out_of_range) return std::chrono::seconds::max();
    if (seconds < 0) return std::nullopt;
    return std::chrono::seconds(seconds);
  }
  const time_t date = curl_getdate(value.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const auto wait = std::chrono::seconds(date) - now.time_since_epoch();
  return wait.count() < 0 ? std::nullopt : std::optional(wait);
}

HttpTransfer::HttpTransfer(const ConnectionSettings& settings, const Call& call, std::chrono::sys_seconds now)
    : settings_(settings),
      url_(url_of(settings, call)),
      body_(call.method == "GET" ? std::string() : call.body),
      handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
  set_options();
  set_body(call);
  set_headers(call, now);
}

void HttpTransfer::set_options() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(handle_.get(), option, value); };
  set(CURLOPT_URL, url_.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");           // none from the environment either: it would be asked instead of the address
  set(CURLOPT_FOLLOWLOCATION, 0L);  // it would lead where nobody said that we may go
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.timeout.count()));
  set(CURLOPT_QUICK_EXIT, 1L);  // else the I/O thread waits for a slow name server when the time is over
  set(CURLOPT_OPENSOCKETFUNCTION, &HttpTransfer::on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_file.empty()) set(CURLOPT_CAINFO, settings_.ca_file.c_str());
  set(CURLOPT_WRITEFUNCTION, &HttpTransfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_ERRORBUFFER, error_.data());
}

void HttpTransfer::set_body(const Call& call) {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(handle_.get(), option, value); };
  if (call.method == "GET") {
    set(CURLOPT_HTTPGET, 1L);
    return;
  }
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDS, body_.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  if (call.method != "POST") set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

void HttpTransfer::set_headers(const Call& call, std::chrono::sys_seconds now) {
  const auto is_written = [this](std::string_view name) {
    return std::any_of(settings_.headers.begin(), settings_.headers.end(),
                       [&](const auto& header) { return same_header(header.first, name); });
  };
  add_header("Idempotency-Key: " + call.key);
  if (!is_written("User-Agent")) add_header("User-Agent: " + std::string(user_agent));
  if (call.method != "GET" && !is_written("Content-Type")) add_header("Content-Type: application/json");
  if (!settings_.token.empty()) add_header("Authorization: Bearer " + settings_.token);
  if (!settings_.secret.empty()) add_header("Caravan-Signature: " + sign_call(settings_.secret, now, body_));
  // libcurl leaves out a header that ends in a colon, and sends one that ends in a semicolon without a value.
  for (const auto& [name, value] : settings_.headers)
    add_header(value.empty() ? name + ";" : name + ": " + value);
  add_header("Expect:");
  curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void HttpTransfer::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(headers_.release());
  headers_.reset(longer);
}

/// Asked for every address that a connection is about to be made to, after the name was resolved: a name that resolves
/// to something else from one moment to the next gains nothing.
curl_socket_t HttpTransfer::on_socket(void* transfer, curlsocktype, curl_sockaddr* address) {
  auto& self = *static_cast<HttpTransfer*>(transfer);
  const std::string_view why = self.settings_.allow_private ? std::string_view() : why_not_public(address->addr);
  if (!why.empty()) {
    self.blocked_ = to_text(address->addr) + " is " + std::string(why);
    return CURL_SOCKET_BAD;
  }
  self.has_socket_ = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t HttpTransfer::on_body(char* from, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<HttpTransfer*>(transfer);
  const std::size_t room = kLongestAnswer - self.answer_.size();
  self.answer_.append(from, std::min(size * count, room));
  self.is_cut_off_ = size * count > room;
  return self.is_cut_off_ ? 0 : size * count;
}

SendResult HttpTransfer::result(CURLcode code, std::chrono::sys_seconds now) const {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool is_answered = (code == CURLE_OK || (code == CURLE_WRITE_ERROR && is_cut_off_)) && status >= 200;
  return is_answered ? result_of_answer(static_cast<int>(status), now) : result_without_answer(code);
}

SendResult HttpTransfer::result_of_answer(int status, std::chrono::sys_seconds now) const {
  using Outcome = SendResult::Outcome;
  SendResult result;
  if (status >= 300 && status < 400) {
    const std::string host = host_of(header("Location"), url_);
    result = failure(Outcome::refused,
                     "redirects (" + std::to_string(status) + ") to " + (host.empty() ? "nowhere" : host) +
                         ", and redirects are not followed; put the address that is meant into the connection's url");
  } else if (may_come_later(status)) {
    result = failure(Outcome::retry, words(status));
    result.rest = rest(now);
  } else if (status >= 400) {
    result = failure(Outcome::refused, words(status));
  }
  // It may be kept with an account: what a peer repeats of our secrets must not be.
  std::string body = clean_utf8(answer_);
  take_out(body, settings_.secret);
  take_out(body, settings_.token);
  result.answer = Answer{status, std::move(body)};
  return result;
}

/// The status and the beginning of the answer, which most often says why.
std::string HttpTransfer::words(int status) const {
  std::string text = "answers " + std::to_string(status);
  if (!answer_.empty()) text += ": " + answer_;
  return text;
}

SendResult HttpTransfer::result_without_answer(CURLcode code) const {
  using Outcome = SendResult::Outcome;
  if (!blocked_.empty() && !has_socket_) {
    return failure(Outcome::refused,
                   "cannot be called: " + blocked_ + "; if that is meant, say allow_private: true in the connection");
  }
  const std::string own = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return failure(Outcome::retry, "the call was under way when the connection was closed");
    case CURLE_OPERATION_TIMEDOUT:
      return failure(Outcome::retry, "does not answer within " + std::to_string(settings_.timeout.count()) + " ms");
    case CURLE_PEER_FAILED_VERIFICATION:
      return failure(Outcome::retry, "has a certificate that is not trusted: " + own);
    case CURLE_URL_MALFORMAT: return failure(Outcome::refused, "cannot be called: the path makes no URL");
    default: return failure(Outcome::retry, "cannot be reached: " + own);
  }
}

SendResult HttpTransfer::failure(SendResult::Outcome outcome, const std::string& what) const {
  return {outcome, without_secrets(settings_.name + ": " + settings_.host + " " + what, settings_)};
}

std::string HttpTransfer::header(const char* name) const {
  curl_header* found = nullptr;
  if (curl_easy_header(handle_.get(), name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return {};
  return found->value;
}

std::optional<std::chrono::milliseconds> HttpTransfer::rest(std::chrono::sys_seconds now) const {
  const std::optional<std::chrono::seconds> asked = read_retry_after(header("Retry-After"), now);
  if (!asked) return std::nullopt;
  // Compared in seconds: the greatest of them are no milliseconds.
  const auto longest = std::chrono::ceil<std::chrono::seconds>(settings_.longest_rest);
  return *asked < longest ? std::chrono::milliseconds(*asked) : settings_.longest_rest;
}

}  // namespace caravan
