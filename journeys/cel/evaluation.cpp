#include "journeys/cel/evaluation.hpp"

#include <algorithm>

namespace caravan::cel {

Value Evaluation::text(std::string_view text) {
  const std::string_view copied = arena_.copy(text);
  return copied.data() ? Value::string(copied) : memory_error();
}

Value Evaluation::bytes(std::string_view data) {
  const std::string_view copied = arena_.copy(data);
  return copied.data() ? Value::bytes(copied) : memory_error();
}

Value Evaluation::list(std::span<const Value> elements) {
  Value* copied = arena_.array<Value>(elements.size());
  if (!copied) return memory_error();
  std::uninitialized_copy(elements.begin(), elements.end(), copied);
  return Value::list({copied, elements.size()});
}

Value Evaluation::optional(const Value& held) {
  const Value* copied = arena_.make<Value>(held);
  return copied ? Value::optional(*copied) : memory_error();
}

Value Evaluation::error(ErrorCode code, std::initializer_list<std::string_view> message) {
  std::size_t length = 0;
  for (std::string_view part : message)
    length += part.size();
  char* text = arena_.array<char>(length + 1);
  if (!text) return memory_error();
  char* end = text;
  for (std::string_view part : message)
    end = std::copy(part.begin(), part.end(), end);
  const Error* made = arena_.make<Error>(code, std::string_view{text, length});
  return made ? Value::error(*made) : memory_error();
}

Value Evaluation::no_such_key(const Value& key) {
  if (key.is(Kind::string)) return error(ErrorCode::no_such_key, {"no such key: ", key.as_text().substr(0, 200)});
  return error(ErrorCode::no_such_key, {"no such key: ", to_text(key, 200)});
}

Value Evaluation::no_such_overload(std::string_view function, std::span<const Value> arguments) {
  std::string types;
  for (const Value& argument : arguments) {
    if (!types.empty()) types += ", ";
    types += type_name(argument);
  }
  return error(ErrorCode::no_such_overload, {"no such overload: ", function, "(", types, ")"});
}

Value Evaluation::compare_equal(const Value& left, const Value& right) {
  std::uint64_t left_over = budget_ + 1;
  const bool same = equal(left, right, left_over);
  if (left_over == 0) {
    budget_ = 0;
    return budget_error();
  }
  budget_ = std::min(left_over, budget_);
  return Value::boolean(same);
}

Value Evaluation::memory_error() {
  static constexpr Error error{ErrorCode::memory_exceeded,
                               "the expression needs more memory than one evaluation may use"};
  return Value::error(error);
}

Value Evaluation::budget_error() {
  static constexpr Error error{ErrorCode::budget_exceeded, "the expression costs more than one evaluation may"};
  return Value::error(error);
}

}  // namespace caravan::cel
