#pragma once
// A workspace's folder, an engine on a file over virtual time, and its HTTP API on a free port of this machine, all on
// a thread of their own; a client that asks it as others do, and one that sends whatever bytes a test wants.

#include <boost/json/value.hpp>

#include "engine/api/api.hpp"
#include "engine/api/tokens.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

struct ApiReply {
  unsigned status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case

  boost::json::value json() const;
  /// The member of a problem or a result; empty where there is none.
  std::string code() const;
  std::string result() const;
  /// Empty where there is none.
  std::string header(std::string_view name) const;
};

/// What was asked and answered, for whoever compares it with the document.
struct ApiExchange {
  std::string method;
  std::string target;
  ApiReply reply;
};

class RunningApi {
 public:
  /// `api` stands in caravan.yaml behind a free port on 127.0.0.1: `requests_per_second: 5`. With `tls:` the client
  /// trusts the certificate `api.pem` of the folder and no other.
  explicit RunningApi(SourceTexts texts = seeds_workspace("- id: pause\n  wait: 3d\n"), const std::string& api = {});
  ~RunningApi();
  RunningApi(const RunningApi&) = delete;
  RunningApi& operator=(const RunningApi&) = delete;

  using Headers = std::vector<std::pair<std::string, std::string>>;
  /// With the token of token(), if there is one. A body without a Content-Type in `headers` is JSON.
  ApiReply ask(const std::string& method, const std::string& target, const std::string& body = {},
               const Headers& headers = {});
  ApiReply get(const std::string& target) { return ask("GET", target); }
  ApiReply put(const std::string& target, const std::string& body) { return ask("PUT", target, body); }
  ApiReply post(const std::string& target, const std::string& body = {}) { return ask("POST", target, body); }
  ApiReply remove(const std::string& target) { return ask("DELETE", target); }
  /// Sends the bytes and gives all that comes back until the server ends the connection, or for `patience`.
  std::string send_raw(std::string_view bytes, std::chrono::milliseconds patience = std::chrono::seconds(30)) const;

  /// Makes a token and asks with it from now on.
  void use_token(std::vector<api::Scope> scopes);
  void use_no_token() { token_.clear(); }

  /// Virtual time passes; waits until the engine is idle then.
  void advance(std::chrono::milliseconds by);
  /// Waits until the engine has nothing to do at the present time.
  void settle();
  /// What is committed by now.
  Reader& reader();
  NameBook& names() { return names_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path database() const { return folder_.path() / "caravan.db"; }
  std::uint16_t port() const;

  const std::vector<ApiExchange>& exchanges() const { return exchanges_; }

 private:
  struct Running;
  caravan::testing::TemporaryFolder folder_;
  const std::string scheme_;
  NameBook names_;
  std::unique_ptr<Store> store_;
  VirtualClock clock_{kMonday};
  std::unique_ptr<Running> running_;
  std::unique_ptr<Reader> reader_;
  std::string token_;
  std::vector<api::Token> tokens_;
  std::vector<ApiExchange> exchanges_;
};

}  // namespace caravan::test
