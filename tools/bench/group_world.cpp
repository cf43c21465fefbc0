#include "tools/bench/group_world.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/engine.hpp"

namespace caravan::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGroups = R"(role_template: buyers
roles:
  - role: decision_maker
    weighting: vital
    when: person.title.startsWith("Chief")
    members_required: 2
  - role: influencer
    weighting: important
    when: person.title.contains("Agronom")
  - role: user
    when: person.title.contains("Operations")
    required: false
---
stage_model: pipeline
stages:
  - {stage: Identified, entry: true, to: [Won]}
  - {stage: Won, outcome: success}
---
solution_interest: measured
title: What is measured
role_template: buyers
audience: everyone
stage_model: pipeline
---
engagement_model: measured
window: 30d
daily_cap: 20
weights: {form.submitted: 40, link.clicked: 40, page.viewed: 20, email.opened: 10}
)";

SourceTexts workspace_texts() {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/everyone.yaml", "audience: everyone\nwhen: account.employees > 0\n"},
          {"buying-groups/measured.yaml", std::string(kGroups)}};
}

constexpr std::array<std::string_view, 8> titles = {
    "Chief Executive", "Agronomist", "Operations Manager", "Finance Controller", "Clerk",
    "Data Scientist",  "Buyer",      "Assistant"};
constexpr std::array<std::string_view, 5> activity_types = {"page.viewed", "email.opened", "link.clicked",
                                                            "form.submitted", "email.sent"};

/// A number below `range` that only depends on what it is drawn for.
std::uint64_t drawn(std::uint64_t number, std::uint64_t range) {
  constexpr std::uint64_t seed = 2026;
  std::uint64_t mixed = number * 0x9e3779b97f4a7c15ULL + seed;
  for (const std::uint64_t factor : {0xbf58476d1ce4e5b9ULL, 0x94d049bb133111ebULL})
    mixed = (mixed ^ mixed >> 30U) * factor;
  return (mixed ^ mixed >> 31U) % range;
}

/// Puts account after account into a store's changes.
class Filler {
 public:
  Filler(Store& store, const GroupSizes& sizes) : sizes_(sizes), names_(*store.reader()) {
    for (const std::string_view type : activity_types)
      types_.push_back(names_.id_of(type));
    employees_ = names_.id_of("employees");
    title_ = names_.id_of("title");
    changes_.names = names_.take_new();
  }

  void add_account(std::size_t number) {
    const AccountId account{static_cast<std::int64_t>(number)};
    const std::array<std::pair<NameId, AttributeInput>, 1> attributes = {{{employees_, {std::int64_t{200}}}}};
    changes_.accounts.push_back({{account, "account-" + std::to_string(number), Attributes().with(attributes)}, true});
    for (std::size_t each = 0; each < sizes_.people_per_account; ++each)
      add_person(account, (number - 1) * sizes_.people_per_account + each + 1, each);
    changes_.engagement_due.push_back({account, kGroupsMeasuredAt});
  }

  Changes& changes() { return changes_; }

 private:
  void add_person(AccountId account, std::size_t number, std::size_t place) {
    const std::array<std::pair<NameId, AttributeInput>, 1> attributes = {
        {{title_, {std::string(titles[place % titles.size()])}}}};
    PersonRecord person;
    person.id = PersonId{static_cast<std::int64_t>(number)};
    person.account = account;
    person.key = "person-" + std::to_string(number);
    person.attributes = Attributes().with(attributes);
    const PersonId id = person.id;
    changes_.people.push_back({std::move(person), true});
    for (std::size_t each = 0; each < sizes_.activities_per_person; ++each)
      add_activity(account, id);
  }

  /// People differ in how busy they are: of a calm one's activity more is mails that were sent, which do not count.
  void add_activity(AccountId account, PersonId person) {
    ActivityRecord activity;
    activity.account = account;
    activity.sequence = ++sequence_;
    const auto number = static_cast<std::uint64_t>(sequence_);
    constexpr std::chrono::milliseconds window = 29 * 24h;
    activity.at =
        kGroupsMeasuredAt - std::chrono::milliseconds(drawn(number, static_cast<std::uint64_t>(window.count())));
    activity.person = person;
    const bool is_calm = drawn(static_cast<std::uint64_t>(person.value), 3) == 0;
    const std::uint64_t type = drawn(number + 0x5bd1e995ULL, activity_types.size());
    activity.type = types_[is_calm && type != 0 ? activity_types.size() - 1 : type];
    changes_.activity.push_back(std::move(activity));
  }

  const GroupSizes sizes_;
  NameBook names_;
  std::vector<NameId> types_;
  NameId employees_{};
  NameId title_{};
  Changes changes_;
  std::int64_t sequence_ = 0;
};

/// An engine on a store, at the time of the measurement. Nothing is sent.
class Machine {
 public:
  Machine(const std::filesystem::path& file, bool publishes)
      : store_(open_sqlite(file, OpenMode::write)),
        names_(*store_->reader()),
        engine_(io_, *store_, names_, clock_, publishes ? workspace() : nullptr, nullptr, settings(publishes)) {}

  Engine& engine() { return engine_; }

  /// Runs until it is idle and, where `input` is given, that has been done. Gives the seconds from the start, or from
  /// when the input was told.
  double run(std::optional<Input> input) {
    auto began = std::chrono::steady_clock::now();
    double seconds = 0;
    std::string failure;
    engine_.on_idle([&](std::optional<Instant>) {
      if (input) {
        began = std::chrono::steady_clock::now();
        engine_.post(*std::exchange(input, std::nullopt), [&](const InputResult& result) { failure = result.refused; });
        return;
      }
      if (seconds > 0) return;
      seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
      engine_.stop([&] { io_.stop(); });
    });
    engine_.start([&](const std::string& reason) {
      failure = reason;
      io_.stop();
    });
    const auto work = boost::asio::make_work_guard(io_);
    io_.run();
    if (!failure.empty()) throw StoreError(failure);
    return seconds;
  }

 private:
  static EngineSettings settings(bool publishes) {
    EngineSettings settings;
    settings.publish = publishes;
    return settings;
  }

  std::unique_ptr<Workspace> workspace() {
    auto loaded = load_workspace(workspace_texts(), "measured", node_shapes(), names_);
    if (loaded->diagnostics.errors() != 0)
      throw std::logic_error(render(loaded->diagnostics.sorted().front(), Colour::never));
    return loaded;
  }

  std::unique_ptr<Store> store_;
  NameBook names_;
  VirtualClock clock_{kGroupsMeasuredAt};
  boost::asio::io_context io_;
  Engine engine_;
};

}  // namespace

void publish_groups(const std::filesystem::path& file) {
  Machine(file, true).run(std::nullopt);
}

void fill_groups(const std::filesystem::path& file, const GroupSizes& sizes, const Progress& progress) {
  const std::unique_ptr<Store> store = open_sqlite(file, OpenMode::write);
  Filler filler(*store, sizes);
  const std::size_t rows_an_account = 1 + sizes.people_per_account * (1 + sizes.activities_per_person);
  const std::size_t per_commit = std::max<std::size_t>(1, 100'000 / rows_an_account);
  for (std::size_t number = 1; number <= sizes.accounts; ++number) {
    filler.add_account(number);
    if (number % per_commit != 0 && number != sizes.accounts) continue;
    store->commit(filler.changes());
    filler.changes().clear();
    progress("accounts made", number, sizes.accounts);
  }
}

double make_groups(const std::filesystem::path& file, const Progress& progress) {
  Machine machine(file, false);
  machine.engine().on_batch([&](const BatchReport& report) {
    if (report.sweep)
      progress("groups made", static_cast<std::size_t>(report.sweep->done),
               static_cast<std::size_t>(report.sweep->total));
  });
  return machine.run(std::nullopt);
}

double score_groups(const std::filesystem::path& file, const Progress& progress) {
  Machine machine(file, false);
  machine.engine().on_batch([&](const BatchReport& report) {
    if (report.round)
      progress("engagement scored", static_cast<std::size_t>(report.round->done),
               static_cast<std::size_t>(report.round->total));
  });
  return machine.run(ScoreEngagement{});
}

}  // namespace caravan::bench
