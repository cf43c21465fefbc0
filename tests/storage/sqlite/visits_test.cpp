// The visits of a run as bytes.

#include "storage/sqlite/visits.hpp"

#include "tests/support/catch.hpp"

namespace caravan::sqlite {
namespace {

std::string packed(const std::vector<VisitRecord>& visits) {
  std::string bytes;
  pack_visits(visits, bytes);
  return bytes;
}

TEST_CASE("a run of a split, a mail and a wait takes five bytes and comes back") {
  const std::vector<VisitRecord> visits = {
      {NodeIndex{0}, PathIndex{2}, VisitOutcome::done},
      {NodeIndex{3}, kNoPath, VisitOutcome::done},
      {NodeIndex{8}, kNoPath, VisitOutcome::stopped},
  };
  // Node and outcome in a byte up to node 7, in two beyond; the path taken in one more.
  CHECK(packed(visits).size() == 2 + 1 + 2);
  CHECK(unpack_visits(packed(visits)) == visits);
}

TEST_CASE("visits with the greatest node, path and outcome come back") {
  const std::vector<VisitRecord> visits = {
      {NodeIndex{0xffff}, PathIndex{0xfffe}, VisitOutcome::failed},
      {NodeIndex{0xfffe}, kNoPath, VisitOutcome::skipped},
  };
  CHECK(unpack_visits(packed(visits)) == visits);
  CHECK(unpack_visits("") == std::vector<VisitRecord>());
}

TEST_CASE("bytes that are no visits are not taken for some") {
  CHECK_FALSE(unpack_visits("\x81"));                  // ends within a number
  CHECK_FALSE(unpack_visits("\x09"));                  // a path is announced and not there
  CHECK_FALSE(unpack_visits("\xff\xff\xff\xff\x01"));  // a node beyond the greatest
  CHECK_FALSE(unpack_visits("\x09\xff\xff\x03"));      // no path taken, where one is announced
}

}  // namespace
}  // namespace caravan::sqlite
