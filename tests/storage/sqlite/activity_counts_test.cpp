// Counts of activity as bytes.

#include "storage/sqlite/activity_counts.hpp"

#include "tests/support/catch.hpp"

namespace caravan::sqlite {
namespace {

std::string packed(const std::vector<ActivityCount>& counts) {
  std::string bytes;
  pack_counts(counts, bytes);
  return bytes;
}

TEST_CASE("counts of three types take eight bytes and come back") {
  const std::vector<ActivityCount> counts = {{NameId{4}, 52}, {NameId{127}, 128}, {NameId{300}, 1}};
  // A type and a count in a byte each up to 127, in two beyond.
  CHECK(packed(counts).size() == 2 + 3 + 3);
  CHECK(unpack_counts(packed(counts)) == counts);
  CHECK(unpack_counts("") == std::vector<ActivityCount>());
}

TEST_CASE("bytes that are no counts are not taken for some") {
  CHECK_FALSE(unpack_counts("\x04"));                            // a type without a count
  CHECK_FALSE(unpack_counts("\x04\x81"));                        // ends within a number
  CHECK_FALSE(unpack_counts("\x80\x80\x80\x80\x10\x01"));        // a type beyond the greatest
  CHECK_FALSE(unpack_counts("\x04" + std::string(10, '\xff')));  // a number that does not end
}

}  // namespace
}  // namespace caravan::sqlite
