// MurmurHash3 against the known values of the published algorithm, and how evenly its buckets fill.

#include "nodes/murmur_hash.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;

TEST_CASE("MurmurHash3 gives the published values") {
  CHECK(murmur_hash("", 0) == 0);
  CHECK(murmur_hash("", 1) == 0x514e28b7U);
  CHECK(murmur_hash("", 0xffffffffU) == 0x81f16f39U);
  CHECK(murmur_hash(std::string_view("\xff\xff\xff\xff", 4), 0) == 0x76293b50U);
  CHECK(murmur_hash("\x21\x43\x65\x87", 0) == 0xf55b516bU);
  CHECK(murmur_hash("\x21\x43\x65\x87", 0x5082edeeU) == 0x2362f9deU);
  CHECK(murmur_hash("\x21\x43\x65", 0) == 0x7e4a8634U);
  CHECK(murmur_hash("\x21\x43", 0) == 0xa0f7b07aU);
  CHECK(murmur_hash("\x21", 0) == 0x72661cf4U);
  CHECK(murmur_hash(std::string_view("\0\0\0\0", 4), 0) == 0x2362f9deU);
  CHECK(murmur_hash(std::string_view("\0\0\0", 3), 0) == 0x85f0b427U);
  CHECK(murmur_hash(std::string_view("\0\0", 2), 0) == 0x30f4c306U);
  CHECK(murmur_hash(std::string_view("\0", 1), 0) == 0x514e28b7U);
  CHECK(murmur_hash("aaaa", 0x9747b28cU) == 0x5a97808aU);
  CHECK(murmur_hash("aaa", 0x9747b28cU) == 0x283e0130U);
  CHECK(murmur_hash("aa", 0x9747b28cU) == 0x5d211726U);
  CHECK(murmur_hash("a", 0x9747b28cU) == 0x7fa09ea6U);
  CHECK(murmur_hash("Hello, world!", 0x9747b28cU) == 0x24884cbaU);
  CHECK(murmur_hash("The quick brown fox jumps over the lazy dog", 0x9747b28cU) == 0x2fa826cdU);
}

TEST_CASE("a bucket is the hash of key, zero byte and journey, modulo 10,000") {
  CHECK(bucket_of("acme", "seeds") == murmur_hash(std::string_view("acme\0seeds", 10)) % 10'000);
  CHECK(bucket_of("acme", "seeds") != bucket_of("acmes", "eeds"));
  CHECK(bucket_of("acme", "seeds") != bucket_of("acme", "nurture"));
}

TEST_CASE("buckets fill evenly") {
  std::array<int, 10> tenths{};
  for (int i = 0; i < 100'000; ++i)
    ++tenths[bucket_of("account-" + std::to_string(i), "seeds") / 1'000];
  for (const int count : tenths) {
    CHECK(count > 9'700);  // three standard deviations of 95 each
    CHECK(count < 10'300);
  }
}
