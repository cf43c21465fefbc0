#pragma once
// Function signatures as documentation writes them: `string.charAt(int) -> string`, `size(list(A)) -> int`.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/cel/type.hpp"

namespace caravan::cel {

struct Signature {
  std::string name;
  bool method = false;
  std::vector<Type> parameters;  ///< a method's receiver first
  Type result;

  /// As documentation writes it.
  std::string text() const;
};

/// Looks a type up by a name that the language does not know; nullptr when there is none.
using FindType = std::function<std::shared_ptr<const ObjectType>(std::string_view name)>;

/// Throws std::invalid_argument when the text is no signature. What stands before the last dot of the name is a
/// receiver's type when it reads as one, and a namespace otherwise (`math.abs(int) -> int`).
Signature parse_signature(std::string_view text, const FindType& find_type = {});

}  // namespace caravan::cel
