#include "engine/harness/line_diff.hpp"

namespace caravan {
namespace {

/// Beyond as many pairs nobody reads a difference line by line.
constexpr std::size_t kMostPairs = 4'000'000;

}  // namespace

std::vector<DiffLine> diff_lines(std::span<const std::string> expected, std::span<const std::string> actual,
                                 const std::function<bool(std::size_t, std::size_t)>& fits) {
  const auto is_same = [&](std::size_t i, std::size_t j) { return fits ? fits(i, j) : expected[i] == actual[j]; };
  const std::size_t rows = expected.size();
  const std::size_t columns = actual.size();
  const bool is_readable = columns == 0 || rows <= kMostPairs / columns;
  // How many lines the two have in common from (i, j) on.
  std::vector<std::uint32_t> common(is_readable ? (rows + 1) * (columns + 1) : 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return common[i * (columns + 1) + j]; };
  if (is_readable) {
    for (std::size_t i = rows; i-- > 0;) {
      for (std::size_t j = columns; j-- > 0;)
        at(i, j) = is_same(i, j) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::vector<DiffLine> lines;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows && j < columns && is_readable) {
    if (is_same(i, j) && at(i, j) == at(i + 1, j + 1) + 1) {
      lines.push_back({DiffLine::Kind::same, actual[j++]});
      ++i;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      lines.push_back({DiffLine::Kind::expected, expected[i++]});
    } else {
      lines.push_back({DiffLine::Kind::actual, actual[j++]});
    }
  }
  for (; i < rows; ++i)
    lines.push_back({DiffLine::Kind::expected, expected[i]});
  for (; j < columns; ++j)
    lines.push_back({DiffLine::Kind::actual, actual[j]});
  return lines;
}

std::string to_text(const DiffLine& line) {
  switch (line.kind) {
    case DiffLine::Kind::same: return "  " + line.text;
    case DiffLine::Kind::expected: return "- " + line.text;
    case DiffLine::Kind::actual: return "+ " + line.text;
  }
  return line.text;
}

}  // namespace caravan
