#pragma once
// One mail on its way through libcurl: the options it is sent with, the server's answers, and what they mean.

#include <curl/curl.h>

#include "engine/channels/channel.hpp"
#include "engine/channels/smtp_settings.hpp"

namespace caravan {

/// The sockets that a channel's connections have open, so that another thread can cut them all off.
class Sockets {
 public:
  /// For CURLOPT_OPENSOCKETFUNCTION and CURLOPT_CLOSESOCKETFUNCTION, with the Sockets as their data.
  static curl_socket_t open(void* sockets, curlsocktype purpose, curl_sockaddr* address);
  static int close(void* sockets, curl_socket_t number);
  /// Ends all connections and lets no other open. From any thread.
  void shut_down();

 private:
  std::mutex mutex_;
  std::vector<curl_socket_t> open_;
  bool down_ = false;
};

class SmtpTransfer {
 public:
  /// `settings` and `sockets` outlive it.
  SmtpTransfer(const SmtpSettings& settings, Sockets& sockets, const Mail& mail);
  SmtpTransfer(const SmtpTransfer&) = delete;
  SmtpTransfer& operator=(const SmtpTransfer&) = delete;

  CURL* handle() const { return handle_.get(); }
  /// Whether it ended only because the server had dropped a connection that was kept open, before it saw anything of
  /// this mail; then it is ready to be started once more, on a new connection.
  bool goes_again(CURLcode code);
  SendResult result(CURLcode code) const;

 private:
  static std::size_t on_answer(char* line, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_read(char* to, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_output(char* from, std::size_t size, std::size_t count, void*);

  void set_options(Sockets& sockets);
  void take_answer(std::string_view line);
  SendResult::Outcome outcome(CURLcode code) const;
  std::string reason(CURLcode code) const;

  struct CleanUp {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  const SmtpSettings& settings_;
  const std::string bytes_;
  const std::string sender_;
  std::unique_ptr<curl_slist, CleanUp> receivers_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::size_t sent_ = 0;    ///< of bytes_, handed to libcurl
  int code_ = 0;            ///< of the last answer that was no success; 0: none
  std::string words_;       ///< that answer
  bool continues_ = false;  ///< it has more lines
  bool again_ = false;
  std::unique_ptr<CURL, CleanUp> handle_;
};

}  // namespace caravan
