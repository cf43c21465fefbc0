#pragma once
// The HTTP API of a running engine: its routes, its server and what stands between them, put together.

#include <filesystem>
#include <functional>
#include <memory>

#include "engine/api/server.hpp"
#include "engine/engine.hpp"
#include "engine/links/mail_links.hpp"

namespace caravan::api {

struct ApiParts {
  boost::asio::io_context& io;
  Engine& engine;
  Store& store;
  NameBook& names;
  Clock& clock;
  std::filesystem::path database;          ///< the store's file; tokens stand beside it
  std::shared_ptr<const Workspace> files;  ///< its caravan.yaml says where the API listens
  std::string program_version;
  std::shared_ptr<const MailLinks> links = {};  ///< of the mails that it is reached by; null: no public endpoints
};

class Api {
 public:
  /// Listens at once, and answers from start() on. Throws std::runtime_error with what to do: an address that is taken,
  /// tokens that cannot be read, or none where others than this machine reach the address. All outlive it.
  explicit Api(ApiParts parts);
  ~Api();

  /// Told of each request that was answered, for logs. On the I/O thread.
  void on_served(std::function<void(const Served&)> listener);

  void start();
  std::uint16_t port() const;

  /// After each commit; and when something keeps the engine from going on, or does not any more.
  void committed(const BatchReport& report);
  void condition(const Condition& condition);

  /// Files that were read anew: attributes are read by their schema from now on, `api:` counts for what comes, and the
  /// certificate is read again. Where the API listens stays. Throws std::runtime_error, and all is as before, where the
  /// certificate cannot be read, or where tokens are asked for and there is none.
  void renew(std::shared_ptr<const Workspace> files);

  /// Answers what is in hand, and ends. `done` is called on the I/O thread within seconds.
  void stop(std::function<void()> done);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan::api
