#include "journeys/cel/plan/planner.hpp"

#include <algorithm>
#include <limits>

#include "journeys/cel/plan/probes.hpp"

namespace caravan::cel {

namespace {

constexpr std::uint32_t no_local = std::numeric_limits<std::uint32_t>::max();

/// Constant parts are computed within these; what is larger is computed when it is evaluated.
constexpr Limits folding{.cost = 20'000, .memory = 256 * 1024};
constexpr std::size_t constants_memory = 4 * 1024 * 1024;

/// A constant part reads nothing.
class NothingToRead final : public Activation {
 public:
  Value variable(Slot, Evaluation&) override { return Value::absent(); }
};

bool may_be_object(const Type& type) {
  return type.is_dyn() || type.is(Type::Form::variable) || type.is(Type::Form::object);
}

/// Whether a value of this type may be a host object or have one inside.
bool may_hold_object(const Type& type) {
  if (may_be_object(type)) return true;
  for (std::size_t i = 0; i < type.argument_count(); ++i)
    if (may_hold_object(type.argument(i))) return true;
  return false;
}

/// The same when what is not known is known to be data.
bool holds_object(const Type& type) {
  if (type.is(Type::Form::object)) return true;
  for (std::size_t i = 0; i < type.argument_count(); ++i)
    if (holds_object(type.argument(i))) return true;
  return false;
}

/// The type that objects of `type` answer with.
std::shared_ptr<const ObjectType> answered(const std::shared_ptr<const ObjectType>& type) {
  std::shared_ptr<const ObjectType> as = type ? type->answered_as() : nullptr;
  return as ? as : type;
}

bool is_text_literal(const Expression& e) {
  return e.form == Form::literal && e.literal.is(Kind::string);
}

/// The field that `x["name"]` reads, where the type of x knows it.
std::optional<ObjectType::Field> indexed_field(const Expression& index) {
  const Expression& target = *index.children[0];
  const Expression& by = *index.children[1];
  if (!target.type.is(Type::Form::object) || !is_text_literal(by)) return std::nullopt;
  return target.type.object_type()->field(by.name);
}

}  // namespace

void Planner::probe(const Expression& root, std::uint32_t first) {
  probed_ = conditions_of(root);
  first_probe_ = first;
}

void Planner::run(const Expression& root) {
  plan_.constants.allow(constants_memory);
  plan_.root = build(root);
  if (const Value* constant = plan_.root->constant()) plan_.constant = *constant;
  std::sort(plan_.reads.variables.begin(), plan_.reads.variables.end());
}

NodePtr Planner::build(const Expression& e) {
  const std::uint64_t dynamic_before = dynamic_;
  const std::uint32_t outer_lowest = lowest_local_;
  lowest_local_ = no_local;
  ++built_;
  const std::size_t conditions_before = plan_.conditions.size();
  NodePtr node = build_form(e);
  const bool closed = dynamic_ == dynamic_before && (lowest_local_ == no_local || lowest_local_ >= scope_);
  if (lowest_local_ != no_local && lowest_local_ >= scope_) lowest_local_ = no_local;
  lowest_local_ = std::min(lowest_local_, outer_lowest);
  if (closed && !node->constant()) node = folded(std::move(node));
  // What has become a constant evaluates none of its parts any more.
  if (node->constant()) plan_.conditions.resize(conditions_before);
  return watched(std::move(node), e);
}

/// With a probe, where the expression has one. A part that is always the same has no outcomes to tell apart; the whole
/// has one all the same, for whoever counts how often it was asked.
NodePtr Planner::watched(NodePtr node, const Expression& e) {
  const auto found = std::find(probed_.begin(), probed_.end(), &e);
  if (found == probed_.end() || (node->constant() && found != probed_.begin())) return node;
  const auto number = first_probe_ + static_cast<std::uint32_t>(plan_.conditions.size());
  plan_.conditions.push_back({e.offset, e.length});
  return make_probe(std::move(node), number);
}

NodePtr Planner::folded(NodePtr node) {
  Evaluation evaluation{folding};
  const Probing unseen{nullptr};
  NothingToRead nothing;
  std::vector<Value> locals(plan_.local_count);
  Frame frame{evaluation, nothing, locals.data()};
  const Value value = node->evaluate(frame);
  if (!value.is_error())
    if (const auto kept = copy_into(plan_.constants, value)) return make_constant(*kept);
  ++dynamic_;  // Whatever holds this part is not constant either, and need not be tried.
  return node;
}

std::vector<NodePtr> Planner::build_all(const Expression& e, std::size_t first) {
  std::vector<NodePtr> nodes;
  for (std::size_t i = first; i < e.children.size(); ++i)
    nodes.push_back(build(*e.children[i]));
  return nodes;
}

NodePtr Planner::build_form(const Expression& e) {
  switch (e.form) {
    case Form::literal: return literal(e);
    case Form::identifier: return identifier(e);
    case Form::select: return select(e);
    case Form::index: return index(e);
    case Form::call: return call(e);
    case Form::list: return make_list(build_all(e, 0), e.optional_parts, e.place);
    case Form::map: return make_map(build_all(e, 0), e.optional_parts, e.place);
    case Form::negate: return make_call(*e.resolution.builtin, build_all(e, 0), e.place);
    case Form::invert: return make_not(build(*e.children[0]), e.place);
    case Form::binary: {
      if (e.operation <= Operator::modulo) return make_call(*e.resolution.builtin, build_all(e, 0), e.place);
      NodePtr left = build(*e.children[0]);
      NodePtr right = build(*e.children[1]);
      if (e.operation != Operator::in) return make_comparison(e.operation, std::move(left), std::move(right), e.place);
      read_from(*e.children[1]);
      return make_membership(std::move(left), std::move(right), e.place);
    }
    case Form::all_of:
    case Form::any_of: {
      std::vector<std::uint32_t> offsets;
      for (const ExpressionPtr& child : e.children)
        offsets.push_back(child->offset);
      return make_logical(e.form, build_all(e, 0), std::move(offsets));
    }
    case Form::conditional: {
      NodePtr condition = build(*e.children[0]);
      NodePtr yes = build(*e.children[1]);
      return make_conditional(std::move(condition), std::move(yes), build(*e.children[2]), e.children[0]->offset);
    }
    case Form::macro: return macro(e);
  }
  return make_constant(Value::null());
}

Value Planner::keep_text(std::string_view text) {
  const std::string_view kept = plan_.constants.copy(text);
  return Value::string(kept.data() ? kept : std::string_view{""});
}

NodePtr Planner::literal(const Expression& e) {
  if (e.literal.is(Kind::string)) return make_constant(keep_text(e.name));
  if (e.literal.is(Kind::bytes)) return make_constant(Value::bytes(keep_text(e.name).as_text()));
  return make_constant(e.literal);
}

NodePtr Planner::identifier(const Expression& e) {
  switch (e.resolution.meaning) {
    case Resolution::Meaning::local:
      lowest_local_ = std::min(lowest_local_, e.resolution.index);
      return make_local(e.resolution.index);
    case Resolution::Meaning::variable: {
      const Slot slot{e.resolution.index};
      read_variable(slot);
      return make_variable(slot, environment_.variables()[e.resolution.index].name, e.place);
    }
    case Resolution::Meaning::type: return make_constant(Value::type(keep_text(e.resolution.name).as_text()));
    default: return make_failure(ErrorCode::no_such_variable, "unknown variable: " + e.name, e.place);
  }
}

NodePtr Planner::select(const Expression& e) {
  using Meaning = Resolution::Meaning;
  if (e.resolution.meaning == Meaning::variable || e.resolution.meaning == Meaning::type) return identifier(e);
  const Expression& target = *e.children[0];
  const Value name = keep_text(e.name);
  const Presence presence = e.optional ? Presence::optional : Presence::required;
  if (e.resolution.meaning != Meaning::field) {
    read_from(target);
    return make_select(build(target), name, presence, e.place);
  }
  read_field(e.resolution.object, e.resolution.field, e.name);
  if (target.resolution.meaning == Meaning::variable) {
    const Slot slot{target.resolution.index};
    read_variable(slot);
    return make_variable_field(slot, answered(e.resolution.object), e.resolution.field, name, presence, e.place);
  }
  return make_field(build(target), answered(e.resolution.object), e.resolution.field, name, presence, e.place);
}

NodePtr Planner::index(const Expression& e) {
  const Presence presence = e.optional ? Presence::optional : Presence::required;
  const Expression& target = *e.children[0];
  const Expression& by = *e.children[1];
  if (const auto field = indexed_field(e)) {
    const std::shared_ptr<const ObjectType>& type = target.type.object_type();
    read_field(type, field->id, by.name);
    return make_field(build(target), answered(type), field->id, keep_text(by.name), presence, e.place);
  }
  read_from(target);
  NodePtr built = build(target);
  return make_index(std::move(built), build(by), presence, e.place);
}

NodePtr Planner::call(const Expression& e) {
  using Meaning = Resolution::Meaning;
  const std::size_t first = e.resolution.namespaced ? 1 : 0;
  switch (e.resolution.meaning) {
    case Meaning::least: return make_extreme(Order::less, "math.least", build_all(e, first), e.place);
    case Meaning::greatest: return make_extreme(Order::greater, "math.greatest", build_all(e, first), e.place);
    case Meaning::host: {
      ++dynamic_;
      const std::string& name = e.resolution.host.front()->name;
      read_call(e);
      return make_host_call(name, e.resolution.host, e.resolution.builtin, build_all(e, first), e.place);
    }
    case Meaning::builtin: return builtin_call(e, first);
    default: {
      const bool known = standard_functions().has(e.name, e.method) || environment_.has_function(e.name);
      return make_failure(known ? ErrorCode::no_such_overload : ErrorCode::unknown_function,
                          (known ? "no such overload: " : "unknown function: ") + e.name + "()", e.place);
    }
  }
}

NodePtr Planner::builtin_call(const Expression& e, std::size_t first) {
  const std::string_view name = e.name;
  if (name == "matches" && is_text_literal(*e.children[first + 1]))
    if (NodePtr node = matches(e, first)) return node;
  if (e.method && (name == "or" || name == "orValue") && e.children.size() == 2) {
    NodePtr optional = build(*e.children[0]);
    return make_alternative(std::move(optional), build(*e.children[1]), name == "orValue", e.place);
  }
  for (std::size_t i = first; i < e.children.size(); ++i)
    read_from(*e.children[i]);
  return make_call(*e.resolution.builtin, build_all(e, first), e.place);
}

NodePtr Planner::matches(const Expression& e, std::size_t first) {
  const Expression& pattern = *e.children[first + 1];
  std::string fault;
  NodePtr node = make_matches(build(*e.children[first]), pattern.name, e.place, fault);
  if (!node && diagnostics_)
    diagnostics_->push_back({pattern.offset, pattern.length, "not a regular expression: " + fault,
                             "patterns are RE2's; a backslash is written \\\\, or the pattern as r\"...\""});
  return node;
}

NodePtr Planner::macro(const Expression& e) {
  switch (e.macro) {
    case Macro::has: {
      const Expression& field = *e.children[0];
      const bool known = field.resolution.meaning == Resolution::Meaning::field;
      if (known)
        read_field(field.resolution.object, field.resolution.field, field.name);
      else
        read_from(*field.children[0]);
      return make_has(build(*field.children[0]), known ? answered(field.resolution.object) : nullptr,
                      field.resolution.field, keep_text(field.name), field.place);
    }
    case Macro::bind: {
      NodePtr value = build(*e.children[0]);
      note_locals(e);
      ++scope_;
      NodePtr body = build(*e.children[1]);
      --scope_;
      return make_binding(std::move(value), std::move(body), e.first_local);
    }
    case Macro::optional_map:
    case Macro::optional_flat_map: {
      NodePtr optional = build(*e.children[0]);
      note_locals(e);
      ++scope_;
      NodePtr body = build(*e.children[1]);
      --scope_;
      return make_optional_map(std::move(optional), std::move(body), e.first_local, e.macro == Macro::optional_flat_map,
                               e.offset);
    }
    default: return loop(e);
  }
}

NodePtr Planner::loop(const Expression& e) {
  const auto variables = static_cast<std::uint32_t>(e.variables.size());
  read_from(*e.children[0]);
  note_locals(e);
  Loop loop{.macro = e.macro,
            .range = build(*e.children[0]),
            .filter = nullptr,
            .body = nullptr,
            .first_local = e.first_local,
            .two_variables = variables == 2,
            .cost = 0,
            .offset = e.offset};
  const std::uint64_t built_before = built_;
  scope_ += variables;
  NodePtr first = build(*e.children[1]);
  if (e.macro == Macro::filter || e.children.size() == 3)
    loop.filter = std::move(first);
  else
    loop.body = std::move(first);
  if (e.children.size() == 3) loop.body = build(*e.children[2]);
  scope_ -= variables;
  loop.cost = built_ - built_before + 1;
  return make_loop(std::move(loop));
}

void Planner::read_variable(Slot slot) {
  ++dynamic_;
  auto& variables = plan_.reads.variables;
  if (std::find(variables.begin(), variables.end(), slot) == variables.end()) variables.push_back(slot);
}

void Planner::read_field(const std::shared_ptr<const ObjectType>& type, FieldId field, std::string_view name) {
  auto& fields = plan_.reads.fields;
  const std::shared_ptr<const ObjectType> of = answered(type);
  const bool known = std::any_of(fields.begin(), fields.end(),
                                 [&](const Reads::Field& read) { return read.type == of && read.id == field; });
  if (!known) fields.push_back({of, field, std::string{name}});
}

/// Something looks into `target` by a name or number that only evaluation knows.
void Planner::read_from(const Expression& target) {
  if (may_be_object(target.type) && !is_data(target)) plan_.reads.any_field = true;
}

/// Whether no part of the value can be a host object: what comes out of an object's field, and what the language's own
/// functions make of it, is data even where its type is not known.
bool Planner::is_data(const Expression& e) {
  if (!may_hold_object(e.type)) return true;
  using Meaning = Resolution::Meaning;
  switch (e.resolution.meaning) {
    case Meaning::local: return e.resolution.index < data_locals_.size() && data_locals_[e.resolution.index];
    case Meaning::field: return !holds_object(e.type);
    case Meaning::variable:
    case Meaning::host: return false;
    default: break;
  }
  if (e.form == Form::identifier) return false;
  if (e.form == Form::index) {
    if (const auto field = indexed_field(e)) return !holds_object(field->type);
  }
  if (e.form == Form::macro && !note_locals(e)) return false;
  const auto first = static_cast<std::ptrdiff_t>(e.resolution.namespaced ? 1 : 0);
  return std::all_of(e.children.begin() + first, e.children.end(),
                     [this](const ExpressionPtr& child) { return is_data(*child); });
}

/// Notes what a macro's variables hold, which is data when what it is called on is.
bool Planner::note_locals(const Expression& e) {
  const std::size_t end = e.first_local + e.variables.size();
  if (data_locals_.size() < end) data_locals_.resize(end);
  const bool over_data = is_data(*e.children[0]);
  for (std::size_t local = e.first_local; local < end; ++local)
    data_locals_[local] = over_data;
  return over_data;
}

/// A call of a host function. What its receiver is does not matter here: only its first argument is noted.
void Planner::read_call(const Expression& e) {
  const std::string& name = e.resolution.host.front()->name;
  auto& functions = plan_.reads.functions;
  if (std::find(functions.begin(), functions.end(), name) == functions.end()) functions.push_back(name);
  const std::size_t argument = e.method ? 1 : 0;
  Reads::Call call{name, std::nullopt};
  if (argument < e.children.size() && is_text_literal(*e.children[argument])) call.literal = e.children[argument]->name;
  auto& calls = plan_.reads.calls;
  if (std::find(calls.begin(), calls.end(), call) == calls.end()) calls.push_back(std::move(call));
}

}  // namespace caravan::cel
