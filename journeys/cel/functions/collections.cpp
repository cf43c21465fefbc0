// `size` of text, bytes, lists and maps.

#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/object.hpp"
#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

Value integer(std::size_t size) {
  return Value::integer(static_cast<std::int64_t>(size));
}

Value size(Evaluation& e, std::span<const Value> a) {
  switch (a[0].kind()) {
    case Kind::string:
      if (!charge_text(e, a[0].as_text().size())) return Evaluation::budget_error();
      return integer(count_code_points(a[0].as_text()));
    case Kind::bytes: return integer(a[0].as_text().size());
    case Kind::list: return integer(a[0].as_list().size());
    case Kind::map: return integer(a[0].as_map().size());
    default: {
      const Value keys = a[0].as_object().keys(e);
      return keys.is(Kind::list) ? integer(keys.as_list().size()) : keys;
    }
  }
}

}  // namespace

void add_collection_functions(Registry& registry) {
  registry.add({"size(string) -> int", "size(bytes) -> int", "size(list(A)) -> int", "size(map(A, B)) -> int"}, size);
  registry.add({"string.size() -> int", "bytes.size() -> int", "list(A).size() -> int", "map(A, B).size() -> int"},
               size);
}

}  // namespace caravan::cel
