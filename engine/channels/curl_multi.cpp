// The bridge between libcurl's multi-socket interface and Asio. libcurl owns its sockets: Asio borrows each for as
// long as libcurl wants it watched, and gives it back before libcurl closes it.

#include "engine/channels/curl_multi.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace caravan {

namespace asio = boost::asio;
using boost::system::error_code;

/// Kept alive by every handler that waits, so that none outlives what it touches.
struct CurlMulti::State : std::enable_shared_from_this<State> {
  /// A socket of libcurl's that is being watched. Once `gone`, its number may already be another socket's.
  struct Watch {
    Watch(asio::io_context& io, curl_socket_t number) : number(number), descriptor(io) {}
    const curl_socket_t number;
    asio::posix::stream_descriptor descriptor;
    int wanted = 0;  ///< CURL_POLL_IN, CURL_POLL_OUT or both
    bool reading = false;
    bool writing = false;
    bool gone = false;
  };

  State(asio::io_context& context, std::size_t connections) : io(context), timer(context), multi(curl_multi_init()) {
    if (multi == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &State::on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &State::on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(connections));
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
  }
  ~State() { close(); }

  // libcurl's callbacks: they only note and wait, for libcurl must not be called from inside of them.

  static int on_socket(CURL*, curl_socket_t number, int what, void* state, void*) {
    static_cast<State*>(state)->watch(number, what);
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* state) {
    static_cast<State*>(state)->wait_for(milliseconds);
    return 0;
  }

  void watch(curl_socket_t number, int what) {
    auto found = watches.find(number);
    if (what == CURL_POLL_REMOVE) {
      if (found == watches.end()) return;
      found->second->gone = true;
      found->second->descriptor.release();
      watches.erase(found);
      return;
    }
    if (found == watches.end()) {
      auto watch = std::make_shared<Watch>(io, number);
      error_code error;
      watch->descriptor.assign(number, error);
      if (error) return;  // its transfer ends by its time limit
      found = watches.emplace(number, std::move(watch)).first;
    }
    found->second->wanted = what;
    wait(found->second);
  }

  void wait(const std::shared_ptr<Watch>& watch) {
    if ((watch->wanted & CURL_POLL_IN) != 0 && !watch->reading) {
      watch->reading = true;
      watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                   [self = shared_from_this(), watch](const error_code& error) {
                                     watch->reading = false;
                                     self->ready(watch, CURL_POLL_IN, CURL_CSELECT_IN, error);
                                   });
    }
    if ((watch->wanted & CURL_POLL_OUT) != 0 && !watch->writing) {
      watch->writing = true;
      watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_write,
                                   [self = shared_from_this(), watch](const error_code& error) {
                                     watch->writing = false;
                                     self->ready(watch, CURL_POLL_OUT, CURL_CSELECT_OUT, error);
                                   });
    }
  }

  void ready(const std::shared_ptr<Watch>& watch, int direction, int mask, const error_code& error) {
    if (watch->gone || closed || error == asio::error::operation_aborted) return;
    if ((watch->wanted & direction) != 0) act(watch->number, error ? CURL_CSELECT_ERR : mask);
    if (!watch->gone && !closed) wait(watch);
  }

  void wait_for(long milliseconds) {
    if (milliseconds < 0) {
      timer.cancel();
      return;
    }
    timer.expires_after(std::chrono::milliseconds(milliseconds));
    timer.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  /// Lets libcurl go on, then tells whose transfers have ended.
  void act(curl_socket_t number, int mask) {
    if (closed) return;
    int running = 0;
    curl_multi_socket_action(multi, number, mask, &running);
    std::vector<std::pair<std::function<void(CURLcode)>, CURLcode>> ended;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const easy = message->easy_handle;
      const CURLcode code = message->data.result;
      curl_multi_remove_handle(multi, easy);
      if (auto transfer = transfers.extract(easy)) ended.emplace_back(std::move(transfer.mapped()), code);
    }
    for (const auto& [done, code] : ended)
      done(code);
  }

  void close() {
    if (std::exchange(closed, true)) return;
    timer.cancel();
    const auto cut_off = std::exchange(transfers, {});
    for (const auto& [easy, done] : cut_off) {
      // Else libcurl waits here for a name server that may be slow to answer.
      curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
      curl_multi_remove_handle(multi, easy);
    }
    curl_multi_cleanup(multi);
    watches.clear();
    for (const auto& [easy, done] : cut_off)
      done(CURLE_ABORTED_BY_CALLBACK);
  }

  asio::io_context& io;
  asio::steady_timer timer;
  CURLM* multi;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches;
  std::unordered_map<CURL*, std::function<void(CURLcode)>> transfers;
  bool closed = false;
};

void initialise_curl() {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) throw std::runtime_error("libcurl cannot be used on this machine");
}

CurlMulti::CurlMulti(asio::io_context& io, std::size_t connections)
    : state_(std::make_shared<State>(io, connections)) {}

CurlMulti::~CurlMulti() {
  state_->close();
}

void CurlMulti::start(CURL* easy, std::function<void(CURLcode)> done) {
  state_->transfers.emplace(easy, std::move(done));
  curl_multi_add_handle(state_->multi, easy);
}

void CurlMulti::close() {
  state_->close();
}

}  // namespace caravan
