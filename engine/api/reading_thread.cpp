#include "engine/api/reading_thread.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

namespace caravan::api {

struct ReadingThread::State {
  explicit State(Parts the_parts) : parts(std::move(the_parts)), reader(parts.store.reader()) {}

  /// On the thread. However it ends, the read's snapshot is let go.
  Response run(const Read& handle, const Request& request) {
    Response response = read(handle, request);
    reader->refresh();
    return response;
  }

  Response read(const Read& handle, const Request& request) {
    try {
      Scene scene{parts.store, *reader, parts.names, parts.library, parts.now()};
      return answer(handle, request, scene);
    } catch (const StoreError& error) {
      spdlog::warn("request {}: {}", request.id, error.what());
      return as_response({503, "store-unavailable", "the store cannot be read at present; the daemon's log says why",
                          "", std::chrono::seconds(5)});
    } catch (const std::exception& error) {
      spdlog::error("request {}: {}", request.id, error.what());
      return as_response({500, "internal", "the daemon made a mistake; its log says which, by the request's id"});
    }
  }

  static Response answer(const Read& handle, const Request& request, Scene& scene) {
    try {
      return handle(request, scene);
    } catch (const Refused& refused) {
      return as_response(refused.problem());
    }
  }

  Parts parts;
  std::unique_ptr<Reader> reader;
  std::atomic<std::size_t> waiting = 0;
  std::atomic<bool> is_stopping = false;
  boost::asio::thread_pool thread{1};
};

ReadingThread::ReadingThread(Parts parts) : state_(std::make_shared<State>(std::move(parts))) {}

ReadingThread::~ReadingThread() {
  state_->is_stopping = true;
  state_->thread.join();
}

void ReadingThread::read(const Read& handle, Request request, Respond respond) {
  if (state_->waiting >= state_->parts.most_waiting) {
    throw Refused(
        {503, "busy", "as many requests wait to be read as may; ask again in a moment", "", std::chrono::seconds(1)});
  }
  ++state_->waiting;
  // The route, and with it `handle`, outlives the thread.
  boost::asio::post(state_->thread, [state = state_.get(), handle, request = std::move(request),
                                     respond = std::move(respond)]() mutable {
    std::optional<Response> response;
    if (!state->is_stopping) response = state->run(handle, request);
    --state->waiting;
    boost::asio::post(state->parts.io, [respond = std::move(respond), response = std::move(response)]() mutable {
      if (response) respond(std::move(*response));
    });
  });
}

}  // namespace caravan::api
