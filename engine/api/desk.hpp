#pragma once
// What the routes that write stand on: the engine's one door, the workspace's files as they are now, and the form of
// the answers.

#include "engine/api/route.hpp"
#include "engine/engine.hpp"
#include "engine/intake/intake.hpp"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace caravan::api {

struct Uploads;

/// Used on the I/O thread; what it points to outlives it.
struct Desk {
  boost::asio::io_context& io;
  Engine& engine;
  Clock& clock;
  /// The workspace as it was at the start or at the last reload: its schema says what attributes are.
  std::shared_ptr<const Workspace> files;
  std::filesystem::path folder;  ///< the workspace's
  /// Runs what may take seconds on a thread of its own, one after the other.
  std::function<void(Read, Request, Respond)> work;
  /// Why nothing can be written at present; empty: it can.
  std::function<std::string()> why_not_writing;
  std::shared_ptr<Uploads> uploads;       ///< under way; they may outlive the desk
  std::atomic<bool> is_stopping = false;  ///< what takes long ends before its time
};

/// What came of one input; by it the route makes its answer.
using Answered = std::function<Response(const InputResult&)>;

/// Posts an input under the caller's name and Idempotency-Key, and answers after its commit: by `answered` where it was
/// taken, else with the problem. `route_id` is what the audit trail calls it; empty: it has no line there. Throws
/// Refused where the engine takes no more.
void post(Desk& desk, const Request& request, std::string_view route_id, Input input, Respond respond,
          Answered answered);
/// Throws Refused while nothing can be written.
void expect_writing(const Desk& desk);
/// The same of inputs that belong together; the first that was refused is the answer.
void post_all(Desk& desk, const Request& request, std::string_view route_id, std::vector<Input> inputs, Respond respond,
              Answered answered);

/// The problem that an input was refused for.
Problem problem_of(const InputResult& result);

/// The input that a JSON object is, by the rules of an import; `key` where it stands in the path. Throws Refused.
IntakeLine input_of(const Desk& desk, RecordKind kind, const boost::json::object& object, const std::string& key = {});

Response as_json_response(const boost::json::value& value, unsigned status = 200);

/// The answer of a write that has no more to say than what became of it: `{"result": "created"}`.
Response as_result(std::string_view result, unsigned status = 200);

}  // namespace caravan::api
