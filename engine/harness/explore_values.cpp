// Walks syntax trees. A comparison makes each constant in it a value of each attribute in it, whatever stands around
// them: one value too many costs a try, one too few a path that is not found.

#include "engine/harness/explore_values.hpp"

#include "journeys/cel/parser.hpp"
#include "journeys/cel/time.hpp"
#include "journeys/vocabulary.hpp"

namespace caravan::exploring {
namespace {

using cel::Form;
using std::chrono::milliseconds;

template <class T>
const T* as(const AttributeInput& value) {
  return std::get_if<T>(&value.value);
}

Instant to_instant(cel::Timestamp time) {
  return time.to_milliseconds();
}

bool is_comparison(const cel::Expression& expression) {
  return expression.form == Form::binary && expression.operation >= cel::Operator::equal;
}

/// The words that a regular expression is satisfied by, one an alternative: `(?i)^(chief|vp)` gives `chief` and `vp`.
/// A guess: what it takes for literal need not be.
std::vector<std::string> words_of_pattern(std::string_view pattern) {
  std::vector<std::string> words(1);
  int skip_depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '(' && pattern.substr(i, 2) == "(?") {
      // Flags such as (?i) say nothing; a group such as (?:a|b) is a group.
      const std::size_t end = pattern.find_first_of(":)", i);
      if (end == std::string_view::npos) break;
      i = end;
      continue;
    }
    if (c == '[') {
      const std::size_t end = pattern.find(']', i);
      if (end == std::string_view::npos) break;
      if (i + 1 < end && pattern[i + 1] != '^') words.back() += pattern[i + 1];
      i = end;
      continue;
    }
    if (c == '{') ++skip_depth;
    if (c == '}') --skip_depth;
    if (skip_depth > 0 || std::string_view("(){}^$").find(c) != std::string_view::npos) continue;
    if (c == '|') {
      words.emplace_back();
    } else if (c == '?' || c == '*') {
      if (!words.back().empty()) words.back().pop_back();
    } else if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      if (escaped == 'd') words.back() += '1';
      if (escaped == 's') words.back() += ' ';
      if (escaped == 'w') words.back() += 'a';
      if (std::isalpha(static_cast<unsigned char>(escaped)) == 0) words.back() += escaped;
    } else if (c != '+') {
      words.back() += c == '.' ? 'x' : c;
    }
  }
  return words;
}

class Walker {
 public:
  Walker(const std::string& event_type, Instant now, Questions& to) : event_type_(event_type), now_(now), to_(to) {
    scope_ = {{"account", Holder{Quality::Of::account, {}}},
              {"person", Holder{Quality::Of::person, {}}},
              {"event", Holder{Quality::Of::event, event_type}}};
  }

  void walk(const cel::Expression& expression) {
    if (is_comparison(expression)) compared(expression);
    if (expression.form == Form::call) called(expression);
    if (const std::optional<Quality> quality = quality_in_scope(expression)) {
      mention(*quality);
      return;
    }
    if (expression.form == Form::macro) {
      walk_macro(expression);
      return;
    }
    asked_for_truth(expression);
    for (const cel::ExpressionPtr& child : expression.children)
      walk(*child);
  }

  /// What the whole is: a condition that is an attribute asks for its truth.
  void walk_whole(const cel::Expression& expression) {
    if (const std::optional<Quality> quality = quality_in_scope(expression)) add_truth(*quality);
    walk(expression);
  }

 private:
  std::optional<Quality> quality_in_scope(const cel::Expression& expression) const {
    std::string name;
    if (expression.form == Form::select) {
      name = expression.name;
    } else if (expression.form == Form::index && expression.children[1]->form == Form::literal &&
               expression.children[1]->literal.is(cel::Kind::string)) {
      name = expression.children[1]->name;
    } else {
      return std::nullopt;
    }
    const std::optional<Holder> holder = holder_of(*expression.children[0]);
    if (!holder || is_builtin(holder->of, name)) return std::nullopt;
    return Quality{holder->of, holder->event_type, name};
  }

  static bool is_builtin(Quality::Of of, std::string_view name) {
    switch (of) {
      case Quality::Of::account: return name == "key";
      case Quality::Of::person:
        return std::find(person_fields.begin(), person_fields.end(), name) != person_fields.end();
      case Quality::Of::event: return name == "type" || name == "at" || name == "id";
    }
    return false;
  }

  std::optional<Holder> holder_of(const cel::Expression& expression) const {
    if (expression.form == Form::identifier) {
      const auto found =
          std::find_if(scope_.rbegin(), scope_.rend(), [&](const auto& each) { return each.first == expression.name; });
      if (found != scope_.rend()) return found->second;
    }
    if (expression.form == Form::index) return element_of(*expression.children[0]);
    return std::nullopt;
  }

  /// What the elements of a list are.
  std::optional<Holder> element_of(const cel::Expression& list) const {
    if (list.form == Form::identifier && list.name == "people") return Holder{Quality::Of::person, {}};
    if (list.form == Form::call && list.name == "activity" && list.method)
      return Holder{Quality::Of::event, literal_text(list, 1)};
    if (list.form == Form::macro && list.macro == cel::Macro::filter) return element_of(*list.children[0]);
    return std::nullopt;
  }

  static std::string literal_text(const cel::Expression& call, std::size_t argument) {
    if (argument >= call.children.size()) return {};
    const cel::Expression& child = *call.children[argument];
    return child.form == Form::literal && child.literal.is(cel::Kind::string) ? child.name : std::string();
  }

  void walk_macro(const cel::Expression& macro) {
    if (macro.macro == cel::Macro::has) {
      if (const auto quality = quality_in_scope(*macro.children[0])) mention(*quality);
      return;
    }
    walk(*macro.children[0]);
    const std::size_t before = scope_.size();
    const std::optional<Holder> element =
        macro.macro == cel::Macro::bind ? holder_of(*macro.children[0]) : element_of(*macro.children[0]);
    for (const cel::Variable& variable : macro.variables)
      scope_.emplace_back(variable.name, element);
    for (std::size_t i = 1; i < macro.children.size(); ++i) {
      if (const auto quality = quality_in_scope(*macro.children[i])) add_truth(*quality);
      walk(*macro.children[i]);
    }
    scope_.resize(before);
  }

  /// All attributes and all constants below an expression.
  void gather(const cel::Expression& expression, std::vector<Quality>& qualities, Values& constants) {
    if (const auto constant = constant_of(expression)) {
      constants.push_back(*constant);
      return;
    }
    if (const auto quality = quality_in_scope(expression)) {
      qualities.push_back(*quality);
      return;
    }
    if (expression.form == Form::identifier && expression.name == "now") reads_now_ = true;
    if (expression.form == Form::select && (expression.name == "stage" || expression.name == "status"))
      group_field_ = expression.name;
    if (expression.form == Form::select && expression.name == "type" && holder_of(*expression.children[0]) &&
        holder_of(*expression.children[0])->of == Quality::Of::event)
      group_field_ = "type";
    for (const cel::ExpressionPtr& child : expression.children)
      gather(*child, qualities, constants);
  }

  void compared(const cel::Expression& comparison) {
    std::vector<Quality> qualities;
    Values constants;
    reads_now_ = false;
    group_field_.clear();
    for (const cel::ExpressionPtr& child : comparison.children)
      gather(*child, qualities, constants);
    for (const AttributeInput& constant : constants) {
      const auto* text = as<std::string>(constant);
      if (text != nullptr && group_field_ == "stage") to_.stages.insert(*text);
      if (text != nullptr && group_field_ == "status") to_.statuses.insert(*text);
      if (text != nullptr && group_field_ == "type") to_.event_types.insert(*text);
      for (const Quality& quality : qualities)
        add_around(to_.qualities[quality], constant);
    }
    if (!reads_now_) return;
    for (const Quality& quality : qualities)
      add_times(to_.qualities[quality], constants);
  }

  void called(const cel::Expression& call) {
    if (call.name == "activity" && call.method) {
      if (const std::string type = literal_text(call, 1); !type.empty()) to_.event_types.insert(type);
    }
    if (call.name == "group" || call.name == "has_group") {
      if (const std::string interest = literal_text(call, 0); !interest.empty())
        to_.solution_interests.insert(interest);
    }
    if (call.method && (call.name == "role" || call.name == "was_removed")) {
      if (const std::string interest = literal_text(call, 1); !interest.empty())
        to_.solution_interests.insert(interest);
    }
    if (!call.method || call.children.size() < 2) return;
    std::vector<Quality> qualities;
    Values ignored;
    gather(*call.children[0], qualities, ignored);
    const std::string text = literal_text(call, 1);
    if (text.empty()) return;
    for (const Quality& quality : qualities)
      add_fitting(to_.qualities[quality], call.name, text);
  }

  static void add_fitting(Values& values, std::string_view function, const std::string& text) {
    if (function == "contains") {
      for (const std::string& each : {text, "a " + text + " b"})
        add_value(values, {each});
    } else if (function == "startsWith") {
      for (const std::string& each : {text, text + " b"})
        add_value(values, {each});
    } else if (function == "endsWith") {
      for (const std::string& each : {text, "a " + text})
        add_value(values, {each});
    } else if (function == "matches") {
      for (const std::string& word : words_of_pattern(text))
        if (!word.empty()) add_value(values, {word});
    } else {
      return;
    }
    add_value(values, {std::string("something else")});
    add_value(values, {std::string()});
  }

  void asked_for_truth(const cel::Expression& expression) {
    const bool joins = expression.form == Form::all_of || expression.form == Form::any_of ||
                       expression.form == Form::invert || expression.form == Form::conditional;
    if (!joins) return;
    for (const cel::ExpressionPtr& child : expression.children) {
      if (const auto quality = quality_in_scope(*child)) add_truth(*quality);
    }
  }

  void mention(const Quality& quality) { add_value(to_.qualities[quality], {}); }
  void add_truth(const Quality& quality) {
    add_value(to_.qualities[quality], {true});
    add_value(to_.qualities[quality], {false});
  }

  /// A constant and what lies just beside it.
  static void add_around(Values& values, const AttributeInput& constant) {
    add_value(values, constant);
    if (const auto* whole = as<std::int64_t>(constant)) {
      if (*whole != std::numeric_limits<std::int64_t>::min()) add_value(values, {*whole - 1});
      if (*whole != std::numeric_limits<std::int64_t>::max()) add_value(values, {*whole + 1});
    } else if (const auto* number = as<double>(constant)) {
      add_value(values, {*number - 1});
      add_value(values, {*number + 1});
    } else if (as<std::string>(constant) != nullptr) {
      add_value(values, {std::string("something else")});
      add_value(values, {std::string()});
    } else if (const auto* flag = as<bool>(constant)) {
      add_value(values, {!*flag});
    } else if (const auto* time = as<Instant>(constant)) {
      add_value(values, {*time - std::chrono::seconds(1)});
      add_value(values, {*time + std::chrono::seconds(1)});
    } else if (const auto* length = as<milliseconds>(constant)) {
      add_value(values, {*length - std::chrono::seconds(1)});
      add_value(values, {*length + std::chrono::seconds(1)});
    }
  }

  /// Times near now, and as far from it as the durations in the comparison say.
  void add_times(Values& values, const Values& constants) const {
    Values near;
    add_value(near, {now_ - std::chrono::hours(1)});
    add_value(near, {now_ + std::chrono::hours(1)});
    for (const AttributeInput& constant : constants) {
      const auto* length = as<milliseconds>(constant);
      if (length == nullptr) continue;
      for (const milliseconds by : {*length, -*length}) {
        for (const auto beside : {std::chrono::hours(-1), std::chrono::hours(0), std::chrono::hours(1)})
          add_value(near, {now_ + by + beside});
      }
    }
    for (AttributeInput& each : near) {
      // The same times as texts, for those who write timestamp(account.since).
      add_value(values, {cel::format_timestamp(cel::Timestamp::from(*as<Instant>(each)))});
      add_value(values, std::move(each));
    }
  }

  std::string event_type_;
  Instant now_;
  Questions& to_;
  std::vector<std::pair<std::string, std::optional<Holder>>> scope_;
  bool reads_now_ = false;
  std::string group_field_;
};

}  // namespace

std::string to_text(const Quality& quality) {
  const char* of = quality.of == Quality::Of::account  ? "account"
                   : quality.of == Quality::Of::person ? "person"
                                                       : "event";
  return std::string(of) + "." + quality.name;
}

bool same_value(const AttributeInput& left, const AttributeInput& right) {
  if (left.value.index() != right.value.index()) return false;
  return std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, AttributeList> || std::is_same_v<T, AttributeMap>)
          return false;
        else
          return value == std::get<T>(right.value);
      },
      left.value);
}

void add_value(Values& to, AttributeInput value) {
  const bool there =
      std::any_of(to.begin(), to.end(), [&](const AttributeInput& each) { return same_value(each, value); });
  if (!there) to.push_back(std::move(value));
}

cel::ExpressionPtr tree_of(const Expression& expression) {
  std::vector<cel::Diagnostic> ignored;
  return cel::parse(expression.text, {}, ignored);
}

std::optional<AttributeInput> constant_of(const cel::Expression& expression) {
  if (expression.form == Form::literal) {
    const cel::Value& value = expression.literal;
    switch (value.kind()) {
      case cel::Kind::boolean: return AttributeInput{value.as_boolean()};
      case cel::Kind::integer: return AttributeInput{value.as_integer()};
      case cel::Kind::unsigned_integer:
        if (value.as_unsigned() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
        return AttributeInput{static_cast<std::int64_t>(value.as_unsigned())};
      case cel::Kind::floating: return AttributeInput{value.as_floating()};
      case cel::Kind::string: return AttributeInput{expression.name};
      default: return std::nullopt;
    }
  }
  if (expression.form == Form::negate) {
    auto number = constant_of(*expression.children[0]);
    if (!number) return std::nullopt;
    if (const auto* whole = as<std::int64_t>(*number)) return AttributeInput{-*whole};
    if (const auto* real = as<double>(*number)) return AttributeInput{-*real};
    return std::nullopt;
  }
  const bool is_conversion = expression.form == Form::call && !expression.method && expression.children.size() == 1;
  if (!is_conversion || expression.children[0]->form != Form::literal) return std::nullopt;
  if (expression.name == "timestamp") {
    const auto time = cel::parse_timestamp(expression.children[0]->name);
    return time ? std::optional(AttributeInput{to_instant(*time)}) : std::nullopt;
  }
  if (expression.name == "duration") {
    const auto length = cel::parse_duration(expression.children[0]->name);
    return length ? std::optional(AttributeInput{std::chrono::floor<milliseconds>(*length)}) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Quality> quality_of(const cel::Expression& expression, const std::string& event_type) {
  Questions found;
  if (expression.form != Form::select && expression.form != Form::index) return std::nullopt;
  if (expression.children[0]->form != Form::identifier) return std::nullopt;
  Walker(event_type, {}, found).walk(expression);
  if (found.qualities.size() != 1) return std::nullopt;
  return found.qualities.begin()->first;
}

void ask_about(const cel::Expression& expression, const std::string& event_type, Instant now, Questions& to) {
  Walker(event_type, now, to).walk_whole(expression);
}

void ask_about(const Expression& expression, const std::string& event_type, Instant now, Questions& to) {
  if (const cel::ExpressionPtr tree = tree_of(expression)) ask_about(*tree, event_type, now, to);
}

}  // namespace caravan::exploring
