#include "engine/api/desk.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>

namespace caravan::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestKey = 255;

/// What must be the same when the same is asked for again.
std::string fingerprint_of(const Request& request) {
  std::string text = std::string(name_of(request.method)) + " " + request.path;
  for (const auto& [name, value] : request.query)
    text += "\n" + std::to_string(name.size()) + ":" + name + std::to_string(value.size()) + ":" + value;
  text += "\n\n" + request.body;
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Asked asked_by(const Request& request, std::string_view route_id) {
  Asked asked;
  asked.caller = request.caller;
  asked.request_id = request.id;
  asked.action = route_id;
  if (!route_id.empty()) asked.target = request.path;
  const std::string* key = request.header("idempotency-key");
  if (!key) return asked;
  if (key->empty() || key->size() > kLongestKey)
    throw Refused({400, "invalid-header", "an Idempotency-Key has 1 to 255 bytes", "Idempotency-Key"});
  asked.key = *key;
  asked.fingerprint = fingerprint_of(request);
  return asked;
}

/// Collects the answers of inputs that were posted together.
struct Several {
  std::size_t left = 0;
  std::optional<InputResult> first;  ///< of them
  std::optional<Problem> problem;    ///< of the first that was refused
};

}  // namespace

Problem problem_of(const InputResult& result) {
  std::string sentence = result.refused;
  switch (result.refusal) {
    case Refusal::unknown: return {404, "unknown-subject", std::move(sentence)};
    case Refusal::conflict: return {409, "conflict", std::move(sentence)};
    case Refusal::key_reused: return {422, "idempotency-key-reused", std::move(sentence), "Idempotency-Key"};
    case Refusal::unavailable: return {503, "unavailable", std::move(sentence), "", std::chrono::seconds(5)};
    case Refusal::none:
    case Refusal::invalid: break;
  }
  return {422, "invalid-input", std::move(sentence)};
}

void expect_writing(const Desk& desk) {
  std::string why = desk.why_not_writing();
  if (!why.empty()) throw Refused({503, "store-unavailable", std::move(why), "", std::chrono::seconds(5)});
}

void post_all(Desk& desk, const Request& request, std::string_view route_id, std::vector<Input> inputs, Respond respond,
              Answered answered) {
  const auto several = std::make_shared<Several>();
  several->left = inputs.size();
  const InputAnswer answer = [several, respond = std::move(respond),
                              answered = std::move(answered)](const InputResult& result) {
    if (!several->problem && !result.refused.empty()) {
      several->problem = problem_of(result);
      if (several->first) {
        several->problem->code = "partly-taken";
        several->problem->detail = "it was taken, but not all that belongs to it: " + result.refused;
      }
    }
    if (!several->first) several->first = result;
    if (--several->left > 0) return;
    Response response = several->problem ? as_response(*several->problem) : answered(*several->first);
    if (several->first->repeated) response.headers.emplace_back("Idempotency-Replayed", "true");
    respond(std::move(response));
  };
  expect_writing(desk);
  if (!desk.engine.post_all(std::move(inputs), answer, asked_by(request, route_id))) {
    throw Refused({503, "busy", "more is waiting than the daemon can commit; ask again in a moment", "",
                   std::chrono::seconds(1)});
  }
}

void post(Desk& desk, const Request& request, std::string_view route_id, Input input, Respond respond,
          Answered answered) {
  std::vector<Input> inputs;
  inputs.push_back(std::move(input));
  post_all(desk, request, route_id, std::move(inputs), std::move(respond), std::move(answered));
}

IntakeLine input_of(const Desk& desk, RecordKind kind, const json::object& object, const std::string& key) {
  json::object whole = object;
  if (!key.empty()) {
    const json::value* written = whole.if_contains("key");
    if (written && *written != json::value(key))
      throw Refused({422, "invalid-member", "`key` is not the key in the path", "key"});
    whole["key"] = key;
  }
  const std::string line = json::serialize(whole);
  TextSource source(line);
  const SchemaDefinition* schema = desk.files && desk.files->schema.written ? &desk.files->schema : nullptr;
  auto read = read_json_lines(source, intake_for(kind, schema))->next();
  if (!read) throw Refused({422, "invalid-input", "there is nothing in the body"});
  if (const auto* problem = std::get_if<IntakeProblem>(&*read))
    throw Refused({422, "invalid-input", problem->reason, problem->field});
  return std::move(std::get<IntakeLine>(*read));
}

Response as_json_response(const json::value& value, unsigned status) {
  return {status, json::serialize(value) + "\n"};
}

Response as_result(std::string_view result, unsigned status) {
  return as_json_response(json::object{{"result", result}}, status);
}

}  // namespace caravan::api
