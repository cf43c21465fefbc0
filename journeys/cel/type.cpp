#include "journeys/cel/type.hpp"

#include "journeys/cel/object.hpp"

namespace caravan::cel {

Type Type::list(Type element) {
  return Type{Form::list, Parts{{std::move(element)}, nullptr, {}}};
}
Type Type::map(Type key, Type value) {
  return Type{Form::map, Parts{{std::move(key), std::move(value)}, nullptr, {}}};
}
Type Type::optional(Type held) {
  return Type{Form::optional, Parts{{std::move(held)}, nullptr, {}}};
}
Type Type::type_of(Type of) {
  return Type{Form::type, Parts{{std::move(of)}, nullptr, {}}};
}
Type Type::object(std::shared_ptr<const ObjectType> object) {
  return Type{Form::object, Parts{{}, std::move(object), {}}};
}
Type Type::parameter(std::string_view name) {
  return Type{Form::parameter, Parts{{}, nullptr, std::string{name}}};
}
Type Type::variable(std::uint32_t number) {
  Type result{Form::variable};
  result.number_ = number;
  return result;
}

std::string Type::text() const {
  switch (form_) {
    case Form::dyn:
    case Form::error:
    case Form::variable: return "dyn";
    case Form::null: return "null";
    case Form::boolean: return "bool";
    case Form::integer: return "int";
    case Form::unsigned_integer: return "uint";
    case Form::floating: return "double";
    case Form::string: return "string";
    case Form::bytes: return "bytes";
    case Form::timestamp: return "timestamp";
    case Form::duration: return "duration";
    case Form::list: return "list(" + argument(0).text() + ")";
    case Form::map: return "map(" + argument(0).text() + ", " + argument(1).text() + ")";
    case Form::optional: return "optional(" + argument(0).text() + ")";
    case Form::type: return "type(" + argument(0).text() + ")";
    case Form::object: return std::string{object_type()->name()};
    case Form::parameter: return std::string{parameter_name()};
  }
  return "dyn";
}

bool operator==(const Type& left, const Type& right) {
  if (left.form_ != right.form_ || left.number_ != right.number_) return false;
  if (left.parts_ == right.parts_) return true;
  if (!left.parts_ || !right.parts_) return false;
  return left.parts_->arguments == right.parts_->arguments && left.parts_->object == right.parts_->object &&
         left.parts_->name == right.parts_->name;
}

}  // namespace caravan::cel
