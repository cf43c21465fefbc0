// Nodes that look into values: fields of host objects by number, entries of maps and lists, and `has`.

#include <cmath>

#include "journeys/cel/plan/node.hpp"

namespace caravan::cel {

namespace {

/// What `target.name` finds: a value, absent, or an error when the target has no fields at all.
Value find_field(Evaluation& evaluation, const Value& target, const Value& name) {
  if (target.is(Kind::map)) {
    const Value* found = target.as_map().find(name);
    return found ? *found : Value::absent();
  }
  if (target.is(Kind::object)) return target.as_object().field(name.as_text(), evaluation);
  return evaluation.error(ErrorCode::no_such_overload, {"no such overload: ", type_name(target),
                                                        " has no fields, and none called ", name.as_text()});
}

Value list_element(Evaluation& evaluation, const Value& list, const Value& index) {
  std::int64_t at = -1;
  if (index.is(Kind::integer)) {
    at = index.as_integer();
  } else if (index.is(Kind::unsigned_integer)) {
    at = index.as_unsigned() < list.as_list().size() ? index.as_integer() : -1;
  } else if (index.is(Kind::floating) && std::trunc(index.as_floating()) == index.as_floating() &&
             std::fabs(index.as_floating()) < 1e15) {
    at = static_cast<std::int64_t>(index.as_floating());
  } else {
    return evaluation.error(ErrorCode::invalid_argument, {"a list is indexed with an int, not ", to_text(index, 100)});
  }
  if (at < 0 || static_cast<std::uint64_t>(at) >= list.as_list().size()) return Value::absent();
  return list.as_list()[static_cast<std::size_t>(at)];
}

/// What `target[index]` finds, in the same terms.
Value find_element(Evaluation& evaluation, const Value& target, const Value& index) {
  switch (target.kind()) {
    case Kind::list: return list_element(evaluation, target, index);
    case Kind::map: {
      const Value* found = target.as_map().find(index);
      return found ? *found : Value::absent();
    }
    case Kind::object:
      return index.is(Kind::string) ? target.as_object().field(index.as_text(), evaluation) : Value::absent();
    default: {
      const Value both[] = {target, index};
      return evaluation.no_such_overload("_[_]", both);
    }
  }
}

/// What was found as the expression sees it.
Value present(Evaluation& evaluation, const Value& found, const Value& key, Presence presence) {
  if (found.is_absent()) return presence == Presence::optional ? Value::none() : evaluation.no_such_key(key);
  if (presence == Presence::required || found.is_error()) return found;
  return evaluation.optional(found);
}

/// Selecting from an optional selects from what it holds, and stays optional. False when it holds nothing.
bool look_through(Value& target, Presence& presence) {
  if (!target.is(Kind::optional)) return true;
  if (!target.held()) return false;
  target = *target.held();
  presence = Presence::optional;
  return true;
}

/// A field whose number is known, for objects of the type that was expected; by name otherwise.
Value field_of(Evaluation& evaluation, Value target, const ObjectType* type, FieldId field, const Value& name,
               Presence presence) {
  if (!look_through(target, presence)) return Value::none();
  if (target.is_error()) return target;
  const bool known = target.is(Kind::object) && &target.as_object().type() == type;
  const Value found = known ? target.as_object().field(field, evaluation) : find_field(evaluation, target, name);
  if (presence == Presence::required && !found.is_absent()) return found;
  return present(evaluation, found, name, presence);
}

class Field final : public Node {
 public:
  Field(NodePtr target, std::shared_ptr<const ObjectType> type, FieldId field, Value name, Presence presence,
        std::uint32_t offset)
      : target_{std::move(target)},
        type_{std::move(type)},
        field_{field},
        name_{name},
        presence_{presence},
        offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    return field_of(frame.evaluation, target_->evaluate(frame), type_.get(), field_, name_, presence_).at(offset_);
  }

 private:
  NodePtr target_;
  std::shared_ptr<const ObjectType> type_;
  FieldId field_;
  Value name_;
  Presence presence_;
  std::uint32_t offset_;
};

class VariableField final : public Node {
 public:
  VariableField(Slot slot, std::shared_ptr<const ObjectType> type, FieldId field, Value name, Presence presence,
                std::uint32_t offset)
      : type_{std::move(type)}, name_{name}, slot_{slot}, field_{field}, presence_{presence}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    const Value target = frame.activation.variable(slot_, frame.evaluation);
    if (target.is_absent())
      return frame.evaluation.error(ErrorCode::no_such_variable, {"no value for the variable of ", name_.as_text()})
          .at(offset_);
    return field_of(frame.evaluation, target, type_.get(), field_, name_, presence_).at(offset_);
  }

 private:
  std::shared_ptr<const ObjectType> type_;
  Value name_;
  Slot slot_;
  FieldId field_;
  Presence presence_;
  std::uint32_t offset_;
};

class Select final : public Node {
 public:
  Select(NodePtr target, Value name, Presence presence, std::uint32_t offset)
      : target_{std::move(target)}, name_{name}, presence_{presence}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    Value target = target_->evaluate(frame);
    if (target.is_error()) return target;
    Presence presence = presence_;
    if (!look_through(target, presence)) return Value::none();
    return present(frame.evaluation, find_field(frame.evaluation, target, name_), name_, presence).at(offset_);
  }

 private:
  NodePtr target_;
  Value name_;
  Presence presence_;
  std::uint32_t offset_;
};

class Index final : public Node {
 public:
  Index(NodePtr target, NodePtr index, Presence presence, std::uint32_t offset)
      : target_{std::move(target)}, index_{std::move(index)}, presence_{presence}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    Value target = target_->evaluate(frame);
    if (target.is_error()) return target;
    const Value index = index_->evaluate(frame);
    if (index.is_error()) return index;
    if (index.is(Kind::string) && !frame.evaluation.charge_bytes(index.as_text().size()))
      return Evaluation::budget_error();
    Presence presence = presence_;
    if (!look_through(target, presence)) return Value::none();
    const Value found = find_element(frame.evaluation, target, index);
    if (found.is_absent() && presence == Presence::required && target.is(Kind::list))
      return frame.evaluation.error(ErrorCode::out_of_range, {"index out of range: ", to_text(index, 100)}).at(offset_);
    return present(frame.evaluation, found, index, presence).at(offset_);
  }

 private:
  NodePtr target_;
  NodePtr index_;
  Presence presence_;
  std::uint32_t offset_;
};

class Has final : public Node {
 public:
  Has(NodePtr target, std::shared_ptr<const ObjectType> type, FieldId field, Value name, std::uint32_t offset)
      : target_{std::move(target)}, type_{std::move(type)}, field_{field}, name_{name}, offset_{offset} {}
  Value evaluate(Frame& frame) const override {
    Value target = target_->evaluate(frame);
    if (target.is_error()) return target;
    Presence presence = Presence::required;
    if (!look_through(target, presence)) return Value::boolean(false);
    if (type_ && target.is(Kind::object) && &target.as_object().type() == type_.get())
      return Value::boolean(target.as_object().has(field_, frame.evaluation));
    const Value found = find_field(frame.evaluation, target, name_);
    return found.is_error() ? found.at(offset_) : Value::boolean(!found.is_absent());
  }

 private:
  NodePtr target_;
  std::shared_ptr<const ObjectType> type_;
  FieldId field_;
  Value name_;
  std::uint32_t offset_;
};

}  // namespace

NodePtr make_field(NodePtr target, std::shared_ptr<const ObjectType> type, FieldId field, Value name, Presence presence,
                   std::uint32_t offset) {
  return std::make_unique<Field>(std::move(target), std::move(type), field, name, presence, offset);
}
NodePtr make_variable_field(Slot slot, std::shared_ptr<const ObjectType> type, FieldId field, Value name,
                            Presence presence, std::uint32_t offset) {
  return std::make_unique<VariableField>(slot, std::move(type), field, name, presence, offset);
}
NodePtr make_select(NodePtr target, Value name, Presence presence, std::uint32_t offset) {
  return std::make_unique<Select>(std::move(target), name, presence, offset);
}
NodePtr make_index(NodePtr target, NodePtr index, Presence presence, std::uint32_t offset) {
  return std::make_unique<Index>(std::move(target), std::move(index), presence, offset);
}
NodePtr make_has(NodePtr target, std::shared_ptr<const ObjectType> type, FieldId field, Value name,
                 std::uint32_t offset) {
  return std::make_unique<Has>(std::move(target), std::move(type), field, name, offset);
}

}  // namespace caravan::cel
