#include "engine/channels/smtp_answer.hpp"

namespace caravan {
namespace {

constexpr std::array<std::string_view, 5> kNobody = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"};

std::string_view take_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t end = std::min(text.find(' ', begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

}  // namespace

std::optional<Answer> no_such_receiver(std::string_view words) {
  std::string_view rest = words;
  const std::string_view code = take_word(rest);
  int status = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), status);
  if (error != std::errc() || end != code.data() + code.size() || status < 500 || status > 599) return std::nullopt;
  if (std::find(kNobody.begin(), kNobody.end(), take_word(rest)) == kNobody.end()) return std::nullopt;
  return Answer{status, std::string(words)};
}

}  // namespace caravan
