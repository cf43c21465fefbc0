// Which enrollments are due to be let go, and that no page is read again before something in it may be.

#include "engine/history_search.hpp"

#include "storage/memory/memory_store.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5)};
using std::chrono::days;

/// A store whose enrollments of the journeys `seeds` (version 1) and `welcome` (version 2) are made by hand.
class Enrollments {
 public:
  Enrollments() {
    Changes changes;
    changes.accounts = {{{{1}, "acme", {}}, true}};
    changes.versions = {{{1}, "seeds", 1, "a", kStart, true, 1}, {{2}, "welcome", 1, "b", kStart, true, 1}};
    store.commit(changes);
  }

  /// One that entered and ended so many days after the start; without `ended` it is under way. Its number.
  std::int64_t add(int entered, std::optional<int> ended, std::int64_t version = 1) {
    TokenRecord token;
    token.id.value = ++last;
    token.version.value = version;
    token.account.value = 1;
    token.visits = 1;
    token.state = TokenState::waiting;
    token.entered_at = kStart + days(entered);
    Changes changes;
    changes.tokens = {{token, true}};
    changes.runs = {{token.id, 0, token.entered_at, {{NodeIndex{0}}}}};
    store.commit(changes);
    if (ended) end(last, *ended);
    return last;
  }
  void end(std::int64_t id, int day) {
    TokenRecord token = record(id);
    token.state = TokenState::completed;
    token.ended_at = kStart + days(day);
    Changes changes;
    changes.tokens = {{token, false}};
    store.commit(changes);
  }
  TokenRecord record(std::int64_t id) {
    std::vector<TokenRecord> tokens;
    store.reader()->tokens_of({1}, tokens);
    return *std::find_if(tokens.begin(), tokens.end(), [&](const TokenRecord& each) { return each.id.value == id; });
  }

  /// What is due on a day, and let go: `1 2 | 5; next 4`, where a bar divides portions.
  std::string look(HistorySearch& search, int day) {
    const auto reader = store.reader();
    search.begin(*reader, kStart + days(day));
    std::string text;
    for (bool is_last = false; !is_last;) {
      HistorySearch::Portion portion = search.next(*reader);
      is_last = portion.is_last;
      if (!portion.history.empty() && !text.empty()) text += " |";
      Changes changes;
      for (const EnrollmentHistory& each : portion.history) {
        text += (text.empty() ? "" : " ") + std::to_string(each.enrollment.id.value);
        changes.history.forgotten.push_back({each.enrollment.id, {1}, {}, Instant::min()});
      }
      changes.history.next = portion.next;
      if (portion.next) text += "; next " + std::to_string(portion.next.value);
      store.commit(changes);
    }
    return text;
  }

  MemoryStore store;
  std::int64_t last = 0;
};

HistoryDefinition kept(int for_days) {
  HistoryDefinition definition;
  definition.keep = CalendarDuration{.days = days(for_days)};
  return definition;
}

}  // namespace

TEST_CASE("an enrollment is due as many days after its end as history is kept, and not before") {
  Enrollments enrollments;
  enrollments.add(0, 3);
  enrollments.add(0, 5);
  enrollments.add(1, std::nullopt);
  HistorySearch search(kept(30), "UTC");
  CHECK(enrollments.look(search, 32) == "");
  CHECK(enrollments.look(search, 33) == "1");
  CHECK(enrollments.look(search, 34) == "");
  CHECK(enrollments.look(search, 35) == "2");
  enrollments.end(3, 40);
  CHECK(enrollments.look(search, 69) == "");
  CHECK(enrollments.look(search, 70) == "3");
  CHECK(enrollments.look(search, 400) == "");
}

TEST_CASE("a journey may be kept longer than the others, shorter, or always") {
  Enrollments enrollments;
  enrollments.add(0, 1);
  enrollments.add(0, 1, 2);
  HistoryDefinition definition = kept(30);
  SECTION("longer") {
    definition.journeys["welcome"] = CalendarDuration{.days = days(100)};
    HistorySearch search(definition, "UTC");
    CHECK(enrollments.look(search, 31) == "1");
    CHECK(enrollments.look(search, 100) == "");
    CHECK(enrollments.look(search, 101) == "2");
  }
  SECTION("shorter") {
    definition.journeys["welcome"] = CalendarDuration{.days = days(2)};
    HistorySearch search(definition, "UTC");
    CHECK(enrollments.look(search, 3) == "2");
    CHECK(enrollments.look(search, 31) == "1");
  }
  SECTION("always") {
    definition.journeys["welcome"] = std::nullopt;
    HistorySearch search(definition, "UTC");
    CHECK(enrollments.look(search, 31) == "1");
    CHECK(enrollments.look(search, 4'000) == "");
  }
  SECTION("alone") {
    definition.keep.reset();
    definition.journeys["welcome"] = CalendarDuration{.days = days(2)};
    HistorySearch search(definition, "UTC");
    CHECK(enrollments.look(search, 4'000) == "2");
  }
}

TEST_CASE("without a time to keep history for, nothing is looked for") {
  CHECK_FALSE(lets_go({}));
  CHECK(lets_go(kept(1)));
}

TEST_CASE("what an enrollment has promised must be over as long as well, and what was noted of it") {
  EnrollmentHistory history;
  history.enrollment.state = TokenState::left;
  history.enrollment.ended_at = kStart;
  const std::optional<CalendarDuration> keep = CalendarDuration{.days = days(10)};
  const auto due = [&] { return let_go_at(history, keep, "UTC"); };
  CHECK(due() == kStart + days(10));
  history.deliveries.resize(2);
  history.deliveries[0].state = DeliveryState::delivered;
  history.deliveries[0].ended_at = kStart + days(3);
  history.deliveries[1].state = DeliveryState::in_doubt;
  CHECK(due() == kStart + days(13));
  history.notes.push_back({{1}, kStart + days(4), NoteKind::failure, {1}, kNoNode, "late"});
  CHECK(due() == kStart + days(14));
  for (const DeliveryState state : {DeliveryState::pending, DeliveryState::under_way}) {
    history.deliveries[1].state = state;
    CHECK_FALSE(due());
  }
  history.deliveries.clear();
  history.people.resize(1);
  CHECK_FALSE(due());
  history.people[0].state = TokenState::completed;
  CHECK(due());
  history.enrollment.state = TokenState::listening;
  CHECK_FALSE(due());
}

TEST_CASE("portions are small, and the beginning moves past pages in which nothing is left") {
  Enrollments enrollments;
  for (int i = 0; i < 25; ++i)
    enrollments.add(i, i == 12 ? std::nullopt : std::optional(i));
  HistorySearch search(kept(30), "UTC", {.page = 4, .enrollments = 3, .rows = 100});
  // Pages begin at 4, 8, 12; the 13th is under way.
  CHECK(enrollments.look(search, 60) ==
        "1 2 3 | 4 5 6 | 7 | 8 9 10 | 11 | 12 14 15 | 16 17 18 | 19 | 20 21 22 | 23 | 24 25; next 12");
  CHECK(enrollments.store.reader()->history().next == TokenId{12});
  // After a restart as before it.
  HistorySearch anew(kept(30), "UTC", {.page = 4, .enrollments = 3, .rows = 100});
  CHECK(enrollments.look(anew, 61) == "");
  enrollments.end(13, 61);
  CHECK(enrollments.look(anew, 91) == "13; next 24");
}

TEST_CASE("enrollments that come into a page that was gone through are found") {
  Enrollments enrollments;
  enrollments.add(0, 0);
  HistorySearch search(kept(30), "UTC", {.page = 4, .enrollments = 3, .rows = 100});
  CHECK(enrollments.look(search, 40) == "1");
  enrollments.add(40, 41);
  enrollments.add(40, 42);
  CHECK(enrollments.look(search, 71) == "2");
  CHECK(enrollments.look(search, 72) == "3; next 4");  // the page is full
}

TEST_CASE("what could not be let go is found again") {
  Enrollments enrollments;
  for (int i = 0; i < 9; ++i)
    enrollments.add(0, 0);
  HistorySearch search(kept(30), "UTC", {.page = 4, .enrollments = 3, .rows = 100});
  const auto reader = enrollments.store.reader();
  search.begin(*reader, kStart + days(30));
  CHECK(search.next(*reader).history.size() == 3);
  search.give_up();
  CHECK(search.next(*reader).is_last);
  CHECK(enrollments.look(search, 30) == "1 2 3 | 4 5 6 | 7 | 8 9; next 8");
}
