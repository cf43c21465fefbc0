#pragma once
// The types of the checker. A Type is a small immutable value; object types are shared, not copied.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caravan::cel {

class ObjectType;

class Type {
 public:
  enum class Form : std::uint8_t {
    dyn,  ///< anything; checked at run time
    null,
    boolean,
    integer,
    unsigned_integer,
    floating,
    string,
    bytes,
    timestamp,
    duration,
    list,       ///< of one parameter
    map,        ///< of key and value
    optional,   ///< of one parameter
    type,       ///< the type of a type, of one parameter
    object,     ///< a host object
    parameter,  ///< a signature's type parameter: `A` in `list(A)`
    variable,   ///< one that inference has still to find
    error,      ///< what was already reported; fits everywhere
  };

  Type() = default;
  static Type dyn() { return Type{Form::dyn}; }
  static Type null() { return Type{Form::null}; }
  static Type boolean() { return Type{Form::boolean}; }
  static Type integer() { return Type{Form::integer}; }
  static Type unsigned_integer() { return Type{Form::unsigned_integer}; }
  static Type floating() { return Type{Form::floating}; }
  static Type string() { return Type{Form::string}; }
  static Type bytes() { return Type{Form::bytes}; }
  static Type timestamp() { return Type{Form::timestamp}; }
  static Type duration() { return Type{Form::duration}; }
  static Type error() { return Type{Form::error}; }
  static Type list(Type element);
  static Type map(Type key, Type value);
  static Type optional(Type held);
  static Type type_of(Type of);
  static Type object(std::shared_ptr<const ObjectType> object);
  static Type parameter(std::string_view name);
  static Type variable(std::uint32_t number);

  Form form() const { return form_; }
  bool is(Form form) const { return form_ == form; }
  bool is_dyn() const { return form_ == Form::dyn || form_ == Form::error; }
  /// The parameters of a list, map, optional or type.
  const Type& argument(std::size_t index) const { return parts_->arguments[index]; }
  std::size_t argument_count() const { return parts_ ? parts_->arguments.size() : 0; }
  const std::shared_ptr<const ObjectType>& object_type() const { return parts_->object; }
  std::string_view parameter_name() const { return parts_->name; }
  std::uint32_t variable_number() const { return number_; }

  /// As an author would say it: `int`, `list(string)`, `map(string, dyn)`, `Account`.
  std::string text() const;

  friend bool operator==(const Type& left, const Type& right);

 private:
  struct Parts {
    std::vector<Type> arguments;
    std::shared_ptr<const ObjectType> object;
    std::string name;
  };
  explicit Type(Form form) : form_{form} {}
  Type(Form form, Parts parts) : form_{form}, parts_{std::make_shared<const Parts>(std::move(parts))} {}

  Form form_ = Form::dyn;
  std::uint32_t number_ = 0;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace caravan::cel
