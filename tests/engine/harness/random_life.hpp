#pragma once
// A life of a store that nobody thought of, from a seed: many accounts and people, everything that can be asked of the
// engine, channels that fail, refuse and stay silent, restarts in order and deaths without a word, and journeys that
// are edited under way. For tests of what must be the same when all of it is done again.

#include <random>

#include "tests/support/http_server.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

class RandomLife {
 public:
  struct Size {
    std::size_t accounts = 100;
    std::size_t steps = 30;
    std::size_t turns_per_batch = 4'096;
  };

  RandomLife(unsigned seed, Size size);

  /// Lives all of it, to where nobody waits for a time any more but those who wait for ever.
  void live();
  World& world() { return *world_; }
  /// Is told after each step, while nothing is under way.
  void on_step(std::function<void()> listener) { on_step_ = std::move(listener); }
  /// What happened, in words, for the log of a test that fails.
  const std::string& log() const { return log_; }

 private:
  std::size_t any(std::size_t ways) { return std::uniform_int_distribution<std::size_t>(0, ways - 1)(random_); }
  bool in(std::size_t ways) { return any(ways) == 0; }
  std::string account() { return "account-" + std::to_string(any(size_.accounts)); }
  std::string person();
  AttributeMap account_attributes();
  AttributeMap person_attributes();
  std::vector<Input> beginning();
  Input something();
  Input by_hand();
  Input of_mails();
  void step();
  void edit();
  void die();
  HttpReply answer(const HttpRequest& request);
  SourceTexts texts() const;

  Size size_;
  std::mt19937 random_;
  std::atomic<std::size_t> requests_ = 0;
  HttpServer server_;
  std::size_t edition_ = 0;
  std::string log_;
  std::unique_ptr<World> world_;
  std::function<void()> on_step_;
};

}  // namespace caravan::test
