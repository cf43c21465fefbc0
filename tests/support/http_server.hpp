#pragma once
// A real HTTP server on a free port of this machine, on a thread of its own: it answers as the test says and remembers
// what it was asked. Tests of everything that calls over HTTP use it.

namespace caravan::test {

struct HttpRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int connection = 0;  ///< the same for requests that came over the same connection

  /// The value of the first header of that name, in any case of letters; empty when there is none.
  std::string header(std::string_view name) const;
};

struct HttpReply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  enum class Manner {
    answer,
    hold,  ///< answers only once release() is called
    drop,  ///< closes the connection without a word
  } manner = Manner::answer;
};

/// Runs from its making to its end.
class HttpServer {
 public:
  /// Called on the server's thread, one request after the other.
  using Handler = std::function<HttpReply(const HttpRequest&)>;
  explicit HttpServer(Handler handler = [](const HttpRequest&) { return HttpReply{}; });
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;
  /// `http://127.0.0.1:port`
  std::string url() const;
  /// Those that have come so far.
  std::vector<HttpRequest> requests() const;
  /// Answers that could not be written to their end, because the other side had gone.
  int broken_off() const;
  /// Answers what is held, and holds nothing from now on.
  void release();

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace caravan::test
