#pragma once
// Host objects: account, person, event and whatever else the engine shows to expressions. An ObjectType is what the
// checker knows and an Object is what evaluation reads; fields are resolved to ids once, when an expression is
// compiled, and decoded one by one when it asks for them.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/cel/type.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

/// A field's number within its object type; the type's owner gives it out.
enum class FieldId : std::uint32_t {};

/// The type of host objects, as the checker sees it. Immutable and thread-safe once an environment has it.
class ObjectType {
 public:
  struct Field {
    FieldId id;
    Type type;
  };

  virtual ~ObjectType() = default;
  /// What signatures, messages and `type(x)` call it: `Account`.
  virtual std::string_view name() const = 0;
  /// The field of that name. An open type (no schema) answers for every name, with type dyn for those it does not know;
  /// a closed one answers nullopt for an unknown name, which the checker reports. What a field of type dyn holds is
  /// data: a field that holds an object says so by its type.
  virtual std::optional<Field> field(std::string_view name) const = 0;
  /// The names it knows, for "did you mean".
  virtual std::vector<std::string> field_names() const = 0;
  /// What to say instead of "has no field" of a name that `field` does not answer for, where somebody may well expect
  /// one; empty: there is no more to say.
  virtual std::string why_missing(std::string_view) const { return {}; }
  /// The type that objects answer with, where this one is what the checker knows of some of them (the properties of one
  /// type of event); null: this type. Both have one name, and fields of one name have one id.
  virtual std::shared_ptr<const ObjectType> answered_as() const { return nullptr; }
};

/// A host object at run time. It outlives the evaluation: in host memory, or made by Evaluation::object.
class Object {
 public:
  virtual const ObjectType& type() const = 0;
  /// The field's value; Value::absent() when this object has not got it; an error when it cannot be read.
  virtual Value field(FieldId id, Evaluation& evaluation) const = 0;
  /// The same by name: `account["x"]`, and selection where the type was not known when the expression was compiled.
  virtual Value field(std::string_view name, Evaluation& evaluation) const = 0;
  /// Whether `has(x.field)` holds; override when that is cheaper than decoding it.
  virtual bool has(FieldId id, Evaluation& evaluation) const { return !field(id, evaluation).is_absent(); }
  /// The names of the fields it has, as a list of strings: `size`, iteration and `in` behave as for a map.
  virtual Value keys(Evaluation& evaluation) const = 0;
  /// Whether both are the same thing to an author. By default, the same object.
  virtual bool equals(const Object& other) const { return this == &other; }

 protected:
  ~Object() = default;
};

}  // namespace caravan::cel
