#pragma once
// Keeps what enrollments did as long as its setting says: once a day of the engine's time it looks for what ended long
// ago, puts it into an archive and lets it go, some at a time. It reads and archives on a thread of its own; what is
// let go goes along with the engine's transactions, so that no turn waits for it.

#include "engine/engine.hpp"
#include "engine/history_search.hpp"

namespace caravan {

/// On the I/O thread.
class HistoryKeeper {
 public:
  /// All references outlive it.
  HistoryKeeper(boost::asio::io_context& io, Engine& engine, Store& store, std::filesystem::path store_file,
                HistoryDefinition definition, std::string timezone);
  /// What it is about is given up; it begins anew another time.
  ~HistoryKeeper();
  HistoryKeeper(const HistoryKeeper&) = delete;
  HistoryKeeper& operator=(const HistoryKeeper&) = delete;

  /// The engine's time is `now`: looks, where another day has come.
  void look(Instant now);
  /// What is to be kept from the next look on, which need not wait for another day.
  void renew(HistoryDefinition definition);
  /// History is being let go.
  bool is_busy() const;
  /// Told each time that ends.
  void on_rest(std::function<void()> listener);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan
