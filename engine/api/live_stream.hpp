#pragma once
// What happens, as it happens: visits, enrollments, deliveries, groups and members as server-sent events. The newest
// are kept for those who come back with the id of the last that they have seen.

#include "engine/api/route.hpp"
#include "engine/scheduler.hpp"

namespace caravan::api {

/// Used on the I/O thread.
class LiveStream {
 public:
  /// `reader` is the I/O thread's own. All outlive it.
  LiveStream(Store& store, NameBook& names, JourneyLibrary& library);
  ~LiveStream();

  /// After a commit.
  void add(const std::shared_ptr<const Happenings>& happenings);

  Route route();

 private:
  class Follower;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace caravan::api
