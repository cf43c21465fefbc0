#pragma once
// Conformance vectors of the language: one JSON object a line, an expression and what it must yield. Run by
// `caravan eval --cases` and by the tests; header-only so that both can use it without a library between them.

#include <charconv>
#include <cstdlib>
#include <istream>
#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "journeys/cel/program.hpp"

namespace caravan::tools {

/// What became of one vector.
struct CaseOutcome {
  bool passed = false;
  std::string name;  ///< file/section/name, as far as given
  std::string expression;
  std::string expected;
  std::string actual;
};

/// Reads the values of vectors; see the vectors' own README for the format. Throws std::exception when one is
/// malformed.
class CaseReader {
 public:
  explicit CaseReader(cel::Evaluation& evaluation) : evaluation_{evaluation} {}

  cel::Value value(const boost::json::value& json) const {
    const std::string_view type = json.at("type").as_string();
    const boost::json::value& value = json.at("value");
    if (type == "null") return cel::Value::null();
    if (type == "bool") return cel::Value::boolean(value.as_bool());
    if (type == "int") return cel::Value::integer(number<std::int64_t>(value));
    if (type == "uint") return cel::Value::unsigned_integer(number<std::uint64_t>(value));
    if (type == "double") return floating(text(value));
    if (type == "string") return evaluation_.text(text(value));
    if (type == "type") return cel::Value::type(evaluation_.text(text(value)).as_text());
    if (type == "bytes") return bytes(text(value));
    if (type == "list") return list(value.as_array());
    if (type == "map") return map(value.as_array());
    const auto seconds = number<std::int64_t>(value.as_array().at(0));
    const auto nanos = number<std::int64_t>(value.as_array().at(1));
    if (type == "timestamp") return cel::Value::timestamp({seconds, static_cast<std::uint32_t>(nanos)});
    if (type == "duration")
      return cel::Value::duration(std::chrono::seconds{seconds} + std::chrono::nanoseconds{nanos});
    throw std::runtime_error{"unknown type in a case: " + std::string{type}};
  }

  /// The type to declare for a binding.
  static cel::Type type(const cel::Value& value) {
    switch (value.kind()) {
      case cel::Kind::null: return cel::Type::null();
      case cel::Kind::boolean: return cel::Type::boolean();
      case cel::Kind::integer: return cel::Type::integer();
      case cel::Kind::unsigned_integer: return cel::Type::unsigned_integer();
      case cel::Kind::floating: return cel::Type::floating();
      case cel::Kind::string: return cel::Type::string();
      case cel::Kind::bytes: return cel::Type::bytes();
      case cel::Kind::list: return cel::Type::list(cel::Type::dyn());
      case cel::Kind::map: return cel::Type::map(cel::Type::dyn(), cel::Type::dyn());
      case cel::Kind::timestamp: return cel::Type::timestamp();
      case cel::Kind::duration: return cel::Type::duration();
      default: return cel::Type::dyn();
    }
  }

 private:
  /// The vectors write infinities with the last letter lost, as one writes a float: `-in`.
  static cel::Value floating(std::string text) {
    if (text == "in" || text == "-in") text += 'f';
    return cel::Value::floating(std::strtod(text.c_str(), nullptr));
  }

  static std::string text(const boost::json::value& json) { return std::string{std::string_view{json.as_string()}}; }

  template <class Number>
  static Number number(const boost::json::value& json) {
    const std::string digits = text(json);
    Number result{};
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    if (read.ec != std::errc{}) throw std::runtime_error{"not a number in a case: " + digits};
    return result;
  }

  cel::Value bytes(const std::string& hexadecimal) const {
    std::string data;
    for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2)
      data += static_cast<char>(std::stoi(hexadecimal.substr(i, 2), nullptr, 16));
    return evaluation_.bytes(data);
  }

  cel::Value list(const boost::json::array& json) const {
    std::vector<cel::Value> elements;
    for (const boost::json::value& element : json)
      elements.push_back(value(element));
    return evaluation_.list(elements);
  }

  cel::Value map(const boost::json::array& json) const {
    cel::MapBuilder builder{evaluation_.arena(), json.size()};
    if (!builder.ready()) return cel::Evaluation::memory_error();
    for (const boost::json::value& entry : json)
      builder.add(value(entry.as_array().at(0)), value(entry.as_array().at(1)));
    return cel::Value::map(builder.finish());
  }

  cel::Evaluation& evaluation_;
};

/// The same value of the same type, NaN like itself, the order of a map's entries apart.
inline bool identical(const cel::Value& left, const cel::Value& right) {
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case cel::Kind::floating: {
      const double a = left.as_floating();
      const double b = right.as_floating();
      return a == b || (a != a && b != b);
    }
    case cel::Kind::list: {
      if (left.as_list().size() != right.as_list().size()) return false;
      for (std::size_t i = 0; i < left.as_list().size(); ++i)
        if (!identical(left.as_list()[i], right.as_list()[i])) return false;
      return true;
    }
    case cel::Kind::map: {
      if (left.as_map().size() != right.as_map().size()) return false;
      for (const cel::MapEntry& entry : left.as_map().entries()) {
        const cel::Value* other = right.as_map().find(entry.key);
        if (!other || !identical(entry.value, *other)) return false;
      }
      return true;
    }
    default: return cel::equal(left, right);
  }
}

/// Whether the case's expression does what the case says.
inline void run_case(const boost::json::object& json, CaseOutcome& outcome) {
  const auto flag = [&](std::string_view name) {
    const boost::json::value* found = json.if_contains(name);
    return found && found->is_bool() && found->as_bool();
  };
  cel::Evaluation keeper{cel::Limits{.memory = std::size_t{64} << 20}};
  const CaseReader reader{keeper};
  cel::Environment environment;
  cel::Bindings bindings;
  if (const boost::json::value* given = json.if_contains("bindings")) {
    for (const auto& [name, value] : given->as_object()) {
      const cel::Value bound = reader.value(value);
      bindings.set(environment.declare(std::string{std::string_view{name}}, CaseReader::type(bound)), bound);
    }
  }
  if (const boost::json::value* container = json.if_contains("container"))
    environment.set_container(std::string{std::string_view{container->as_string()}});

  const bool fails = json.contains("error");
  const cel::Value expected = fails ? cel::Value::null() : reader.value(json.at("value"));
  outcome.expected = fails ? "an error" : cel::to_text(expected);

  cel::CompileOptions options;
  options.check_types = !flag("disable_check");
  options.macros = !flag("disable_macros");
  const auto compiled = cel::compile(outcome.expression, environment, options);
  if (!compiled) {
    outcome.actual = "does not compile: " + compiled.diagnostics.front().message;
    outcome.passed = fails;
    return;
  }
  cel::Evaluation evaluation;
  const cel::Value actual = compiled.program->evaluate(bindings, evaluation);
  outcome.actual = (actual.is_error() ? "error: " : "") + cel::to_text(actual);
  outcome.passed = fails ? actual.is_error() : identical(actual, expected);
}

/// Runs every line; a line that is no case is a failure, with the reason as what came of it.
template <class Report>
void run_cases(std::istream& lines, const Report& report) {
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    CaseOutcome outcome;
    outcome.name = "line " + std::to_string(number);
    try {
      const boost::json::object json = boost::json::parse(line).as_object();
      const auto text = [&](std::string_view key) {
        const boost::json::value* found = json.if_contains(key);
        return found && found->is_string() ? std::string{std::string_view{found->as_string()}} : std::string{};
      };
      if (!text("name").empty()) outcome.name = text("file") + "/" + text("section") + "/" + text("name");
      outcome.expression = std::string{std::string_view{json.at("expr").as_string()}};
      run_case(json, outcome);
    } catch (const std::exception& exception) {
      outcome.passed = false;
      outcome.actual = std::string{"not a case: "} + exception.what();
    }
    report(outcome);
  }
}

}  // namespace caravan::tools
