#include "engine/api/spool.hpp"

#include "tests/support/catch.hpp"

using namespace caravan::api;

namespace {

std::string read_all(Spool& spool) {
  std::string all;
  for (std::string part = spool.read(); !part.empty(); part = spool.read())
    all += part;
  return all;
}

}  // namespace

TEST_CASE("a short text is kept in memory, a long one in a file, and both come back") {
  Spool small;
  small.write("one\n");
  small.write("two\n");
  CHECK(read_all(small) == "one\ntwo\n");

  Spool large(1'000);
  std::string expected;
  for (int i = 0; i < 50'000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    large.write(line);
    expected += line;
  }
  CHECK(read_all(large) == expected);
}

TEST_CASE("nothing written is nothing read") {
  Spool spool;
  CHECK(spool.read().empty());
}
