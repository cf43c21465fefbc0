// Measurements in which every account of a store goes through something, and bare SQLite writes the same rows.

#include "tools/bench/accounts.hpp"
#include "tools/bench/bare_copy.hpp"
#include "tools/bench/engine_on_file.hpp"
#include "tools/bench/measurement.hpp"

namespace caravan::bench {
namespace {

constexpr std::string_view kMail =
    "---\nsubject: A story for {{account.key}}\n---\n<p>Dear {{person.first_name}}.</p>\n";
constexpr std::string_view kEveryone = "audience: everyone\nwhen: account.employees > 0\n";

constexpr std::string_view kPeopleSplit = R"(journey: people
enter: {audience: everyone}
nodes:
  - id: by-title
    split_people:
      - path: deciders
        when: person.title.startsWith("Chief")
        nodes:
          - id: story-for-deciders
            send_email: story
      - path: agronomists
        when: person.title.contains("Agronom")
        nodes:
          - id: story-for-agronomists
            send_email: story
      - path: others
        nodes:
          - id: story-for-others
            send_email: story
)";

constexpr std::string_view kFewOfMany = R"(audience: large-and-technical
when: account.industry == "technology" && account.employees >= 1000 && account.owner_email.startsWith("owner-1")
)";

SourceTexts people_workspace() {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/everyone.yaml", std::string(kEveryone)},
          {"emails/story.html", std::string(kMail)},
          {"journeys/people.yaml", std::string(kPeopleSplit)}};
}

SourceTexts audience_workspace() {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/few.yaml", std::string(kFewOfMany)},
          {"journeys/trivial.yaml",
           "journey: trivial\nenter: {audience: large-and-technical}\nnodes:\n  - {id: done, end: }\n"}};
}

std::int64_t expected_in_audience(std::size_t accounts) {
  std::int64_t expected = 0;
  for (std::size_t number = 1; number <= accounts; ++number) {
    const ReferenceAccount account = reference_account(number);
    if (account.industry == "technology" && account.employees >= 1'000 && account.owner.starts_with("owner-1"))
      ++expected;
  }
  return expected;
}

/// One journey a segment, each with an audience of its own.
SourceTexts many_journeys() {
  SourceTexts texts = {{"caravan.yaml", "timezone: UTC\n"}, {"emails/story.html", std::string(kMail)}};
  for (std::size_t segment = 1; segment <= kSegments; ++segment) {
    const std::string number = std::to_string(segment);
    texts["audiences/segment-" + number + ".yaml"] =
        "audience: segment-" + number + "\nwhen: account.segment == " + number + "\n";
    texts["journeys/of-" + number + ".yaml"] =
        "journey: of-" + number + "\nenter: {audience: segment-" + number +
        "}\nnodes:\n  - {id: settle, wait: 1d}\n  - {id: mail, send_email: story}\n  - {id: done, end: }\n";
  }
  return texts;
}

struct Plan {
  std::string_view kind;
  std::string title;
  SourceTexts workspace;
  std::size_t people_per_account = 1;
  std::string_view also_read = {};  ///< the table that bare SQLite reads as well
};

/// Fills a store, runs the engine on it to the end, and lets bare SQLite write the same. `check` throws where the
/// engine has not done what it should have.
Row run_race(const Plan& plan, const Task& task, const Progress& progress,
             const std::function<void(const EngineWork&)>& check) {
  const Scratch scratch(task.folder);
  const auto engine_file = scratch.file("engine.db"), bare_file = scratch.file("bare.db");
  fill_apart(engine_file, task.size, plan.people_per_account, progress);
  std::filesystem::copy_file(engine_file, bare_file);
  double seconds = 0;
  EngineWork work;
  {
    VirtualClock clock(kMeasuredAt);
    EngineOnFile engine(engine_file, clock, plan.workspace);
    engine.on_batch([&](const BatchReport& report) {
      const SweepProgress swept = report.sweep.value_or(SweepProgress{});
      if (report.sweep)
        progress("audiences evaluated", static_cast<std::size_t>(swept.done), static_cast<std::size_t>(swept.total));
    });
    seconds = run_to_the_end(engine, clock);
    work = engine.work();
  }
  check(work);
  const std::int64_t peak_memory = peak_memory_bytes();
  const double bytes = bytes_per_account(engine_file, task.size);
  const double bytes_before = bytes_per_account(bare_file, task.size);
  BareCopy bare(bare_file, engine_file, progress);
  if (!plan.also_read.empty()) bare.also_read(std::string(plan.also_read));
  Row row = race(plan.kind, plan.title, task, "accounts", seconds, bare.write(work.commits, progress));
  row.peak_memory = peak_memory;
  row.bytes_per_account = bytes;
  row.added_bytes_per_account = bytes - bytes_before;
  return row;
}

void expect(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error("the engine has not done what is measured: " + what);
}

}  // namespace

std::vector<Row> measure_people_splits(const Task& task, const Progress& progress) {
  const Plan plan{"people-splits", "people splits, 10 people an account", people_workspace(), kTitles.size()};
  return {run_race(plan, task, progress, [&](const EngineWork& work) {
    const auto accounts = static_cast<std::int64_t>(task.size);
    expect(work.completed == accounts, "not every account has completed the journey");
    expect(work.promised == accounts * std::ssize(kTitles), "not every person has been promised a mail");
  })};
}

std::vector<Row> measure_audience(const Task& task, const Progress& progress) {
  const Plan plan{"audience", "evaluation of an audience", audience_workspace(), 1, "account"};
  return {run_race(plan, task, progress, [&](const EngineWork& work) {
    expect(work.completed == expected_in_audience(task.size), "others are in the audience than should be");
  })};
}

std::vector<Row> measure_journeys(const Task& task, const Progress& progress) {
  const Plan plan{"journeys", std::to_string(kSegments) + " live journeys", many_journeys()};
  return {run_race(plan, task, progress, [&](const EngineWork& work) {
    const auto accounts = static_cast<std::int64_t>(task.size);
    expect(work.completed == accounts && work.promised == accounts, "not every account has completed its journey");
  })};
}

}  // namespace caravan::bench
