// Attribute records: what goes in comes out, and bytes that are no record are refused before anybody reads them.

#include "storage/attributes.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "tests/support/catch.hpp"

namespace caravan {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Timestamp = std::chrono::sys_time<Milliseconds>;
using Inputs = std::vector<std::pair<NameId, AttributeInput>>;

AttributeInput text(std::string value) {
  return {std::move(value)};
}
AttributeInput integer(std::int64_t value) {
  return {value};
}

/// What was packed, read back into the form it was given in.
AttributeInput read_back(const AttributeValue& value) {
  switch (value.kind()) {
    case AttributeKind::null: return {};
    case AttributeKind::no: return {false};
    case AttributeKind::yes: return {true};
    case AttributeKind::integer: return {value.integer()};
    case AttributeKind::real: return {value.real()};
    case AttributeKind::text: return {std::string(value.text())};
    case AttributeKind::timestamp: return {value.timestamp()};
    case AttributeKind::duration: return {value.duration()};
    case AttributeKind::list: {
      AttributeList list;
      value.each_element([&](AttributeValue element) { list.push_back(read_back(element)); });
      return {std::move(list)};
    }
    case AttributeKind::map: {
      AttributeMap map;
      value.each_entry([&](std::string_view key, AttributeValue entry) { map.emplace_back(key, read_back(entry)); });
      return {std::move(map)};
    }
  }
  FAIL("an unknown kind");
  return {};
}

bool same(const AttributeInput& a, const AttributeInput& b) {
  if (a.value.index() != b.value.index()) return false;
  if (const auto* list = std::get_if<AttributeList>(&a.value)) {
    const auto& other = std::get<AttributeList>(b.value);
    return std::equal(list->begin(), list->end(), other.begin(), other.end(), same);
  }
  if (const auto* map = std::get_if<AttributeMap>(&a.value)) {
    const auto& other = std::get<AttributeMap>(b.value);
    return std::equal(map->begin(), map->end(), other.begin(), other.end(),
                      [](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
  }
  if (const auto* real = std::get_if<double>(&a.value)) {
    const double other = std::get<double>(b.value);
    return *real == other || (std::isnan(*real) && std::isnan(other));
  }
  if (const auto* truth = std::get_if<bool>(&a.value)) return *truth == std::get<bool>(b.value);
  if (const auto* number = std::get_if<std::int64_t>(&a.value)) return *number == std::get<std::int64_t>(b.value);
  if (const auto* words = std::get_if<std::string>(&a.value)) return *words == std::get<std::string>(b.value);
  if (const auto* at = std::get_if<Timestamp>(&a.value)) return *at == std::get<Timestamp>(b.value);
  if (const auto* time = std::get_if<Milliseconds>(&a.value)) return *time == std::get<Milliseconds>(b.value);
  return true;
}

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  std::int64_t any_integer() { return static_cast<std::int64_t>(engine_()) >> below(64); }
  std::string any_text() {
    std::string made(below(4) == 0 ? below(300) : below(12), ' ');
    for (char& c : made)
      c = static_cast<char>(below(256));
    return made;
  }

  AttributeInput any_value(std::size_t depth) {
    switch (below(depth < 4 ? 9 : 7)) {
      case 0: return {below(2) == 0};
      case 1: return {any_integer()};
      case 2: return {below(2) == 0 ? static_cast<double>(any_integer()) / 3 : static_cast<double>(below(1000)) / 4};
      case 3: return {Timestamp(Milliseconds(any_integer()))};
      case 4: return {Milliseconds(any_integer())};
      case 5: return depth == 0 ? AttributeInput{true} : AttributeInput{};
      case 6: return {any_text()};
      case 7: {
        AttributeList list;
        for (std::uint64_t left = below(6); left > 0; --left)
          list.push_back(any_value(depth + 1));
        return {std::move(list)};
      }
      default: {
        AttributeMap map;
        for (std::uint64_t left = below(6); left > 0; --left)
          map.emplace_back(any_text(), any_value(depth + 1));
        return {std::move(map)};
      }
    }
  }

  NameId any_name() { return static_cast<NameId>(below(3) == 0 ? engine_() : below(40)); }

  Inputs any_inputs() {
    Inputs inputs;
    for (std::uint64_t left = below(20); left > 0; --left)
      inputs.emplace_back(any_name(), any_value(0));
    return inputs;
  }

 private:
  std::mt19937_64 engine_;
};

/// Reads everything there is; with the sanitizers on, that is the test.
std::size_t read_all(const Attributes& attributes) {
  std::size_t seen = 0;
  attributes.each([&](NameId name, AttributeValue value) {
    read_back(value);
    REQUIRE(attributes.find(name).has_value());
    ++seen;
  });
  attributes.find(NameId{0});
  attributes.find(NameId{0xffffffff});
  return seen;
}

TEST_CASE("the empty record has no bytes and finds nothing") {
  const Attributes empty;
  CHECK(empty.bytes().empty());
  CHECK(empty.size() == 0);
  CHECK_FALSE(empty.find(NameId{1}));
  CHECK(Attributes::from_bytes("") == empty);
  CHECK(empty.with({}).bytes().empty());
}

TEST_CASE("a value of each kind is read back as it was given") {
  const auto at = Timestamp(Milliseconds(1'767'603'600'123));
  const Inputs inputs = {
      {NameId{9}, {false}},
      {NameId{1}, {true}},
      {NameId{2}, integer(std::numeric_limits<std::int64_t>::min())},
      {NameId{3}, {0.1}},
      {NameId{4}, text("technology")},
      {NameId{5}, {at}},
      {NameId{6}, {Milliseconds(-90'000)}},
      {NameId{7}, {AttributeList{integer(1), {}, text("two")}}},
      {NameId{8}, {AttributeMap{{"city", text("Jena")}, {"", {AttributeList{}}}}}},
  };
  const Attributes record = Attributes().with(inputs);
  REQUIRE(record.size() == 9);
  for (const auto& [name, input] : inputs)
    CHECK(same(read_back(*record.find(name)), input));
  CHECK_FALSE(record.find(NameId{0}));
  CHECK_FALSE(record.find(NameId{10}));
  CHECK(record.find(NameId{7})->kind() == AttributeKind::list);
}

TEST_CASE("a record of an industry and a number of employees takes eighteen bytes") {
  const Inputs inputs = {{NameId{1}, text("technology")}, {NameId{2}, integer(4'200)}};
  // Length of the header (1); number 1, length and kind (1 + 2, for ten bytes are past a byte's 7 bits); gap, length
  // and kind (1 + 1); ten letters and two bytes of 4,200: 1 + 3 + 2 + 10 + 2.
  CHECK(Attributes().with(inputs).bytes().size() == 18);
}

TEST_CASE("integers at the edges of each length come back") {
  std::vector<std::int64_t> edges = {0, -1, 1};
  for (unsigned bits = 7; bits < 64; bits += 8) {
    const std::int64_t power = std::int64_t{1} << (bits == 63 ? 62 : bits);
    for (const std::int64_t value : {power - 1, power, -power, -power - 1})
      edges.push_back(value);
  }
  edges.push_back(std::numeric_limits<std::int64_t>::max());
  edges.push_back(std::numeric_limits<std::int64_t>::min());
  for (const std::int64_t value : edges) {
    const Inputs one = {{NameId{1}, integer(value)}};
    CHECK(Attributes().with(one).find(NameId{1})->integer() == value);
  }
}

TEST_CASE("reals keep every bit: zero's sign, infinities, the smallest and those a float cannot hold") {
  for (const double value : {0.0, -0.0, 0.5, 0.1, 1e300, std::numeric_limits<double>::denorm_min(),
                             std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    const Inputs one = {{NameId{1}, {value}}};
    const double back = Attributes().with(one).find(NameId{1})->real();
    CHECK(back == value);
    CHECK(std::signbit(back) == std::signbit(value));
  }
  const Inputs nan = {{NameId{1}, {std::numeric_limits<double>::quiet_NaN()}}};
  CHECK(std::isnan(Attributes().with(nan).find(NameId{1})->real()));
}

TEST_CASE("setting an attribute keeps the others, replaces its own and null takes it out") {
  const Inputs before = {{NameId{1}, text("a")}, {NameId{5}, integer(5)}, {NameId{300}, {true}}};
  const Inputs change = {{NameId{400}, text("new")}, {NameId{5}, integer(6)}, {NameId{1}, {}}, {NameId{2}, {}}};
  const Attributes record = Attributes().with(before).with(change);
  CHECK(record.size() == 3);
  CHECK_FALSE(record.find(NameId{1}));
  CHECK(record.find(NameId{5})->integer() == 6);
  CHECK(record.find(NameId{300})->kind() == AttributeKind::yes);
  CHECK(record.find(NameId{400})->text() == "new");

  const Inputs none = {{NameId{5}, {}}, {NameId{300}, {}}, {NameId{400}, {}}};
  CHECK(record.with(none) == Attributes());
}

TEST_CASE("of two inputs with the same name the later counts, also when it is null") {
  const Inputs twice = {{NameId{2}, integer(1)}, {NameId{1}, integer(7)}, {NameId{2}, integer(2)}, {NameId{1}, {}}};
  const Attributes record = Attributes().with(twice);
  CHECK(record.size() == 1);
  CHECK(record.find(NameId{2})->integer() == 2);
}

TEST_CASE("the order of inputs does not matter: equal contents are equal bytes") {
  const Inputs one = {{NameId{3}, integer(3)}, {NameId{1}, text("x")}};
  const Inputs other = {{NameId{1}, text("x")}, {NameId{3}, integer(3)}};
  CHECK(Attributes().with(one) == Attributes().with(other));
}

TEST_CASE("lists and maps nest sixteen deep and no deeper") {
  AttributeInput nested = integer(1);
  for (std::size_t depth = 0; depth < kAttributeDepth; ++depth)
    nested = {AttributeList{nested}};
  const Inputs deepest = {{NameId{1}, nested}};
  const Attributes record = Attributes().with(deepest);
  CHECK(Attributes::from_bytes(record.bytes()) == record);

  const Inputs too_deep = {{NameId{1}, {AttributeList{nested}}}};
  CHECK_THROWS_AS(Attributes().with(too_deep), std::length_error);
}

TEST_CASE("random records survive being packed, merged and read from their bytes") {
  Chance chance(20260105);
  for (int round = 0; round < 2'000; ++round) {
    std::map<NameId, AttributeInput> expected;
    Attributes record;
    for (int merge = 0; merge < 3; ++merge) {
      const Inputs inputs = chance.any_inputs();
      record = record.with(inputs);
      for (const auto& [name, input] : inputs)
        expected[name] = input;
    }
    const Attributes back = Attributes::from_bytes(record.bytes());
    REQUIRE(back.size() == expected.size());
    auto next = expected.begin();
    back.each([&](NameId name, AttributeValue value) {
      REQUIRE(name == next->first);
      REQUIRE(same(read_back(value), next->second));
      REQUIRE(same(read_back(*back.find(name)), next->second));
      ++next;
    });
  }
}

TEST_CASE("every truncation of a record is refused") {
  Chance chance(7);
  for (int round = 0; round < 60; ++round) {
    const std::string bytes = Attributes().with(chance.any_inputs()).bytes();
    for (std::size_t length = 1; length < bytes.size(); ++length)
      REQUIRE_THROWS_AS(Attributes::from_bytes(bytes.substr(0, length)), std::runtime_error);
  }
}

TEST_CASE("a record with flipped bits is refused or is a record that can be read to its end") {
  Chance chance(11);
  int refused = 0;
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = Attributes().with(chance.any_inputs()).bytes();
    if (bytes.empty()) continue;
    for (std::uint64_t flips = 1 + chance.below(4); flips > 0; --flips) {
      char& byte = bytes[chance.below(bytes.size())];
      byte = static_cast<char>(byte ^ (1 << chance.below(8)));
    }
    try {
      const Attributes record = Attributes::from_bytes(bytes);
      REQUIRE(read_all(record) == record.size());
      ++read;
    } catch (const std::runtime_error&) {
      ++refused;
    }
  }
  CHECK(refused > 0);
  CHECK(read > 0);
}

TEST_CASE("random bytes are refused or are a record that can be read to its end") {
  Chance chance(13);
  for (int round = 0; round < 50'000; ++round) {
    try {
      read_all(Attributes::from_bytes(chance.any_text()));
    } catch (const std::runtime_error&) {
    }
  }
  SUCCEED();
}

TEST_CASE("bytes that claim lengths and depths beyond the record are refused") {
  using std::string_literals::operator""s;
  CHECK_THROWS(Attributes::from_bytes("\x00"s));                                      // an empty header
  CHECK_THROWS(Attributes::from_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s));  // a header of 2^64
  CHECK_THROWS(Attributes::from_bytes("\x02\x01\x35"s));                              // a text longer than the record
  CHECK_THROWS(Attributes::from_bytes("\x02\x01\x00"s));                              // a null that is kept
  CHECK_THROWS(Attributes::from_bytes("\x02\x01\x0f"s));                              // an unknown kind
  CHECK_THROWS(Attributes::from_bytes("\x04\x01\x02\x00\x02"s));                      // the same number twice
  CHECK_THROWS(Attributes::from_bytes("\x02\x01\x02!"s));                             // bytes that belong to none
  CHECK_THROWS(Attributes::from_bytes("\x07\xff\xff\xff\xff\x0f\x02\x01\x02"s));      // a number above 2^32
  std::string nested;
  for (int depth = 0; depth < 100; ++depth) {
    const std::size_t head = nested.size() << 4U | static_cast<std::size_t>(AttributeKind::list);
    std::string outer;
    for (std::size_t left = head; true; left >>= 7U) {
      outer.push_back(static_cast<char>(left < 0x80 ? left : left | 0x80U));
      if (left < 0x80) break;
    }
    nested = outer + nested;
  }
  const std::string head = nested.substr(0, 2);
  CHECK_THROWS(Attributes::from_bytes("\x03\x01"s + head + nested.substr(2)));
}

}  // namespace
}  // namespace caravan
