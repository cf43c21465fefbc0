#pragma once
// A route of the HTTP API: where it stands, who may ask, what it takes and gives, and what it does. The OpenAPI
// document is made of the same descriptions, so that neither can say what the other does not.

#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <variant>

#include "engine/api/message.hpp"
#include "engine/journey_library.hpp"

namespace caravan::api {

/// What a token may do; `admin` has all of them. A route for `anyone` asks for no token.
enum class Scope { anyone, read, ingest, operate, admin };

std::string_view name_of(Scope scope);

/// What a read sees: the store as it was when the route was called. Everything is used by one thread at a time.
struct Scene {
  Store& store;
  Reader& reader;
  NameBook& names;
  JourneyLibrary& library;
  Instant now{};
};

/// To be called once, on the I/O thread.
using Respond = std::function<void(Response)>;

/// Runs on a reading thread, may take some milliseconds and may throw Refused.
using Read = std::function<Response(const Request&, Scene&)>;

/// Runs on the I/O thread and does not block; throws Refused before it has given `respond` to anybody.
using Write = std::function<void(const Request&, Respond respond)>;

/// A body of any length on its way in. Everything is called on the I/O thread.
class Upload {
 public:
  virtual ~Upload() = default;
  /// Takes the next bytes. False: no more for now; `resume` is then called once when there is room again.
  virtual bool take(std::string bytes, std::function<void()> resume) = 0;
  /// The body has ended; the answer comes by the route's `respond`.
  virtual void end() = 0;
  /// The client went away, or was too slow. What was taken stays taken; nothing is answered.
  virtual void abandon() = 0;
};
using BeginUpload = std::function<std::shared_ptr<Upload>(const Request&, Respond respond)>;

/// A body of any length on its way out, for as long as the client listens. On the I/O thread.
class Feed {
 public:
  virtual ~Feed() = default;
  /// Appends what is there to `to`, some 64 KiB at most. False when nothing was: `wake` is then called once when there
  /// is more, or when `patience` is over.
  virtual bool next(std::string& to, std::function<void()> wake) = 0;
  virtual void abandon() = 0;
};
struct BeginFeed {
  std::string content_type;
  std::function<std::shared_ptr<Feed>(const Request&)> begin;  ///< may throw Refused
};

struct QueryParameter {
  std::string name;
  std::string description;
  std::string schema = R"({"type": "string"})";  ///< JSON Schema
};

/// What a route answers with.
struct Answer {
  unsigned status = 200;
  std::string description;
  std::string schema = {};  ///< the name of one of schemas(); empty: no JSON
  std::string content_type = "application/json";
};

struct Body {
  std::string schema;  ///< the name of one of schemas(); empty: no JSON
  std::vector<std::string> content_types = {"application/json"};
  bool required = true;
  std::size_t most_bytes = std::numeric_limits<std::size_t>::max();  ///< fewer than other bodies may have
};

struct Route {
  Method method = Method::get;
  std::string path;  ///< `/v1/accounts/{key}`
  std::string id;    ///< the operation's name: `getAccount`
  std::string tag;   ///< under which the document lists it: `Accounts`
  Scope scope = Scope::read;
  std::string summary;
  std::string description = {};
  std::vector<QueryParameter> query = {};
  std::optional<Body> body = {};
  std::vector<Answer> answers;
  bool answers_pages = false;         ///< people read its answers: those that refuse are pages too
  std::chrono::seconds patience{60};  ///< after which nobody waits for the answer any more
  std::variant<Read, Write, BeginUpload, BeginFeed> handle;
};

}  // namespace caravan::api
