#pragma once
// How answers go out over a connection: whole, or part by part where nobody knows their length before.

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http.hpp>

#include "engine/api/server.hpp"

namespace caravan::api {

namespace http = boost::beast::http;

/// Whoever sends or takes less than this a second, beyond the patience, is cut off.
constexpr std::size_t kSlowest = 4'096;

inline std::chrono::steady_clock::duration time_for(std::size_t bytes, std::chrono::steady_clock::duration patience) {
  return patience + std::chrono::milliseconds(bytes * 1'000 / kSlowest);
}

/// What the request in hand says of its answer.
struct Manner {
  bool keeps_alive = true;    ///< the connection goes on behind it
  bool speaks_chunks = true;  ///< HTTP/1.1; else a body whose length nobody knows goes on until the connection ends
  bool wants_body = true;     ///< HEAD does not
  std::string request_id = {};
};

template <class Stream>
class AnswerWriter {
 public:
  /// Both outlive it.
  AnswerWriter(Stream& stream, const ServerSettings& settings) : stream_(stream), settings_(settings) {}

  /// Of what went wrong last; then the connection is to end.
  const boost::system::error_code& error() const { return error_; }
  /// Of the present answer's body.
  std::uint64_t bytes() const { return bytes_; }

  /// False where the connection is to end.
  boost::asio::awaitable<bool> write(Response response, const Manner& manner) {
    if (response.rest && manner.wants_body) co_return co_await write_parts(std::move(response), manner);
    http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
    set_headers(message, response, manner);
    message.body() = std::move(response.body);
    message.prepare_payload();
    bytes_ = manner.wants_body ? message.body().size() : 0;
    allow(time_for(bytes_, settings_.write_patience));
    if (manner.wants_body) {
      co_await http::async_write(stream_, message, token());
    } else {
      http::response_serializer<http::string_body> serializer(message);
      co_await http::async_write_header(stream_, serializer, token());
    }
    co_return !error_ && manner.keeps_alive;
  }

  /// `response` without its body: that follows in parts.
  boost::asio::awaitable<void> begin(const Response& response, const Manner& manner) {
    http::response<http::empty_body> head(static_cast<http::status>(response.status), 11);
    set_headers(head, response, manner);
    is_chunked_ = manner.speaks_chunks;
    bytes_ = 0;
    if (is_chunked_) head.chunked(true);
    http::response_serializer<http::empty_body> serializer(head);
    allow(settings_.write_patience);
    co_await http::async_write_header(stream_, serializer, token());
  }

  boost::asio::awaitable<void> part(const std::string& bytes) {
    bytes_ += bytes.size();
    allow(time_for(bytes.size(), settings_.write_patience));
    if (is_chunked_)
      co_await boost::asio::async_write(stream_, http::make_chunk(boost::asio::buffer(bytes)), token());
    else
      co_await boost::asio::async_write(stream_, boost::asio::buffer(bytes), token());
  }

  boost::asio::awaitable<void> end() {
    if (error_ || !is_chunked_) co_return;
    allow(settings_.write_patience);
    co_await boost::asio::async_write(stream_, http::make_chunk_last(), token());
  }

 private:
  boost::asio::awaitable<bool> write_parts(Response response, const Manner& manner) {
    co_await begin(response, manner);
    for (std::string next = std::move(response.body); !error_ && !next.empty(); next = response.rest())
      co_await part(next);
    co_await end();
    co_return !error_ && manner.keeps_alive && is_chunked_;
  }

  template <class Message>
  void set_headers(Message& message, const Response& response, const Manner& manner) const {
    message.set(http::field::server, "caravan");
    if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
    message.set(http::field::cache_control, "no-store");
    message.set("X-Content-Type-Options", "nosniff");
    if (!manner.request_id.empty()) message.set("X-Request-Id", manner.request_id);
    message.keep_alive(manner.keeps_alive);
    for (const auto& [name, value] : response.headers)
      message.set(name, value);
  }

  void allow(std::chrono::steady_clock::duration patience) {
    boost::beast::get_lowest_layer(stream_).expires_after(patience);
  }
  auto token() { return boost::asio::redirect_error(boost::asio::use_awaitable, error_); }

  Stream& stream_;
  const ServerSettings& settings_;
  boost::system::error_code error_;
  std::uint64_t bytes_ = 0;
  bool is_chunked_ = true;
};

}  // namespace caravan::api
