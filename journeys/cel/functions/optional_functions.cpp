// Optional values as functions. `or` and `orValue` are here for the checker; evaluation treats them like ||: the
// alternative is looked at only when it is needed.

#include <vector>

#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/time.hpp"

namespace caravan::cel {

namespace {

using Arguments = std::span<const Value>;

bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return true;
    case Kind::boolean:
    case Kind::integer:
    case Kind::unsigned_integer:
    case Kind::duration: return value.as_integer() == 0;
    case Kind::floating: return value.as_floating() == 0;
    case Kind::string:
    case Kind::bytes: return value.as_text().empty();
    case Kind::list: return value.as_list().empty();
    case Kind::map: return value.as_map().size() == 0;
    case Kind::timestamp: return value.as_timestamp() == Timestamp{first_second, 0};
    case Kind::optional: return value.held() == nullptr;
    default: return false;
  }
}

Value none(Evaluation&, Arguments) {
  return Value::none();
}
Value of(Evaluation& e, Arguments a) {
  return e.optional(a[0]);
}
Value of_non_zero(Evaluation& e, Arguments a) {
  return is_zero(a[0]) ? Value::none() : e.optional(a[0]);
}
Value has_value(Evaluation&, Arguments a) {
  return Value::boolean(a[0].held() != nullptr);
}
Value value_of(Evaluation& e, Arguments a) {
  return a[0].held() ? *a[0].held() : e.error(ErrorCode::empty_optional, {"optional.none() dereference"});
}
Value or_optional(Evaluation&, Arguments a) {
  return a[0].held() ? a[0] : a[1];
}
Value or_value(Evaluation&, Arguments a) {
  return a[0].held() ? *a[0].held() : a[1];
}

Value unwrap(Evaluation& e, Arguments a) {
  const auto elements = a[0].as_list();
  if (!e.charge(elements.size())) return Evaluation::budget_error();
  std::vector<Value> held;
  for (const Value& element : elements) {
    if (!element.is(Kind::optional)) return e.no_such_overload("optional.unwrap", a);
    if (element.held()) held.push_back(*element.held());
  }
  return e.list(held);
}

Value first(Evaluation& e, Arguments a) {
  return a[0].as_list().empty() ? Value::none() : e.optional(a[0].as_list().front());
}
Value last(Evaluation& e, Arguments a) {
  return a[0].as_list().empty() ? Value::none() : e.optional(a[0].as_list().back());
}

}  // namespace

void add_optional_functions(Registry& registry) {
  registry.add("optional.none() -> optional(A)", none);
  registry.add("optional.of(A) -> optional(A)", of);
  registry.add("optional.ofNonZeroValue(A) -> optional(A)", of_non_zero);
  registry.add("optional(A).hasValue() -> bool", has_value);
  registry.add("optional(A).value() -> A", value_of);
  registry.add("optional(A).or(optional(A)) -> optional(A)", or_optional);
  registry.add("optional(A).orValue(A) -> A", or_value);
  registry.add({"optional.unwrap(list(optional(A))) -> list(A)", "list(optional(A)).unwrapOpt() -> list(A)"}, unwrap);
  registry.add("list(A).first() -> optional(A)", first);
  registry.add("list(A).last() -> optional(A)", last);
}

}  // namespace caravan::cel
