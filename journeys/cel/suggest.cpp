#include "journeys/cel/suggest.hpp"

#include <algorithm>
#include <vector>

namespace caravan::cel {

namespace {

constexpr std::size_t longest_name = 100;

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character + 32) : character;
}

/// How many letters must be added, dropped, changed or swapped with their neighbour, whatever their case.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before(right.size() + 1), row(right.size() + 1), next(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const bool same = lower(left[i - 1]) == lower(right[j - 1]);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[right.size()];
}

}  // namespace

std::string did_you_mean(std::string_view given, std::span<const std::string> candidates) {
  if (given.size() > longest_name) return {};
  std::size_t best = std::max<std::size_t>(given.size() / 3, 1) + 1;
  const std::string* nearest = nullptr;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_name || candidate == given) continue;
    const std::size_t far = distance(given, candidate);
    if (far < best) {
      best = far;
      nearest = &candidate;
    }
  }
  return nearest ? ", did you mean \"" + *nearest + "\"?" : std::string{};
}

}  // namespace caravan::cel
