#include "engine/api/upload.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "engine/api/dispatcher.hpp"
#include "engine/api/paging.hpp"
#include "engine/api/pipe.hpp"
#include "engine/api/routes.hpp"
#include "engine/api/spool.hpp"
#include "engine/intake/intake_run.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

/// So that all streams together leave room in the engine's queue for single requests.
constexpr std::size_t kWindow = 8'192;

enum class Results { all, refused, none };

std::string_view word_for(IntakeOutcome::Kind kind) {
  switch (kind) {
    case IntakeOutcome::Kind::created: return "created";
    case IntakeOutcome::Kind::updated: return "updated";
    case IntakeOutcome::Kind::known: return "known";
    case IntakeOutcome::Kind::refused: return "refused";
  }
  return "";
}

IntakeSettings settings_of(const Desk& desk, RecordKind kind, const Request& request) {
  const SchemaDefinition* schema = desk.files && desk.files->schema.written ? &desk.files->schema : nullptr;
  IntakeSettings settings = intake_for(kind, schema);
  if (const std::string* key = request.query_value("key")) settings.key = *key;
  if (const std::string* account = request.query_value("account")) settings.account = *account;
  return settings;
}

TextFormat format_of(const Request& request) {
  const std::string* type = request.header("content-type");
  return type && media_type(*type) == "text/csv" ? TextFormat::csv : TextFormat::json_lines;
}

}  // namespace

class Stream;

struct Uploads {
  std::set<Stream*> running;
};

/// Lives until every line that was posted has its answer, whether or not the client is still there.
class Stream final : public Upload, public std::enable_shared_from_this<Stream> {
 public:
  Stream(Desk& desk, RecordKind kind, const Request& request, Results results, Respond respond)
      : desk_(desk),
        uploads_(desk.uploads),
        results_(results),
        respond_(std::move(respond)),
        pipe_([this] { boost::asio::post(desk_.io, [self = shared_from_this()] { self->give_room(); }); }),
        run_(desk.io, desk.engine, pipe_, format_of(request), settings_of(desk, kind, request), {.window = kWindow},
             [this](const IntakeOutcome& outcome) { settle(outcome); }) {
    uploads_->running.insert(this);
  }

  ~Stream() override {
    pipe_.break_off();
    uploads_->running.erase(this);
  }

  void begin() {
    run_.start([self = shared_from_this()](const IntakeEnd& end) { self->finish(end); });
  }

  bool take(std::string bytes, std::function<void()> resume) override {
    if (pipe_.push(std::move(bytes))) return true;
    resume_ = std::move(resume);
    return false;
  }

  void end() override { pipe_.end(); }

  void abandon() override {
    respond_ = nullptr;
    resume_ = nullptr;
    run_.interrupt();
    pipe_.break_off();
  }

  /// Nothing of it touches the engine any more.
  void join() {
    pipe_.break_off();
    run_.join();
  }

 private:
  void give_room() {
    if (resume_) std::exchange(resume_, nullptr)();
  }

  void settle(const IntakeOutcome& outcome) {
    ++counts_[static_cast<std::size_t>(outcome.kind)];
    const bool is_refused = outcome.kind == IntakeOutcome::Kind::refused;
    if (results_ == Results::none || (results_ == Results::refused && !is_refused)) return;
    std::string line = "{\"line\":" + std::to_string(outcome.line) + ",\"result\":\"";
    line += word_for(outcome.kind);
    line += is_refused ? "\",\"reason\":" + json::serialize(json::value(outcome.reason)) + "}\n" : std::string("\"}\n");
    if (!spool_.write(line)) are_results_cut_off_ = true;
  }

  void finish(const IntakeEnd& end) {
    if (!respond_) return;
    const Respond respond = std::exchange(respond_, nullptr);
    const std::uint64_t lines = std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
    if (!end.unreadable.empty() && lines == 0) return respond(as_response({422, "unreadable", end.unreadable}));
    json::object summary;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      summary[word_for(static_cast<IntakeOutcome::Kind>(i))] = counts_[i];
    summary["whole"] = end.is_whole;
    if (!end.unreadable.empty()) summary["unreadable"] = end.unreadable;
    if (are_results_cut_off_) summary["results_cut_off"] = true;
    last_ = json::serialize(json::object{{"summary", std::move(summary)}}) + "\n";
    Response response{200, {}, "application/x-ndjson"};
    response.rest = [self = shared_from_this()] { return self->next_part(); };
    response.body = next_part();
    respond(std::move(response));
  }

  std::string next_part() {
    std::string part = spool_.read();
    return part.empty() ? std::exchange(last_, {}) : part;
  }

  Desk& desk_;
  const std::shared_ptr<Uploads> uploads_;
  const Results results_;
  Respond respond_;
  std::function<void()> resume_;
  std::array<std::uint64_t, 4> counts_{};  ///< by kind of outcome
  Spool spool_;
  bool are_results_cut_off_ = false;  ///< there was no room for all of them
  std::string last_;                  ///< the line behind the results
  Pipe pipe_;
  IntakeRun run_;
};

std::shared_ptr<Uploads> make_uploads() {
  return std::make_shared<Uploads>();
}

void end_uploads(Desk& desk) {
  const std::set<Stream*> running = desk.uploads->running;
  for (Stream* stream : running)
    stream->join();
}

BeginUpload begin_upload(Desk& desk, RecordKind kind) {
  return [&desk, kind](const Request& request, Respond respond) -> std::shared_ptr<Upload> {
    const std::string results = word_of(request, "results", {"all", "refused", "none"}).value_or("all");
    expect_writing(desk);
    if (desk.uploads->running.size() >= kMostUploads) {
      throw Refused({503, "too-many-streams", "as many streams as the daemon reads are under way; ask again later", "",
                     std::chrono::seconds(5)});
    }
    const auto stream = std::make_shared<Stream>(desk, kind, request,
                                                 results == "all"       ? Results::all
                                                 : results == "refused" ? Results::refused
                                                                        : Results::none,
                                                 std::move(respond));
    stream->begin();
    return stream;
  };
}

std::string upload_description(std::string_view what, std::string_view key) {
  return "JSON lines, one " + std::string(what) +
         " a line, or CSV with a header line, of any length; `caravan help import` says how names and values are read. "
         "`" +
         std::string(key) +
         "` holds the key. The answer comes when all of it is on the disk: a line for each, and a summary. A line that "
         "cannot be taken is told with its reason, and the others are taken. When the connection breaks, send it "
         "again: "
         "what was taken is known.";
}

std::vector<QueryParameter> upload_parameters(RecordKind kind) {
  std::vector<QueryParameter> parameters = {{"results", "Which lines are told in the answer; `all` without it.",
                                             schema_of_words({"all", "refused", "none"})}};
  if (kind != RecordKind::event)
    parameters.push_back({"key", "The member or column that holds the key; `key` without it."});
  if (kind == RecordKind::person)
    parameters.push_back({"account", "The one that holds the account's key; `account` without it."});
  return parameters;
}

Body upload_body(std::string schema) {
  return {std::move(schema), {"application/x-ndjson", "text/csv"}, true};
}

std::vector<Answer> upload_answers() {
  return {{200, "What became of each line, and a summary as the last", "LineResult", "application/x-ndjson"},
          problem_answer(422, "None of it can be read"),
          problem_answer(503, "As many streams as there may be are under way")};
}

}  // namespace caravan::api
