#include "tools/bench/reference.hpp"

#include <boost/asio/io_context.hpp>
#include <sqlite3.h>

#include "engine/engine.hpp"

namespace caravan::bench {
namespace {

constexpr std::string_view kJourney = R"(journey: reference
enter: {audience: everyone}
nodes:
  - id: by-industry
    split:
      - path: technology
        when: account.industry == "technology"
        nodes: []
      - path: agriculture
        when: account.industry == "agriculture"
        nodes: []
      - path: others
        nodes: []
  - id: mail
    send_email: story
  - id: settle
    wait: 1d
  - id: by-size
    split:
      - path: enterprise
        when: account.employees >= 1000
        nodes:
          - id: join
            assign_to_buying_group: {solution_interest: reference, role: decision_maker}
      - path: others
        nodes: []
  - id: tell-sales
    notify_sales: {solution_interest: reference, to: [account.owner_email]}
  - id: done
    end:
)";

constexpr std::string_view kGroups = R"(role_template: buyers
roles:
  - role: decision_maker
---
solution_interest: reference
title: The reference solution
role_template: buyers
)";

constexpr std::string_view kMail = R"(---
subject: A story for {{account.key}}
---
<p>Dear {{person.first_name}}, here is a story for {{account.key}}.</p>
)";

constexpr Instant kStart{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5) + std::chrono::hours(9)};

}  // namespace

SourceTexts reference_workspace() {
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/everyone.yaml", "audience: everyone\nwhen: account.employees > 0\n"},
          {"buying-groups/reference.yaml", std::string(kGroups)},
          {"emails/story.html", std::string(kMail)},
          {"journeys/reference.yaml", std::string(kJourney)}};
}

ReferenceAccount reference_account(std::size_t number) {
  constexpr std::array industries = {"technology", "agriculture", "retail"};
  constexpr std::array first_names = {"Ada", "Grace", "Edsger", "Barbara", "Alan"};
  const std::string text = std::to_string(number);
  ReferenceAccount account;
  account.key = "account-" + text;
  account.industry = industries[number % industries.size()];
  account.employees = number % 2 == 0 ? 200 : 5'000;
  account.owner = "owner-" + std::to_string(number % 50) + "@sales.example";
  account.person_key = "person-" + text;
  account.first_name = first_names[number % first_names.size()];
  account.title = "Director";
  account.email = "person-" + text + "@customer.example";
  return account;
}

void fill(const std::filesystem::path& file, std::size_t accounts, const Progress& progress) {
  constexpr std::size_t kPerCommit = 10'000;
  const std::unique_ptr<Store> store = open_sqlite(file, OpenMode::write);
  NameBook names(*store->reader());
  const NameId industry = names.id_of("industry"), employees = names.id_of("employees"),
               owner = names.id_of("owner_email"), first_name = names.id_of("first_name"), title = names.id_of("title"),
               email = names.id_of("email");
  Changes changes;
  changes.names = names.take_new();
  for (std::size_t number = 1; number <= accounts; ++number) {
    const ReferenceAccount account = reference_account(number);
    const AccountId id{static_cast<std::int64_t>(number)};
    const std::array<std::pair<NameId, AttributeInput>, 3> of_account = {
        {{industry, {account.industry}}, {employees, {account.employees}}, {owner, {account.owner}}}};
    const std::array<std::pair<NameId, AttributeInput>, 3> of_person = {
        {{first_name, {account.first_name}}, {title, {account.title}}, {email, {account.email}}}};
    changes.accounts.push_back({{id, account.key, Attributes().with(of_account)}, true});
    changes.people.push_back({{PersonId{id.value}, id, account.person_key, Attributes().with(of_person)}, true});
    if (number % kPerCommit == 0 || number == accounts) {
      store->commit(changes);
      changes.clear();
      progress("accounts made", number, accounts);
    }
  }
}

EngineRun run_engine(const std::filesystem::path& file, std::size_t accounts, const Progress& progress) {
  const std::unique_ptr<Store> store = open_sqlite(file, OpenMode::write);
  NameBook names(*store->reader());
  std::unique_ptr<Workspace> workspace = load_workspace(reference_workspace(), "reference", node_shapes(), names);
  if (workspace->diagnostics.errors() != 0) {
    throw std::logic_error(render(workspace->diagnostics.sorted().front(), Colour::never));
  }
  boost::asio::io_context io;
  VirtualClock clock(kStart);
  EngineRun run;
  std::size_t turns = 0;
  std::string failure;
  const auto began = std::chrono::steady_clock::now();
  Engine engine(io, *store, names, clock, std::move(workspace), nullptr);
  engine.on_batch([&](const BatchReport& report) {
    turns += report.turns;
    for (const auto& [packed, by] : report.counted) {
      const CounterKind kind = unpack_counter(packed).kind;
      if (kind == CounterKind::visited) run.node_executions += by;
      if (kind == CounterKind::completed) run.completed += by;
    }
    progress("turns run", turns, 2 * accounts);
  });
  engine.on_idle([&](std::optional<Instant> next_due) {
    if (!next_due) {
      run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
      return engine.stop([&] { io.stop(); });
    }
    clock.move_to(*next_due);
    engine.poke();
  });
  engine.start([&](const std::string& reason) {
    failure = reason;
    io.stop();
  });
  const auto work = boost::asio::make_work_guard(io);
  io.run();
  if (!failure.empty()) throw StoreError(failure);
  return run;
}

std::map<std::string, std::int64_t> written_rows(const std::filesystem::path& file) {
  std::map<std::string, std::int64_t> rows;
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
    sqlite3_close(database);
    throw StoreError(file.string() + ": cannot be opened");
  }
  constexpr std::array statements = {
      std::pair{"token", "SELECT count(*) FROM token"},
      std::pair{"run", "SELECT count(*) FROM run"},
      std::pair{"delivery", "SELECT count(*) FROM delivery"},
      std::pair{"buying_group", "SELECT count(*) FROM buying_group"},
      std::pair{"member", "SELECT count(*) FROM member"},
  };
  for (const auto& [table, sql] : statements) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
    if (sqlite3_step(statement) == SQLITE_ROW) rows[table] = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
  }
  sqlite3_close(database);
  return rows;
}

}  // namespace caravan::bench
