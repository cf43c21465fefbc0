#pragma once
// Pages of lists: how many, in which order, from where on. A cursor is opaque: it is given with a page, and asked for
// the next with it.

#include <boost/json/array.hpp>

#include "engine/api/route.hpp"
#include "storage/store.hpp"

namespace caravan::api {

inline constexpr std::size_t kDefaultPage = 100;
inline constexpr std::size_t kLargestPage = 1'000;

/// `limit`, `cursor` and, where a list has orders, `order`: those that lists take.
std::vector<QueryParameter> page_parameters(const std::vector<std::string>& orders = {});

/// `limit`. Throws Refused.
std::size_t limit_of(const Request& request);

/// `order`: one of the words, the first where nothing is said. Throws Refused.
std::string order_of(const Request& request, const std::vector<std::string>& orders);

/// What the cursor holds for this list; nothing at its beginning. Throws Refused where it is none, or one of another
/// list or order: `of` is the same as that it was made with.
std::optional<std::string> cursor_of(const Request& request, std::string_view of);
std::string make_cursor(const Request& request, std::string_view of, std::string_view position);

/// The same where the position is a number.
std::optional<std::int64_t> number_cursor_of(const Request& request, std::string_view of);

/// And where it is some numbers, `count` of them.
std::optional<std::vector<std::int64_t>> numbers_cursor_of(const Request& request, std::string_view of,
                                                           std::size_t count);
std::string numbers_text(std::span<const std::int64_t> numbers);
inline std::string numbers_text(std::initializer_list<std::int64_t> numbers) {
  return numbers_text(std::span(numbers.begin(), numbers.size()));
}

/// Rows that were read with one more than are told: takes that away, and says whether it was there.
template <class Row>
bool takes_one_more(std::vector<Row>& rows, std::size_t limit) {
  if (rows.size() <= limit) return false;
  rows.resize(limit);
  return true;
}

/// `{"items": [...], "next": "..."}`; `next` is null at the end.
Response as_list(boost::json::array items, const std::optional<std::string>& next);

/// A filter that names a word of a few; nothing where it was not given. Throws Refused.
std::optional<std::string> word_of(const Request& request, std::string_view name,
                                   const std::vector<std::string>& words);

/// The JSON Schema of a word of a few.
std::string schema_of_words(const std::vector<std::string>& words);

}  // namespace caravan::api
