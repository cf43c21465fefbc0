#include "engine/api/connection.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <spdlog/spdlog.h>

#include "engine/api/answer_writer.hpp"
#include "engine/api/public_pages.hpp"
#include "engine/api/request_head.hpp"
#include "engine/api/signal.hpp"

namespace caravan::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Clock = std::chrono::steady_clock;
using boost::system::error_code;

/// How often a feed that has nothing to say shows that it is there.
constexpr Clock::duration kHeartbeat = std::chrono::seconds(15);

/// How long a client waits for the answer to a stream whose last lines are being committed.
constexpr Clock::duration kResultsPatience = std::chrono::minutes(10);

/// What is read of a body that nobody wants, so that the client hears why before the connection ends.
constexpr std::size_t kMostDiscarded = std::size_t{8} << 20U;
constexpr Clock::duration kDiscarding = std::chrono::seconds(2);

/// Where nothing is taken, many clients send an empty object all the same.
constexpr std::size_t kEmptyObject = 16;

template <class Stream>
class Talk final : public Connection, public std::enable_shared_from_this<Talk<Stream>> {
 public:
  template <class... Parts>
  Talk(Lobby& lobby, std::string peer, std::shared_ptr<asio::ssl::context> tls, Parts&&... parts)
      : lobby_(lobby), peer_(std::move(peer)), tls_(std::move(tls)), stream_(std::forward<Parts>(parts)...) {}

  void leave() override {
    is_leaving_ = true;
    if (is_between_ || feed_) cut_off();
  }

  void cut_off() override {
    is_leaving_ = true;
    beast::get_lowest_layer(stream_).close();
    if (feed_wake_) feed_wake_->give();
  }

  asio::awaitable<void> run() override {
    const auto self = this->shared_from_this();
    if (!co_await greet()) co_return;
    while (!is_leaving_ && !lobby_.is_stopping) {
      if (!co_await serve_one()) break;
    }
    co_await part();
  }

 private:
  void allow(Clock::duration patience) { beast::get_lowest_layer(stream_).expires_after(patience); }

  auto token() { return asio::redirect_error(asio::use_awaitable, error_); }

  asio::awaitable<bool> greet() {
    if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
      allow(lobby_.settings.header_patience);
      co_await stream_.async_handshake(asio::ssl::stream_base::server, token());
      if (error_) co_return false;
    }
    co_return true;
  }

  asio::awaitable<void> part() {
    auto& lowest = beast::get_lowest_layer(stream_);
    if (!lowest.socket().is_open()) co_return;
    if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
      allow(kDiscarding);
      co_await stream_.async_shutdown(token());
    }
    error_code ignored;
    lowest.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    lowest.close();
  }

  /// False when the connection is to end.
  asio::awaitable<bool> serve_one() {
    HeadParser parser;
    parser.header_limit(static_cast<std::uint32_t>(lobby_.settings.header_bytes));
    parser.body_limit(boost::none);
    if (!co_await read_head(parser)) co_return false;
    served_.method = std::string(parser.get().method_string());
    if (std::optional<Problem> fault = fault_of(parser)) {
      co_await refuse(as_response(*fault), true);
      co_return false;
    }
    manner_.speaks_chunks = parser.get().version() == 11;
    manner_.keeps_alive = manner_.speaks_chunks && parser.get().keep_alive();
    manner_.wants_body = parser.get().method() != http::verb::head;
    std::variant<Admitted, Declined> admission = lobby_.host.admit(head_of(parser, peer_));
    if (Declined* declined = std::get_if<Declined>(&admission)) {
      take_note_of(declined->route, declined->caller, declined->peer, declined->request_id);
      const bool has_body = !parser.is_done();
      co_return co_await refuse(std::move(declined->answer), has_body);
    }
    Admitted& admitted = std::get<Admitted>(admission);
    const Request& request = admitted.request;
    take_note_of(admitted.route, request.caller, request.peer, request.id);
    if (const auto* begin = std::get_if<BeginUpload>(&admitted.route->handle))
      co_return co_await take_upload(parser, *begin, admitted.request);
    co_return co_await take_whole(parser, std::move(admitted));
  }

  /// A client may wait long before it asks, but not while it does.
  asio::awaitable<bool> read_head(HeadParser& parser) {
    is_between_ = true;
    allow(is_first_ ? lobby_.settings.header_patience : lobby_.settings.idle_patience);
    is_first_ = false;
    error_ = {};
    if (buffer_.size() == 0) {
      const std::size_t bytes = co_await stream_.async_read_some(buffer_.prepare(4'096), token());
      buffer_.commit(bytes);
    }
    is_between_ = false;
    if (error_ == asio::error::eof) co_return false;
    began_ = Clock::now();
    served_ = {};
    served_.peer = peer_;
    manner_ = {};
    if (!error_) {
      allow(lobby_.settings.header_patience);
      co_await http::async_read_header(stream_, buffer_, parser, token());
    }
    if (!error_) co_return true;
    if (error_ == http::error::end_of_stream || is_leaving_) co_return false;
    if (error_.category() == http::make_error_code(http::error::bad_method).category() &&
        error_ != http::error::partial_message)
      co_await refuse(as_response(problem_of(error_)), true);
    co_return false;
  }

  /// `has_body`: the client may still be sending one; it is told, and the connection ends.
  asio::awaitable<bool> refuse(Response response, bool has_body) {
    if (has_body) manner_.keeps_alive = false;
    const bool goes_on = co_await write(std::move(response));
    if (has_body && !writer_.error()) co_await discard();
    co_return goes_on;
  }

  asio::awaitable<void> discard() {
    error_code ignored;
    beast::get_lowest_layer(stream_).socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    allow(kDiscarding);
    std::array<char, 8'192> bytes{};
    for (std::size_t discarded = 0; discarded < kMostDiscarded && !error_;)
      discarded += co_await stream_.async_read_some(asio::buffer(bytes), token());
    error_ = {};
  }

  asio::awaitable<void> invite(const HeadParser& parser) {
    if (!manner_.speaks_chunks || !beast::iequals(parser.get()[http::field::expect], "100-continue")) co_return;
    static constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
    allow(lobby_.settings.write_patience);
    co_await asio::async_write(stream_, asio::buffer(invitation), token());
  }

  asio::awaitable<bool> take_whole(HeadParser& parser, Admitted admitted) {
    const std::optional<Body>& body = admitted.route->body;
    const std::size_t most = body ? std::min(lobby_.settings.body_bytes, body->most_bytes) : kEmptyObject;
    if (!parser.is_done()) {
      if (parser.content_length() && *parser.content_length() > most)
        co_return co_await refuse(refusal(too_large(most)), true);
      co_await invite(parser);
      http::request_parser<http::string_body> whole(std::move(parser));
      whole.body_limit(most);
      const std::size_t told =
          static_cast<std::size_t>(std::min<std::uint64_t>(whole.content_length().value_or(most), most));
      allow(time_for(told, lobby_.settings.body_patience));
      if (!error_) co_await http::async_read(stream_, buffer_, whole, token());
      if (error_ == http::error::body_limit) co_return co_await refuse(refusal(too_large(most)), true);
      if (error_ && !is_still_there()) co_return note_cut_off();
      if (error_) co_return co_await refuse(refusal(problem_of(error_)), true);
      served_.bytes_in = whole.get().body().size();
      admitted.request.body = std::move(whole.get().body());
      const bool is_empty = admitted.request.body.find_first_not_of(" \t\r\n{}") == std::string::npos;
      if (!admitted.route->body && !is_empty) co_return co_await refuse(refusal(too_large(kEmptyObject)), false);
    }
    if (const auto* feed = std::get_if<BeginFeed>(&admitted.route->handle))
      co_return co_await feed_to_its_end(*feed, admitted.request);
    Response response = co_await handle(std::move(admitted));
    co_return co_await write(std::move(response));
  }

  Problem too_large(std::size_t most) const {
    if (most == kEmptyObject) return {413, "body-not-wanted", "this request takes no body"};
    const std::string sentence = "the body is larger than " + std::to_string(most) + " bytes";
    if (most < lobby_.settings.body_bytes) return {413, "body-too-large", sentence + "; no more are taken here"};
    return {413, "body-too-large",
            sentence + " (`api: body_bytes` in caravan.yaml); many records go as a stream, one a line"};
  }

  /// Whether what went wrong is what the client sent: it can be told.
  bool is_still_there() const { return error_.category() == http::make_error_code(http::error::bad_method).category(); }

  /// The body did not come to its end: the client was too slow, or went away.
  bool note_cut_off() {
    note_served(error_ == beast::error::timeout ? 408 : 400);
    return false;
  }

  bool answers_pages() const { return served_.route && served_.route->answers_pages; }
  /// In the form that those read who ask here.
  Response refusal(const Problem& problem) const { return answers_pages() ? as_page(problem) : as_response(problem); }

  asio::awaitable<Response> handle(Admitted admitted) {
    const auto pending = std::make_shared<Pending>(
        stream_.get_executor(), answers_pages() ? static_cast<Pending::Refusal>(as_page) : as_response);
    try {
      if (const auto* read = std::get_if<Read>(&admitted.route->handle)) {
        lobby_.host.read(*read, std::move(admitted.request), pending->respond());
      } else {
        std::get<Write>(admitted.route->handle)(admitted.request, pending->respond());
      }
    } catch (const Refused& refused) {
      co_return refusal(refused.problem());
    } catch (const std::exception& error) {
      spdlog::error("request {}: {}", served_.request_id, error.what());
      co_return refusal({500, "internal", "the daemon made a mistake; its log says which, by the request's id"});
    }
    co_return co_await pending->wait(admitted.route->patience);
  }

  asio::awaitable<bool> take_upload(HeadParser& parser, const BeginUpload& begin, const Request& request) {
    const auto pending = std::make_shared<Pending>(stream_.get_executor());
    std::shared_ptr<Upload> upload;
    std::optional<Response> refusal;
    try {
      upload = begin(request, pending->respond());
    } catch (const Refused& refused) {
      refusal = as_response(refused.problem());
    } catch (const std::exception& error) {
      spdlog::error("request {}: {}", served_.request_id, error.what());
      refusal = as_response({500, "internal", "the daemon made a mistake; its log says which, by the request's id"});
    }
    if (refusal) co_return co_await refuse(std::move(*refusal), !parser.is_done());
    co_await invite(parser);
    http::request_parser<http::buffer_body> body(std::move(parser));
    body.body_limit(boost::none);
    const bool is_whole = !error_ && co_await pass_on(body, *upload, *pending);
    if (!is_whole && !pending->is_answered()) {
      upload->abandon();
      co_return note_cut_off();
    }
    if (is_whole) upload->end();
    Response response = co_await pending->wait(kResultsPatience);
    if (!is_whole) co_return co_await refuse(std::move(response), true);
    co_return co_await write(std::move(response));
  }

  /// False when the client went away or was too slow, or the answer is there before the body's end.
  asio::awaitable<bool> pass_on(http::request_parser<http::buffer_body>& body, Upload& upload, Pending& pending) {
    const auto room = std::make_shared<Signal>(stream_.get_executor());
    part_.resize(65'536);
    Clock::duration waited{};  // for ourselves, not for the client
    const Clock::time_point began = Clock::now();
    while (!body.is_done()) {
      body.get().body().data = part_.data();
      body.get().body().size = part_.size();
      body.get().body().more = true;
      const Clock::duration used = Clock::now() - began - waited;
      allow(std::max(Clock::duration(std::chrono::seconds(1)),
                     time_for(served_.bytes_in, lobby_.settings.body_patience) - used));
      co_await http::async_read_some(stream_, buffer_, body, token());
      if (error_ == http::error::need_buffer) error_ = {};
      if (error_) co_return false;
      const std::size_t size = part_.size() - body.get().body().size;
      if (size == 0) continue;
      served_.bytes_in += size;
      const Clock::time_point handed = Clock::now();
      if (!upload.take(std::string(part_.data(), size), [room] { room->give(); })) {
        while (!co_await room->wait_for(std::chrono::seconds(1)) && !pending.is_answered()) {
          if (is_leaving_) co_return false;
        }
      }
      waited += Clock::now() - handed;
      if (pending.is_answered()) co_return body.is_done();
    }
    co_return true;
  }

  asio::awaitable<bool> feed_to_its_end(const BeginFeed& begin, const Request& request) {
    std::optional<Response> refusal;
    if (lobby_.feeds >= lobby_.settings.feeds) {
      refusal = as_response({503, "too-many-streams",
                             "as many streams as the daemon feeds are open; end one, or ask again later", "",
                             std::chrono::seconds(30)});
    } else {
      try {
        feed_ = begin.begin(request);
      } catch (const Refused& refused) {
        refusal = as_response(refused.problem());
      }
    }
    if (refusal) co_return co_await write(std::move(*refusal));
    ++lobby_.feeds;
    try {
      co_await feed(begin.content_type, request);
    } catch (const std::exception& error) {
      spdlog::error("request {}: {}", served_.request_id, error.what());
    }
    --lobby_.feeds;
    feed_->abandon();
    feed_.reset();
    feed_wake_.reset();
    served_.bytes_out = writer_.bytes();
    note_served(200);
    co_return false;
  }

  asio::awaitable<void> feed(const std::string& content_type, const Request& request) {
    Response head;
    head.content_type = content_type;
    co_await writer_.begin(head, manner_);
    if (!manner_.wants_body) co_return;
    feed_wake_ = std::make_shared<Signal>(stream_.get_executor());
    Clock::time_point ask_again = Clock::now() + kHeartbeat;
    while (!writer_.error() && !is_leaving_ && !lobby_.is_stopping) {
      // Whoever has lost the right to listen hears no more.
      if (Clock::now() >= ask_again) {
        if (!lobby_.host.may_go_on(request)) break;
        ask_again = Clock::now() + kHeartbeat;
      }
      std::string bytes;
      if (!feed_->next(bytes, [wake = feed_wake_] { wake->give(); })) {
        if (co_await feed_wake_->wait_for(kHeartbeat)) continue;
        bytes = ": still here\n\n";
      }
      co_await writer_.part(bytes);
    }
    co_await writer_.end();
  }

  /// False when the connection is to end.
  asio::awaitable<bool> write(Response response) {
    if (is_leaving_ || lobby_.is_stopping) manner_.keeps_alive = false;
    const unsigned status = response.status;
    const bool goes_on = co_await writer_.write(std::move(response), manner_);
    served_.bytes_out = writer_.bytes();
    note_served(status);
    co_return goes_on;
  }

  void take_note_of(const Route* route, const std::string& caller, const std::string& peer, const std::string& id) {
    served_.route = route;
    served_.caller = caller;
    served_.peer = peer;
    served_.request_id = manner_.request_id = id;
  }

  void note_served(unsigned status) {
    served_.status = status;
    served_.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
    lobby_.host.served(served_);
  }

  Lobby& lobby_;
  const std::string peer_;
  const std::shared_ptr<asio::ssl::context> tls_;  ///< the stream's, which outlives it
  Stream stream_;
  AnswerWriter<Stream> writer_{stream_, lobby_.settings};
  beast::flat_buffer buffer_{std::size_t{128} << 10U};
  std::vector<char> part_;  ///< of an upload
  error_code error_;
  bool is_first_ = true;
  bool is_between_ = true;  ///< waits for a request
  bool is_leaving_ = false;
  std::shared_ptr<Feed> feed_;         ///< of the request in hand
  std::shared_ptr<Signal> feed_wake_;  ///< the same

  // Of the request in hand.
  Clock::time_point began_{};
  Served served_;
  Manner manner_;
};

}  // namespace

std::shared_ptr<Connection> make_connection(Lobby& lobby, asio::ip::tcp::socket socket, std::string peer,
                                            std::shared_ptr<asio::ssl::context> tls) {
  if (!tls) return std::make_shared<Talk<beast::tcp_stream>>(lobby, std::move(peer), nullptr, std::move(socket));
  asio::ssl::context& context = *tls;
  return std::make_shared<Talk<beast::ssl_stream<beast::tcp_stream>>>(lobby, std::move(peer), std::move(tls),
                                                                      std::move(socket), context);
}

}  // namespace caravan::api
