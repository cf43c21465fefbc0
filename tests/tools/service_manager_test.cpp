// What a service manager hears, on a socket of its own: from the real program, and from a part that hangs.

#include "tools/caravan/service_manager.hpp"

#include <csignal>

#include <boost/asio/post.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/life_workspace.hpp"
#include "tests/tools/service_socket.hpp"

using namespace caravan;
using namespace caravan::tests;
using Catch::Contains;

namespace {

using Strings = std::vector<std::string>;

Strings all_that_was_said(const Manager& manager) {
  Strings all;
  for (std::string heard = manager.hear(0); !heard.empty(); heard = manager.hear(0))
    all.push_back(heard);
  return all;
}

}  // namespace

TEST_CASE("a manager hears that the engine is ready, that it lives, and that it stops") {
  const LifeWorkspace workspace("  - {id: settle, wait: 5d}\n");
  const Manager manager("300000");
  Running serve({"serve", workspace.root(), "--publish", "--speed", "1m/s", "--start", "2026-01-05T08:00:00Z"});
  CHECK(manager.hear() == "READY=1|STATUS=Running journeys");
  for (int sign = 0; sign < 4; ++sign)
    CHECK(manager.hears("WATCHDOG=1"));
  serve.signal(SIGTERM);
  CHECK(manager.hears("STOPPING=1|STATUS=Finishing what is under way"));
  CHECK(serve.wait().exit_code == 0);
}

TEST_CASE("without a watchdog there are no signs of life, and without a manager nothing is said") {
  const LifeWorkspace workspace("  - {id: settle, wait: 5d}\n");
  {
    const Manager manager(nullptr);
    CHECK(workspace.done({"serve", "--publish", "--speed", "max", "--until-idle"}) != "");
    const Strings said = all_that_was_said(manager);
    CHECK(said == Strings{"READY=1|STATUS=Running journeys", "STOPPING=1|STATUS=Finishing what is under way"});
  }
  CHECK(workspace.call({"serve", "--speed", "max", "--until-idle"}).exit_code == 0);
}

TEST_CASE("an engine that does not start is never ready") {
  const LifeWorkspace workspace("  - {id: settle, wait: 5d}\n");
  const Manager manager("300000");
  CHECK(workspace.call({"serve"}).exit_code == 1);  // nothing is published
  CHECK(all_that_was_said(manager).empty());
}

TEST_CASE("no sign of life is told when none comes: what hangs is found out") {
  const Manager manager("3000");
  boost::asio::io_context io;
  int asked = 0;
  tools::ServiceManager service(io, [&](std::function<void()> told) {
    // The third and all that follow are asked of a thread that hangs.
    if (++asked <= 2) boost::asio::post(io, std::move(told));
  });
  service.start();
  io.run();  // ends by itself: nothing is waited for any more
  CHECK(asked == 3);
  CHECK(all_that_was_said(manager) == Strings{"READY=1|STATUS=Running journeys", "WATCHDOG=1", "WATCHDOG=1"});
}

TEST_CASE("a reload is told with the time at which it began, and its end") {
  const Manager manager(nullptr);
  boost::asio::io_context io;
  tools::ServiceManager service(io, [](const std::function<void()>&) {});
  service.reloading();
  service.ready();
  const Strings said = all_that_was_said(manager);
  REQUIRE(said.size() == 2);
  CHECK_THAT(said[0],
             Catch::StartsWith("RELOADING=1|MONOTONIC_USEC=") && Contains("|STATUS=Reading the settings again"));
  CHECK(said[1] == "READY=1|STATUS=Running journeys");
}

TEST_CASE("what was committed becomes the status, once in a while") {
  const Manager manager(nullptr);
  boost::asio::io_context io;
  tools::ServiceManager service(io, [](const std::function<void()>&) {});
  BatchReport report;
  report.now = Instant(std::chrono::milliseconds(1'767'603'600'000));
  report.turns = 1'500;
  service.look(report);
  service.look(report);
  io.run();
  CHECK(all_that_was_said(manager) ==
        Strings{"STATUS=Running journeys: 3,000 turns since the start, the engine's time is 2026-01-05 09:00"});
}
