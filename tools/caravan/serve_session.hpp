#pragma once
// A running engine as `caravan serve` keeps it: made from a checked workspace and an open store, ended by a signal, by
// having nothing left to wait for, or by a store that fails.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "engine/api/api.hpp"
#include "engine/engine.hpp"
#include "engine/history_keeper.hpp"
#include "engine/journal_keeper.hpp"
#include "tools/caravan/event_feed.hpp"
#include "tools/caravan/service_manager.hpp"

namespace caravan::tools {

/// Makes the workspace's channels; with `outbox`, mails and texts become files in it, whatever the workspace says.
/// Throws Failure.
Channels open_channels(boost::asio::io_context& io, const Workspace& workspace, const std::filesystem::path& outbox);

struct ServeParts {
  Store& store;
  std::filesystem::path database;  ///< the store's file
  NameBook& names;
  Clock& clock;
  std::unique_ptr<Workspace> workspace;
  std::filesystem::path outbox;     ///< empty: as the workspace says
  bool publishes = false;           ///< the workspace's journeys first, as far as they have changed
  std::string events_file;          ///< what refused events are shown with
  std::vector<FileEvent> events;    ///< told while it runs, as read_events() gives them
  VirtualClock* jumping = nullptr;  ///< `clock`, where time jumps to what is due next whenever nothing is left to do
  std::shared_ptr<const Workspace> files;  ///< as they are now; their caravan.yaml says whether the API listens
  std::string program_version;
};

enum class Until { stopped, idle };

class ServeSession {
 public:
  ServeSession(ServeParts parts, Until until);

  const std::vector<Publication>& publications() const { return engine_.publications(); }
  void on_batch(std::function<void(const BatchReport&)> listener) { on_batch_ = std::move(listener); }
  /// Told when the first signal came and the engine begins to stop.
  void on_stopping(std::function<void()> listener) { stopping_ = std::move(listener); }

  /// Asked on SIGHUP for the workspace's files as they are now; null where they have faults, and what was known stays.
  void on_reload(std::function<std::shared_ptr<const Workspace>()> load) { load_ = std::move(load); }

  /// Where the API listens: `http://127.0.0.1:8080`; empty: nowhere.
  std::string address() const;

  /// What became of the events.
  const FeedTally& events() const { return feed_.tally(); }

  /// Returns when it has ended. Throws StoreError when the store failed for good.
  void run();

 private:
  void idle(std::optional<Instant> next_due);
  void note(const Condition& condition);
  void wait_for_signal();
  void wait_for_reload();
  void reload();
  void stop();

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ = boost::asio::make_work_guard(io_);
  Channels channels_;
  Clock& clock_;
  const std::filesystem::path database_;
  // Of the workspace, which the engine takes.
  const JournalDefinition journal_;
  const HistoryDefinition history_;
  const std::string timezone_;
  Engine engine_;
  JournalKeeper journal_keeper_;
  HistoryKeeper history_keeper_;
  EventFeed feed_;
  const std::shared_ptr<const Workspace> files_;
  std::optional<api::Api> api_;
  ServiceManager service_manager_;
  boost::asio::signal_set signals_;
  boost::asio::signal_set reload_signals_;
  const Until until_;
  VirtualClock* const jumping_;  ///< may be null
  std::function<void()> stopping_;
  std::function<void(const BatchReport&)> on_batch_;
  std::function<std::shared_ptr<const Workspace>()> load_;
  std::optional<std::string> failure_;
  bool is_stopping_ = false;
  bool is_waiting_for_store_ = false;
};

}  // namespace caravan::tools
