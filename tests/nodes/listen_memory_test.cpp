// What a token that listens keeps, packed and unpacked.

#include "nodes/listen_memory.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

constexpr Instant kSince{1'767'603'600'000ms};  // 5 January 2026, 09:00 UTC

}  // namespace

TEST_CASE("a memory counts by pattern and person") {
  ListenMemory memory{kSince, {}};
  CHECK(memory.count(0, PersonId{7}) == 1);
  CHECK(memory.count(0, PersonId{7}) == 2);
  CHECK(memory.count(0, PersonId{8}) == 1);
  CHECK(memory.count(1, PersonId{7}) == 1);
  CHECK(memory.count(0, PersonId{}) == 1);
  CHECK(memory.count(0, PersonId{7}) == 3);
}

TEST_CASE("a memory is read back as it was packed") {
  ListenMemory memory{kSince, {}};
  CHECK(ListenMemory::unpack(memory.pack()) == memory);
  memory.count(0, PersonId{});
  memory.count(24, PersonId{std::numeric_limits<std::int64_t>::max()});
  for (int i = 0; i < 1'000; ++i)
    memory.count(3, PersonId{128});
  CHECK(ListenMemory::unpack(memory.pack()) == memory);
  const ListenMemory ancient{Instant(-1ms), {}};
  CHECK(ListenMemory::unpack(ancient.pack()) == ancient);
}

TEST_CASE("a memory without counts takes six bytes, and a count of a few people a few more each") {
  ListenMemory memory{kSince, {}};
  CHECK(memory.pack().size() == 6);
  memory.count(0, PersonId{1'000'000});
  CHECK(memory.pack().size() == 11);
}

TEST_CASE("damaged bytes are told, whatever they are") {
  CHECK_THROWS_WITH(ListenMemory::unpack(""), Catch::Matchers::Contains("damaged"));
  CHECK_THROWS_WITH(ListenMemory::unpack("\xff"), Catch::Matchers::Contains("damaged"));
  CHECK_THROWS_WITH(ListenMemory::unpack(std::string(20, '\xff')), Catch::Matchers::Contains("damaged"));
  ListenMemory memory{kSince, {}};
  memory.count(5, PersonId{300});
  const std::string bytes = memory.pack();
  for (const std::size_t cut : {bytes.size() - 1, bytes.size() - 2, bytes.size() - 3})
    CHECK_THROWS_WITH(ListenMemory::unpack(bytes.substr(0, cut)), Catch::Matchers::Contains("damaged"));
}
