// Coverage as LCOV's tracefile: a record a file, with a DA a line, and a BRDA a way out or outcome.

#include "engine/harness/coverage.hpp"

namespace caravan {
namespace {

using Kind = CoverPoint::Kind;

/// What stands on a line: it is as covered as the least covered node or path that begins on it, and a line with
/// conditions alone has run as often as they were asked.
struct LineCount {
  std::optional<std::int64_t> least_taken;
  std::int64_t asked = 0;
  std::int64_t times() const { return least_taken.value_or(asked); }
};

/// One way out of a node, or one outcome of a condition. Those of one node or condition are a block.
struct Branch {
  std::size_t line = 0;
  std::size_t block = 0;
  std::size_t number = 0;
  std::int64_t times = 0;
};

struct FileRecord {
  std::map<std::size_t, LineCount> lines;
  std::vector<Branch> branches;
  std::map<std::size_t, std::int64_t> reached;  ///< by block: how often any of its branches was taken
  std::map<std::string, std::size_t> blocks;
  std::map<std::size_t, std::size_t> branches_of_block;
};

std::string block_key(const CoverPoint& point) {
  if (point.kind != Kind::condition) return point.journey + "\n" + point.node;
  return std::to_string(point.place.offset) + " " + std::to_string(point.place.length);
}

/// Line and branch of a way out stand at the way; a way that nobody has written stands at its node.
void add(FileRecord& file, const CoverCount& count) {
  const auto& [point, times] = count;
  const std::size_t line = position_of(point.place).line;
  const bool is_written = point.path != kNoPathTaken && point.path != kHeard;
  if (point.kind == Kind::condition) {
    file.lines[line].asked += times;
  } else if (is_written) {
    std::optional<std::int64_t>& least = file.lines[line].least_taken;
    least = std::min(least.value_or(times), times);
  }
  if (point.kind == Kind::node) return;
  const std::size_t block = file.blocks.emplace(block_key(point), file.blocks.size()).first->second;
  file.branches.push_back({line, block, file.branches_of_block[block]++, times});
  file.reached[block] += times;
}

void write(std::string& out, const std::string& path, FileRecord& file) {
  std::stable_sort(file.branches.begin(), file.branches.end(), [](const Branch& a, const Branch& b) {
    return std::tuple(a.line, a.block, a.number) < std::tuple(b.line, b.block, b.number);
  });
  out += "TN:\nSF:" + path + "\n";
  std::size_t branches_hit = 0;
  for (const Branch& branch : file.branches) {
    if (branch.times > 0) ++branches_hit;
    const bool is_reached = file.reached[branch.block] > 0;
    out += "BRDA:" + std::to_string(branch.line) + "," + std::to_string(branch.block) + "," +
           std::to_string(branch.number) + "," + (is_reached ? std::to_string(branch.times) : "-") + "\n";
  }
  out += "BRF:" + std::to_string(file.branches.size()) + "\nBRH:" + std::to_string(branches_hit) + "\n";
  std::size_t lines_hit = 0;
  for (const auto& [line, count] : file.lines) {
    if (count.times() > 0) ++lines_hit;
    out += "DA:" + std::to_string(line) + "," + std::to_string(count.times()) + "\n";
  }
  out += "LF:" + std::to_string(file.lines.size()) + "\nLH:" + std::to_string(lines_hit) + "\nend_of_record\n";
}

}  // namespace

std::string lcov_of(const Coverage& coverage, std::string_view journey) {
  std::map<std::string, FileRecord> files;
  std::set<std::tuple<const SourceFile*, std::size_t, std::size_t, bool>> outcomes;
  for (const CoverCount& count : coverage.counts()) {
    const CoverPoint& point = count.point;
    if (!journey.empty() && point.journey != journey) continue;
    const Place& place = point.place;
    // A condition that journeys share is one.
    if (point.kind == Kind::condition &&
        !outcomes.emplace(place.file, place.offset, place.length, point.outcome).second)
      continue;
    add(files[place.file->path], count);
  }
  std::string out;
  for (auto& [path, file] : files)
    write(out, path, file);
  return out;
}

}  // namespace caravan
