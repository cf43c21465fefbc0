#include "tests/support/http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace caravan::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

/// Everything but `mutex` and what it guards is used on the server's thread.
struct HttpServer::State {
  explicit State(Handler the_handler)
      : handler(std::move(the_handler)),
        acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        port(acceptor.local_endpoint().port()),
        released(io, asio::steady_timer::time_point::max()) {}

  asio::awaitable<void> accept() {
    for (int number = 1;; ++number) {
      auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      // What goes wrong with one connection is the test's affair: it ends.
      asio::co_spawn(io, converse(std::move(socket), number), asio::detached);
    }
  }

  asio::awaitable<void> converse(tcp::socket socket, int number) {
    boost::beast::flat_buffer buffer;
    while (true) {
      http::request<http::string_body> message;
      const auto [error, size] =
          co_await http::async_read(socket, buffer, message, asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      const HttpReply reply = take(message, number);
      if (reply.manner == HttpReply::Manner::drop) co_return;
      if (reply.manner == HttpReply::Manner::hold && !is_released)
        co_await released.async_wait(asio::as_tuple(asio::use_awaitable));
      if (!co_await write(socket, reply)) co_return;
    }
  }

  HttpReply take(const http::request<http::string_body>& message, int number) {
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message)
      request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    request.body = message.body();
    request.connection = number;
    {
      const std::lock_guard lock(mutex);
      requests.push_back(request);
    }
    return handler(request);
  }

  asio::awaitable<bool> write(tcp::socket& socket, const HttpReply& reply) {
    http::response<http::string_body> message(static_cast<http::status>(reply.status), 11);
    for (const auto& [name, value] : reply.headers)
      message.insert(name, value);
    message.body() = reply.body;
    message.prepare_payload();
    const auto [error, size] = co_await http::async_write(socket, message, asio::as_tuple(asio::use_awaitable));
    if (!error) co_return true;
    const std::lock_guard lock(mutex);
    ++broken_off;
    co_return false;
  }

  Handler handler;
  asio::io_context io;
  tcp::acceptor acceptor;
  const int port;
  asio::steady_timer released;
  bool is_released = false;

  std::mutex mutex;
  std::vector<HttpRequest> requests;
  int broken_off = 0;
};

std::string HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (boost::beast::iequals(key, name)) return value;
  }
  return {};
}

HttpServer::HttpServer(Handler handler) : state_(std::make_shared<State>(std::move(handler))) {
  asio::co_spawn(state_->io, state_->accept(), asio::detached);
  thread_ = std::thread([state = state_] { state->io.run(); });
}

HttpServer::~HttpServer() {
  state_->io.stop();
  thread_.join();
}

int HttpServer::port() const {
  return state_->port;
}

std::string HttpServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port());
}

std::vector<HttpRequest> HttpServer::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

int HttpServer::broken_off() const {
  const std::lock_guard lock(state_->mutex);
  return state_->broken_off;
}

void HttpServer::release() {
  asio::post(state_->io, [state = state_.get()] {
    state->is_released = true;
    state->released.cancel();
  });
}

}  // namespace caravan::test
