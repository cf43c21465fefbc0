#pragma once
// One call on its way through libcurl: the request it is sent as, the other side's answer, and what that means.

#include <curl/curl.h>

#include "engine/channels/channel.hpp"
#include "engine/channels/connection_settings.hpp"

namespace caravan {

class HttpTransfer {
 public:
  /// What is kept of an answer's body; a longer one is cut off there and the transfer ended.
  static constexpr std::size_t kLongestAnswer = std::size_t{64} << 10U;

  /// `settings` outlive it. `now` is the time that the signature says, by the machine's clock.
  HttpTransfer(const ConnectionSettings& settings, const Call& call, std::chrono::sys_seconds now);
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  CURL* handle() const { return handle_.get(); }
  /// What came of it; `now` is when.
  SendResult result(CURLcode code, std::chrono::sys_seconds now) const;

 private:
  static std::size_t on_body(char* from, std::size_t size, std::size_t count, void* transfer);
  static curl_socket_t on_socket(void* transfer, curlsocktype purpose, curl_sockaddr* address);

  void set_options();
  void set_body(const Call& call);
  void set_headers(const Call& call, std::chrono::sys_seconds now);
  void add_header(const std::string& line);
  SendResult result_of_answer(int status, std::chrono::sys_seconds now) const;
  SendResult result_without_answer(CURLcode code) const;
  SendResult failure(SendResult::Outcome outcome, const std::string& what) const;
  std::string words(int status) const;
  std::string header(const char* name) const;
  std::optional<std::chrono::milliseconds> rest(std::chrono::sys_seconds now) const;

  struct CleanUp {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  const ConnectionSettings& settings_;
  const std::string url_;
  const std::string body_;
  std::unique_ptr<curl_slist, CleanUp> headers_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string answer_;       ///< its body so far
  bool is_cut_off_ = false;  ///< there was more
  std::string blocked_;      ///< an address that may not be called, and why
  bool has_socket_ = false;  ///< there was an address that may
  std::unique_ptr<CURL, CleanUp> handle_;
};

/// How long a `Retry-After` asks to wait: seconds, or until an HTTP date. Nothing when it says neither, or a time past.
std::optional<std::chrono::seconds> read_retry_after(const std::string& value, std::chrono::sys_seconds now);

}  // namespace caravan
