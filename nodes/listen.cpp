// listen: the token stands until one of some events has come often enough, or until a time-out.
//
// An event counts from the moment the token stands here: one that happened before is late, whenever it is told. Of two
// that come at the same instant as the time-out the event wins, which is the engine's rule.

#include "nodes/listen_memory.hpp"
#include "nodes/registry.hpp"
#include "nodes/wait_plan.hpp"

namespace caravan {
namespace {

struct Pattern {
  NameId type{};
  std::shared_ptr<const cel::Program> where;  ///< null: every event of the type
  std::int64_t at_least = 1;
};

struct ListenSettings {
  std::vector<Pattern> patterns;
  std::vector<NameId> types;  ///< of the patterns, each once
  bool by_same_person = false;
  std::optional<WaitPlan> timeout;
  PathIndex on_timeout = kNoPath;
};

class Listen final : public Node {
 public:
  explicit Listen(ListenSettings settings) : settings_(std::move(settings)) {}

  Step visit(Scene& scene) const override {
    ListenUntil listen{.due_at = std::nullopt, .memory = ListenMemory{scene.now(), {}}.pack()};
    if (settings_.timeout) listen.due_at = settings_.timeout->end(scene);
    return listen;
  }

  Step wake(Scene&) const override {
    if (settings_.on_timeout == kNoPath) return Leave{};
    return Advance{settings_.on_timeout, VisitOutcome::timed_out};
  }

  std::span<const NameId> hears() const override { return settings_.types; }

  std::optional<Step> hear(Scene& scene, const Event& event, std::string& memory) const override {
    const PersonRecord* person = scene.person();
    if (person != nullptr && event.person && event.person != person->id) return std::nullopt;
    ListenMemory kept = ListenMemory::unpack(memory);
    if (event.at < kept.since) return std::nullopt;
    for (std::size_t i = 0; i < settings_.patterns.size(); ++i) {
      const Pattern& pattern = settings_.patterns[i];
      if (pattern.type != event.type || (pattern.where && !scene.holds(*pattern.where))) continue;
      if (pattern.at_least == 1 ||
          kept.count(i, settings_.by_same_person ? event.person : PersonId{}) >= pattern.at_least) {
        return Advance{.outcome = VisitOutcome::heard};
      }
    }
    memory = kept.pack();
    return std::nullopt;
  }

 private:
  ListenSettings settings_;
};

/// What is listened for: the patterns of `any_of`, or the one that the node's own keys are.
EventPatterns patterns_of(const NodeDefinition& definition) {
  if (const auto* any_of = definition.setting<EventPatterns>("any_of")) return *any_of;
  const auto* where = definition.setting<Expression>("where");
  const auto* at_least = definition.setting<std::int64_t>("at_least");
  return {{.place = definition.place,
           .type = *definition.setting<std::string>("event"),
           .where = where ? std::optional(*where) : std::nullopt,
           .at_least = at_least ? *at_least : 1}};
}

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  ListenSettings settings;
  for (const EventPattern& each : patterns_of(definition)) {
    const NameId type = compiler.name(each.type);
    settings.patterns.push_back({type, each.where ? each.where->program : nullptr, each.at_least});
    if (std::find(settings.types.begin(), settings.types.end(), type) == settings.types.end())
      settings.types.push_back(type);
  }
  const auto* by = definition.setting<std::string>("by");
  settings.by_same_person = by && *by == "same_person";
  if (const auto* timeout = definition.setting<WaitDefinition>("timeout")) settings.timeout.emplace(*timeout);
  settings.on_timeout = path_named(definition, "timeout");
  return std::make_unique<Listen>(std::move(settings));
}

void check(const NodeDefinition& definition, Diagnostics& diagnostics) {
  const bool has_event = definition.settings.contains("event");
  const bool has_any_of = definition.settings.contains("any_of");
  if (!has_event && !has_any_of) {
    diagnostics.error(definition.place, "`listen` does not say for what", "add `event` or `any_of`");
  }
  if (has_any_of) {
    for (const std::string_view key : {"event", "where", "at_least"}) {
      const auto found = definition.settings.find(key);
      if (found == definition.settings.end()) continue;
      diagnostics.error(found->second.place, "`listen` has `" + std::string(key) + "` beside `any_of`",
                        "each of the patterns below `any_of` has its own");
    }
  }
  const PathIndex path = path_named(definition, "timeout");
  if (path != kNoPath && !definition.settings.contains("timeout")) {
    diagnostics.error(definition.paths[static_cast<std::size_t>(path)].place,
                      "`on_timeout` without a `timeout` is never taken", "add `timeout`, or take `on_timeout` out");
  }
}

}  // namespace

const NodeType& listen_node() {
  static const NodeType type{
      .shape =
          {
              .type = "listen",
              .summary =
                  "Waits until one of some events happens to the account or to one of its people, or until a time-out. "
                  "Where it runs for one person, the events of the others do not count. Events count in the order they "
                  "arrive, each id once; what happened before the wait began is late and does not count. An event and "
                  "the time-out at the same instant: the event wins.",
              .short_form = "event",
              .keys =
                  {
                      {.name = "event",
                       .kind = KeyKind::event_type,
                       .summary = "The type of the event: `form.submitted`. Or `any_of`."},
                      {.name = "where",
                       .kind = KeyKind::condition,
                       .summary = "Which of these events count, as a condition on `event`.",
                       .scope = Scope::event},
                      {.name = "at_least",
                       .kind = KeyKind::whole_number,
                       .summary = "How many of them must come; 1 without it.",
                       .minimum = 1,
                       .maximum = 1'000},
                      {.name = "any_of",
                       .kind = KeyKind::events,
                       .summary =
                           "Several kinds of events, each `{event, where, at_least}`; the first that is complete goes "
                           "on.",
                       .scope = Scope::event},
                      {.name = "by",
                       .kind = KeyKind::choice,
                       .summary =
                           "Whose events add up to `at_least`: `anyone` (default), or `same_person`, each person's "
                           "alone. What happens to the account itself is then counted alone too.",
                       .choices = {"anyone", "same_person"}},
                      {.name = "timeout",
                       .kind = KeyKind::wait,
                       .summary = "How long at most: a duration, or the keys of `wait`. Without it, for as long as it "
                                  "takes."},
                      {.name = "on_timeout",
                       .kind = KeyKind::exit_path,
                       .summary = "Where a time-out leads: `{next: id}`, or `{nodes: [...]}`, which go on behind the "
                                  "listen. Without it, a time-out leaves the journey."},
                  },
              .stops = Stops::with_timeout,
              .example = R"(id: hand-raise
listen:
  any_of:
    - {event: form.submitted, where: event.form == "demo"}
    - {event: page.viewed, where: 'event.url.contains("/pricing")', at_least: 3}
  by: same_person
  timeout: 14d
  on_timeout:
    nodes:
      - id: remind
        send_email: reminder
)",
              .check = check,
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
