// Journeys reach the outside: texts become files or calls, webhooks reach a real server and bring an answer back, and
// what was under way when the engine died is done again under the same key.

#include <fstream>

#include <boost/asio/executor_work_guard.hpp>

#include "engine/engine.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/workspace_fixture.hpp"

using namespace caravan;
using namespace caravan::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// An engine with its ways out, over virtual time, in a folder that outlives it.
class Engined {
 public:
  Engined(const testing::TemporaryFolder& folder, VirtualClock& clock, const SourceTexts& texts)
      : clock_(clock),
        store_(open_sqlite(folder.file(), OpenMode::write, {SqliteSettings::Synchronous::off})),
        names_(*store_->reader()) {
    auto workspace = load_workspace(texts, "", node_shapes(), names_);
    for (const Diagnostic& fault : workspace->diagnostics.sorted())
      FAIL(render(fault, Colour::never));
    channels_ = make_channels(io_, workspace->configuration, folder.path());
    engine_ = std::make_unique<Engine>(io_, *store_, names_, clock_, std::move(workspace), &channels_);
    engine_->on_idle([this](std::optional<Instant>) {
      if (unanswered_ == 0) io_.stop();
    });
  }

  void post(Input input) {
    ++unanswered_;
    REQUIRE(engine_->post(std::move(input), [this](const InputResult& result) {
      CHECK(result.refused == "");
      --unanswered_;
    }));
  }

  /// Until there is nothing to do at the present time.
  void run() {
    start();
    engine_->poke();
    io_.restart();
    io_.run_for(60s);
  }

  /// Until the outside has seen what it waits for.
  void run_until(const std::function<bool()>& seen) {
    start();
    engine_->poke();
    do {
      io_.restart();
      io_.run_one_for(1s);
    } while (!seen());
  }

  std::optional<std::string> attribute(const std::string& account, const std::string& name) {
    const auto reader = store_->reader();
    const std::optional<AccountRecord> record = reader->account(account);
    const std::optional<NameId> id = names_.find(name);
    if (!record || !id) return std::nullopt;
    const std::optional<AttributeValue> value = record->attributes.find(*id);
    return value ? std::optional(std::string(value->text())) : std::nullopt;
  }

  std::vector<DeliveryRecord> in(DeliveryState state) {
    std::vector<DeliveryRecord> found;
    store_->reader()->deliveries_in(state, 1000, found);
    return found;
  }

 private:
  void start() {
    if (std::exchange(started_, true)) return;
    engine_->start([](const std::string& reason) { FAIL(reason); });
  }

  VirtualClock& clock_;
  std::unique_ptr<Store> store_;
  NameBook names_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  Channels channels_;
  std::unique_ptr<Engine> engine_;
  std::size_t unanswered_ = 0;
  bool started_ = false;
};

SourceTexts workspace(const HttpServer& server, std::string_view nodes) {
  SourceTexts texts = seeds_workspace(nodes);
  texts["caravan.yaml"] =
      "channels:\n"
      "  email: {type: file, folder: mails, from: news@seeds.example}\n"
      "  sms: {type: file, folder: texts, address: mobile}\n"
      "  chat: {type: connection, connection: gateway, address: handle}\n"
      "connections:\n"
      "  gateway: {url: \"" +
      server.url() +
      "/send\", allow_private: true}\n"
      "  crm: {url: \"" +
      server.url() + "/v2\", allow_private: true, retry: {attempts: 3, first: 1m, longest: 1h}}\n";
  texts["messages/reminder.txt"] = "{{person.first_name}} of {{account.name}}: <b>{{offer}}</b>\n";
  texts["messages/hello.txt"] = "Hi {{person.first_name}}";
  return texts;
}

void add_acme(Engined& engine) {
  engine.post(UpsertAccount{"acme", {{"name", text("Acme & Sons")}, {"employees", number(4200)}}});
  engine.post(UpsertPerson{"ada",
                           "acme",
                           {{"first_name", text("Ada")},
                            {"mobile", text("+49 151 1")},
                            {"handle", text("@ada")},
                            {"email", text("ada@acme.example")}}});
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    if (each.is_regular_file()) files.push_back(each.path());
  }
  return files;
}

}  // namespace

TEST_CASE("a journey sends mails, texts, chat messages and calls, each on its way") {
  HttpServer server([](const HttpRequest& request) {
    return HttpReply{.body = request.target == "/v2/companies" ? R"("gold")" : ""};
  });
  const testing::TemporaryFolder folder;
  VirtualClock clock{kMonday};
  Engined engine(folder, clock, workspace(server, R"(- id: welcome
  send_email: welcome
- id: remind
  send_sms: {template: reminder, with: {offer: '"20% & more"'}}
- id: greet
  send_message: hello
- id: enrich
  webhook:
    connection: crm
    path: /companies
    body: {company: account.name, size: account.employees, none: account.nowhere}
    answer: tier
    wait: true
)"));
  add_acme(engine);
  engine.run();

  const auto mails = files_below(folder.path() / "mails");
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].extension() == ".eml");
  const auto texts = files_below(folder.path() / "texts");
  REQUIRE(texts.size() == 1);
  CHECK(content(texts[0]) == "To: +49 151 1\nDate: 2026-01-05T09:00:00Z\n\nAda of Acme & Sons: <b>20% & more</b>\n");

  std::map<std::string, HttpRequest> requests;
  for (const HttpRequest& request : server.requests())
    requests[request.target] = request;
  REQUIRE(requests.size() == 2);
  const HttpRequest& chat = requests["/send"];
  CHECK(chat.body == "{\"key\":\"" + chat.header("Idempotency-Key") + "\",\"to\":\"@ada\",\"text\":\"Hi Ada\"}");
  CHECK(requests["/v2/companies"].body == R"({"company":"Acme & Sons","size":4200})");
  CHECK(engine.attribute("acme", "tier") == "gold");
  CHECK(engine.in(DeliveryState::delivered).size() == 4);
}

TEST_CASE("a buying group is handed over by mail, over the chat and as a call, all telling the same") {
  HttpServer server([](const HttpRequest&) { return HttpReply{}; });
  const testing::TemporaryFolder folder;
  VirtualClock clock{kMonday};
  Engined engine(folder, clock, workspace(server, R"(- id: join
  assign_to_buying_group: {solution_interest: ai-driven-seeds, role: influencer}
- id: tell
  notify_sales: {solution_interest: ai-driven-seeds, to: sales@seeds.example, chat: "#sales", connection: crm}
)"));
  add_acme(engine);
  engine.run();

  const auto mails = files_below(folder.path() / "mails");
  REQUIRE(mails.size() == 1);
  const std::string mail = content(mails[0]);
  CHECK(mail.find("Subject: AI Driven Seeds: Acme & Sons is ready for you") != std::string::npos);
  CHECK(mail.find("1. Ada") != std::string::npos);
  std::map<std::string, HttpRequest> requests;
  for (const HttpRequest& request : server.requests())
    requests[request.target] = request;
  REQUIRE(requests.size() == 2);
  CHECK(requests["/send"].body.find(
            "\"to\":\"#sales\",\"text\":\"AI Driven Seeds: Acme & Sons (acme) is ready for you\\n") !=
        std::string::npos);
  const HttpRequest& call = requests["/v2"];
  CHECK(call.method == "POST");
  CHECK_FALSE(call.header("Idempotency-Key").empty());
  CHECK(call.body.starts_with(R"({"event":"sales_handover","solution_interest":{"name":"ai-driven-seeds")"));
  CHECK(call.body.find(R"("members":[{"key":"ada","name":"Ada","role":"influencer","email":"ada@acme.example")") !=
        std::string::npos);
  CHECK(engine.in(DeliveryState::delivered).size() == 3);
}

TEST_CASE("a call that was under way when the engine died is made again under its key, and its answer taken once") {
  HttpServer server(
      [](const HttpRequest&) { return HttpReply{.body = R"("gold")", .manner = HttpReply::Manner::hold}; });
  const testing::TemporaryFolder folder;
  VirtualClock clock{kMonday};
  const SourceTexts texts = workspace(server, R"(- id: enrich
  webhook: {connection: crm, path: /companies, body: {company: account.name}, answer: tier, wait: true}
)");
  {
    Engined engine(folder, clock, texts);
    add_acme(engine);
    engine.run_until([&] { return !server.requests().empty(); });
    CHECK(engine.in(DeliveryState::under_way).size() == 1);
  }
  server.release();
  Engined engine(folder, clock, texts);
  engine.run();
  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].header("Idempotency-Key") == requests[1].header("Idempotency-Key"));
  CHECK(requests[0].body == requests[1].body);
  CHECK(engine.attribute("acme", "tier") == "gold");
  const auto delivered = engine.in(DeliveryState::delivered);
  REQUIRE(delivered.size() == 1);
  CHECK(delivered[0].attempts == 2);
}

TEST_CASE("a connection that is slow holds up neither mails nor another connection") {
  HttpServer slow([](const HttpRequest& request) {
    return HttpReply{.manner = request.target.starts_with("/v2") ? HttpReply::Manner::hold : HttpReply::Manner::answer};
  });
  const testing::TemporaryFolder folder;
  VirtualClock clock{kMonday};
  Engined engine(folder, clock, workspace(slow, R"(- id: tell
  webhook: {connection: crm, body: {company: account.name}}
- id: greet
  send_message: hello
- id: welcome
  send_email: welcome
)"));
  for (int i = 0; i < 100; ++i) {
    const std::string key = std::to_string(i);
    engine.post(UpsertAccount{"a" + key, {{"name", text("Acme")}}});
    engine.post(UpsertPerson{
        "p" + key, "a" + key, {{"email", text("p" + key + "@acme.example")}, {"handle", text("@p" + key)}}});
  }
  engine.run_until([&] { return engine.in(DeliveryState::delivered).size() == 200; });
  CHECK(files_below(folder.path() / "mails").size() == 100);
  // As many as the connection may have at once, of a hundred.
  const auto requests = slow.requests();
  CHECK(std::count_if(requests.begin(), requests.end(), [](const auto& each) { return each.target == "/v2"; }) == 8);
  slow.release();
  engine.run();
  CHECK(engine.in(DeliveryState::delivered).size() == 300);
}

TEST_CASE("a call that is refused, or never taken, ends with its reason, and the journey goes its way for that") {
  std::atomic<int> status = 422;
  HttpServer server([&](const HttpRequest&) {
    return HttpReply{.status = status, .headers = {{"Retry-After", "600"}}, .body = "no such company"};
  });
  const testing::TemporaryFolder folder;
  VirtualClock clock{kMonday};
  Engined engine(folder, clock, workspace(server, R"(- id: enrich
  webhook:
    connection: crm
    answer: tier
    wait: true
    on_error:
      nodes:
        - id: note
          update_account: {sync: '"failed"'}
)"));
  add_acme(engine);
  engine.run();
  CHECK(engine.attribute("acme", "sync") == "failed");
  CHECK_FALSE(engine.attribute("acme", "tier"));
  REQUIRE(engine.in(DeliveryState::failed).size() == 1);
  CHECK(engine.in(DeliveryState::failed)[0].reason == "crm: 127.0.0.1 answers 422: no such company");

  status = 503;
  engine.post(UpsertAccount{"bond", {}});
  engine.run();
  CHECK(engine.in(DeliveryState::pending)[0].next_attempt_at >= kMonday + 10min);
  for (int i = 0; i < 2; ++i) {
    clock.move_to(clock.now() + 2h);
    engine.run();
  }
  CHECK(engine.attribute("bond", "sync") == "failed");
  CHECK(engine.in(DeliveryState::failed).size() == 2);
  CHECK(server.requests().size() == 4);
}
