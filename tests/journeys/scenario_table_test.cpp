// Scenarios as tables: one body, many rows.
#include "tests/journeys/scenario_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

/// A table about one wait; its rows begin in line 4, the body stands behind them.
std::string table(const std::string& rows, const std::string& body = "  - advance: {to: '${until}'}\n") {
  return "scenario: s\njourney: seeds\nrows:\n" + rows + "given: {accounts: [{key: acme}]}\nsteps:\n" + body +
         "  - expect: {account: acme, at: nowhere}\n";
}

TEST_CASE("the body is read once for each row, with the row's values in it") {
  const LoadedScenarios loaded(alone(R"(scenario: s
journey: seeds
at: ${entered}
rows:
  - {row: friday, entered: 2026-01-09T15:00:00Z, days: 3, who: [acme, zeta], more: {account: acme, at: settle}, what: {employees: 7}}
  - {entered: 2026-01-12T07:00:00Z, days: 12, who: [acme], more: {account: acme, at: raise}, what: {employees: 8}}
given:
  accounts: [{key: acme, employees: "${days}", industry: 'no ${days}, $${days}'}, {key: zeta}]
steps:
  - advance: ${days}d
  - expect: ${more}
  - expect: {account: acme, notified: "${who}", attributes: "${what}"}
)"));
  REQUIRE(loaded.faults() == Lines{});
  REQUIRE(loaded.set.scenarios.size() == 2);
  const ScenarioDefinition& first = loaded.set.scenarios[0];
  CHECK(first.name == "s");
  CHECK(first.row == "#1 friday");
  CHECK(position_of(first.row_place).line == 5);
  CHECK(first.at == parse_instant("2026-01-09T15:00:00Z"));
  CHECK(std::get<AdvanceStep>(first.steps.at(0).what).by->days == std::chrono::days(3));
  // Nothing but the column keeps the column's type; within a text it is a text.
  CHECK(std::get<std::int64_t>(first.accounts.at(0).attributes.at(0).value.value) == 3);
  CHECK(std::get<std::string>(first.accounts.at(0).attributes.at(1).value.value) == "no 3, ${days}");
  CHECK(std::get<ExpectStep>(first.steps.at(1).what).at == "settle");
  CHECK(std::get<ExpectStep>(first.steps.at(2).what).notified == Lines{"acme", "zeta"});
  CHECK(std::get<ExpectStep>(first.steps.at(2).what).attributes.size() == 1);
  const ScenarioDefinition& second = loaded.set.scenarios[1];
  CHECK(second.row == "#2");
  CHECK(std::get<AdvanceStep>(second.steps.at(0).what).by->days == std::chrono::days(12));
  CHECK(std::get<ExpectStep>(second.steps.at(1).what).at == "raise");
  // A step's place is where the body has it, whichever row it is.
  CHECK(second.steps.at(0).place.offset == first.steps.at(0).place.offset);
}

TEST_CASE("rows are mappings with the same columns") {
  CHECK(scenario_faults(table("  []\n", "")) == Lines{"3:1: error: a table needs a row; take `rows` out, or add one"});
  CHECK(scenario_faults(table("  - monday\n  - {until: 2026-01-06}\n")) ==
        Lines{"4:5: error: a row must be a mapping from columns to values"});
  CHECK(scenario_faults(table("  - {until: 2026-01-06}\n  - {untill: 2026-01-07}\n")) ==
        Lines{"5:6: error: the first row has no column `untill`; did you mean \"until\"?"});
  CHECK(scenario_faults(table("  - {until: 2026-01-06, days: 3}\n  - {until: 2026-01-07}\n",
                              "  - advance: {to: '${until}'}\n  - advance: ${days}d\n")) ==
        Lines{"5:6: error: this row has no column `days`; all rows have the same columns; write `null` where it has no "
              "value"});
  CHECK(scenario_faults(table("  - {row: [x], until: 2026-01-06}\n")) ==
        Lines{"4:11: error: `row` must be text, not a list"});
}

TEST_CASE("a column that nothing uses, and one that no row has, are faults at their places") {
  CHECK(scenario_faults(table("  - {until: 2026-01-06, days: 3}\n  - {until: 2026-01-07, days: 4}\n")) ==
        Lines{"4:25: error: nothing uses the column `days`; write `${days}` where its value belongs, or take it out"});
  CHECK(scenario_faults(table("  - {until: 2026-01-06}\n  - {until: 2026-01-07}\n",
                              "  - advance: {to: '${until}'}\n  - advance: ${untill}\n")) ==
        Lines{"9:14: error: no row has a column `untill`; did you mean \"until\"?"});
  CHECK(scenario_faults(table("  - {until: 2026-01-06}\n", "  - advance: {to: '${until}'}\n  - advance: 3d${x}\n")) ==
        Lines{"8:16: error: no row has a column `x`; write `$${` where `${` itself is meant"});
  CHECK(
      step_faults("- advance: ${days}d\n") ==
      Lines{"1:12: error: `${days}` stands for a column, and the scenario has no `rows`; write `$${` where `${` itself "
            "is meant"});
}

TEST_CASE("columns stand in values, not in keys and not in the scenario's name") {
  CHECK(scenario_faults(table("  - {until: 2026-01-06}\n",
                              "  - advance: {to: '${until}'}\n  - expect: {account: acme, lists: {key-accounts: true, "
                              "'${until}': true}}\n")) ==
        Lines{"8:57: error: a column cannot stand in a key; only values are replaced"});
  CHECK(
      scenario_faults("scenario: until ${until}\njourney: seeds\nrows: [{until: 2026-01-06}]\ngiven: {accounts: [{key: "
                      "acme}]}\nsteps: [{advance: {to: '${until}'}}, {expect: {account: acme, at: nowhere}}]\n") ==
      Lines{
          "1:11: error: the name of a scenario is the same for all rows; give the rows names of their own with `row`"});
}

TEST_CASE("within a text a column is a text") {
  CHECK(scenario_faults(table("  - {d: 1}\n  - {d: [1, 2]}\n", "  - advance: ${d}d\n")) ==
        Lines{"5:9: error: the column `d` is a list here, and stands within a text; the text is in line 8"});
  CHECK(scenario_faults(table("  - {d: 1}\n  - {d: null}\n", "  - advance: ${d}d\n")) ==
        Lines{"5:6: error: the column `d` has no value here, and stands within a text; the text is in line 8"});
}

TEST_CASE("a fault that a row's value makes is reported where the value stands") {
  CHECK(scenario_faults(table("  - {until: 2026-01-06}\n  - {until: soon}\n  - {until: 2026-01-02}\n")) ==
        Lines{"5:13: error: `soon` is no date; write for example `2026-03-01`, `2026-03-01T09:00:00Z` or "
              "`2026-03-01T09:00:00+01:00`",
              "6:13: error: time does not go back; it is 2026-01-05T09:00:00Z here"});
}

TEST_CASE("a fault of the body is reported once, with the row named where not all have it") {
  const std::string rows = "  - {d: 1}\n  - {row: two, d: x}\n  - {d: y}\n  - {d: z}\n";
  CHECK(
      scenario_faults(table(rows, "  - advance: ${d}d\n  - advance: 3 days\n")) ==
      Lines{"10:14: error: `xd` is not a duration: a number must stand before each unit (in the row `#2 two`; 2 more "
            "rows have "
            "a fault here); write for example `90s`, `15m`, `2h`, `3d`, `1w`, `1mo` or `1d12h`",
            "11:14: error: `3 days` is not a duration: \" days\" is no unit; units are mo, w, d, h, m and s; write for "
            "example `90s`, `15m`, `2h`, `3d`, `1w`, `1mo` or `1d12h`"});
  CHECK(scenario_faults(table("  - {c: acme, k: acme}\n  - {row: other, c: zeta, k: zeta}\n",
                              "  - account: {key: '${k}'}\n  - expect: {holds: 'account.x${c} == 1', account: acme}\n"))
            .size() == 1);
}

TEST_CASE("a table is not larger than anybody would write") {
  std::string rows;
  for (int i = 0; i < 1001; ++i)
    rows += "  - {until: 2026-01-06}\n";
  CHECK(scenario_faults(table(rows)) == Lines{"1004:6: error: a table has at most 1000 rows"});
  // Each row would put its text into the body ten thousand times.
  std::string body = "  - event: {type: form.submitted, account: acme, form: '";
  for (int i = 0; i < 10'000; ++i)
    body += "${t}";
  body += "'}\n";
  const std::string text(30'000, 'x');
  CHECK(scenario_faults(table("  - {t: " + text + "}\n", body)) ==
        Lines{"4:6: error: from here on the rows are too much: all tables together make at most 128 MiB"});
}

}  // namespace
}  // namespace caravan
