#pragma once
// Probes: how often conditions, and the parts that && || ! and ?: join in them, came out true and false. Tests of
// journeys compile expressions with probes; a program compiled without them has nothing of this in it.

#include <array>
#include <cstdint>
#include <vector>

namespace caravan::cel {

/// A condition within an expression, or a part of one: where its text stands, in bytes.
struct Condition {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

/// What came of a condition; one that failed does not match.
enum class ConditionOutcome : std::uint8_t { no, yes, failed };

/// Counts by a probe's number and outcome. One thread at a time.
class ProbeCounts {
 public:
  void add(std::uint32_t probe, ConditionOutcome outcome) { ++row(probe)[static_cast<std::size_t>(outcome)]; }
  std::int64_t times(std::uint32_t probe, ConditionOutcome outcome) const {
    return probe < rows_.size() ? rows_[probe][static_cast<std::size_t>(outcome)] : 0;
  }
  void add(const ProbeCounts& other);

 private:
  using Row = std::array<std::int64_t, 3>;
  Row& row(std::uint32_t probe) {
    if (probe >= rows_.size()) rows_.resize(probe + 1);
    return rows_[probe];
  }
  std::vector<Row> rows_;
};

/// As long as it lives, what this thread's evaluations pass is counted in `counts`, or nowhere (null). They nest.
class Probing {
 public:
  explicit Probing(ProbeCounts* counts);
  ~Probing();
  Probing(const Probing&) = delete;
  Probing& operator=(const Probing&) = delete;

 private:
  ProbeCounts* before_;
};

}  // namespace caravan::cel
