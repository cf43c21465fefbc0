// Did-you-mean: the restricted Damerau-Levenshtein distance (insert, delete, replace, swap neighbours), without regard
// to case and to the difference between `-` and `_`, with a threshold that grows with the name.
#include "journeys/diagnostic.hpp"

namespace caravan {
namespace {

constexpr std::size_t longest_compared = 64;

std::string folded(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return out;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates) {
  if (name.empty() || name.size() > longest_compared) return std::nullopt;
  const std::string wanted = folded(name);
  const std::size_t near = name.size() < 3 ? 1 : std::min<std::size_t>(4, 1 + name.size() / 4);
  std::size_t best = near + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), name.size());
    const std::size_t shorter = std::min(candidate.size(), name.size());
    if (longer - shorter > near || candidate == name) continue;
    const std::size_t apart = distance(wanted, folded(candidate));
    // A name that shares less than half of its letters is another name.
    if (apart < best && apart * 2 <= shorter) {
      best = apart;
      found = &candidate;
    }
  }
  if (found == nullptr) return std::nullopt;
  return *found;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::optional<std::string> near = nearest_name(name, candidates);
  return near ? "did you mean \"" + *near + "\"?" : std::string();
}

}  // namespace caravan
