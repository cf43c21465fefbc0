// The leaves are evaluated by the language itself, on records that are maps: nothing here knows what `<` means.

#include "engine/harness/explore_logic.hpp"

#include "engine/attribute_values.hpp"
#include "journeys/cel/program.hpp"

namespace caravan::exploring {
namespace {

using cel::Form;
using std::chrono::milliseconds;

/// The attributes below an expression; nothing where it reads anything else that can change from one time to another.
bool reads_attributes_alone(const cel::Expression& expression, const std::string& event_type,
                            std::set<Quality>& qualities) {
  if (const auto quality = quality_of(expression, event_type)) {
    qualities.insert(*quality);
    return true;
  }
  // Names of variables and functions of the domain: groups, roles, events, people, the time.
  if (expression.form == Form::identifier) return false;
  if (expression.form == Form::macro && expression.macro != cel::Macro::has) return false;
  static constexpr std::array<std::string_view, 6> domain = {"group",    "has_group", "role",
                                                             "activity", "count",     "was_removed"};
  if (expression.form == Form::call && std::find(domain.begin(), domain.end(), expression.name) != domain.end())
    return false;
  return std::all_of(expression.children.begin(), expression.children.end(), [&](const cel::ExpressionPtr& child) {
    return reads_attributes_alone(*child, event_type, qualities);
  });
}

bool is_comparison_of(cel::Operator operation) {
  return operation >= cel::Operator::equal && operation <= cel::Operator::greater_equal;
}

/// An attribute as it stands, or with a constant in its absence.
bool is_plain_attribute(const cel::Expression& expression, const std::string& event_type) {
  if (quality_of(expression, event_type)) return true;
  return expression.form == Form::call && expression.method && expression.name == "orValue" &&
         expression.children.size() == 2 && quality_of(*expression.children[0], event_type) &&
         constant_of(*expression.children[1]);
}

bool is_constant_list(const cel::Expression& expression) {
  return expression.form == Form::list &&
         std::all_of(expression.children.begin(), expression.children.end(),
                     [](const cel::ExpressionPtr& each) { return constant_of(*each).has_value(); });
}

/// Whether constants and their neighbours are all that matters: comparisons with constants, `in` lists of them, has(),
/// and an attribute by itself.
bool has_exact_form(const cel::Expression& expression, const std::string& event_type) {
  if (is_plain_attribute(expression, event_type)) return true;
  if (expression.form == Form::macro && expression.macro == cel::Macro::has)
    return quality_of(*expression.children[0], event_type).has_value();
  if (expression.form != Form::binary) return false;
  const cel::Expression& left = *expression.children[0];
  const cel::Expression& right = *expression.children[1];
  if (expression.operation == cel::Operator::in) return is_plain_attribute(left, event_type) && is_constant_list(right);
  if (!is_comparison_of(expression.operation)) return false;
  return (is_plain_attribute(left, event_type) && constant_of(right)) ||
         (constant_of(left) && is_plain_attribute(right, event_type));
}

// What lies between constants and beyond them, kind by kind.

void add_numbers_between(const Values& constants, Values& to) {
  std::vector<double> numbers = {0};
  for (const AttributeInput& constant : constants) {
    if (const auto* whole = std::get_if<std::int64_t>(&constant.value)) numbers.push_back(static_cast<double>(*whole));
    if (const auto* number = std::get_if<double>(&constant.value)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    add_value(to, {numbers[i]});
    if (i + 1 < numbers.size()) add_value(to, {numbers[i] + (numbers[i + 1] - numbers[i]) / 2});
  }
  add_value(to, {-std::numeric_limits<double>::infinity()});
  add_value(to, {std::numeric_limits<double>::infinity()});
  add_value(to, {std::numeric_limits<double>::quiet_NaN()});
}

void add_texts_between(const Values& constants, Values& to) {
  add_value(to, {std::string()});
  for (const AttributeInput& constant : constants) {
    if (const auto* text = std::get_if<std::string>(&constant.value)) add_value(to, {*text + std::string(1, '\0')});
  }
}

template <class Time>
void add_times_between(const Values& constants, Values& to) {
  add_value(to, {Time()});
  for (const AttributeInput& constant : constants) {
    const auto* time = std::get_if<Time>(&constant.value);
    if (time == nullptr) continue;
    add_value(to, {*time - milliseconds(1)});
    add_value(to, {*time + milliseconds(1)});
  }
}

/// One of each class of values that comparisons with these constants can tell apart.
Values classes_around(const Values& constants) {
  Values classes;
  add_value(classes, {});
  add_value(classes, {true});
  add_value(classes, {false});
  add_numbers_between(constants, classes);
  add_texts_between(constants, classes);
  add_times_between<Instant>(constants, classes);
  add_times_between<milliseconds>(constants, classes);
  classes.push_back({AttributeList()});
  classes.push_back({AttributeMap()});
  return classes;
}

/// Evaluates leaves that read one attribute.
class LeafEvaluation {
 public:
  LeafEvaluation() {
    const cel::Type record = cel::Type::map(cel::Type::string(), cel::Type::dyn());
    for (const char* name : {"account", "person", "event"})
      environment_.declare(name, record);
  }

  std::vector<Truth> answers_of(const Leaf& leaf, const Values& values) {
    cel::CompileOptions options;
    options.check_types = false;
    const cel::CompileResult compiled = cel::compile(leaf.text, environment_, options);
    std::vector<Truth> answers;
    for (const AttributeInput& value : values)
      answers.push_back(compiled ? answer(*compiled.program, *leaf.quality, value) : Truth::failed);
    return answers;
  }

 private:
  Truth answer(const cel::Program& program, const Quality& quality, const AttributeInput& value) {
    evaluation_.reset();
    const std::pair<NameId, AttributeInput> input[] = {{NameId{1}, value}};
    const Attributes kept = Attributes().with(input);
    cel::MapBuilder record{evaluation_.arena(), 1};
    if (const auto attribute = kept.find(NameId{1}))
      record.add(cel::Value::string(quality.name), to_value(*attribute, evaluation_));
    cel::Bindings bindings;
    bindings.set(static_cast<cel::Slot>(quality.of), cel::Value::map(record.finish()));
    const cel::Value result = program.evaluate(bindings, evaluation_);
    if (!result.is(cel::Kind::boolean)) return Truth::failed;
    return result.as_boolean() ? Truth::yes : Truth::no;
  }

  cel::Environment environment_;
  cel::Evaluation evaluation_;
};

Truth joined(const Logic& logic, Truth absorbing, const std::function<Truth(std::size_t)>& of) {
  Truth result = absorbing == Truth::no ? Truth::yes : Truth::no;
  for (const Logic& part : logic.parts) {
    const Truth truth = truth_of(part, of);
    if (truth == absorbing) return absorbing;
    if (truth == Truth::failed) result = Truth::failed;
  }
  return result;
}

}  // namespace

Logic Leaves::add(const Expression& condition, const std::string& event_type) {
  const cel::ExpressionPtr tree = tree_of(condition);
  if (!tree) return {};
  ask_about(*tree, event_type, now_, questions_);
  return take_apart(*tree, event_type);
}

Logic Leaves::take_apart(const cel::Expression& expression, const std::string& event_type) {
  Logic logic;
  logic.offset = expression.offset;
  logic.length = expression.length;
  if (expression.form == Form::literal && expression.literal.is(cel::Kind::boolean)) {
    logic.constant = expression.literal.as_boolean() ? Truth::yes : Truth::no;
    return logic;
  }
  switch (expression.form) {
    case Form::all_of: logic.form = Logic::Form::all_of; break;
    case Form::any_of: logic.form = Logic::Form::any_of; break;
    case Form::invert: logic.form = Logic::Form::negation; break;
    case Form::conditional: logic.form = Logic::Form::choice; break;
    default:
      logic.form = Logic::Form::leaf;
      logic.leaf = leaf_of(expression, event_type);
      return logic;
  }
  for (const cel::ExpressionPtr& child : expression.children)
    logic.parts.push_back(take_apart(*child, event_type));
  return logic;
}

std::size_t Leaves::leaf_of(const cel::Expression& expression, const std::string& event_type) {
  std::string text = cel::print(expression);
  // `event` of another type is another event.
  const auto [known, is_new] = by_text_.emplace(text + '\n' + event_type, leaves_.size());
  if (!is_new) return known->second;
  Leaf leaf;
  std::set<Quality> qualities;
  if (reads_attributes_alone(expression, event_type, qualities) && qualities.size() == 1) {
    leaf.quality = *qualities.begin();
    leaf.exact = has_exact_form(expression, event_type);
  }
  leaf.text = std::move(text);
  leaves_.push_back(std::move(leaf));
  return leaves_.size() - 1;
}

void Leaves::evaluate() {
  LeafEvaluation evaluation;
  for (Leaf& leaf : leaves_) {
    if (!leaf.quality) continue;
    const auto [known, is_new] = values_.try_emplace(*leaf.quality);
    Choices& choices = known->second;
    if (is_new) {
      choices.values = questions_.qualities[*leaf.quality];
      add_value(choices.values, {});
      choices.worth_trying = choices.values.size();
      for (AttributeInput& each : classes_around(Values(choices.values)))
        add_value(choices.values, std::move(each));
    }
    leaf.answers = evaluation.answers_of(leaf, choices.values);
  }
}

Truth truth_of(const Logic& logic, const std::function<Truth(std::size_t)>& of) {
  switch (logic.form) {
    case Logic::Form::leaf: return of(logic.leaf);
    case Logic::Form::constant: return logic.constant;
    case Logic::Form::all_of: return joined(logic, Truth::no, of);
    case Logic::Form::any_of: return joined(logic, Truth::yes, of);
    case Logic::Form::negation: {
      const Truth truth = truth_of(logic.parts[0], of);
      if (truth == Truth::failed) return truth;
      return truth == Truth::yes ? Truth::no : Truth::yes;
    }
    case Logic::Form::choice: {
      const Truth truth = truth_of(logic.parts[0], of);
      if (truth == Truth::failed) return truth;
      return truth_of(logic.parts[truth == Truth::yes ? 1 : 2], of);
    }
  }
  return Truth::failed;
}

const Logic* part_at(const Logic& logic, const cel::Condition& condition) {
  if (logic.offset == condition.offset && logic.length == condition.length) return &logic;
  for (const Logic& part : logic.parts)
    if (const Logic* found = part_at(part, condition)) return found;
  return nullptr;
}

void leaves_of(const Logic& logic, std::set<std::size_t>& to) {
  if (logic.form == Logic::Form::leaf) to.insert(logic.leaf);
  for (const Logic& part : logic.parts)
    leaves_of(part, to);
}

}  // namespace caravan::exploring
