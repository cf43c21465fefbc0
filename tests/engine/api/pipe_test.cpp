#include "engine/api/pipe.hpp"

#include <thread>

#include "tests/support/catch.hpp"

using namespace caravan::api;

namespace {

std::string read_all(Pipe& pipe, std::size_t at_once) {
  std::string all;
  std::string part(at_once, '\0');
  while (const std::size_t bytes = pipe.read(part))
    all.append(part, 0, bytes);
  return all;
}

}  // namespace

TEST_CASE("what was pushed is read in order, in parts of any size") {
  Pipe pipe([] {});
  CHECK(pipe.push("one "));
  CHECK(pipe.push("two "));
  CHECK(pipe.push("three"));
  pipe.end();
  CHECK(read_all(pipe, 3) == "one two three");
}

TEST_CASE("a full pipe says so, and tells once when half of it is read") {
  int told = 0;
  Pipe pipe([&told] { ++told; }, 8);
  CHECK(pipe.push("1234"));
  CHECK_FALSE(pipe.push("5678"));
  std::string part(4, '\0');
  pipe.read(part);
  CHECK(told == 0);
  pipe.read(part);
  CHECK(told == 1);
  CHECK(pipe.push("9"));
}

TEST_CASE("who reads waits for what is pushed, and hears when it is broken off") {
  Pipe pipe([] {});
  std::string read;
  std::thread reader([&] { read = read_all(pipe, 64); });
  pipe.push("something");
  pipe.end();
  reader.join();
  CHECK(read == "something");

  Pipe broken([] {});
  std::size_t bytes = 1;
  std::thread waiting([&] {
    std::string part(8, '\0');
    bytes = broken.read(part);
  });
  broken.break_off();
  waiting.join();
  CHECK(bytes == 0);
}
