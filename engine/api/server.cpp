#include "engine/api/server.hpp"

#include <list>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include "engine/api/connection.hpp"
#include "engine/api/dispatcher.hpp"
#include "engine/api/signal.hpp"

namespace caravan::api {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

std::shared_ptr<asio::ssl::context> read_certificate(const ServerSettings& settings) {
  if (settings.tls_certificate.empty()) return nullptr;
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
  error_code error;
  // A key that asks for a password is refused, not asked for on a terminal.
  context->set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); });
  context->use_certificate_chain_file(settings.tls_certificate.string(), error);
  if (error)
    throw std::runtime_error(settings.tls_certificate.string() + ": no certificate in PEM: " + error.message());
  context->use_private_key_file(settings.tls_key.string(), asio::ssl::context::pem, error);
  if (error)
    throw std::runtime_error(settings.tls_key.string() +
                             ": not the certificate's private key in PEM: " + error.message());
  return context;
}

asio::ip::tcp::endpoint endpoint_of(const ServerSettings& settings) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(settings.address, error);
  if (error) throw std::runtime_error("\"" + settings.address + "\" is no IP address to listen on");
  return {address, settings.port};
}

}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(asio::io_context& context, ServerSettings settings, Host& host)
      : io(context),
        lobby{std::move(settings), host},
        acceptor(io),
        patience(io),
        tls(read_certificate(lobby.settings)) {
    listen();
  }

  void listen() {
    const asio::ip::tcp::endpoint endpoint = endpoint_of(lobby.settings);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(4'096, error);
    if (!error) return;
    const std::string place = lobby.settings.address + ":" + std::to_string(lobby.settings.port);
    throw std::runtime_error("the API cannot listen on " + place + ": " + error.message() +
                             "; end what listens there, or give another `api: listen` in caravan.yaml");
  }

  asio::awaitable<void> accept() {
    const auto self = shared_from_this();
    while (!lobby.is_stopping) {
      error_code error;
      asio::ip::tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted || !acceptor.is_open()) co_return;
      if (error) {  // such as too many open files: whoever is there may leave meanwhile
        asio::steady_timer pause(io, std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      try {
        welcome(std::move(socket));
      } catch (const std::exception& failure) {
        spdlog::error("a connection of the API was not taken: {}", failure.what());
      }
    }
  }

  void welcome(asio::ip::tcp::socket socket) {
    error_code error;
    const asio::ip::tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    const std::string address = peer.address().to_string();
    if (connections.size() >= lobby.settings.connections || is_greedy(address)) return turn_away(std::move(socket));
    const auto place = connections.insert(connections.end(), make_connection(lobby, std::move(socket), address, tls));
    ++of_address[address];
    asio::co_spawn(io, (*place)->run(), [self = shared_from_this(), place, address](const std::exception_ptr& failure) {
      self->connections.erase(place);
      if (--self->of_address[address] == 0) self->of_address.erase(address);
      if (failure) tell(failure);
      if (self->lobby.is_stopping && self->connections.empty()) self->finish();
    });
  }

  /// One address leaves room for others; this machine may be everybody's proxy.
  bool is_greedy(const std::string& address) const {
    const auto found = of_address.find(address);
    return !is_of_this_machine(address) && found != of_address.end() &&
           found->second >= std::max<std::size_t>(1, lobby.settings.connections / 4);
  }

  /// What fits into an empty socket goes out without waiting.
  void turn_away(asio::ip::tcp::socket socket) const {
    if (tls) return;
    static constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(answer), ignored);
    socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

  static void tell(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      spdlog::error("a connection of the API ended: {}", error.what());
    }
  }

  void finish() {
    patience.cancel();
    if (done) std::exchange(done, nullptr)();
  }

  asio::io_context& io;
  Lobby lobby;
  asio::ip::tcp::acceptor acceptor;
  asio::steady_timer patience;
  std::shared_ptr<asio::ssl::context> tls;
  std::list<std::shared_ptr<Connection>> connections;
  std::map<std::string, std::size_t> of_address;  ///< how many of them
  std::function<void()> done;
};

Server::Server(asio::io_context& io, ServerSettings settings, Host& host)
    : state_(std::make_shared<State>(io, std::move(settings), host)) {}

Server::~Server() {
  error_code ignored;
  state_->lobby.is_stopping = true;
  state_->acceptor.close(ignored);
}

void Server::start() {
  asio::co_spawn(state_->io, state_->accept(), [](const std::exception_ptr& failure) {
    if (failure) State::tell(failure);
  });
}

void Server::forget() {
  state_->done = nullptr;
}

std::uint16_t Server::port() const {
  return state_->acceptor.local_endpoint().port();
}

std::size_t Server::connections() const {
  return state_->connections.size();
}

void Server::renew(ServerSettings settings) {
  state_->tls = read_certificate(settings);
  settings.address = state_->lobby.settings.address;
  settings.port = state_->lobby.settings.port;
  state_->lobby.settings = std::move(settings);
}

void Server::stop(std::chrono::milliseconds patience, std::function<void()> done) {
  error_code ignored;
  state_->acceptor.close(ignored);
  state_->lobby.is_stopping = true;
  state_->done = std::move(done);
  for (const std::shared_ptr<Connection>& connection : state_->connections)
    connection->leave();
  if (state_->connections.empty()) return state_->finish();
  state_->patience.expires_after(patience);
  state_->patience.async_wait([state = state_](const error_code& cancelled) {
    if (cancelled) return;
    for (const std::shared_ptr<Connection>& connection : state->connections)
      connection->cut_off();
    state->finish();
  });
}

}  // namespace caravan::api
