#include "tools/caravan/option_checks.hpp"

#include <charconv>

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

template <typename Number>
std::optional<Number> number_of(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

std::string but_is(const std::string& wanted, const std::string& text) {
  return wanted + "; this is \"" + text + "\"";
}

/// `a, b or c`
std::string choice(const std::vector<std::string>& words) {
  std::string all;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (at > 0) all += at + 1 == words.size() ? " or " : ", ";
    all += words[at];
  }
  return all;
}

}  // namespace

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](std::string& text) {
        const bool is_known = std::find(words.begin(), words.end(), text) != words.end();
        return is_known ? std::string() : but_is("is " + choice(words), text);
      },
      "");
}

CLI::Validator at_least(std::int64_t least) {
  return CLI::Validator(
      [least](std::string& text) {
        const auto number = number_of<std::int64_t>(text);
        if (number && *number >= least) return std::string();
        return but_is("is a whole number of at least " + with_separators(least), text);
      },
      "");
}

CLI::Validator whole_between(std::int64_t least, std::int64_t most) {
  return CLI::Validator(
      [least, most](std::string& text) {
        const auto number = number_of<std::int64_t>(text);
        if (number && *number >= least && *number <= most) return std::string();
        return but_is("is a whole number from " + with_separators(least) + " to " + with_separators(most), text);
      },
      "");
}

CLI::Validator number_between(std::int64_t least, std::int64_t most) {
  return CLI::Validator(
      [least, most](std::string& text) {
        const auto number = number_of<double>(text);
        if (number && *number >= static_cast<double>(least) && *number <= static_cast<double>(most))
          return std::string();
        return but_is("is a number from " + with_separators(least) + " to " + with_separators(most), text);
      },
      "");
}

}  // namespace caravan::tools
