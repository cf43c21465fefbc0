// webhook: calls a named connection with a computed body. Where the node says so, the token waits for the answer, and
// the answer is kept in an attribute.

#include "nodes/answer_value.hpp"
#include "nodes/send.hpp"
#include "nodes/wait_plan.hpp"
#include "nodes/who.hpp"

namespace caravan {
namespace {

struct WebhookSettings {
  MessageIndex message{};
  ValueMap body;
  std::optional<NameId> answer;  ///< the attribute that keeps it
  bool waits = false;
  std::optional<WaitPlan> timeout;
  PathIndex on_error = kNoPath;  ///< kNoPath: to the next node
};

class Webhook final : public Node {
 public:
  explicit Webhook(WebhookSettings settings)
      : settings_(std::move(settings)), body_(message_values_of(settings_.body)) {}

  Step visit(Scene& scene) const override {
    scene.call(settings_.message, body_);
    if (!settings_.waits) return Advance{};
    ListenUntil listen;
    if (settings_.timeout) listen.due_at = settings_.timeout->end(scene);
    return listen;
  }

  Step wake(Scene&) const override { return Advance{settings_.on_error, VisitOutcome::timed_out}; }

  std::optional<Step> answered(Scene& scene, DeliveryState state, const Answer& answer) const override {
    if (state != DeliveryState::delivered && state != DeliveryState::failed) return std::nullopt;
    const bool is_good = state == DeliveryState::delivered && answer.status >= 200 && answer.status < 300;
    if (is_good && settings_.answer) keep(scene, *settings_.answer, answer_value(answer.body));
    if (!settings_.waits) return std::nullopt;
    if (!is_good) return Advance{settings_.on_error, VisitOutcome::failed};
    return Advance{.outcome = VisitOutcome::heard};
  }

 private:
  static void keep(Scene& scene, NameId attribute, const AttributeInput& value) {
    if (const PersonRecord* person = scene.person()) {
      scene.set_person(*person, attribute, value);
    } else {
      scene.set_account(attribute, value);
    }
  }

  WebhookSettings settings_;
  std::vector<MessageValue> body_;  ///< views into settings_
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  const auto text = [&](std::string_view key, std::string_view otherwise) {
    const auto* written = definition.setting<std::string>(key);
    return written ? *written : std::string(otherwise);
  };
  MessageDefinition message{.kind = MessageKind::webhook,
                            .name = text("connection", ""),
                            .path = text("path", ""),
                            .method = text("method", "POST")};
  WebhookSettings settings;
  if (const auto* body = definition.setting<ValueMap>("body")) settings.body = *body;
  for (const NamedExpression& value : settings.body)
    message.values.push_back(value.name);
  settings.message = compiler.message(std::move(message));
  if (const auto* answer = definition.setting<std::string>("answer")) settings.answer = compiler.name(*answer);
  const auto* waits = definition.setting<bool>("wait");
  settings.waits = waits && *waits;
  if (const auto* timeout = definition.setting<WaitDefinition>("timeout")) settings.timeout.emplace(*timeout);
  settings.on_error = path_named(definition, "error");
  return std::make_unique<Webhook>(std::move(settings));
}

/// Why a path cannot be appended to a connection's URL; empty when it can.
std::string_view fault_of(std::string_view path) {
  if (!path.starts_with('/')) return "it must begin with `/`";
  const bool has_odd = std::any_of(path.begin(), path.end(), [](char c) { return c <= ' ' || c > '~' || c == '\\'; });
  if (has_odd || path.find('#') != std::string_view::npos)
    return "blanks, `#`, `\\` and letters beyond ASCII must be percent-encoded";
  const std::string_view folders = path.substr(0, path.find('?'));
  return folders.find("..") == std::string_view::npos ? "" : "`..` would leave the connection's URL";
}

void check(const NodeDefinition& definition, Diagnostics& diagnostics) {
  if (const auto* path = definition.setting<std::string>("path")) {
    const std::string_view fault = fault_of(*path);
    if (!fault.empty()) {
      diagnostics.error(definition.settings.find("path")->second.place, "`" + *path + "` cannot be a path",
                        std::string(fault));
    }
  }
  const auto* method = definition.setting<std::string>("method");
  if (const auto body = definition.settings.find("body");
      method && *method == "GET" && body != definition.settings.end())
    diagnostics.error(body->second.place, "a call with GET has no `body`", "take it out, or call with POST");
  const auto* waits = definition.setting<bool>("wait");
  if (waits && *waits) return;
  const auto waits_for_nothing = [&](const Place& place, std::string_view key) {
    diagnostics.error(place, "`" + std::string(key) + "` without `wait: true` is never taken",
                      "only `wait: true` waits for the answer");
  };
  if (const auto timeout = definition.settings.find("timeout"); timeout != definition.settings.end())
    waits_for_nothing(timeout->second.place, "timeout");
  if (const PathIndex path = path_named(definition, "error"); path != kNoPath)
    waits_for_nothing(definition.paths[static_cast<std::size_t>(path)].place, "on_error");
}

}  // namespace

const NodeType& webhook_node() {
  static const NodeType type{
      .shape =
          {
              .type = "webhook",
              .summary =
                  "Calls a connection of caravan.yaml over HTTP, again and again as the connection says until it is "
                  "taken. The journey goes on at once, or waits for the answer where the node says so.",
              .short_form = "connection",
              .keys =
                  {
                      {.name = "connection",
                       .kind = KeyKind::connection,
                       .required = true,
                       .summary = "Who is called: one of `connections` in caravan.yaml."},
                      {.name = "path",
                       .kind = KeyKind::text,
                       .summary = "What is appended to the connection's URL, beginning with `/`."},
                      {.name = "method",
                       .kind = KeyKind::choice,
                       .summary = "How it is called; `POST` without it.",
                       .choices = {"POST", "PUT", "PATCH", "GET", "DELETE"}},
                      {.name = "body",
                       .kind = KeyKind::values,
                       .summary = "The members of the JSON object that is sent, each with an expression. One that "
                                  "cannot be computed is left out."},
                      {.name = "answer",
                       .kind = KeyKind::attribute,
                       .summary =
                           "The attribute, of the account or of the person where the node runs for one, that keeps "
                           "what a call that was taken answers: its JSON, or its text. An empty answer takes the "
                           "attribute out; a call that fails leaves it as it is."},
                      {.name = "wait",
                       .kind = KeyKind::flag,
                       .summary = "`true`: waits for the answer, so that the next node can read it."},
                      {.name = "timeout",
                       .kind = KeyKind::wait,
                       .summary = "How long it waits at most, as in `wait`; without it, until the connection's "
                                  "attempts are used up."},
                      {.name = "on_error",
                       .kind = KeyKind::exit_path,
                       .summary = "Where a time-out or a call that failed for good leads: `{next: id}`, or `{nodes: "
                                  "[...]}`, which go on behind the webhook. Without it, it goes on as if the "
                                  "call had been taken."},
                  },
              .example = R"(id: enrich
webhook:
  connection: enrichment
  path: /v1/companies
  body: {company: account.name, since: journey.entered_at}
  answer: enrichment
  wait: true
  timeout: 1h
  on_error: {next: end}
)",
              .check = check,
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
