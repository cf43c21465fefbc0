// Timelines of accounts that are made up: however pages are cut, each thing is told once and in order.

#include <random>

#include "tests/engine/report/timelines.hpp"

using namespace caravan;
using namespace caravan::test;

namespace {

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}
  /// From 0, less than `below`.
  std::int64_t number(std::int64_t below) { return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_); }

 private:
  std::mt19937 random_;
};

/// Everything within a minute, so that much is of the same second; and what there is to be told of it.
struct MadeUp {
  Changes changes = with_acme();
  std::multiset<std::string> all;

  explicit MadeUp(Chance& chance) {
    for (std::int64_t id = 1, count = chance.number(12); id <= count; ++id)
      add_token(chance, id);
    // In whichever order they came.
    for (std::int64_t sequence = 1, count = chance.number(20); sequence <= count; ++sequence) {
      changes.activity.push_back(event_at(sequence, chance.number(60)));
      all.insert("event " + std::to_string(sequence));
    }
    for (std::int64_t note = 0, count = chance.number(10); note < count; ++note) {
      changes.notes.push_back(note_of(0, chance.number(60), std::to_string(note)));
      all.insert("note " + std::to_string(note));
    }
    if (chance.number(2) == 0) return;
    changes.groups = {{kAcme, NameId{2}, at(0), {}, {}, {}, 0, 0, {}}};
    for (std::uint32_t change = 1; change < 4; ++change) {
      changes.group_changes.push_back(
          {kAcme, NameId{2}, at(chance.number(60)), GroupAspect::stage, {}, NameId{change}, MembershipSource::hand});
      all.insert("group " + std::to_string(change));
    }
  }

 private:
  void add_token(Chance& chance, std::int64_t id) {
    std::int64_t second = chance.number(30);
    TokenRecord token = token_from(id, second);
    all.insert("begin " + std::to_string(id));
    std::uint32_t visit = 0;
    for (std::int64_t run = chance.number(8); run > 0; --run) {
      const auto visits = static_cast<std::size_t>(1 + chance.number(3));
      changes.runs.push_back(run_of(id, visit, second, visits));
      for (std::size_t i = 0; i < visits; ++i, ++visit)
        add_visit(chance, id, visit, second);
      second += chance.number(3);
    }
    if (chance.number(2) == 0) {
      token.state = TokenState::completed;
      token.ended_at = at(second);
      all.insert("end " + std::to_string(id));
    }
    changes.tokens.push_back({token, true});
  }

  void add_visit(Chance& chance, std::int64_t id, std::uint32_t visit, std::int64_t second) {
    all.insert("visit " + std::to_string(id) + "." + std::to_string(visit));
    for (std::int64_t recipient = chance.number(4) - 2; recipient > -2 && recipient < 2; ++recipient) {
      if (recipient == 0) continue;
      const DeliveryRecord delivery = delivery_of(id, visit, recipient, second);
      all.insert("delivery " + caravan::name_of(delivery.key));
      changes.deliveries.push_back(delivery);
    }
  }
};

}  // namespace

TEST_CASE("however pages of a timeline are cut, each thing is told once, and both orders are the same") {
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    Chance chance(seed);
    const MadeUp made_up(chance);
    Told told(made_up.changes);
    const Names up = told.names({.order = Order::ascending, .limit = 10'000});
    CHECK(std::multiset<std::string>(up.begin(), up.end()) == made_up.all);
    const auto limit = static_cast<std::size_t>(1 + chance.number(9));
    const auto most = static_cast<std::size_t>(1 + chance.number(9));
    CHECK(told.names({.order = Order::ascending, .limit = limit, .most_looked_at = most}) == up);
    CHECK(told.names({.limit = limit, .most_looked_at = most}) == Names(up.rbegin(), up.rend()));

    // A stretch of it, and some kinds, are what is left of all when the rest is taken away.
    const std::set<EntryKind> kinds = {EntryKind::delivery, EntryKind::note};
    Names some;
    std::copy_if(up.begin(), up.end(), std::back_inserter(some),
                 [](const std::string& name) { return name.starts_with("delivery") || name.starts_with("note"); });
    CHECK(told.names({.order = Order::ascending, .limit = limit, .kinds = kinds}) == some);
    const Span early{{}, at(20)};
    const Span late{at(20), {}};
    Names both = told.names({.order = Order::ascending, .limit = limit, .span = early});
    for (std::string& name : told.names({.order = Order::ascending, .limit = limit, .span = late}))
      both.push_back(std::move(name));
    CHECK(both == up);
    Names down = told.names({.limit = limit, .span = late});
    for (std::string& name : told.names({.limit = limit, .span = early}))
      down.push_back(std::move(name));
    CHECK(down == Names(up.rbegin(), up.rend()));
  }
}
