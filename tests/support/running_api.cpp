#include "tests/support/running_api.hpp"

#include <condition_variable>
#include <fstream>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <curl/curl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/message_check.hpp"
#include "nodes/registry.hpp"

namespace caravan::test {
namespace {

void write_texts(const std::filesystem::path& folder, const SourceTexts& texts) {
  for (const auto& [path, text] : texts) {
    std::filesystem::create_directories((folder / path).parent_path());
    std::ofstream(folder / path, std::ios::binary) << text;
  }
}

std::unique_ptr<Workspace> load(const std::filesystem::path& folder, NameBook& names) {
  std::unique_ptr<Workspace> workspace = load_workspace(folder, node_shapes(), names);
  check_messages(*workspace);
  if (workspace->diagnostics.errors() > 0)
    throw std::logic_error(render(workspace->diagnostics.sorted().front(), Colour::never));
  return workspace;
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* to) {
  std::string line(bytes, size * count);
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos) return size * count;
  std::string name = line.substr(0, colon);
  for (char& c : name)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
  const std::size_t end = line.find_last_not_of("\r\n ");
  static_cast<ApiReply*>(to)->headers.emplace_back(
      name, begin == std::string::npos || end < begin ? "" : line.substr(begin, end - begin + 1));
  return size * count;
}

std::string member_of(const std::string& body, const char* name) {
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(body, error);
  const boost::json::object* object = value.if_object();
  const boost::json::value* member = object ? object->if_contains(name) : nullptr;
  return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

}  // namespace

boost::json::value ApiReply::json() const {
  return boost::json::parse(body);
}

std::string ApiReply::code() const {
  return member_of(body, "code");
}

std::string ApiReply::result() const {
  return member_of(body, "result");
}

std::string ApiReply::header(std::string_view name) const {
  for (const auto& [each, value] : headers) {
    if (each == name) return value;
  }
  return {};
}

/// The engine and the API, on their thread.
struct RunningApi::Running {
  Running(RunningApi& of, const std::filesystem::path& folder)
      : clock(of.clock_),
        engine(io, *of.store_, of.names_, of.clock_, load(folder, of.names_), nullptr),
        api(parts_of(of, load(folder, of.names_))) {
    engine.on_batch([this](const BatchReport& report) {
      api.committed(report);
      const std::lock_guard lock(mutex);
      is_idle = false;
    });
    engine.on_condition([this](const Condition& condition) { api.condition(condition); });
    engine.on_idle([this](std::optional<Instant>) {
      const std::lock_guard lock(mutex);
      is_idle = true;
      idle.notify_all();
    });
    engine.start([this](const std::string& reason) {
      failure = reason;
      io.stop();
    });
    api.start();
    thread = std::thread([this] { io.run(); });
    wait_for_idle();
  }

  api::ApiParts parts_of(RunningApi& of, std::shared_ptr<const Workspace> files) {
    auto links = make_mail_links(files->configuration.links);
    return {io, engine, *of.store_, of.names_, of.clock_, of.database(), std::move(files), "0.0.0-test", links};
  }

  ~Running() {
    boost::asio::post(io, [this] { api.stop([this] { engine.stop([this] { io.stop(); }); }); });
    thread.join();
  }

  void wait_for_idle() {
    std::unique_lock lock(mutex);
    idle.wait(lock, [this] { return is_idle; });
  }

  /// The engine says anew that it is idle.
  void settle() {
    {
      const std::lock_guard lock(mutex);
      is_idle = false;
    }
    engine.poke();
    wait_for_idle();
  }

  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work = boost::asio::make_work_guard(io);
  VirtualClock& clock;
  Engine engine;
  api::Api api;
  std::optional<std::string> failure;
  std::mutex mutex;
  std::condition_variable idle;
  bool is_idle = false;
  std::thread thread;
};

RunningApi::RunningApi(SourceTexts texts, const std::string& api)
    : scheme_(api.find("tls:") == std::string::npos ? "http" : "https") {
  texts["caravan.yaml"] += "\napi: {listen: '127.0.0.1:0'" + (api.empty() ? "" : ", " + api) + "}\n";
  write_texts(folder_.path(), texts);
  // Where mails' links lead here, others come, and a token is asked for.
  if (texts["caravan.yaml"].find("links:") != std::string::npos) use_token({api::Scope::admin});
  store_ = open_sqlite(database(), OpenMode::write);
  reader_ = store_->reader();
  running_ = std::make_unique<Running>(*this, folder_.path());
}

RunningApi::~RunningApi() = default;

std::uint16_t RunningApi::port() const {
  return running_->api.port();
}

ApiReply RunningApi::ask(const std::string& method, const std::string& target, const std::string& body,
                         const Headers& headers) {
  ApiReply reply;
  CURL* const curl = curl_easy_init();
  curl_slist* list = nullptr;
  bool has_type = false;
  for (const auto& [name, value] : headers) {
    list = curl_slist_append(list, (name + ": " + value).c_str());
    has_type = has_type || name == "Content-Type";
  }
  if (!body.empty() && !has_type) list = curl_slist_append(list, "Content-Type: application/json");
  list = curl_slist_append(list, "Expect:");
  if (!token_.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + token_).c_str());
  const std::string url = scheme_ + "://127.0.0.1:" + std::to_string(port()) + target;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CAINFO, (folder_.path() / "api.pem").c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (!body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply);
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(list);
  curl_easy_cleanup(curl);
  if (code != CURLE_OK) throw std::runtime_error(method + " " + target + ": " + curl_easy_strerror(code));
  reply.status = static_cast<unsigned>(status);
  exchanges_.push_back({method, target, reply});
  return reply;
}

std::string RunningApi::send_raw(std::string_view bytes, std::chrono::milliseconds patience) const {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string all;
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    pollfd waiting{connection, POLLIN, 0};
    std::array<char, 65'536> part{};
    while (::poll(&waiting, 1, static_cast<int>(patience.count())) > 0) {
      const ssize_t taken = ::recv(connection, part.data(), part.size(), 0);
      if (taken <= 0) break;
      all.append(part.data(), static_cast<std::size_t>(taken));
    }
  }
  ::close(connection);
  return all;
}

void RunningApi::use_token(std::vector<api::Scope> scopes) {
  api::NewToken made =
      api::make_token("token" + std::to_string(tokens_.size()), std::move(scopes), kMonday, std::nullopt);
  tokens_.push_back(made.token);
  api::write_tokens(api::tokens_file(database()), tokens_);
  token_ = std::move(made.secret);
}

void RunningApi::advance(std::chrono::milliseconds by) {
  clock_.move_to(clock_.now() + by);
  settle();
}

void RunningApi::settle() {
  running_->settle();
}

Reader& RunningApi::reader() {
  reader_->refresh();
  return *reader_;
}

}  // namespace caravan::test
