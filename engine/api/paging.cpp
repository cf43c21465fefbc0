#include "engine/api/paging.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "engine/base64url.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string schema_of_words(const std::vector<std::string>& words) {
  return json::serialize(json::object{{"type", "string"}, {"enum", json::array(words.begin(), words.end())}});
}

std::vector<QueryParameter> page_parameters(const std::vector<std::string>& orders) {
  std::vector<QueryParameter> parameters = {
      {"limit", "How many at most; 100 without it.", R"({"type": "integer", "minimum": 1, "maximum": 1000})"},
      {"cursor", "`next` of the page before; without it the first page."}};
  if (!orders.empty())
    parameters.push_back({"order", "By what; `-` is the other way around. `" + orders.front() + "` without it.",
                          schema_of_words(orders)});
  return parameters;
}

std::size_t limit_of(const Request& request) {
  const std::string* text = request.query_value("limit");
  if (!text) return kDefaultPage;
  const std::optional<std::int64_t> number = number_in(*text);
  if (!number || *number < 1 || *number > static_cast<std::int64_t>(kLargestPage))
    throw Refused({400, "invalid-parameter", "`limit` is a whole number from 1 to 1000", "limit"});
  return static_cast<std::size_t>(*number);
}

std::optional<std::string> word_of(const Request& request, std::string_view name,
                                   const std::vector<std::string>& words) {
  const std::string* word = request.query_value(name);
  if (!word) return std::nullopt;
  if (std::find(words.begin(), words.end(), *word) == words.end()) {
    throw Refused(
        {400, "invalid-parameter", "`" + std::string(name) + "` is none of " + listed(words), std::string(name)});
  }
  return *word;
}

std::string order_of(const Request& request, const std::vector<std::string>& orders) {
  return word_of(request, "order", orders).value_or(orders.front());
}

std::string make_cursor(const Request& request, std::string_view of, std::string_view position) {
  return to_base64url(request.path + " " + std::string(of) + "\n" + std::string(position));
}

std::optional<std::string> cursor_of(const Request& request, std::string_view of) {
  const std::string* cursor = request.query_value("cursor");
  if (!cursor) return std::nullopt;
  const std::optional<std::string> text = from_base64url(*cursor);
  const std::string start = request.path + " " + std::string(of) + "\n";
  if (!text || !text->starts_with(start))
    throw Refused({400, "invalid-cursor", "`cursor` is none of this list and order; begin without it", "cursor"});
  return text->substr(start.size());
}

std::optional<std::int64_t> number_cursor_of(const Request& request, std::string_view of) {
  const std::optional<std::string> text = cursor_of(request, of);
  if (!text) return std::nullopt;
  const std::optional<std::int64_t> number = number_in(*text);
  if (!number) throw Refused({400, "invalid-cursor", "`cursor` is none of this list; begin without it", "cursor"});
  return number;
}

std::optional<std::vector<std::int64_t>> numbers_cursor_of(const Request& request, std::string_view of,
                                                           std::size_t count) {
  const std::optional<std::string> text = cursor_of(request, of);
  if (!text) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (std::string_view rest = *text;;) {
    const std::size_t comma = rest.find(',');
    const std::optional<std::int64_t> number = number_in(rest.substr(0, comma));
    if (number) numbers.push_back(*number);
    if (!number || comma == std::string_view::npos) break;
    rest = rest.substr(comma + 1);
  }
  if (numbers.size() != count || numbers_text(numbers) != *text)
    throw Refused({400, "invalid-cursor", "`cursor` is none of this list; begin without it", "cursor"});
  return numbers;
}

std::string numbers_text(std::span<const std::int64_t> numbers) {
  std::string text;
  for (const std::int64_t number : numbers)
    text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

Response as_list(json::array items, const std::optional<std::string>& next) {
  json::object page{{"items", std::move(items)}};
  page["next"] = next ? json::value(*next) : json::value();
  return {200, json::serialize(page) + "\n"};
}

}  // namespace caravan::api
