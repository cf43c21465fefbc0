#pragma once
// What one coroutine of the server waits for and a callback on the same thread says.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/api/message.hpp"
#include "engine/api/route.hpp"

namespace caravan::api {

class Signal {
 public:
  explicit Signal(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  void give() {
    is_given_ = true;
    timer_.cancel();
  }

  /// Returns at once when it was given before; false when `patience` was over first. One waits at a time, and takes it.
  boost::asio::awaitable<bool> wait_for(std::chrono::steady_clock::duration patience) {
    if (!is_given_) {
      timer_.expires_after(patience);
      boost::system::error_code ignored;
      co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    co_return std::exchange(is_given_, false);
  }

 private:
  boost::asio::steady_timer timer_;
  bool is_given_ = false;
};

/// An answer that is to come. Whoever lets go of the Respond without calling it has answered that the daemon cannot.
class Pending : public std::enable_shared_from_this<Pending> {
 public:
  /// How what is not answered is refused.
  using Refusal = Response (*)(const Problem&);
  explicit Pending(const boost::asio::any_io_executor& executor, Refusal refusal = as_response)
      : signal_(executor), refusal_(refusal) {}

  Respond respond() {
    return [promise = std::make_shared<Promise>(shared_from_this())](Response response) {
      promise->pending->take(std::move(response));
    };
  }

  bool is_answered() const { return response_.has_value(); }

  /// What is not answered within `patience` may still be done.
  boost::asio::awaitable<Response> wait(std::chrono::steady_clock::duration patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!response_ && std::chrono::steady_clock::now() < until)
      co_await signal_.wait_for(until - std::chrono::steady_clock::now());
    if (!response_) {
      take(refusal_({503, "in-doubt",
                     "it could not be done until now, and may still be: ask again with the same Idempotency-Key, "
                     "event id or key",
                     "", std::chrono::seconds(10)}));
    }
    co_return std::move(*response_);
  }

 private:
  struct Promise {
    explicit Promise(std::shared_ptr<Pending> of) : pending(std::move(of)) {}
    Promise(const Promise&) = delete;
    Promise& operator=(const Promise&) = delete;
    ~Promise() {
      pending->take(
          pending->refusal_({503, "stopping", "the daemon is stopping; ask again", "", std::chrono::seconds(5)}));
    }
    std::shared_ptr<Pending> pending;
  };

  void take(Response response) {
    if (response_) return;
    response_ = std::move(response);
    signal_.give();
  }

  Signal signal_;
  const Refusal refusal_;
  std::optional<Response> response_;
};

}  // namespace caravan::api
