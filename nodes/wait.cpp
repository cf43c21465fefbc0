// wait: the token stands for a duration, until a date, or until a day and time of the week.

#include "nodes/registry.hpp"
#include "nodes/wait_plan.hpp"

namespace caravan {
namespace {

class Wait final : public Node {
 public:
  explicit Wait(WaitDefinition definition) : plan_(std::move(definition)) {}

  Step visit(Scene& scene) const override { return WaitUntil{plan_.end(scene)}; }

 private:
  WaitPlan plan_;
};

template <class Value>
std::optional<Value> value_of(const NodeDefinition& definition, std::string_view key) {
  const auto* value = definition.setting<Value>(key);
  return value ? std::optional(*value) : std::nullopt;
}

WaitDefinition wait_of(const NodeDefinition& definition) {
  return {.duration = value_of<CalendarDuration>(definition, "for"),
          .until = value_of<Moment>(definition, "until"),
          .must_end_on = value_of<WeeklyTime>(definition, "must_end_on"),
          .timezone = value_of<std::string>(definition, "timezone").value_or("")};
}

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  return std::make_unique<Wait>(wait_of(definition));
}

void check(const NodeDefinition& definition, Diagnostics& diagnostics) {
  const bool has_for = definition.settings.contains("for");
  const auto until = definition.settings.find("until");
  if (has_for && until != definition.settings.end()) {
    diagnostics.error(until->second.place, "`wait` has `for` and `until`",
                      "a wait ends after a duration or at a date; take one of them out");
  } else if (!has_for && until == definition.settings.end() && !definition.settings.contains("must_end_on")) {
    diagnostics.error(definition.place, "`wait` does not say how long", "add `for`, `until` or `must_end_on`");
  }
}

}  // namespace

const NodeType& wait_node() {
  static const NodeType type{
      .shape =
          {
              .type = "wait",
              .summary = "Waits for a duration, until a date, or until a day and time of the week. A time "
                         "that is past goes on at once.",
              .short_form = "for",
              .keys =
                  {
                      {.name = "for",
                       .kind = KeyKind::duration,
                       .summary = "How long: `90s`, `15m`, `2h`, `3d`, `1w`, `1mo`, or a sum such as `1d12h`. Days "
                                  "and longer are calendar days in the time zone."},
                      {.name = "until",
                       .kind = KeyKind::moment,
                       .summary =
                           "A date (`2026-03-01T09:00:00Z`), or an expression that yields a timestamp. Where it yields "
                           "none, the wait is over at once. Instead of `for`."},
                      {.name = "must_end_on",
                       .kind = KeyKind::weekly_time,
                       .summary =
                           "The days and the time at which the wait may end, `{days: [mon, fri], time: \"09:00\"}`, "
                           "alone or on top of `for` or `until`: it ends at the next that fits. Without `days`, any "
                           "day; without `time`, at any time of such a day."},
                      {.name = "timezone",
                       .kind = KeyKind::time_zone,
                       .summary = "Whose calendar and clock count; without it, those of the journey, else of the "
                                  "account, else of the workspace. `must_end_on` may name its own."},
                  },
              .stops = Stops::always,
              .example = "id: settle\nwait:\n  for: 3d\n  must_end_on: {days: [mon, tue, wed, thu, fri], time: "
                         "\"09:00\", timezone: Europe/Berlin}\n",
              .check = check,
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
